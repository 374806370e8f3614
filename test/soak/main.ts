import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/errors.ts';
import { planOf, stepWords } from './plan.ts';
import { SoakRun } from './soak-run.ts';
import { SoakWorld } from './world.ts';

/**
 * npm run soak -- [--minutes N] [--seed S] [--rounds R] [--plan]
 *
 * Drives leashd as people have it, for minutes, with all that can go wrong, and checks the books: the program itself
 * (`leashd start` in a home of its own), the real `claude` on a Messages API on loopback, a Bot API on loopback with
 * Telegram's flood limits. Chats and a group send messages, commands and files, answer cards at once, late, twice and in
 * words; a stranger tries to come in. Meanwhile leashd is killed and restarted, its disk is full, its wall clock jumps,
 * Telegram and the model's API break, refuse, slow down, answer in half or not at all.
 *
 * It goes in rounds. After each one all faults are taken away; when all is quiet, each message has been answered once
 * (or leashd has said why not), nothing stands in a chat twice that is not marked so, each command that ran was approved
 * by its person before and ran once, nothing that was denied ran, no stranger was heard or answered. Memory, open files
 * and children are compared from round to round of one process. At the end the audit log verifies, the database is
 * whole and nothing is left undone in it, and no process and no temporary file is left.
 *
 * All steps come from the seed, and the same seed plans the same steps again: `--plan` prints them. What meets what on
 * the way does not repeat exactly, since real programs run at once; so a failure may take some runs to come again. It
 * prints seed, last steps, and the entry that is wrong, and keeps database, logs and chats in a folder that it names.
 *
 * The wall clock is set by a module that is loaded into leashd ahead of it and changes Date there: timers and the
 * monotonic clock go on, as when a machine's clock is set. The full disk is a small tmpfs under leashd's files, where
 * one can be mounted (Linux, as root); elsewhere that module refuses the writes. /proc tells of processes and open
 * files; where there is none, nothing is said about them.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    rounds: { type: 'string' },
    plan: { type: 'boolean', default: false },
  },
});
const TAIL = 40;
const PLANNED = 12;

const seed = number('seed', values.seed ?? String(Date.now() % 1_000_000));
const minutes = number('minutes', values.minutes);
const mostRounds = values.rounds === undefined ? Infinity : number('rounds', values.rounds);
process.exitCode = values.plan ? printPlan() : await soak();

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new RangeError(`--${name}: expected a number of 0 or more, got ${JSON.stringify(text)}`);
}

function printPlan(): number {
  for (const round of planOf(seed)) {
    if (round.number > Math.min(mostRounds, PLANNED)) break;
    console.log([`round ${round.number}, ${round.kind}`, ...round.steps.map(stepWords)].join('\n'));
  }
  return 0;
}

async function soak(): Promise<number> {
  console.log(
    `soak with seed ${seed}; the same plan again: npm run soak -- --minutes ${minutes} --seed ${seed}`,
  );
  const world = await SoakWorld.create();
  const options = { seed, forMs: minutes * 60_000, mostRounds, print: (line: string) => console.log(line) };
  const run = new SoakRun(world, options);
  const interrupted = (): void => void world.dispose().finally(() => process.exit(130));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    const faults = await run.run().catch((error: unknown) => [messageOf(error)]);
    if (faults.length > 0) tell(world, run, faults);
    console.log(`${faults.length === 0 ? 'clean' : 'NOT CLEAN'}: ${run.figures()}`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    await world.dispose();
  }
}

function tell(world: SoakWorld, run: SoakRun, faults: readonly string[]): void {
  const kept = mkdtempSync(join(tmpdir(), 'leashd-soak-'));
  const filter = (path: string): boolean => !path.endsWith('ballast') && !path.endsWith('.sock');
  cpSync(world.folder, join(kept, 'state'), { recursive: true, filter });
  cpSync(world.rig.project, join(kept, 'project'), { recursive: true });
  writeFileSync(join(kept, 'steps.txt'), run.story.join('\n'));
  writeFileSync(join(kept, 'output.txt'), [...world.outputs, world.rig.leashd.output()].join('\n---\n'));
  writeFileSync(join(kept, 'faults.txt'), faults.join('\n'));
  writeFileSync(join(kept, 'chats.txt'), world.chats.map(chatStory).join('\n'));
  const calls = world.rig.telegram.calls().map((call) => JSON.stringify(call));
  writeFileSync(join(kept, 'telegram.jsonl'), calls.join('\n'));
  console.error(`\nThe last steps of seed ${seed}:\n${run.story.slice(-TAIL).join('\n')}`);
  console.error(`\nWhat is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  console.error(`\nKept in ${kept}\n`);
}

function chatStory({ chat }: SoakWorld['chats'][number]): string {
  const lines = chat.messages({ includeDeleted: true }).map((message) => {
    const { id, from, text, attached, sentAt, edits, isDeleted, keyboard } = message;
    const notes = [
      attached === undefined ? '' : `<${attached.name}>`,
      keyboard.length > 0
        ? `[${keyboard
            .flat()
            .map(({ label }) => label)
            .join('] [')}]`
        : '',
      edits > 0 ? `(edited ${edits} times)` : '',
      isDeleted ? '(deleted)' : '',
    ];
    const words = text.length > 700 ? `${text.slice(0, 300)} … ${text.slice(-300)}` : text;
    const at = new Date(sentAt).toISOString().slice(11, 23);
    return [`  ${at} #${id} ${from.name}:`, words.replaceAll('\n', ' ⏎ '), ...notes]
      .filter(Boolean)
      .join(' ');
  });
  return [`chat ${chat.id}:`, ...lines].join('\n');
}
