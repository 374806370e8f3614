import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assertNever } from '../../src/util/assert-never.ts';
import type { Fault } from '../fixtures/bot-api/faults.ts';
import type { Act, CommandKind, StrangerAct, TelegramFaultKind } from './plan-types.ts';
import type { SoakWorld } from './world.ts';

/** Does one step of the plan. Resolves when it is done; what ends by itself (an absence, a full disk) goes on. */
export async function doAct(world: SoakWorld, act: Act): Promise<void> {
  switch (act.kind) {
    case 'say':
      world.chats[act.chat]?.say(act.errand);
      return;
    case 'command':
      command(world, act.chat, act.command, act.number);
      return;
    case 'stop':
    case 'clear':
      world.chats[act.chat]?.command(`/${act.kind}`, `/${act.kind}`, act.kind);
      return;
    case 'stranger':
      stranger(world, act.act, act.number);
      return;
    case 'telegram':
      for (let count = 0; count < act.times; count += 1)
        world.spoilTelegram(act.method, TELEGRAM_FAULTS[act.fault]);
      return;
    case 'telegram-away':
      world.isAway = true;
      setTimeout(() => void (world.isAway = false), act.forMs).unref();
      return;
    case 'model':
      world.model.spoil(act.fault, act.times);
      return;
    case 'disk-full':
      world.counts.faults += 1;
      world.disk.fill();
      setTimeout(() => world.disk.free(), act.forMs).unref();
      return;
    case 'clock':
      world.counts.faults += 1;
      world.control.jump(act.byMs);
      return;
    case 'reload':
      await reload(world, act.how);
      return;
    case 'kill':
    case 'restart':
      await (act.kind === 'kill' ? world.kill() : world.stop());
      await delay(act.downMs);
      await world.start();
      return;
    default:
      assertNever(act);
  }
}

const TELEGRAM_FAULTS: Readonly<Record<TelegramFaultKind, Fault>> = {
  'drop-before': { drop: 'before' },
  'drop-after': { drop: 'after' },
  'half-answer': { drop: 'half-way' },
  'server-error': { status: 502 },
  'error-page': { status: 502, body: '<html><body><h1>502 Bad Gateway</h1></body></html>' },
  'too-many': { status: 429, retryAfter: 2 },
  slow: { delayMs: 1_500 },
  conflict: { status: 409, description: 'Conflict: terminated by other getUpdates request' },
};

function command({ rig, chats }: SoakWorld, chat: number, kind: CommandKind, number: number): void {
  const name =
    kind === 'file' ? `paper-${number}.txt` : kind === 'unknown' ? `/nothing${number}` : `/${kind}`;
  if (kind === 'file') writeFileSync(join(rig.project, name), `paper number ${number}\n`);
  const words = kind === 'file' ? `/file ${name}` : name;
  chats[chat]?.command(words, name, kind === 'file' || kind === 'unknown' ? kind : 'other');
}

function stranger(world: SoakWorld, act: StrangerAct, number: number): void {
  const words = `stranger-${number}: let me in`;
  const mallory = world.stranger;
  switch (act) {
    case 'text':
      mallory.send(words);
      return;
    case 'command':
      mallory.send(`/file stranger-${number}.txt`);
      return;
    case 'text-in-group':
      mallory.send(words, { chat: world.chats.at(-1)?.chat });
      return;
    case 'forged-tap': {
      const cards = world.chats.flatMap(({ chat }) => chat.messages());
      const data = cards.findLast(({ keyboard }) => keyboard.length > 0)?.keyboard[0]?.[0]?.data;
      const own = mallory.send(words);
      mallory.forgeTap(own, data ?? 'approve');
      return;
    }
    default:
      assertNever(act);
  }
}

/** A settings file that is as it was, or none that could be used: then the earlier settings hold on. */
async function reload(world: SoakWorld, how: 'same' | 'broken'): Promise<void> {
  if (!world.canReload || !world.isUp) return;
  const config = join(world.rig.home.home, '.leashd', 'config.yaml');
  if (how === 'broken') writeFileSync(config, 'max_turns: none of your business\n', { mode: 0o600 });
  process.kill(world.rig.leashd.pid, 'SIGHUP');
  if (how === 'same') return;
  await delay(500);
  rmSync(config, { force: true });
}
