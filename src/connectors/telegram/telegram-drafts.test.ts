import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openTelegramBench,
  SPEED,
  until,
  type TelegramBench,
} from '../../../test/contract/telegram-bench.ts';
import { plain } from '../../util/rich-text.ts';

let bench: TelegramBench;

beforeEach(async () => {
  bench = await openTelegramBench({ server: { hasDrafts: true } });
});
afterEach(async () => {
  await bench.close();
});

const messageTexts = (): string[] => bench.api.messages(bench.ada).map(({ text }) => text);
const draftTexts = (): string[] => bench.ada.chat.drafts().map(({ text }) => text);

function paragraphs(count: number): string {
  return Array.from({ length: count }, (_, index) => `${index} ${'word '.repeat(40).trim()}.`).join('\n\n');
}

describe('a reply where the server has drafts', () => {
  it('grows as one draft with its formatting, and stands in a message at the end', async () => {
    const { api, ada, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'I will **look**', status: '🔧 Read: notes.txt' });
    await api.waitFor(() => draftTexts()[0] === 'I will look\n\n🔧 Read: notes.txt');
    expect(ada.chat.drafts()[0]?.entities).toContainEqual({ type: 'bold', offset: 7, length: 4 });
    reply.show({ markdown: 'I will **look** at it' });
    await api.waitFor(() => draftTexts()[0] === 'I will look at it');
    expect(messageTexts()).toEqual([]);
    await reply.finish({ markdown: 'I **looked**.', status: '🧰 Read' });
    expect(messageTexts()).toEqual(['I looked.\n\n🧰 Read']);
    expect(draftTexts()).toEqual([]);
    expect(api.calls('editMessageText')).toEqual([]);
    const ids = new Set(api.calls('sendMessageDraft').map(({ params }) => params['draft_id']));
    expect([...ids]).toHaveLength(1);
  });

  it('keeps a draft while nothing new comes, for longer than the server shows one', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: '', status: '🔧 Bash: pytest' });
    await api.waitFor(() => api.calls('sendMessageDraft').length >= 4);
    const times = api.calls('sendMessageDraft').map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) * SPEED);
    expect(Math.min(...gaps)).toBeGreaterThan(15_000);
    await reply.finish({ markdown: 'passed' });
    const drafts = api.calls('sendMessageDraft').length;
    await connector.send(chat, { content: plain('later') });
    expect(api.calls('sendMessageDraft')).toHaveLength(drafts);
  });

  it('is shown again after a message of somebody else took its draft away', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'half' });
    await api.waitFor(() => draftTexts().length === 1);
    await connector.send(chat, { content: plain('queued') });
    await api.waitFor(() => draftTexts()[0] === 'half');
    expect(messageTexts()).toEqual(['queued']);
    await reply.finish({ markdown: 'whole' });
    expect(messageTexts()).toEqual(['queued', 'whole']);
  });

  it('sends the parts that are full, and drafts the one that grows', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: paragraphs(25) });
    await api.waitFor(() => messageTexts().length === 1 && draftTexts().length === 1);
    reply.show({ markdown: paragraphs(40) });
    await api.waitFor(() => messageTexts().length === 2 && draftTexts()[0]?.includes('39 word'));
    await reply.finish({ markdown: paragraphs(40) });
    expect(messageTexts().join('\n\n')).toBe(paragraphs(40));
    expect(api.calls('editMessageText')).toEqual([]);
  });

  it('drafts nothing when it is shown only at the end', async () => {
    const { api, connector, chat } = bench;
    await connector.openReply(chat).finish({ markdown: 'all at once' });
    expect(messageTexts()).toEqual(['all at once']);
    expect(api.calls('sendMessageDraft')).toEqual([]);
    expect(api.calls('editMessageText')).toEqual([]);
  });

  it('keeps its final text through the flood limit of its drafts', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendMessageDraft', { status: 429, retryAfter: 3, times: 2 });
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'begin' });
    await api.waitFor(() => draftTexts()[0] === 'begin');
    const [first, second, third] = api.calls('sendMessageDraft').map(({ at }) => at);
    expect(((second ?? 0) - (first ?? 0)) * SPEED).toBeGreaterThan(2_900);
    expect(((third ?? 0) - (second ?? 0)) * SPEED).toBeGreaterThan(2_900);
    await reply.finish({ markdown: 'end' });
    expect(messageTexts()).toEqual(['end']);
  });

  it('goes on in a message for this once when drafts stumble', async () => {
    const { api, connector, chat } = bench;
    api.failNext('sendMessageDraft', { status: 500 });
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'begin' });
    await api.waitFor(() => messageTexts()[0] === 'begin');
    await reply.finish({ markdown: 'end' });
    const next = connector.openReply(chat);
    next.show({ markdown: 'once more' });
    await api.waitFor(() => draftTexts()[0] === 'once more');
    await next.finish({ markdown: 'done' });
    expect(messageTexts()).toEqual(['end', 'done']);
  });

  it('ends in the main chat when its topic is gone', async () => {
    const { api, ada, connector, chat } = bench;
    const topic = ada.chat.addTopic('Fixes');
    ada.chat.removeTopic(topic);
    const reply = connector.openReply({ ...chat, thread: String(topic) });
    reply.show({ markdown: 'begin' });
    await api.waitFor(() => draftTexts()[0] === 'begin');
    await reply.finish({ markdown: 'end' });
    expect(messageTexts()).toEqual(['end']);
  });

  it('has no drafts in a group', async () => {
    const { api, connector } = bench;
    const group = api.chat(-1_000_001);
    const reply = connector.openReply({ connector: 'telegram', chat: String(group.id) });
    reply.show({ markdown: 'begin' });
    await api.waitFor(() => group.messages().length === 1);
    await reply.finish({ markdown: 'end' });
    expect(group.messages().map(({ text }) => text)).toEqual(['end']);
    expect(api.calls('sendMessageDraft')).toEqual([]);
  });

  it('stops showing its draft when the connector stops', async () => {
    const { api, connector, chat } = bench;
    connector.openReply(chat).show({ markdown: 'half' });
    await api.waitFor(() => draftTexts().length === 1);
    await connector.stop();
    const calls = api.calls('sendMessageDraft').length;
    await new Promise((resolve) => {
      setTimeout(resolve, (25_000 / SPEED) * 1.5);
    });
    expect(api.calls('sendMessageDraft')).toHaveLength(calls);
  });
});

describe('a server without drafts', () => {
  it.each([
    ['that does not know them', { status: 404, description: 'Not Found: method not found' }],
    ['that refuses them', { status: 400, description: 'Bad Request: TEXTDRAFT_PEER_INVALID' }],
  ])('%s is asked once, and replies grow in messages', async (_, fault) => {
    const { api, ada, connector, chat } = bench;
    api.failNext('sendMessageDraft', fault);
    for (const word of ['one', 'two']) {
      const reply = connector.openReply(chat);
      reply.show({ markdown: `begin ${word}` });
      await api.waitFor(() => messageTexts().at(-1) === `begin ${word}`);
      await reply.finish({ markdown: `end ${word}` });
    }
    const bob = api.person(43, 'Bob');
    bob.chat.addBot();
    const other = connector.openReply({ connector: 'telegram', chat: String(bob.id) });
    other.show({ markdown: 'begin' });
    await api.waitFor(() => bob.chat.messages().length === 1);
    await other.finish({ markdown: 'end' });
    expect(ada.chat.messages().map(({ text }) => text)).toEqual(['end one', 'end two']);
    expect(api.calls('sendMessageDraft')).toHaveLength(1);
    await until(() => bench.logged.some(({ event }) => event === 'telegram_drafts_not_offered'));
  });
});
