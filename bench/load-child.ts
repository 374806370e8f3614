// The side of leashd in the load bench: its engine and Telegram's connector in a process of their own, so that its memory
// is theirs alone. The agent is played: so many real ones would take 40 GB.
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createTelegramConnector } from '../src/connectors/telegram/telegram-connector.ts';
import { openTo } from '../src/core/access/open-to.ts';
import type { PersonId } from '../src/core/ports/chat.ts';
import { systemClock } from '../src/util/clock.ts';
import { silentLog } from '../src/util/log.ts';
import { EngineBench } from '../test/fixtures/engine-bench.ts';
import type { PuppetTurn } from '../test/fixtures/puppet-agent.ts';
import { loadTask, wordsOf, type FromLoad } from './load-words.ts';

const SAMPLE_MS = 2_000;

const task = loadTask.parse(JSON.parse(process.argv[2] ?? ''));
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const tell = (message: FromLoad): void => void process.send?.(message);

const connector = createTelegramConnector({
  token: task.token,
  apiRoot: task.apiRoot,
  log: silentLog,
  clock: systemClock,
  redact: (words) => words,
  commands: [],
});
const engine = new EngineBench({ path: task.database });
const people = task.people.map((id) => `telegram:${id}` as PersonId);
await engine.start({ connector, access: openTo(people) });
const sampling = setInterval(() => {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  tell({ kind: 'memory', heapBytes: heapUsed, residentBytes: rss });
}, SAMPLE_MS);
tell({ kind: 'ready' });

const total = task.people.length * task.rounds;
const answering = Array.from({ length: total }, async (_, index) => answer(await engine.agent.turn(index)));
process.once('message', () => void end());

async function answer(turn: PuppetTurn): Promise<void> {
  const begun = performance.now();
  for (const [index, words] of wordsOf(turn.text, task.deltas).entries()) {
    turn.emit({ kind: 'text', delta: words });
    await delay(Math.max(0, begun + ((index + 1) * task.writingMs) / task.deltas - performance.now()));
  }
  turn.finish();
  tell({ kind: 'written', text: turn.text });
}

async function end(): Promise<void> {
  clearInterval(sampling);
  await Promise.all(answering);
  await engine.dispose();
  process.disconnect();
}
