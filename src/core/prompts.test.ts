import { describe, expect, it } from 'vitest';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { ada, recordingConnector } from '../../test/fixtures/recording-connector.ts';
import { MachineError } from '../errors.ts';
import { newId } from '../util/ids.ts';
import { silentLog } from '../util/log.ts';
import { plain } from '../util/rich-text.ts';
import { EventBus } from './event-bus.ts';
import type { Inbound, InboundBody } from './ports/chat.ts';
import { Prompts, type PromptAnswer } from './prompts.ts';

const choices = [
  { id: 'approve', label: 'Approve', key: 'y' },
  { id: 'reject', label: 'Reject', key: 'n' },
];

function setUp(options: { canPrompt?: boolean } = {}) {
  const connector = recordingConnector(options);
  const clock = manualClock();
  const events = new EventBus({ log: silentLog });
  const prompts = new Prompts({ connectorOf: () => connector, clock, log: silentLog, events });
  const abort = new AbortController();
  const ask = (textHint?: string): Promise<PromptAnswer> =>
    prompts.ask(
      {
        chat: connector.chat,
        body: plain('May it?'),
        choices,
        textHint,
        timeoutMs: 1000,
        outcome: (answer) => answer.kind,
      },
      abort.signal,
    );
  const inbound = <Body extends InboundBody>(body: Body): Inbound & Body =>
    ({ id: newId(), chat: connector.chat, isPrivate: true, person: ada, receivedAt: 0, ...body }) as Inbound &
      Body;
  const shown = async (count = 1) => {
    await connector.until(() => connector.prompts.length >= count);
    const prompt = connector.prompts[count - 1];
    if (!prompt) throw new Error('nothing was shown');
    return prompt;
  };
  return { connector, clock, prompts, abort, ask, inbound, shown };
}

describe('a prompt', () => {
  it('is answered by a tap, once', async () => {
    const { connector, prompts, ask, inbound, shown } = setUp();
    const answer = ask();
    const { view } = await shown();
    expect(prompts.tap(inbound({ kind: 'tap', prompt: view.id, choice: 'approve' }))).toEqual({
      notice: 'Approve',
    });
    expect(await answer).toEqual({ kind: 'choice', choice: 'approve', by: ada });
    expect(prompts.tap(inbound({ kind: 'tap', prompt: view.id, choice: 'reject' })).notice).toContain(
      'closed',
    );
    await prompts.settled();
    expect(connector.prompts[0]?.outcome).toBe('choice');
  });

  it('takes no tap from another chat, and no choice that it does not have', async () => {
    const { connector, prompts, ask, inbound, shown } = setUp();
    const answer = ask();
    const { view } = await shown();
    const tap = inbound({ kind: 'tap', prompt: view.id, choice: 'approve' });
    expect(prompts.tap({ ...tap, chat: { connector: 'test', chat: '2' } }).notice).toContain('another chat');
    expect(prompts.tap({ ...tap, choice: 'always' }).notice).toContain('not one of');
    expect(prompts.openIn(connector.chat)).toBe(1);
    prompts.tap(tap);
    expect((await answer).kind).toBe('choice');
  });

  it('takes a text only as a reply to its own message, and only where it asks for one', async () => {
    const { prompts, ask, inbound, shown } = setUp();
    const first = ask();
    const second = ask('say why');
    const plainOne = await shown(1);
    const textOne = await shown(2);
    const reply = (replyTo?: string) => inbound({ kind: 'text', text: 'use a branch', replyTo });
    expect(prompts.takeReply(reply())).toBe(false);
    expect(prompts.takeReply(reply(plainOne.message.message))).toBe(false);
    expect(prompts.takeReply(reply(textOne.message.message))).toBe(true);
    expect(await second).toEqual({ kind: 'text', text: 'use a branch', by: ada });
    prompts.cancel('over');
    expect(await first).toEqual({ kind: 'cancelled', reason: 'over' });
  });

  it('times out, and shows that it did', async () => {
    const { connector, clock, prompts, ask, shown } = setUp();
    const answer = ask();
    await shown();
    clock.advance(1000);
    expect(await answer).toEqual({ kind: 'timed-out' });
    await prompts.settled();
    expect(connector.prompts[0]?.outcome).toBe('timed-out');
  });

  it('ends when nobody wants the answer any more', async () => {
    const { abort, ask, shown } = setUp();
    const answer = ask();
    await shown();
    abort.abort();
    expect((await answer).kind).toBe('cancelled');
    expect((await ask()).kind).toBe('cancelled');
  });

  it('is not waited for where it can not be shown', async () => {
    const deaf = setUp({ canPrompt: false });
    expect((await deaf.ask()).kind).toBe('cancelled');
    const broken = setUp();
    broken.connector.showPrompt = () => Promise.reject(new MachineError('X', 'no network'));
    expect(await broken.ask()).toEqual({
      kind: 'cancelled',
      reason: 'the question could not be shown (no network)',
    });
  });

  it('leaves no buttons behind when it is closed while on its way', async () => {
    const { connector, abort, prompts, ask } = setUp();
    const answer = ask();
    abort.abort();
    expect((await answer).kind).toBe('cancelled');
    await prompts.settled();
    expect(connector.prompts[0]?.outcome).toBe('cancelled');
  });

  it('tells its watchers when the chat waits', async () => {
    const { prompts, ask, shown } = setUp();
    const seen: boolean[] = [];
    prompts.watch((_chat, isWaiting) => seen.push(isWaiting));
    const answer = ask();
    await shown();
    prompts.cancel('over');
    await answer;
    expect(seen).toEqual([true, false]);
  });
});
