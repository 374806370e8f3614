import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTelegramBench, SPEED, type TelegramBench } from '../../../test/contract/telegram-bench.ts';
import type { SeenMessage } from '../../../test/fixtures/bot-api/messages.ts';
import type { ReplyTrace, Tracing } from '../../core/ports/connector.ts';

let bench: TelegramBench;

beforeEach(async () => {
  bench = await openTelegramBench();
});
afterEach(async () => {
  await bench.close();
});

function shown(): readonly SeenMessage[] {
  return bench.api.messages(bench.ada);
}

function shownTexts(): string[] {
  return shown().map(({ text }) => text);
}

const LONG_LINE = `${'word '.repeat(40).trim()}.`;

/** Paragraphs of 200 characters, numbered so that none is like another. */
function paragraphs(count: number): string {
  return Array.from({ length: count }, (_, index) => `${index} ${LONG_LINE}`).join('\n\n');
}

describe('a growing reply', () => {
  it('grows in one message, with its status line in italics', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'I will **look**', status: '🔧 Read: notes.txt' });
    await api.waitFor(() => shown().length === 1);
    expect(shownTexts()).toEqual(['I will look\n\n🔧 Read: notes.txt']);
    expect(shown()[0]?.entities).toEqual([
      { type: 'bold', offset: 7, length: 4 },
      { type: 'italic', offset: 13, length: 18 },
    ]);
    reply.show({ markdown: 'I will **look** at it', status: '🔧 Bash: npm test' });
    await api.waitFor(() => shownTexts()[0]?.includes('npm test'));
    await reply.finish({ markdown: 'I **looked**.', status: '🧰 Read, Bash' });
    expect(shownTexts()).toEqual(['I looked.\n\n🧰 Read, Bash']);
    expect(api.calls('sendMessage')).toHaveLength(1);
  });

  it('shows that something is being written until there is something to read', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    await api.waitFor(() => api.calls('sendChatAction').length >= 2);
    await reply.finish({ markdown: 'done' });
    const signs = api.calls('sendChatAction').length;
    await connector.send(chat, { content: { markdown: 'one' } });
    await connector.send(chat, { content: { markdown: 'two' } });
    expect(api.calls('sendChatAction').length).toBeLessThanOrEqual(signs + 1);
  });

  it('edits no faster than it should, however fast the states come', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    for (let word = 1; word <= 300; word += 1) {
      reply.show({ markdown: `count to ${word}` });
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    }
    await reply.finish({ markdown: 'counted' });
    expect(shownTexts()).toEqual(['counted']);
    const edits = api.calls('editMessageText');
    const elapsedMs = (edits.at(-1)?.at ?? 0) - (api.calls('sendMessage')[0]?.at ?? 0);
    expect(edits.length).toBeGreaterThan(1);
    expect(edits.length).toBeLessThanOrEqual(2 + (elapsedMs * SPEED) / 1_500);
  });

  it('shows the final text at once, without waiting for the next edit', async () => {
    const slow = bench.another({ editThrottleMs: 60 * 60_000 });
    const reply = slow.openReply(bench.chat);
    reply.show({ markdown: 'half' });
    await bench.api.waitFor(() => shown().length === 1);
    reply.show({ markdown: 'nearly' });
    await reply.finish({ markdown: 'whole' });
    expect(shownTexts()).toEqual(['whole']);
  });

  it('goes on in further messages, and edits only those that changed', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: paragraphs(40), status: 'working' });
    await api.waitFor(() => shown().length === 3 && shownTexts()[2]?.endsWith('working'));
    reply.show({ markdown: `${paragraphs(40)}\n\nAnd so on.`, status: 'still working' });
    await api.waitFor(() => shownTexts()[2]?.endsWith('still working'));
    await reply.finish({ markdown: `${paragraphs(40)}\n\nThe end.` });
    const messages = shown();
    expect(messages.map(({ edits }) => edits > 0)).toEqual([false, false, true]);
    expect(messages.every(({ text }) => text.length <= 4096)).toBe(true);
    expect(shownTexts().join('\n\n')).toBe(`${paragraphs(40)}\n\nThe end.`);
  });

  it('takes back messages that a shorter final text does not need', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: paragraphs(40) });
    await api.waitFor(() => shown().length === 3);
    await reply.finish({ markdown: 'Never mind.' });
    expect(shownTexts()).toEqual(['Never mind.']);
  });

  it('removes what was shown when the end is empty', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: '', status: 'thinking' });
    await api.waitFor(() => shown().length === 1);
    await reply.finish({ markdown: '' });
    expect(shown()).toEqual([]);
  });

  it('removes even what was on its way when it ended', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendMessage', { delayMs: 100 });
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'on its way' });
    await api.waitFor(() => api.calls('sendMessage').length === 1);
    await reply.finish({ markdown: '' });
    expect(shown()).toEqual([]);
  });

  it('takes a status line alone, of any length', async () => {
    const { connector, chat } = bench;
    await connector.openReply(chat).finish({ markdown: '', status: 'x'.repeat(5_000) });
    expect(shownTexts()).toHaveLength(1);
    expect(shownTexts()[0]?.length).toBeLessThanOrEqual(200);
  });

  it('ends once, whatever comes later', async () => {
    const { connector, chat } = bench;
    const reply = connector.openReply(chat);
    await reply.finish({ markdown: 'the end' });
    reply.show({ markdown: 'late' });
    await reply.finish({ markdown: 'too late' });
    expect(shownTexts()).toEqual(['the end']);
  });
});

describe('a reply too long for four messages', () => {
  it('ends as a first message and a file with all of it', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: paragraphs(150) });
    await api.waitFor(() => shown().length === 4 && shownTexts()[3]?.includes('149 word'));
    await reply.finish({ markdown: paragraphs(160), status: '🧰 Read' });
    const [first, file, ...rest] = shown();
    expect(rest).toEqual([]);
    expect(first?.text).toMatch(/^0 word/);
    expect(first?.text).toMatch(/… there is more: all of it is in answer\.md\.\n\n🧰 Read$/);
    expect(file?.attached?.name).toBe('answer.md');
    expect(file?.attached?.bytes.toString('utf8')).toBe(paragraphs(160));
  });

  it('shows the file before it takes back what the file replaces', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: paragraphs(150) });
    await api.waitFor(() => shown().length === 4);
    await reply.finish({ markdown: paragraphs(150) });
    const [file, removal] = [api.calls('sendDocument')[0], api.calls('deleteMessage')[0]];
    expect(file?.at).toBeLessThanOrEqual(removal?.at ?? 0);
    expect(api.calls('deleteMessage')).toHaveLength(3);
  });

  it('stands in messages when the server refuses the file', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendDocument', { status: 413, description: 'Request Entity Too Large' });
    await connector.openReply(chat).finish({ markdown: paragraphs(100) });
    expect(shown().length).toBeGreaterThan(4);
    expect(shownTexts().join('\n\n')).toBe(paragraphs(100));
  });

  it('keeps trying with the file until it is delivered', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendDocument', { drop: 'before', times: 2 });
    api.failNext('sendDocument', { status: 429, retryAfter: 2 });
    await connector.openReply(chat).finish({ markdown: paragraphs(100) });
    expect(shown().map(({ attached }) => attached?.name)).toEqual([undefined, 'answer.md']);
  });
});

describe('a reply that meets trouble', () => {
  it('keeps its final text through flood limits', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'begin' });
    await api.waitFor(() => shown().length === 1);
    api.failNext('editMessageText', { status: 429, retryAfter: 3, times: 3 });
    reply.show({ markdown: 'begin and go on' });
    await api.waitFor(() => api.calls('editMessageText').length >= 1);
    await reply.finish({ markdown: 'begin, go on and end' });
    expect(shownTexts()).toEqual(['begin, go on and end']);
  });

  it('keeps its final text through a server that is away or stumbles', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendMessage', { drop: 'before', times: 3 });
    api.failNext('sendMessage', { status: 502, body: '<html>Bad Gateway</html>' });
    api.failNext('sendMessage', { status: 500 });
    await connector.openReply(chat).finish({ markdown: 'here at last' });
    // Nobody can know whether one of them came through.
    expect(shownTexts()).toEqual(['here at last\n\n↻ perhaps sent twice: the connection broke']);
  });

  it('says so where an answer may stand there twice', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendMessage', { drop: 'after' });
    await connector.openReply(chat).finish({ markdown: 'all of it', status: '3 s' });
    expect(shownTexts()).toEqual([
      'all of it\n\n3 s',
      'all of it\n\n↻ perhaps sent twice: the connection broke · 3 s',
    ]);
  });

  it('counts an edit whose answer was lost as done', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'begin' });
    await api.waitFor(() => shown().length === 1);
    api.failNext('editMessageText', { drop: 'after' });
    await reply.finish({ markdown: 'end' });
    expect(shownTexts()).toEqual(['end']);
    expect(api.calls('editMessageText').at(-1)?.description).toMatch(/not modified/);
  });

  it('sends its final text anew when its message is gone', async () => {
    const { api, connector, chat } = bench;
    const gone = { status: 400, description: 'Bad Request: message to edit not found' };
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'begin' });
    await api.waitFor(() => shown().length === 1);
    api.failNext('editMessageText', gone);
    reply.show({ markdown: 'begin and go on' });
    await api.waitFor(() => api.calls('editMessageText').length === 1);
    await reply.finish({ markdown: 'the end' });
    expect(shownTexts()).toEqual(['begin', 'the end']);
  });

  it('says its text without formatting when Telegram refuses the formatting', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendMessage', { status: 400, description: "Bad Request: can't parse entities: no" });
    await connector.openReply(chat).finish({ markdown: '**all** of it' });
    expect(shownTexts()).toEqual(['all of it']);
    expect(shown()[0]?.entities).toEqual([]);
  });

  it('goes to the main chat when its topic is gone', async () => {
    const { ada, connector, chat } = bench;
    const topic = ada.chat.addTopic('Fixes');
    const inTopic = { ...chat, thread: String(topic) };
    await connector.openReply(inTopic).finish({ markdown: 'in the topic' });
    ada.chat.removeTopic(topic);
    await connector.openReply(inTopic).finish({ markdown: 'in the main chat' });
    expect(shown().map(({ text, thread }) => [text, thread])).toEqual([
      ['in the topic', topic],
      ['in the main chat', undefined],
    ]);
  });

  it('gives up in words when the person has blocked the bot', async () => {
    const { ada, connector, chat } = bench;
    ada.chat.removeBot();
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'anyone?' });
    await expect(reply.finish({ markdown: 'anyone there?' })).rejects.toMatchObject({
      code: 'TELEGRAM_BLOCKED',
      fault: 'machine',
    });
  });

  it('is dropped, and says so, when the connector must stop first', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendMessage', { status: 429, retryAfter: 3_600 });
    const finishing = connector
      .openReply(chat)
      .finish({ markdown: 'too late' })
      .catch((error: unknown) => error);
    await api.waitFor(() => api.calls('sendMessage').some(({ status }) => status === 429));
    await connector.stop();
    expect(await finishing).toMatchObject({ code: 'TELEGRAM_STOPPED' });
  });

  it('stays within the limits of a group', async () => {
    const { api, connector } = bench;
    const group = api.chat(-1_000_001);
    const chat = { connector: 'telegram', chat: String(group.id) };
    const reply = connector.openReply(chat);
    for (let word = 1; word <= 200; word += 1) {
      reply.show({ markdown: `count to ${word}` });
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
    await reply.finish({ markdown: 'counted' });
    expect(group.messages().map(({ text }) => text)).toEqual(['counted']);
    expect(api.calls().filter(({ status }) => status === 429)).toEqual([]);
  });
});

describe('a reply that another process began', () => {
  const trace = (messages: readonly string[], more: Partial<ReplyTrace> = {}): Tracing => ({
    from: { messages, ...more },
    keep: async () => {},
  });

  it('goes on in the messages that stand there', async () => {
    const { connector, chat } = bench;
    const kept: ReplyTrace[] = [];
    const two = Promise.withResolvers<void>();
    const keep = async (now: ReplyTrace): Promise<void> => {
      if (kept.push(now) === 2) two.resolve();
    };
    connector.openReply(chat, { keep }).show({ markdown: 'half of' });
    await two.promise;
    const id = String(shown()[0]?.id);
    expect(kept).toEqual([{ messages: [], isSending: true }, { messages: [id] }]);
    await connector.openReply(chat, trace([id])).finish({ markdown: 'half of it, and the rest' });
    expect(shownTexts()).toEqual(['half of it, and the rest']);
  });

  it('leaves what stands there already, and adds what is missing', async () => {
    const { connector, chat } = bench;
    await connector.send(chat, { content: { markdown: 'all of it' } });
    const id = String(shown()[0]?.id);
    await connector.openReply(chat, trace([id])).finish({ markdown: 'all of it' });
    expect(shownTexts()).toEqual(['all of it']);
    await connector.openReply(chat, trace(['999999'])).finish({ markdown: 'was deleted' });
    expect(shownTexts()).toEqual(['all of it', 'was deleted']);
  });

  it('sends no file a second time', async () => {
    const { api, connector, chat } = bench;
    await connector.openReply(chat, trace([], { isFileSent: true })).finish({ markdown: paragraphs(100) });
    expect([shown().length, api.calls('sendDocument').length]).toEqual([1, 0]);
  });

  it('knows that nothing came through where it was refused', async () => {
    const { api, connector, chat } = bench;
    const kept: ReplyTrace[] = [];
    const keep = async (now: ReplyTrace): Promise<void> => void kept.push(now);
    api.failNext('sendMessage', { status: 429, retryAfter: 1 });
    await connector.openReply(chat, { keep }).finish({ markdown: 'at last' });
    expect(kept.map(({ isSending = false }) => isSending)).toEqual([true, false, true, false]);
    expect(shownTexts()).toEqual(['at last']);
  });
});
