import { afterEach, describe, expect, it } from 'vitest';
import { openTelegramBench, SPEED, type TelegramBench } from '../../../test/contract/telegram-bench.ts';
import type { ChatRef } from '../../core/ports/chat.ts';

const CHATS = 100;
const STATES = 30;

let bench: TelegramBench;

afterEach(async () => {
  await bench.close();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function streamEverywhere(): Promise<readonly (readonly string[])[]> {
  const { api, connector } = bench;
  const people = Array.from({ length: CHATS }, (_, index) => {
    const person = api.person(1_000 + index);
    person.chat.addBot();
    return person;
  });
  await Promise.all(
    people.map(async ({ id }) => {
      const chat: ChatRef = { connector: 'telegram', chat: String(id) };
      const reply = connector.openReply(chat);
      for (let state = 1; state <= STATES; state += 1) {
        reply.show({ markdown: `answer ${id}, ${state}`, status: '🔧 Bash: pytest' });
        await pause(10);
      }
      await reply.finish({ markdown: `answer ${id}, the end`, status: '🧰 Bash' });
    }),
  );
  return people.map((person) => person.chat.messages().map(({ text }) => text));
}

const FINALS = Array.from({ length: CHATS }, (_, index) => [`answer ${1_000 + index}, the end\n\n🧰 Bash`]);

describe('a hundred chats that stream at once', () => {
  it.each([
    ['in messages', false],
    ['in drafts', true],
  ])('%s get every final text, and the server has nothing to complain about', async (_, hasDrafts) => {
    bench = await openTelegramBench({ server: { hasDrafts } });
    const { api } = bench;
    expect(await streamEverywhere()).toEqual(FINALS);
    expect(api.calls().filter(({ status }) => status === 429)).toHaveLength(0);
    const grown = api.calls(hasDrafts ? 'sendMessageDraft' : 'editMessageText').length;
    expect(grown).toBeGreaterThan(0);
    expect(grown).toBeLessThan((CHATS * STATES) / 2);
  });

  it('get every final text from a server that takes a thirtieth of what it says', async () => {
    bench = await openTelegramBench({ server: { flood: { totalPerSecond: 1, scale: SPEED } } });
    const { api } = bench;
    expect(await streamEverywhere()).toEqual(FINALS);
    const refused = api.calls().filter(({ status }) => status === 429).length;
    expect(refused).toBeGreaterThan(0);
    // Without a pace that slows down it is more than three for each chat.
    expect(refused).toBeLessThan(2 * CHATS);
  });
});
