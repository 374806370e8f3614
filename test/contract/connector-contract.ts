import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatRef, Inbound, MessageRef, PromptId } from '../../src/core/ports/chat.ts';
import type { Connector, PromptView, Receipt } from '../../src/core/ports/connector.ts';
import { newId } from '../../src/util/ids.ts';
import { plain } from '../../src/util/rich-text.ts';

/** A connector with a person at its other end, fresh for each test. */
export interface ConnectorHarness {
  /** Not started yet; its `canPrompt` is true. */
  readonly connector: Connector;
  /** Where the person is. */
  readonly chat: ChatRef;
  /** The person writes a line, commands included. Resolves without waiting for it to be received. */
  readonly says: (text: string) => Promise<void>;
  /** The person picks a choice of that prompt. Resolves without waiting for it to be received. */
  readonly taps: (message: MessageRef, prompt: PromptView, choiceId: string) => Promise<void>;
  /** All text the person can see now, oldest first; a terminal gives all that was written. */
  readonly screen: () => string;
  /** Stops the connector and whatever stands at the other end. */
  readonly dispose: () => Promise<void>;
}

const PATIENCE = { timeout: 8_000, interval: 10 };

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

/** What any connector must do, as src/core/ports/connector.ts says it. */
export function describeConnector(name: string, open: () => Promise<ConnectorHarness>): void {
  describe(`${name} as a connector`, () => {
    let harness: ConnectorHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(async () => {
      await harness.dispose();
    });
    describeReceiving(() => harness);
    describeStopping(() => harness);
    describeShowing(() => harness);
    describeReplies(() => harness);
    describePrompts(() => harness);
  });
}

function describeReceiving(harness: () => ConnectorHarness): void {
  it('hands over what the person writes, with its chat, its person and an id of its own', async () => {
    const { connector, chat, says } = harness();
    const ear = openEar();
    await connector.start(ear.receive);
    await says('hello there');
    await says('hello there');
    await vi.waitFor(() => expect(ear.heard).toHaveLength(2), PATIENCE);
    for (const inbound of ear.heard) {
      expect(inbound).toMatchObject({ kind: 'text', text: 'hello there', chat });
      expect(inbound.person.id.startsWith(`${connector.name}:`)).toBe(true);
      expect(inbound.receivedAt).toBeGreaterThan(0);
    }
    expect(new Set(ear.heard.map((inbound) => inbound.id)).size).toBe(2);
  });

  it('reads a command as a name in lower case and its arguments', async () => {
    const { connector, says } = harness();
    const ear = openEar();
    await connector.start(ear.receive);
    await says('/Plan add a health check');
    await vi.waitFor(() => expect(ear.heard).toHaveLength(1), PATIENCE);
    expect(ear.heard[0]).toMatchObject({ kind: 'command', name: 'plan', args: 'add a health check' });
  });

  it('waits for one inbound to be safe before it hands over the next', async () => {
    const { connector, says } = harness();
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
    await vi.waitFor(() => expect(order).toEqual(['begin one']), PATIENCE);
    letGo();
    await vi.waitFor(() => expect(order).toEqual(['begin one', 'end one', 'begin two', 'end two']), PATIENCE);
  });
}

function describeStopping(harness: () => ConnectorHarness): void {
  it('stops within five seconds, however often it is told to', async () => {
    const { connector } = harness();
    await connector.start(openEar().receive);
    const before = performance.now();
    await Promise.all([connector.stop(), connector.stop()]);
    await connector.stop();
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('may be stopped before it was started', async () => {
    await expect(harness().connector.stop()).resolves.toBeUndefined();
  });

  it('receives nothing more once it has stopped', async () => {
    const { connector, says } = harness();
    const ear = openEar();
    await connector.start(ear.receive);
    await says('before');
    await vi.waitFor(() => expect(ear.heard).toHaveLength(1), PATIENCE);
    await connector.stop();
    await says('after');
    expect(ear.heard).toHaveLength(1);
  });
}

function describeShowing(harness: () => ConnectorHarness): void {
  it('delivers rich text, Markdown and attachments', async () => {
    const { connector, chat, screen } = harness();
    await connector.start(openEar().receive);
    await connector.send(chat, { content: plain('a plain notice') });
    await connector.send(chat, { content: { markdown: 'a **bold** word' } });
    await connector.send(chat, {
      content: plain('with a file'),
      attachment: { fileName: 'notes.txt', content: 'line one' },
    });
    await vi.waitFor(() => expect(screen()).toContain('with a file'), PATIENCE);
    expect(screen()).toContain('a plain notice');
    expect(screen()).toMatch(/bold/);
    expect(screen()).toContain('notes.txt');
  });
}

function describeReplies(harness: () => ConnectorHarness): void {
  it('shows nothing of a reply that stays empty', async () => {
    const { connector, chat, screen } = harness();
    await connector.start(openEar().receive);
    const before = screen();
    await connector.openReply(chat).finish({ markdown: '' });
    expect(screen().trim()).toBe(before.trim());
  });

  it('shows a reply while it grows, and all of it at the end', async () => {
    const { connector, chat, screen } = harness();
    await connector.start(openEar().receive);
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'The first half' });
    await vi.waitFor(() => expect(screen()).toContain('The first half'), PATIENCE);
    await reply.finish({ markdown: 'The first half and the second half.' });
    await vi.waitFor(() => expect(screen()).toContain('and the second half.'), PATIENCE);
  });

  it('ends with the last state, however fast the states came', async () => {
    const { connector, chat, screen } = harness();
    await connector.start(openEar().receive);
    const reply = connector.openReply(chat);
    let text = 'count';
    for (let word = 1; word <= 200; word += 1) {
      text += ` ${word}`;
      reply.show({ markdown: text, status: `at ${word}` });
    }
    await reply.finish({ markdown: `${text} done` });
    await vi.waitFor(() => expect(screen()).toContain('199 200 done'), PATIENCE);
  });
}

function describePrompts(harness: () => ConnectorHarness): void {
  it('shows a prompt with its choices and brings back the tap', async () => {
    const { connector, chat, screen, taps } = harness();
    const ear = openEar();
    await connector.start(ear.receive);
    const prompt = approval();
    const message = await connector.showPrompt(chat, prompt);
    expect(message.chat).toEqual(chat);
    await vi.waitFor(() => expect(screen()).toContain('May it write hello.txt?'), PATIENCE);
    expect(screen()).toMatch(/approve/i);
    expect(screen()).toMatch(/reject/i);
    await taps(message, prompt, 'reject');
    await vi.waitFor(() => expect(ear.heard).toHaveLength(1), PATIENCE);
    expect(ear.heard[0]).toMatchObject({ kind: 'tap', prompt: prompt.id, choice: 'reject', chat });
  });

  it('puts the outcome under a prompt that is closed', async () => {
    const { connector, chat, screen } = harness();
    await connector.start(openEar().receive);
    const prompt = approval();
    const message = await connector.showPrompt(chat, prompt);
    await connector.closePrompt(message, prompt, 'Approved by you');
    await vi.waitFor(() => expect(screen()).toContain('Approved by you'), PATIENCE);
  });

  it('does not reject when the prompt to close is gone', async () => {
    const { connector, chat } = harness();
    await connector.start(openEar().receive);
    const nowhere: MessageRef = { chat, message: '999999' };
    await expect(connector.closePrompt(nowhere, approval(), 'Timed out')).resolves.toBeUndefined();
  });
}
