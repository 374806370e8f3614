import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openTo } from '../../src/core/access/open-to.ts';
import type { PersonId } from '../../src/core/ports/chat.ts';
import { openTelegramBench, type TelegramBench } from '../contract/telegram-bench.ts';
import type { Person } from '../fixtures/bot-api/person.ts';
import { EngineBench } from '../fixtures/engine-bench.ts';
import type { PuppetTurn } from '../fixtures/puppet-agent.ts';

// A hundred real Claudes take 20 GB; what they say is said by strings, and all else is real. Time and the server's
// limits go 25 times as fast.
const CHATS = 100;
const DELTAS = 120;
const PAUSE_MS = 8;
/** Each state of each answer would be more than three times that. */
const MOST_GROWN_MB = 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let bench: TelegramBench;
let engine: EngineBench;

afterEach(async () => {
  await engine.dispose();
  await bench.close();
});

/** As it is to be read, in messages of less than 4096 units: longer than one, and nothing of it may move. */
const wordsOf = (person: number): readonly string[] =>
  Array.from({ length: DELTAS }, (_, index) => `${person}/${index} ${'word '.repeat(5).trim()}.`);

/** But for what the server writes down of each call, which only the test has. */
function heapMb(): number {
  collectGarbage();
  const texts = bench.api.calls().map(({ params }) => params['text']);
  const written = texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? text.length : 0), 0);
  return (process.memoryUsage().heapUsed - written) / 1024 / 1024;
}

async function everybodyAsks(): Promise<readonly Person[]> {
  const people = Array.from({ length: CHATS }, (_, index) => bench.api.person(1_000 + index));
  const ids = people.map(({ id }) => `telegram:${id}` as PersonId);
  await engine.start({ connector: bench.connector, access: openTo(ids) });
  for (const person of people) person.send(`I am ${person.id}`);
  await engine.agent.turn(CHATS - 1);
  return people;
}

async function answer(turns: readonly PuppetTurn[]): Promise<number> {
  const deltas = turns.map((turn) => wordsOf(Number(/\d+/.exec(turn.text)?.[0])));
  let early = 0;
  for (let index = 0; index < DELTAS; index += 1) {
    for (const [each, turn] of turns.entries()) {
      turn.emit({ kind: 'text', delta: `${deltas[each]?.[index] ?? ''}\n` });
    }
    if (index === DELTAS / 4) early = heapMb();
    await delay(PAUSE_MS);
  }
  const grownMb = heapMb() - early;
  for (const turn of turns) turn.finish();
  return grownMb;
}

describe('a hundred chats that stream at once, from the agent to the phone', () => {
  it.each([
    ['in messages', false],
    ['in drafts', true],
  ])(
    '%s get all of every answer, in its order, and the server is not flooded',
    async (_, hasDrafts) => {
      bench = await openTelegramBench({ server: { hasDrafts } });
      engine = new EngineBench();
      const people = await everybodyAsks();
      const grownMb = await answer(engine.agent.turns);
      const answerTo = ({ chat }: Person): string =>
        chat
          .messages()
          .filter(({ from }) => from.isBot)
          .map(({ text }) => text)
          .join('\n');
      const isThere = (person: Person): boolean => /\d ms$/.test(answerTo(person));
      await bench.api.waitFor(() => people.every(isThere), 30_000);

      for (const person of people) {
        const [said = '', ...figures] = answerTo(person).split('\n\n');
        expect(said.split('\n')).toEqual(wordsOf(person.id));
        expect(figures).toEqual([expect.stringMatching(/^\$0\.01 · 10 ms$/)]);
      }
      expect(bench.api.calls().filter(({ status }) => status === 429)).toEqual([]);
      const grown = bench.api.calls(hasDrafts ? 'sendMessageDraft' : 'editMessageText').length;
      expect(grown).toBeGreaterThan(CHATS);
      expect(grown).toBeLessThan((CHATS * DELTAS) / 4);
      expect(grownMb).toBeLessThan(MOST_GROWN_MB);
    },
    60_000,
  );
});
