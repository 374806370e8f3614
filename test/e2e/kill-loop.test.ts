import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/storage/database.ts';
import { auditFault, leftOpen } from '../fixtures/books/left-open.ts';
import { seeded } from '../fixtures/seeded.ts';
import { ErrandChat, type Stage } from './errand-chat.ts';
import { createRig, type Rig } from './rig.ts';

// KILL_ROUNDS=50 KILL_SEED=7 npx vitest run test/e2e/kill-loop.test.ts
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 1);
const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
const CHATS = 11;
const FIRST_STAGES = ['thinking', 'card', 'tapped', 'running'] as const;
const LAST_STAGES = ['reported', 'streaming', 'sending', 'sent'] as const;
const PATIENCE_MS = 30_000;
/** A turn takes about that long. */
const LONGEST_LIFE_MS = 1_500;

describe(`killed at every stage of a turn, and at any time (KILL_SEED=${SEED})`, () => {
  const random = seeded(SEED);
  let rig: Rig;
  let state: string;
  let database: string;
  let chats: readonly ErrandChat[];
  let settings: Readonly<Record<string, string>>;
  beforeAll(async () => {
    rig = await createRig({ hasDrafts: true });
    state = join(rig.home.home, 'leashd-start');
    database = join(state, '.leashd', 'messages.db');
    const people = Array.from({ length: CHATS }, (_, index) => rig.telegram.person(100 + index));
    chats = people.map((person, index) => new ErrandChat(rig, person, index));
    settings = { LEASHD_ALLOWED_USER_IDS: people.map(({ id }) => id).join(',') };
    await rig.start(settings);
  }, 40_000);
  afterAll(() => rig.dispose());

  const kill = async (): Promise<void> => {
    await rig.leashd.stop('SIGKILL');
    for (const chat of chats) chat.killed();
  };

  /** The people do what they are asked for, until that holds. */
  async function until(what: string, holds: () => boolean): Promise<void> {
    for (const deadline = Date.now() + PATIENCE_MS; !holds(); await delay(20)) {
      for (const chat of chats) chat.act();
      if (Date.now() > deadline) throw new Error(`${what} took too long (KILL_SEED=${SEED})\n${story()}`);
    }
  }

  const settle = (): Promise<void> => until('to settle', () => chats.every((chat) => chat.isSettled()));

  const shuffled = <Item>(items: readonly Item[]): readonly Item[] =>
    items
      .map((item) => ({ item, key: random() }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ item }) => item);

  /**
   * Each stage in a chat of its own; then `last`, which kills; one more message when nobody is there; and perhaps a
   * second kill while all that is taken up again.
   */
  async function killAt(
    [other, ...each]: readonly ErrandChat[],
    stages: readonly Stage[],
    last: (chat: ErrandChat) => Promise<void>,
    isTwice: boolean,
  ): Promise<void> {
    const staged = stages.map((stage, index) => ({ stage, chat: each[index] }));
    for (const { stage, chat } of staged) {
      // A message that was sent can be sent twice, an edit can't.
      const isInMessages = stage !== 'sent' && random() < 0.5;
      chat?.send(stage, random() < 0.3, isInMessages);
    }
    await until('to reach each stage', () => staged.every(({ chat }) => chat?.hasReachedStage() ?? true));
    if (other) await last(other);
    each[stages.length]?.send();
    await rig.start(settings);
    if (isTwice) await killSoon();
    await settle();
  }

  async function killSoon(): Promise<void> {
    const isOver = AbortSignal.timeout(Math.round(random() * LONGEST_LIFE_MS));
    await until('a short life', () => isOver.aborted);
    await kill();
    await rig.start(settings);
  }

  const killBeforeTheStore = async (chat: ErrandChat): Promise<void> => {
    const lock = openDatabase(database);
    lock.exec('BEGIN IMMEDIATE');
    const poll = rig.telegram.calls('getUpdates').at(-1);
    chat.send();
    await rig.telegram.waitFor(() => poll?.status === 200);
    await kill();
    lock.close();
  };

  const killBeforeItIsAcknowledged = async (chat: ErrandChat): Promise<void> => {
    rig.telegram.failNext('getUpdates', { delayMs: 20_000, drop: 'before' });
    const polls = rig.telegram.calls('getUpdates').length;
    const errand = chat.send();
    await rig.telegram.waitFor(() => rig.telegram.calls('getUpdates').length > polls);
    await kill();
    expect(JSON.stringify(rig.telegram.pendingUpdates())).toContain(errand.name);
  };

  async function killAtAnyTime(): Promise<void> {
    for (const chat of chats) chat.send(undefined, random() < 0.3, random() < 0.5);
    await killSoon();
    await killSoon();
    await settle();
  }

  function story(): string {
    return chats
      .flatMap(({ chat }) => [
        `chat ${chat.id}:`,
        ...chat.messages().map(({ from, text }) => `  ${from.name}: ${text.replaceAll('\n', ' ⏎ ')}`),
      ])
      .join('\n');
  }

  it(
    'each message is answered once, each errand done once, and nothing is left open',
    async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const order = shuffled(chats);
        await killAt(order.slice(0, 6), FIRST_STAGES, killBeforeItIsAcknowledged, round > 1);
        // In others, because the first ones have used up what Telegram lets through at once.
        await killAt(order.slice(6), LAST_STAGES, killBeforeTheStore, true);
        if (round > 1) await killAtAnyTime();
      }
      await rig.leashd.stop();
      const faults = chats.flatMap((chat) => chat.faults());
      if (faults.length > 0) console.error(story());
      expect(faults).toEqual([]);

      expect(await leftOpen(database)).toEqual([]);
      expect(rig.telegram.pendingUpdates()).toEqual([]);
      expect(rig.model.refusals()).toEqual([]);
      const audit = join(state, '.leashd', 'audit.jsonl');
      expect(await auditFault(audit, state, rig.home.environment)).toBeUndefined();
    },
    60_000 + ROUNDS * 120_000,
  );
});
