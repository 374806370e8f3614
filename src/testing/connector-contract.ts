import type { ChatRef, Inbound, MessageRef, PromptId } from '../core/ports/chat.ts';
import type { Connector, PromptView, Receipt } from '../core/ports/connector.ts';
import { messageOf } from '../errors.ts';
import { newId } from '../util/ids.ts';
import { plain } from '../util/rich-text.ts';
import { checksOf, type AddCheck, type Check } from './checks.ts';
import { eventually, expect } from './expect.ts';

/** A connector with a person at its other end, fresh for each test. */
export interface ConnectorHarness {
  /** Not started yet; its `canPrompt` is true. */
  readonly connector: Connector;
  /** Where the person is. */
  readonly chat: ChatRef;
  /** The person writes a line, commands included. Resolves without waiting for it to be received. */
  readonly says: (text: string) => Promise<void>;
  /** The person sends a file, where the connector can fetch one. Resolves without waiting for it to be received. */
  readonly sendsFile?:
    ((file: { name: string; bytes: Uint8Array; caption: string }) => Promise<void>) | undefined;
  /** The person picks a choice of that prompt. Resolves without waiting for it to be received. */
  readonly taps: (message: MessageRef, prompt: PromptView, choiceId: string) => Promise<void>;
  /** All text the person can see now, oldest first; a terminal gives all that was written. */
  readonly screen: () => string;
  /** Stops the connector and whatever stands at the other end. */
  readonly dispose: () => Promise<void>;
}

type Ear = { readonly heard: Inbound[]; readonly receive: (inbound: Inbound) => Promise<Receipt> };

function openEar(): Ear {
  const heard: Inbound[] = [];
  const receive = (inbound: Inbound): Promise<Receipt> => {
    heard.push(inbound);
    return Promise.resolve({});
  };
  return { heard, receive };
}

function approval(): PromptView {
  return {
    id: newId<'PromptId'>() satisfies PromptId,
    body: plain('May it write hello.txt?'),
    choices: [
      { id: 'approve', label: 'Approve', key: 'y' },
      { id: 'reject', label: 'Reject', key: 'n' },
    ],
  };
}

/** What any connector must do, as its port says. `open` gives a fresh one each time. */
export function connectorContract(open: () => Promise<ConnectorHarness>): readonly Check[] {
  return checksOf(open, [
    addReceiving,
    addFiles,
    addStopping,
    addShowing,
    addReplies,
    addPrompts,
    addClosing,
  ]);
}

function addReceiving(it: AddCheck<ConnectorHarness>): void {
  it('hands over what the person writes, with its chat, its person and an id of its own', async ({
    connector,
    chat,
    says,
  }) => {
    const ear = openEar();
    await connector.start(ear.receive);
    await says('hello there');
    await says('hello there');
    await eventually(() => expect(ear.heard).toHaveLength(2));
    for (const inbound of ear.heard) {
      expect(inbound).toMatchObject({ kind: 'text', text: 'hello there', chat });
      expect(inbound.person.id.startsWith(`${connector.name}:`)).toBe(true);
      expect(inbound.receivedAt).toBeGreaterThan(0);
    }
    expect(new Set(ear.heard.map((inbound) => inbound.id)).size).toBe(2);
  });

  it('reads a command as a name in lower case and its arguments', async ({ connector, says }) => {
    const ear = openEar();
    await connector.start(ear.receive);
    await says('/Plan add a health check');
    await eventually(() => expect(ear.heard).toHaveLength(1));
    expect(ear.heard[0]).toMatchObject({ kind: 'command', name: 'plan', args: 'add a health check' });
  });

  it('waits for one inbound to be safe before it hands over the next', async ({ connector, says }) => {
    const order: string[] = [];
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await connector.start(async (inbound) => {
      const text = inbound.kind === 'text' ? inbound.text : inbound.kind;
      order.push(`begin ${text}`);
      if (text === 'one') await held;
      order.push(`end ${text}`);
      return {};
    });
    await says('one');
    await says('two');
    await eventually(() => expect(order).toEqual(['begin one']));
    letGo();
    await eventually(() => expect(order).toEqual(['begin one', 'end one', 'begin two', 'end two']));
  });
}

function addFiles(it: AddCheck<ConnectorHarness>): void {
  it('names a file that the person sends, and fetches it when it is asked to', async (harness) => {
    const { connector, chat, sendsFile } = harness;
    if (!connector.fetchFile || !sendsFile) return;
    const ear = openEar();
    await connector.start(ear.receive);
    const bytes = Uint8Array.from({ length: 5_000 }, (_, index) => index % 256);
    await sendsFile({ name: 'data.bin', bytes, caption: 'look at it' });
    await eventually(() => expect(ear.heard).toHaveLength(1));
    expect(ear.heard[0]).toMatchObject({
      kind: 'text',
      text: 'look at it',
      files: [{ fileName: 'data.bin' }],
    });
    const [inbound] = ear.heard;
    const [file] = inbound?.kind === 'text' ? (inbound.files ?? []) : [];
    if (!file) throw new Error('no file was named');
    const never = new AbortController().signal;
    expect([...(await connector.fetchFile(chat, file, 5_000, never))]).toEqual([...bytes]);
    const reasons = await Promise.all(
      [
        connector.fetchFile(chat, file, 4_999, never),
        connector.fetchFile(chat, { ...file, ref: 'nowhere' }, 5_000, never),
        connector.fetchFile(chat, file, 5_000, AbortSignal.abort()),
      ].map((fetching) => fetching.then(() => undefined, messageOf)),
    );
    for (const reason of reasons) expect(reason?.length ?? 0).toBeGreaterThan(0);
  });
}

function addStopping(it: AddCheck<ConnectorHarness>): void {
  it('stops within five seconds, however often it is told to', async ({ connector }) => {
    await connector.start(openEar().receive);
    const before = performance.now();
    await Promise.all([connector.stop(), connector.stop()]);
    await connector.stop();
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('may be stopped before it was started', async (harness) => {
    expect(await harness.connector.stop()).toBeUndefined();
  });

  it('receives nothing more once it has stopped', async ({ connector, says }) => {
    const ear = openEar();
    await connector.start(ear.receive);
    await says('before');
    await eventually(() => expect(ear.heard).toHaveLength(1));
    await connector.stop();
    await says('after');
    expect(ear.heard).toHaveLength(1);
  });
}

function addShowing(it: AddCheck<ConnectorHarness>): void {
  it('delivers rich text, Markdown and attachments', async ({ connector, chat, screen }) => {
    await connector.start(openEar().receive);
    await connector.send(chat, { content: plain('a plain notice') });
    await connector.send(chat, { content: { markdown: 'a **bold** word' } });
    await connector.send(chat, {
      content: plain('with a file'),
      attachment: { fileName: 'notes.txt', content: 'line one' },
    });
    await eventually(() => expect(screen()).toContain('with a file'));
    expect(screen()).toContain('a plain notice');
    expect(screen()).toMatch(/bold/);
    expect(screen()).toContain('notes.txt');
  });
}

function addReplies(it: AddCheck<ConnectorHarness>): void {
  it('shows nothing of a reply that stays empty', async ({ connector, chat, screen }) => {
    await connector.start(openEar().receive);
    const before = screen();
    await connector.openReply(chat).finish({ markdown: '' });
    expect(screen().trim()).toBe(before.trim());
  });

  it('shows a reply while it grows, and all of it at the end', async ({ connector, chat, screen }) => {
    await connector.start(openEar().receive);
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'The first half' });
    await eventually(() => expect(screen()).toContain('The first half'));
    await reply.finish({ markdown: 'The first half and the second half.' });
    await eventually(() => expect(screen()).toContain('and the second half.'));
  });

  it('ends with the last state, however fast the states came', async ({ connector, chat, screen }) => {
    await connector.start(openEar().receive);
    const reply = connector.openReply(chat);
    let text = 'count';
    for (let word = 1; word <= 200; word += 1) {
      text += ` ${word}`;
      reply.show({ markdown: text, status: `at ${word}` });
    }
    await reply.finish({ markdown: `${text} done` });
    await eventually(() => expect(screen()).toContain('199 200 done'));
  });
}

function addPrompts(it: AddCheck<ConnectorHarness>): void {
  it('shows a prompt with its choices and brings back the tap', async ({ connector, chat, screen, taps }) => {
    const ear = openEar();
    await connector.start(ear.receive);
    const prompt = approval();
    const message = await connector.showPrompt(chat, prompt);
    expect(message.chat).toEqual(chat);
    await eventually(() => expect(screen()).toContain('May it write hello.txt?'));
    expect(screen()).toMatch(/approve/i);
    expect(screen()).toMatch(/reject/i);
    await taps(message, prompt, 'reject');
    await eventually(() => expect(ear.heard).toHaveLength(1));
    expect(ear.heard[0]).toMatchObject({ kind: 'tap', prompt: prompt.id, choice: 'reject', chat });
  });

  it('shows other choices in their place, and brings back a tap on them', async ({
    connector,
    chat,
    screen,
    taps,
  }) => {
    const ear = openEar();
    await connector.start(ear.receive);
    const prompt = approval();
    const message = await connector.showPrompt(chat, prompt);
    const choices = [{ id: 'sure-approve', label: 'Yes, write it', key: 'yes' }];
    const updated = { ...prompt, choices };
    await connector.updatePrompt(message, updated);
    await connector.updatePrompt(message, updated);
    await eventually(() => expect(screen()).toContain('Yes, write it'));
    await taps(message, updated, 'sure-approve');
    await eventually(() => expect(ear.heard).toHaveLength(1));
    expect(ear.heard[0]).toMatchObject({ kind: 'tap', prompt: prompt.id, choice: 'sure-approve', chat });
  });

  it('shows the same prompt again, and goes on with it where it stands now', async ({
    connector,
    chat,
    taps,
  }) => {
    const ear = openEar();
    await connector.start(ear.receive);
    const prompt = approval();
    const above = await connector.showPrompt(chat, prompt);
    const below = await connector.showPrompt(chat, prompt);
    await connector.closePrompt(above, prompt, 'Moved below');
    await taps(below, prompt, 'approve');
    await eventually(() => expect(ear.heard).toHaveLength(1));
    expect(ear.heard[0]).toMatchObject({ kind: 'tap', prompt: prompt.id, choice: 'approve' });
  });
}

function addClosing(it: AddCheck<ConnectorHarness>): void {
  it('delivers a notice about a message, also about one that is gone', async ({
    connector,
    chat,
    screen,
  }) => {
    await connector.start(openEar().receive);
    const { message } = await connector.showPrompt(chat, approval());
    await connector.send(chat, { content: plain('half of the time is over'), replyTo: message });
    await connector.send(chat, { content: plain('and this is about nothing'), replyTo: '999999' });
    await eventually(() => expect(screen()).toContain('and this is about nothing'));
    expect(screen()).toContain('half of the time is over');
  });

  it('puts the outcome under a prompt that is closed', async ({ connector, chat, screen }) => {
    await connector.start(openEar().receive);
    const prompt = approval();
    const message = await connector.showPrompt(chat, prompt);
    await connector.closePrompt(message, prompt, 'Approved by you');
    await eventually(() => expect(screen()).toContain('Approved by you'));
  });

  it('does not reject when the prompt to close is gone', async ({ connector, chat }) => {
    await connector.start(openEar().receive);
    const nowhere: MessageRef = { chat, message: '999999' };
    expect(await connector.closePrompt(nowhere, approval(), 'Timed out')).toBeUndefined();
    expect(await connector.updatePrompt(nowhere, approval())).toBeUndefined();
  });
}
