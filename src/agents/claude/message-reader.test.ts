import { describe, expect, it } from 'vitest';
import type { AgentSessionId } from '../../core/ports/agent.ts';
import { MessageReader, type Told } from './message-reader.ts';

const MINE = 'mine';

function newReader(session?: string): MessageReader {
  return new MessageReader({ directory: '/project', session: session as AgentSessionId | undefined });
}

const stamp = (id?: string): object => (id === undefined ? {} : { user_message_uuids: [id] });
const init = (id?: string): object => ({ type: 'system', subtype: 'init', session_id: 's1', ...stamp(id) });
const delta = (text: string): object => ({
  type: 'stream_event',
  parent_tool_use_id: null,
  event: { type: 'content_block_delta', delta: { type: 'text_delta', text } },
});
const said = (text: string, fields: object = {}): object => ({
  type: 'assistant',
  parent_tool_use_id: null,
  message: { content: [{ type: 'text', text }] },
  ...fields,
});
const result = (totalUsd: number, fields: object = {}): object => ({
  type: 'result',
  subtype: 'success',
  session_id: 's1',
  is_error: false,
  result: 'x',
  total_cost_usd: totalUsd,
  ...fields,
});

function takeAll(reader: MessageReader, awaited: string | undefined, ...messages: object[]): Told[] {
  return messages.flatMap((message) => reader.take(message, awaited));
}

function ownersOf(told: readonly Told[]): string[] {
  return told.map((one) => `${one.kind}:${one.kind === 'log-in-refused' ? '' : one.isForTurn}`);
}

describe('MessageReader', () => {
  it('gives the turn what answers its message', () => {
    const told = takeAll(newReader(), MINE, init(MINE), delta('hi'), said('hi'), result(1, stamp(MINE)));
    expect(ownersOf(told)).toEqual(['event:true', 'event:true', 'event:true', 'ended:true']);
  });

  it('does not tell of tools that only turn to the person, who sees what they ask', () => {
    const uses = (name: string): object => ({
      type: 'assistant',
      parent_tool_use_id: null,
      message: { content: [{ type: 'tool_use', id: name, name, input: {} }] },
    });
    const told = takeAll(newReader(), MINE, uses('AskUserQuestion'), uses('Read'), uses('ExitPlanMode'));
    expect(told).toMatchObject([{ event: { kind: 'tool-started', tool: 'Read' } }]);
  });

  it('gives nobody’s work to nobody, while a turn waits', () => {
    const notice = { origin: { kind: 'task-notification' } };
    const told = takeAll(newReader(), MINE, init(), delta('hi'), result(1, notice), init(MINE), delta('you'));
    expect(ownersOf(told)).toEqual(['event:false', 'event:false', 'ended:false', 'event:true', 'event:true']);
  });

  it('gives the turn the rest of work that its message was folded into', () => {
    const told = takeAll(newReader(), MINE, init(), delta('a'), { ...delta('b'), ...stamp(MINE) }, result(1));
    expect(ownersOf(told)).toEqual(['event:false', 'event:false', 'event:true', 'ended:true']);
  });

  it('gives the turn an end that does not say whose it is', () => {
    const failed = result(0, { subtype: 'error_during_execution', is_error: true });
    expect(ownersOf(takeAll(newReader(), MINE, failed))).toEqual(['ended:true']);
    expect(ownersOf(takeAll(newReader(), undefined, failed))).toEqual(['ended:false']);
  });

  it('knows whether work goes on', () => {
    const reader = newReader();
    expect(reader.isWorking).toBe(false);
    reader.take(init(MINE), MINE);
    expect(reader.isWorking).toBe(true);
    reader.take(result(1, stamp(MINE)), MINE);
    expect(reader.isWorking).toBe(false);
  });

  it('tells text that did not come in pieces once, and text that did not twice', () => {
    const reader = newReader();
    const texts = takeAll(reader, MINE, delta('one'), said('one'), said('two')).map((told) =>
      told.kind === 'event' ? told.event : told,
    );
    expect(texts).toEqual([
      { kind: 'text', delta: 'one' },
      { kind: 'text-end' },
      { kind: 'text', delta: 'two' },
      { kind: 'text-end' },
    ]);
  });

  it.each([
    ['of a new session', undefined, undefined, [0.25, 0.5]],
    ['of a resumed session with known cost', 's0', 0.125, [0.125, 0.5]],
    ['of a resumed session with unknown cost, the first aside', 's0', undefined, [0, 0.5]],
  ])('tells each turn’s own cost %s', (_name, session, before, costs) => {
    const reader = newReader(session);
    expect(reader.needsCost).toBe(session !== undefined);
    if (before !== undefined) reader.setCost(before);
    const told = takeAll(reader, MINE, result(0.25), result(0.75));
    expect(told.map((one) => (one.kind === 'ended' ? one.costUsd : undefined))).toEqual(costs);
  });

  it('never tells a negative cost, and counts nothing twice after a result without figures', () => {
    const told = takeAll(newReader(), MINE, result(0.5), result(0), result(0.75));
    expect(told.map((one) => (one.kind === 'ended' ? one.costUsd : undefined))).toEqual([0.5, 0, 0.25]);
  });

  it('notices a refused log-in at the first retry, and asks for a fresh process', () => {
    const reader = newReader();
    const retry = { type: 'system', subtype: 'api_retry', attempt: 1, error_status: 401 };
    const aborted = result(0, {
      subtype: 'error_during_execution',
      is_error: true,
      result: undefined,
      terminal_reason: 'aborted_streaming',
    });
    const [refused, ended] = takeAll(reader, MINE, retry, aborted);
    expect(refused).toEqual({ kind: 'log-in-refused' });
    expect(ended).toMatchObject({ needsFreshProcess: true, outcome: { kind: 'failed' } });
    expect(takeAll(reader, MINE, result(0))[0]).toMatchObject({
      needsFreshProcess: false,
      outcome: { kind: 'done' },
    });
  });

  it('tells other retries with their reason', () => {
    const retry = {
      type: 'system',
      subtype: 'api_retry',
      attempt: 3,
      error_status: 529,
      error: 'overloaded',
    };
    expect(takeAll(newReader(), MINE, retry)).toEqual([
      {
        kind: 'event',
        isForTurn: true,
        event: { kind: 'retrying', attempt: 3, reason: 'the API is overloaded' },
      },
    ]);
  });
});
