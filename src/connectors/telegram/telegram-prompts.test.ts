import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTelegramBench, until, type TelegramBench } from '../../../test/contract/telegram-bench.ts';
import type { SeenMessage } from '../../../test/fixtures/bot-api/messages.ts';
import type { Inbound, PromptId } from '../../core/ports/chat.ts';
import type { PromptView, Receipt } from '../../core/ports/connector.ts';
import { newId } from '../../util/ids.ts';
import { bold, concat, plain } from '../../util/rich-text.ts';

let bench: TelegramBench;
let heard: Inbound[];

beforeEach(async () => {
  bench = await openTelegramBench();
  heard = [];
});
afterEach(async () => {
  await bench.close();
});

const APPROVE = { id: 'approve', label: 'Approve', key: 'y' };
const REJECT = { id: 'reject', label: 'Reject', key: 'n' };

function question(own: Partial<PromptView> = {}): PromptView {
  return {
    id: newId<'PromptId'>(),
    body: concat('May it run ', bold('npm test'), '?'),
    choices: [APPROVE, REJECT],
    ...own,
  };
}

function shown(): readonly SeenMessage[] {
  return bench.api.messages(bench.ada);
}

function answering(receipt: Receipt): (inbound: Inbound) => Promise<Receipt> {
  return async (inbound) => {
    heard.push(inbound);
    return receipt;
  };
}

describe('a prompt', () => {
  it('stands in the chat with its buttons side by side, and how text answers it', async () => {
    const { connector, chat } = bench;
    const prompt = question({ textHint: 'Reply with a reason to reject' });
    const message = await connector.showPrompt(chat, prompt);
    expect(message).toEqual({ chat, message: String(shown()[0]?.id) });
    expect(shown()[0]).toMatchObject({
      text: 'May it run npm test?\n\nReply with a reason to reject',
      entities: [
        { type: 'bold', offset: 11, length: 8 },
        { type: 'italic', offset: 22, length: 29 },
      ],
      keyboard: [
        [
          { label: 'Approve', data: `p:${prompt.id}:approve` },
          { label: 'Reject', data: `p:${prompt.id}:reject` },
        ],
      ],
    });
  });

  it('puts more than three buttons in rows of two', async () => {
    const choices = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, label: id.toUpperCase(), key: id }));
    await bench.connector.showPrompt(bench.chat, question({ choices }));
    const rows = shown()[0]?.keyboard.map((row) => row.map(({ label }) => label));
    expect(rows).toEqual([['A', 'B'], ['C', 'D'], ['E']]);
  });

  it('gives a long label a row of its own', async () => {
    const labels = [
      '✅ Approve',
      '❌ Reject',
      'Approve similar…',
      'git push to origin, this chat, 1 hour',
      'Back',
    ];
    const choices = labels.map((label, index) => ({ id: `c${index}`, label, key: String(index) }));
    await bench.connector.showPrompt(bench.chat, question({ choices }));
    const rows = shown()[0]?.keyboard.map((row) => row.map(({ label }) => label));
    expect(rows).toEqual([labels.slice(0, 2), [labels[2]], [labels[3]], [labels[4]]]);
  });

  it('changes its buttons and its words in place', async () => {
    const { api, connector, chat } = bench;
    const prompt = question({ textHint: 'Reply with a reason' });
    const message = await connector.showPrompt(chat, prompt);
    const before = shown()[0];
    const choices = [{ id: 'a'.repeat(16), label: 'Yes, force-push main', key: 'yes' }, REJECT];
    await connector.updatePrompt(message, { ...prompt, choices });
    const data = `p:${prompt.id}:${'a'.repeat(16)}`;
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
    expect(shown()[0]).toMatchObject({
      text: before?.text,
      entities: before?.entities,
      keyboard: [[{ label: 'Yes, force-push main', data }], [{ label: 'Reject' }]],
    });
    expect(api.calls('sendMessage')).toHaveLength(1);
    await connector.updatePrompt(message, { ...prompt, body: plain('Sure? All of it'), choices });
    expect(shown()[0]).toMatchObject({
      text: 'Sure? All of it\n\nReply with a reason',
      keyboard: [[{ data }], [{ label: 'Reject' }]],
    });
  });

  it('shrugs at an update that changes nothing, at one that is gone, and at ids that do not fit', async () => {
    const { api, connector, chat, logged } = bench;
    const prompt = question();
    const message = await connector.showPrompt(chat, prompt);
    await connector.updatePrompt(message, prompt);
    expect(api.calls('editMessageText')[0]?.description).toContain('message is not modified');
    expect(logged.filter(({ level }) => level === 'warn')).toEqual([]);
    await connector.updatePrompt({ chat, message: '999999' }, prompt);
    await connector.updatePrompt(message, question({ id: 'x'.repeat(60) as PromptId }));
    expect(logged.filter(({ level }) => level === 'warn').map(({ event }) => event)).toEqual([
      'telegram_prompt_not_updated',
      'telegram_prompt_not_updated',
    ]);
    expect(shown()[0]?.keyboard.flat()).toHaveLength(2);
  });

  it('sends its attachment ahead', async () => {
    const attachment = { fileName: 'com mand"; x.sh', content: 'npm test\n# é' };
    await bench.connector.showPrompt(bench.chat, question({ attachment }));
    expect(shown().map(({ attached }) => attached?.name)).toEqual(['com_mand___x.sh', undefined]);
    expect(shown()[0]?.attached?.bytes.toString('utf8')).toBe('npm test\n# é');
  });

  it('never cuts a question silently: what does not fit comes as a file', async () => {
    const { connector, chat } = bench;
    const body = plain('a very long question '.repeat(300));
    const prompt = question({ body });
    const message = await connector.showPrompt(chat, prompt);
    const [file, card] = shown();
    expect(file?.attached?.bytes.toString('utf8')).toBe(body.text);
    expect(card?.text).toMatch(/cut here; all of it is in the attached file/);
    await connector.closePrompt(message, prompt, 'Rejected: too long');
    const closed = shown()[1];
    expect(closed?.text).toMatch(/cut here.*\n\nRejected: too long$/s);
    expect(closed?.text.length).toBeLessThanOrEqual(4096);
  });

  it('rejects ids that do not fit on a button, before anything is shown', async () => {
    const { connector, chat } = bench;
    const broken = question({ id: 'x'.repeat(60) as PromptId });
    await expect(connector.showPrompt(chat, broken)).rejects.toMatchObject({ code: 'TELEGRAM_BUTTON_ID' });
    expect(shown()).toEqual([]);
  });

  it('rejects when it can not be shown', async () => {
    bench.ada.chat.removeBot();
    await expect(bench.connector.showPrompt(bench.chat, question())).rejects.toMatchObject({
      code: 'TELEGRAM_BLOCKED',
    });
  });

  it('is closed with its outcome and without buttons', async () => {
    const { connector, chat } = bench;
    const prompt = question({ textHint: 'Reply with a reason' });
    const message = await connector.showPrompt(chat, prompt);
    await connector.closePrompt(message, prompt, '✅ Approved by Ada');
    expect(shown()[0]).toMatchObject({ text: 'May it run npm test?\n\n✅ Approved by Ada', keyboard: [] });
  });

  it('loses at least its buttons when its text can not be changed', async () => {
    const { api, connector, chat } = bench;
    const prompt = question();
    const message = await connector.showPrompt(chat, prompt);
    api.failNext('editMessageText', { status: 400, description: 'Bad Request: MESSAGE_TOO_LONG' });
    await connector.closePrompt(message, prompt, 'Timed out');
    expect(shown()[0]).toMatchObject({ text: 'May it run npm test?', keyboard: [] });
  });

  it('passes before the edits of a growing reply', async () => {
    const { api, connector, chat } = bench;
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'begin' });
    await api.waitFor(() => shown().length === 1);
    api.failNext('editMessageText', { delayMs: 50 });
    for (let word = 0; word < 50; word += 1) reply.show({ markdown: `begin ${word}` });
    await connector.showPrompt(chat, question());
    await reply.finish({ markdown: 'end' });
    expect(shown().map(({ text }) => text)).toEqual(['end', 'May it run npm test?']);
  });
});

describe('a tap', () => {
  it('is answered with the notice that the receipt holds', async () => {
    const { api, ada, connector, chat } = bench;
    await connector.start(answering({ notice: 'Approved' }));
    const prompt = question();
    await connector.showPrompt(chat, prompt);
    const tap = ada.tap('Approve');
    await api.waitFor(() => tap.answer());
    expect(tap.answer()?.text).toBe('Approved');
    const message = String(shown()[0]?.id);
    expect(heard).toMatchObject([{ kind: 'tap', prompt: prompt.id, choice: 'approve', chat, message }]);
  });

  it('is answered in a line of the chat when it came too long ago', async () => {
    const { api, ada, connector, chat } = bench;
    await connector.start(answering({ notice: 'Closed: leashd was restarted' }));
    await connector.showPrompt(chat, question());
    api.failNext('answerCallbackQuery', {
      status: 400,
      description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
    });
    ada.tap('Approve');
    await api.waitFor(() => shown().length === 2);
    expect(shown()[1]?.text).toBe('Closed: leashd was restarted');
  });

  it('is answered without words when there is nothing to say, and with few when there are too many', async () => {
    const { api, ada, connector, chat } = bench;
    const receipts: Receipt[] = [{}, { notice: '😀'.repeat(150) }];
    await connector.start(async () => receipts.shift() ?? {});
    await connector.showPrompt(chat, question());
    const silent = ada.tap('Approve');
    await api.waitFor(() => silent.answer());
    expect(silent.answer()?.text).toBe('');
    const wordy = ada.tap('Approve');
    await api.waitFor(() => wordy.answer());
    expect(wordy.answer()?.text).toMatch(/^(?:😀)+…$/u);
    expect(wordy.answer()?.text.length).toBeLessThanOrEqual(200);
  });

  it('does not wait behind anything that goes out', async () => {
    const { api, ada, connector, chat } = bench;
    await connector.start(answering({ notice: 'Approved' }));
    await connector.showPrompt(chat, question());
    api.failNext('sendMessage', { status: 429, retryAfter: 3_600 });
    const stuck = connector.send(chat, { content: plain('stuck') }).catch(() => {});
    await api.waitFor(() => api.calls('sendMessage').some(({ status }) => status === 429));
    const tap = ada.tap('Approve');
    await api.waitFor(() => tap.answer());
    expect(tap.answer()?.text).toBe('Approved');
    await connector.stop();
    await stuck;
  });

  it('on a button of another make is told that the button is out of use, and reaches nobody', async () => {
    const { api, ada, connector, chat } = bench;
    await connector.start(answering({}));
    const message = await connector.showPrompt(chat, question());
    for (const data of ['approve', 'p:only-two', 'p:a:b:c', 'p:x:UPPER', '']) {
      const tap = ada.forgeTap(Number(message.message), data);
      await api.waitFor(() => tap.answer());
      expect(tap.answer()?.text).toBe('This button is no longer in use');
    }
    expect(heard).toEqual([]);
  });

  it('goes through although its answer fails', async () => {
    const { api, ada, connector, chat } = bench;
    await connector.start(answering({ notice: 'Approved' }));
    await connector.showPrompt(chat, question());
    api.failNext('answerCallbackQuery', { status: 400, description: 'Bad Request: query is too old' });
    ada.tap('Approve');
    await until(() => heard.length === 1);
    ada.send('and on it goes');
    await until(() => heard.length === 2);
    expect(heard.map(({ kind }) => kind)).toEqual(['tap', 'text']);
  });
});

describe('a notice', () => {
  it('comes as a message of its own where there was no tap', async () => {
    const { api, ada, connector } = bench;
    await connector.start(answering({ notice: 'Wait 3 seconds' }));
    ada.send('hello');
    await api.waitFor(() => shown().some(({ text }) => text === 'Wait 3 seconds'));
    expect(heard).toHaveLength(1);
  });

  it('stands as a reply under what it is about, while that is there', async () => {
    const { connector, chat } = bench;
    const { message } = await connector.showPrompt(chat, question());
    await connector.send(chat, { content: plain('⏳ 2 min left'), replyTo: message });
    await connector.send(chat, { content: plain('still'), replyTo: '999999' });
    expect(shown().map(({ replyTo }) => replyTo)).toEqual([undefined, Number(message), undefined]);
  });

  it('is split over as many messages as it needs, in order', async () => {
    const { connector, chat } = bench;
    const long = Array.from({ length: 900 }, (_, index) => `line ${index}`).join('\n');
    await connector.send(chat, { content: plain(long) });
    const texts = shown().map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.every((text) => text.length <= 4096)).toBe(true);
    expect(texts.join('\n')).toBe(long);
  });

  it('keeps links from being fetched and previewed', async () => {
    const { api, connector, chat } = bench;
    await connector.send(chat, { content: { markdown: '[docs](https://example.com/)' } });
    expect(shown()[0]?.entities).toEqual([
      { type: 'text_link', url: 'https://example.com/', offset: 0, length: 4 },
    ]);
    expect(api.calls('sendMessage')[0]?.params['link_preview_options']).toEqual({ is_disabled: true });
  });

  it('may be a file alone, even an empty one', async () => {
    const { connector, chat } = bench;
    await connector.send(chat, { content: plain(''), attachment: { fileName: '', content: '' } });
    expect(shown()).toMatchObject([{ text: '', attached: { name: 'file.txt' } }]);
  });
});
