import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../test/fixtures/engine-bench.ts';

const REASON = 'leashd was stopped';

describe('an engine that lets its turns end', () => {
  let bench: EngineBench;
  beforeEach(() => {
    bench = new EngineBench();
  });
  afterEach(() => bench.dispose());
  const never = new AbortController().signal;
  const call = { id: 'c1', tool: 'Write', input: {}, directory: '/projects/app' };

  it('begins no other one, and delivers the answer of the one that runs', async () => {
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
    await connector.write('work');
    const turn = await agent.turn(0);
    const drained = engine.drain({ reason: REASON, withinMs: 10_000, signal: never });
    await connector.write('and this');
    await connector.until(() => connector.sent.some((words) => words.includes('when it is back')));
    turn.emit({ kind: 'text', delta: 'Done.' });
    turn.finish();
    await drained;
    expect(bench.lastReply()).toBe('Done.');
    await engine.stop(REASON);
    expect(agent.turns).toHaveLength(1);
    const left = await stores.inbox.unfinished();
    expect(left.map(({ inbound, state }) => ['text' in inbound && inbound.text, state])).toEqual([
      ['and this', 'waiting'],
    ]);
  });

  it('waits no longer than it was told to, and not once it is to hurry', async () => {
    const { agent, clock, connector } = bench;
    const engine = await bench.start();
    await connector.write('work');
    await agent.turn(0);
    const drained = engine.drain({ reason: REASON, withinMs: 10_000, signal: never });
    clock.advance(10_000);
    await drained;
    const hurry = new AbortController();
    const second = engine.drain({ reason: REASON, withinMs: 10_000, signal: hurry.signal });
    hurry.abort();
    await second;
    expect((await engine.figures()).running).toBe(1);
  });

  it.each(['before', 'meanwhile'])('ends a turn that has asked its person %s, and says why', async (when) => {
    const { agent, connector } = bench;
    bench.asks = true;
    const engine = await bench.start();
    await connector.write('write it');
    const turn = await agent.turn(0);
    const ask = () => turn.options.gate(call, new AbortController().signal);
    const early = when === 'before' ? ask() : undefined;
    if (early) await connector.until(() => connector.prompts.length === 1);
    const drained = engine.drain({ reason: REASON, withinMs: 10_000, signal: never });
    expect(await (early ?? ask())).toMatchObject({ kind: 'deny' });
    await drained;
    if (early) await connector.until(() => connector.prompts[0]?.outcome?.includes(REASON) === true);
    expect(bench.lastReply()).toContain('leashd was stopped. Send “go on” to continue');
  });

  it('knows what goes on, in figures', async () => {
    const { agent, connector } = bench;
    bench.asks = true;
    const engine = await bench.start();
    const nothing = { chats: 0, agents: 0, running: 0, pending: 0, waiting: 0, undelivered: 0, todayUsd: 0 };
    expect(await engine.figures()).toEqual(nothing);
    await connector.write('write it');
    const turn = await agent.turn(0);
    const verdict = turn.options.gate(call, new AbortController().signal);
    await connector.until(() => connector.prompts.length === 1);
    await connector.write('and this');
    expect(await engine.figures()).toMatchObject({ chats: 1, agents: 1, running: 1, pending: 1, waiting: 1 });
    await engine.stop(REASON);
    await verdict;
  });
});
