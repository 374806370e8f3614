import { describe, expect, it } from 'vitest';
import { PromptBench } from '../../../test/fixtures/prompt-bench.ts';
import { MachineError } from '../../errors.ts';

describe('after a restart', () => {
  it('what was left open is closed in the store, then on its card, and a tap is told so', async () => {
    const bench = new PromptBench();
    const answer = bench.ask();
    const card = await bench.shown();
    bench.clock.advance(500);
    bench.restart();
    const left = await bench.prompts.closeLeftOpen();
    expect(left.map(({ id }) => id)).toEqual([card.view.id]);
    expect(card.outcome).toBeUndefined();
    bench.prompts.showClosed(left);
    await bench.prompts.settled();
    expect(card.outcome).toBe('⏹ Closed: leashd was restarted; nothing was run');
    expect((await bench.tap(card, 'Approve')).notice).toBe(card.outcome);
    expect(await bench.prompts.closeLeftOpen()).toEqual([]);
    // The one that asked is a ghost: it gets nothing any more.
    bench.clock.advance(500);
    expect((await answer).kind).not.toBe('choice');
  });

  it('a card whose place nobody wrote down loses its buttons at the tap', async () => {
    const bench = new PromptBench();
    bench.stores.prompts.shown = () => Promise.reject(new MachineError('X', 'killed'));
    void bench.ask();
    const card = await bench.shown();
    bench.clock.advance(1);
    bench.restart();
    bench.prompts.showClosed(await bench.prompts.closeLeftOpen());
    await bench.prompts.settled();
    expect(card.outcome).toBeUndefined();
    const elsewhere = { chat: { connector: 'test', chat: '2' } };
    expect((await bench.tap(card, 'Approve', elsewhere)).notice).toContain('another chat');
    expect(card.outcome).toBeUndefined();
    expect((await bench.tap(card, 'Approve')).notice).toContain('leashd was restarted');
    await bench.prompts.settled();
    expect(card.outcome).toContain('leashd was restarted');
  });

  it('no tap has another message overwritten than the one the card is known to stand in', async () => {
    const bench = new PromptBench();
    void bench.ask();
    const closed = await bench.shown(1);
    await bench.tap(closed, 'Reject');
    void bench.ask();
    const open = await bench.shown(2);
    await bench.tapId({ ...closed, message: open.message }, 'approve');
    await bench.prompts.settled();
    expect([closed.outcome, open.outcome]).toEqual(['choice by Ada', undefined]);
  });

  it('a second card of the same question loses its buttons at a tap, too', async () => {
    const bench = new PromptBench();
    void bench.ask();
    const known = await bench.shown(1);
    await bench.tap(known, 'Reject');
    void bench.ask();
    const other = await bench.shown(2);
    await bench.tapId({ ...known, message: other.message }, 'approve', { isItsCard: true });
    await bench.prompts.settled();
    expect([known.outcome, other.outcome]).toEqual(['choice by Ada', 'choice by Ada']);
  });

  it('a tap that was stored before the crash stays what it was, and its card says so now', async () => {
    const bench = new PromptBench();
    const closePrompt = bench.connector.closePrompt.bind(bench.connector);
    bench.connector.closePrompt = () => new Promise(() => {});
    void bench.ask();
    const card = await bench.shown();
    await bench.tap(card, 'Approve');
    bench.restart();
    bench.connector.closePrompt = closePrompt;
    const left = await bench.prompts.closeLeftOpen();
    expect(left).toMatchObject([{ id: card.view.id, closed: { answer: 'choice', choice: 'approve' } }]);
    bench.prompts.showClosed(left);
    await bench.prompts.settled();
    expect(card.outcome).toBe('choice by Ada');
    expect(await bench.prompts.closeLeftOpen()).toEqual([]);
    expect((await bench.tap(card, 'Reject')).notice).toBe('choice by Ada');
    expect((await bench.stores.prompts.find(card.view.id))?.closed?.choice).toBe('approve');
  });
});
