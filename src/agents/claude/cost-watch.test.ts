import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import type { Log } from '../../util/log.ts';
import { silentLog } from '../../util/log.ts';
import { CostWatch, mayHaveCost } from './cost-watch.ts';

type Question = { readonly answer: (usd: number) => void; readonly fail: (fault: Error) => void };

function watched(log: Log = silentLog) {
  const clock = manualClock();
  const questions: Question[] = [];
  const totals: number[] = [];
  const ask = (): Promise<number> =>
    new Promise((answer, fail) => {
      questions.push({ answer, fail });
    });
  const watch = new CostWatch({ ask, onTotal: (usd) => totals.push(usd), clock, log });
  /** Lets what was resolved be heard of. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { clock, questions, totals, watch, settle };
}

describe('the watch over the cost', () => {
  it('has one question under way at a time, and asks once more for all that came meanwhile', async () => {
    const { clock, questions, totals, watch, settle } = watched();
    watch.look();
    watch.look();
    watch.look();
    expect(questions).toHaveLength(1);
    questions[0]?.answer(0.1);
    await settle();
    expect([totals, questions.length]).toEqual([[0.1], 1]);
    clock.advance(499);
    expect(questions).toHaveLength(1);
    clock.advance(1);
    expect(questions).toHaveLength(2);
    questions[1]?.answer(0.2);
    await settle();
    clock.advance(60_000);
    expect([totals, questions.length]).toEqual([[0.1, 0.2], 2]);
    watch.look();
    expect(questions).toHaveLength(3);
  });

  it('lives on after a question that failed, or that nobody answered', async () => {
    const { clock, questions, totals, watch, settle } = watched();
    watch.look();
    questions[0]?.fail(new Error('no such request'));
    await settle();
    clock.advance(500);
    watch.look();
    clock.advance(5000);
    await settle();
    clock.advance(500);
    watch.look();
    questions[2]?.answer(0.3);
    await settle();
    expect(totals).toEqual([0.3]);
  });

  it('asks and tells nothing once it is over', async () => {
    const { clock, questions, totals, watch, settle } = watched();
    watch.look();
    watch.look();
    watch.end();
    questions[0]?.answer(0.1);
    await settle();
    clock.advance(60_000);
    watch.look();
    expect([totals, questions.length]).toEqual([[], 1]);
  });

  it.each([
    [{ type: 'stream_event', event: { type: 'message_delta', usage: {} } }, true],
    [{ type: 'assistant', message: {}, parent_tool_use_id: 'toolu_1' }, true],
    [{ type: 'user' }, true],
    [{ type: 'stream_event', event: { type: 'content_block_delta' } }, false],
    [{ type: 'result', total_cost_usd: 1 }, false],
    [{ type: 'system', subtype: 'init' }, false],
    ['', false],
    [undefined, false],
  ])('looks after %j: %s', (message, isIt) => {
    expect(mayHaveCost(message)).toBe(isIt);
  });
});
