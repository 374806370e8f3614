import { describe, expect, it } from 'vitest';
import { bob, PromptBench } from '../../../test/fixtures/prompt-bench.ts';
import { ada } from '../../../test/fixtures/recording-connector.ts';
import { MachineError } from '../../errors.ts';
import { newId } from '../../util/ids.ts';

describe('a prompt', () => {
  it('is answered by a tap, once, and the store knows by whom', async () => {
    const bench = new PromptBench();
    const answer = bench.ask();
    const card = await bench.shown();
    expect(await bench.tap(card, 'Approve')).toEqual({ notice: 'Approve' });
    expect(await answer).toEqual({ kind: 'choice', choice: 'approve', by: ada });
    expect((await bench.tap(card, 'Reject')).notice).toBe('choice by Ada');
    await bench.prompts.settled();
    expect(card.outcome).toBe('choice by Ada');
    expect(await bench.stores.prompts.find(card.view.id)).toMatchObject({
      message: card.message,
      closed: { answer: 'choice', choice: 'approve', by: ada.id, at: bench.clock.now() },
    });
  });

  it('is in the store before it is shown', async () => {
    const bench = new PromptBench();
    const showPrompt = bench.connector.showPrompt.bind(bench.connector);
    const seen: unknown[] = [];
    bench.connector.showPrompt = async (chat, view) => {
      seen.push(await bench.stores.prompts.find(view.id));
      return showPrompt(chat, view);
    };
    void bench.ask({ digest: 'd1' });
    const { view } = await bench.shown();
    expect(seen).toMatchObject([{ id: view.id, digest: 'd1', view: { body: { text: 'May it?' } } }]);
    expect(seen).not.toMatchObject([{ message: expect.anything() as unknown }]);
  });

  it('is not shown, and not waited for, when it can not be stored', async () => {
    const bench = new PromptBench();
    bench.stores.prompts.open = () => Promise.reject(new MachineError('X', 'no room'));
    expect(await bench.ask()).toEqual({
      kind: 'cancelled',
      reason: 'the question could not be written down (no room)',
    });
    expect(bench.connector.prompts).toEqual([]);
  });

  it('is not answered by a tap that can not be stored, and stays open', async () => {
    const bench = new PromptBench();
    const { prompts: store } = bench.stores;
    const answer = bench.ask();
    const card = await bench.shown();
    const close = store.close.bind(store);
    store.close = () => Promise.reject(new MachineError('X', 'no room'));
    expect((await bench.tap(card, 'Approve')).notice).toBe(
      'That could not be written down (no room); nothing was changed.',
    );
    expect(bench.prompts.openIn(bench.connector.chat)).toBe(1);
    store.close = close;
    await bench.tap(card, 'Approve');
    expect((await answer).kind).toBe('choice');
  });

  it('counts as not answered when its time is over, whatever the store says', async () => {
    const bench = new PromptBench();
    const answer = bench.ask();
    const card = await bench.shown();
    bench.stores.prompts.close = () => Promise.reject(new MachineError('X', 'no room'));
    bench.clock.advance(1000);
    expect(await answer).toEqual({ kind: 'timed-out' });
    expect((await bench.tap(card, 'Approve')).notice).toContain('nothing was changed');
  });

  it('lets one of two taps win, and tells the other who did', async () => {
    const bench = new PromptBench();
    const answer = bench.ask();
    const card = await bench.shown();
    const [first, second] = await Promise.all([
      bench.tap(card, 'Approve'),
      bench.tap(card, 'Reject', { person: bob }),
    ]);
    expect([first.notice, second.notice]).toEqual(['Approve', 'choice by Ada']);
    expect(await answer).toMatchObject({ choice: 'approve', by: ada });
  });

  it('takes no tap from another chat, another person, and no choice that it does not have', async () => {
    const bench = new PromptBench();
    const answer = bench.ask({ mayAnswer: ({ id }) => id === ada.id, whoMay: 'Only Ada may' });
    const card = await bench.shown();
    const refused: string[] = [];
    bench.events.on('tap.refused', ({ reason, person }) => void refused.push(`${person} ${reason}`));
    const elsewhere = { chat: { connector: 'test', chat: '2' } };
    expect((await bench.tap(card, 'Approve', elsewhere)).notice).toContain('another chat');
    expect((await bench.tap(card, 'Approve', { person: bob })).notice).toBe(
      'Only Ada may; nothing was changed.',
    );
    expect((await bench.tapId(card, 'always')).notice).toContain('not one of');
    expect((await bench.tapId({ ...card, view: { ...card.view, id: newId() } }, 'approve')).notice).toContain(
      'knows no such question',
    );
    expect(refused).toEqual([
      'test:1 other-chat',
      'test:2 not-permitted',
      'test:1 outdated-button',
      'test:1 unknown-prompt',
    ]);
    await bench.prompts.settled();
    expect(bench.audited.map(({ event }) => event)).toEqual(Array(4).fill('tap_refused'));
    expect(bench.audited[1]).toMatchObject({ by: bob.id, why: 'not-permitted', prompt: card.view.id });
    expect(bench.prompts.openIn(bench.connector.chat)).toBe(1);
    await bench.tap(card, 'Approve');
    expect((await answer).kind).toBe('choice');
  });

  it('takes a text only as a reply to its own message, and only where it asks for one', async () => {
    const bench = new PromptBench();
    const first = bench.ask();
    const second = bench.ask({ textHint: 'say why' });
    const plainOne = await bench.shown(1);
    const textOne = await bench.shown(2);
    const reply = (replyTo?: string, person = ada) =>
      bench.prompts.takeReply(bench.inbound({ kind: 'text', text: 'use a branch', replyTo }, { person }));
    expect(await reply()).toBeUndefined();
    expect(await reply(plainOne.message.message)).toBeUndefined();
    expect(bench.logged).toEqual([]);
    expect(await reply(textOne.message.message)).toEqual({});
    expect(bench.logged).toEqual(['message_routed_to_interaction', 'resolve_text_answer']);
    expect(await second).toEqual({ kind: 'text', text: 'use a branch', by: ada });
    expect(await reply(textOne.message.message)).toBeUndefined();
    bench.prompts.cancel('over');
    expect(await first).toEqual({ kind: 'cancelled', reason: 'over' });
  });

  it('takes no reply from those who may not answer it, and says who may', async () => {
    const bench = new PromptBench();
    void bench.ask({ textHint: 'say why', mayAnswer: ({ id }) => id === ada.id, whoMay: 'Only Ada may' });
    const { message } = await bench.shown();
    const reply = bench.inbound({ kind: 'text', text: 'no', replyTo: message.message }, { person: bob });
    expect(await bench.prompts.takeReply(reply)).toEqual({ notice: 'Only Ada may; nothing was changed.' });
    expect(bench.prompts.openIn(bench.connector.chat)).toBe(1);
  });

  it('times out, and shows that it did', async () => {
    const bench = new PromptBench();
    const answer = bench.ask();
    const card = await bench.shown();
    bench.clock.advance(1000);
    expect(await answer).toEqual({ kind: 'timed-out' });
    await bench.prompts.settled();
    expect(card.outcome).toBe('timed-out');
    expect((await bench.tap(card, 'Approve')).notice).toBe('timed-out');
  });

  it('ends when nobody wants the answer any more', async () => {
    const bench = new PromptBench();
    const answer = bench.ask();
    const card = await bench.shown();
    bench.abort.abort();
    const tapped = await bench.tap(card, 'Approve');
    expect((await answer).kind).toBe('cancelled');
    expect(tapped.notice).toBe('cancelled');
    expect((await bench.ask()).kind).toBe('cancelled');
  });

  it('is not waited for where it can not be shown', async () => {
    const deaf = new PromptBench({ canPrompt: false });
    expect((await deaf.ask()).kind).toBe('cancelled');
    const broken = new PromptBench();
    broken.connector.showPrompt = () => Promise.reject(new MachineError('X', 'no network'));
    expect(await broken.ask()).toEqual({
      kind: 'cancelled',
      reason: 'the question could not be shown (no network)',
    });
  });

  it('leaves no buttons behind when it is closed while on its way, and shows nothing after', async () => {
    const bench = new PromptBench();
    const showPrompt = bench.connector.showPrompt.bind(bench.connector);
    const gate = Promise.withResolvers<void>();
    bench.connector.showPrompt = async (chat, view) => {
      await gate.promise;
      return showPrompt(chat, view);
    };
    const answers = [bench.ask(), bench.ask()];
    await bench.settled();
    bench.abort.abort();
    expect(await Promise.all(answers)).toMatchObject([{ kind: 'cancelled' }, { kind: 'cancelled' }]);
    gate.resolve();
    await bench.prompts.settled();
    expect(bench.connector.prompts.map(({ outcome }) => outcome)).toEqual(['cancelled']);
  });

  it('keeps its place: the cards of a chat come in the order they were asked for', async () => {
    const bench = new PromptBench();
    const showPrompt = bench.connector.showPrompt.bind(bench.connector);
    const gate = Promise.withResolvers<void>();
    bench.connector.showPrompt = async (chat, view) => {
      if (view.body.text === 'May it?') await gate.promise;
      return showPrompt(chat, view);
    };
    void bench.ask();
    void bench.ask({ body: { text: 'And this?', spans: [] } });
    await bench.settled();
    gate.resolve();
    await bench.shown(2);
    expect(bench.connector.prompts.map(({ view }) => view.body.text)).toEqual(['May it?', 'And this?']);
  });

  it('tells its watchers when the chat waits', async () => {
    const bench = new PromptBench();
    const seen: boolean[] = [];
    bench.prompts.watch((_chat, isWaiting) => seen.push(isWaiting));
    const answer = bench.ask();
    await bench.shown();
    bench.prompts.cancel('over');
    await answer;
    expect(seen).toEqual([true, false]);
  });
});

describe('a person who is slow', () => {
  const minute = { timeoutMs: 60_000, subject: 'runs npm publish' };

  it('is reminded once, half-way, as a reply to the card', async () => {
    const bench = new PromptBench();
    void bench.ask(minute);
    const card = await bench.shown();
    bench.clock.advance(29_999);
    expect(bench.connector.sent).toEqual([]);
    bench.clock.advance(1);
    expect(bench.connector.sent).toEqual(['⏳ 30 s left: runs npm publish']);
    expect(bench.connector.notices[0]?.replyTo).toBe(card.message.message);
    bench.clock.advance(29_000);
    expect(bench.connector.sent).toHaveLength(1);
  });

  it('is not reminded of what is answered, nor of what is too short', async () => {
    const bench = new PromptBench();
    void bench.ask(minute);
    void bench.ask({ ...minute, timeoutMs: 59_999 });
    await bench.shown(2);
    await bench.tap(await bench.shown(1), 'Approve');
    bench.clock.advance(30_000);
    expect(bench.connector.sent).toEqual([]);
  });

  it('is reminded in one line of what was asked together', async () => {
    const bench = new PromptBench();
    for (const subject of ['one', 'two', 'three']) {
      void bench.ask({ ...minute, subject });
      bench.clock.advance(1000);
    }
    await bench.shown(3);
    bench.clock.advance(60_000);
    expect(bench.connector.sent).toEqual(['⏳ 30 s left: one, and 2 more: /pending']);
  });
});

describe('what is pending', () => {
  it('is listed in order, and comes up again at the bottom without losing its answer', async () => {
    const bench = new PromptBench();
    const { chat } = bench.connector;
    const answer = bench.ask({ subject: 'one', textHint: 'say why' });
    bench.clock.advance(100);
    void bench.ask({ subject: 'two' });
    const above = await bench.shown(1);
    await bench.shown(2);
    expect(bench.prompts.pending(chat)).toMatchObject([
      { subject: 'one', ageMs: 100, leftMs: 900 },
      { subject: 'two', ageMs: 0, leftMs: 1000 },
    ]);
    expect(await bench.prompts.bringUp(chat)).toBe(2);
    const [moved] = [await bench.shown(3)];
    expect(bench.connector.prompts.map(({ outcome }) => outcome)).toEqual([
      '⬇️ Moved below',
      '⬇️ Moved below',
      undefined,
      undefined,
    ]);
    expect((await bench.stores.prompts.find(above.view.id))?.message).toEqual(moved.message);
    const reply = bench.inbound({ kind: 'text', text: 'no', replyTo: above.message.message });
    expect(await bench.prompts.takeReply(reply)).toEqual({});
    expect((await answer).kind).toBe('text');
    await bench.prompts.settled();
    expect(moved.outcome).toBe('text by Ada');
    expect(await bench.prompts.showAgain(above.view.id)).toBe(false);
  });
});
