import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTelegramBench, SPEED, type TelegramBench } from '../../../test/contract/telegram-bench.ts';
import { plain } from '../../util/rich-text.ts';

let bench: TelegramBench;

beforeEach(async () => {
  bench = await openTelegramBench();
});
afterEach(async () => {
  await bench.close();
});

const seen = (): string[] => bench.api.messages(bench.ada).map(({ text }) => text);

describe('a passing notice', () => {
  it('goes by itself, half a minute later; others stay', async () => {
    const { api, connector, chat } = bench;
    await connector.send(chat, { content: plain('queued'), isPassing: true });
    await connector.send(chat, { content: plain('here to stay') });
    expect(seen()).toEqual(['queued', 'here to stay']);
    await api.waitFor(() => seen().length === 1);
    expect(seen()).toEqual(['here to stay']);
    const stoodMs =
      ((api.calls('deleteMessage')[0]?.at ?? 0) - (api.calls('sendMessage')[0]?.at ?? 0)) * SPEED;
    expect(stoodMs).toBeGreaterThan(29_000);
  });

  it('goes at once when the connector stops', async () => {
    const { connector, chat } = bench;
    await connector.start(async () => ({}));
    await connector.send(chat, { content: plain('queued'), isPassing: true });
    await connector.stop();
    expect(seen()).toEqual([]);
  });

  it('that the person has deleted troubles nobody', async () => {
    const { api, connector, chat, logged } = bench;
    api.failNext('deleteMessage', { status: 400, description: 'Bad Request: message to delete not found' });
    await connector.send(chat, { content: plain('queued'), isPassing: true });
    await api.waitFor(() => api.calls('deleteMessage').length === 1);
    await connector.stop();
    expect(logged.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  it('is what a message is answered with in passing', async () => {
    const { api, ada, connector } = bench;
    await connector.start(async () => ({ notice: 'leashd is stopping.' }));
    ada.send('hello');
    await api.waitFor(() => seen().includes('leashd is stopping.'));
    await api.waitFor(() => !seen().includes('leashd is stopping.'));
    expect(seen()).toEqual(['hello']);
  });
});

describe('a notice whose connection broke', () => {
  it('says where it may stand there twice, in its words or under its file', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendMessage', { drop: 'after' });
    api.failNext('sendDocument', { drop: 'after' });
    await connector.send(chat, {
      content: plain('here it is'),
      attachment: { fileName: 'notes.txt', content: 'one' },
    });
    const mark = '↻ perhaps sent twice: the connection broke';
    expect(seen()).toEqual(['here it is', `here it is\n\n${mark}`, '', mark]);
  });

  it('says nothing of it where Telegram has refused the first', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendMessage', { status: 429, retryAfter: 1 });
    await connector.send(chat, { content: plain('here it is') });
    expect(seen()).toEqual(['here it is']);
  });
});
