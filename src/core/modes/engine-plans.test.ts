import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import type { PuppetTurn } from '../../../test/fixtures/puppet-agent.ts';
import type { ShownPrompt } from '../../../test/fixtures/recording-connector.ts';
import type { Engine } from '../engine.ts';
import type { PlanVerdict } from '../ports/agent.ts';

const PLAN = '# Plan\n\n1. One file';

describe('a plan of the agent in a turn', () => {
  let bench: EngineBench;
  let engine: Engine;
  beforeEach(async () => {
    bench = new EngineBench();
    engine = await bench.start({ settings: { defaultMode: 'plan' } });
  });
  afterEach(() => bench.dispose());

  async function planned(): Promise<{ turn: PuppetTurn; verdict: Promise<PlanVerdict>; card: ShownPrompt }> {
    const { agent, connector } = bench;
    await connector.write('plan it');
    const turn = await agent.turn(0);
    expect(turn.options.isPlanning).toBe(true);
    const verdict = turn.options.reviewPlan?.(PLAN, new AbortController().signal);
    if (!verdict) throw new Error('no plan is taken');
    await connector.until(() => connector.prompts.length === 1);
    const [card] = connector.prompts;
    if (!card) throw new Error('no plan was shown');
    return { turn, verdict, card };
  }

  it('waits for somebody who may approve, where that is not everybody', async () => {
    const other = new EngineBench();
    await other.start({ settings: { defaultMode: 'plan' }, approvers: [] });
    const { agent, connector } = other;
    await connector.write('plan it');
    const verdict = (await agent.turn(0)).options.reviewPlan?.(PLAN, new AbortController().signal);
    await connector.until(() => connector.prompts.length === 1);
    const id = connector.prompts[0]?.view.id ?? ('' as never);
    expect((await connector.tap(id, 'edits')).notice).toContain(
      'Only those who may approve can answer a plan',
    );
    await connector.write('just do it');
    other.clock.advance(300_000);
    expect(await verdict).toMatchObject({ kind: 'refused' });
    await other.dispose();
  });

  async function mode(turn: PuppetTurn): Promise<string | undefined> {
    const call = { id: 'c', tool: 'Write', input: {}, directory: '/projects/app' };
    await turn.options.gate(call, new AbortController().signal);
    return bench.gated.at(-1)?.mode.name;
  }

  it.each([
    ['edits', 'auto'],
    ['each', 'default'],
  ])('is carried out in the same turn after %s, and the next turn is told anew', async (choice, name) => {
    const { agent, connector } = bench;
    const { turn, verdict, card } = await planned();
    expect(await mode(turn)).toBe('plan');
    await connector.tap(card.view.id, choice);
    expect(await verdict).toEqual({ kind: 'accepted' });
    expect(await mode(turn)).toBe(name);
    turn.finish();
    await engine.idle();
    const plan = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(bench.audited).toContainEqual(
      expect.objectContaining({ event: 'mode_changed', from: 'plan', to: name, by: 'test:1', plan }),
    );
    await connector.act({ kind: 'command', name: 'plan', args: 'once more' });
    const next = await agent.turn(1);
    // Also where the chat plans again: the agent has left its own plan mode.
    expect(agent.opened).toHaveLength(2);
    expect(next.options).toMatchObject({ isPlanning: true, resume: 'agent-1' });
    next.finish();
    await engine.idle();
  });

  it('goes back with the words of the next message, which is no message of its own', async () => {
    const { agent, connector } = bench;
    const { turn, verdict, card } = await planned();
    await connector.write('two files');
    expect(await verdict).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('two files') as string,
    });
    expect(await mode(turn)).toBe('plan');
    turn.finish();
    await engine.idle();
    expect(card.outcome).toContain('two files');
    expect(agent.turns).toHaveLength(1);
  });

  it('is carried out by a fresh conversation that knows the plan alone', async () => {
    const { agent, connector } = bench;
    const { turn, verdict, card } = await planned();
    await connector.tap(card.view.id, 'afresh');
    expect(await verdict).toEqual({ kind: 'accepted-afresh' });
    expect(await mode(turn)).toBe('plan');
    turn.finish();
    const next = await agent.turn(1);
    expect(next.text).toBe(`Carry out this plan, which I have accepted:\n\n${PLAN}`);
    expect(next.options.resume).toBeUndefined();
    expect(next.options.isPlanning).toBe(false);
    expect(await mode(next)).toBe('auto');
    next.finish();
    await engine.idle();
    expect(bench.audited.map(({ event }) => event)).toEqual(['mode_changed', 'session_ended']);
    expect(await bench.stores.inbox.unfinished()).toEqual([]);
  });

  it('is carried out once by the next process, when this one ends between the tap and the fresh turn', async () => {
    const { agent, connector } = bench;
    const { verdict, card } = await planned();
    await connector.tap(card.view.id, 'afresh');
    await verdict;
    // The old turn never ends: as after kill -9.
    const again = await bench.start({ settings: { defaultMode: 'plan' } });
    const next = await agent.turn(1);
    expect(next.text).toContain(PLAN);
    expect(next.options).toMatchObject({ isPlanning: false, resume: undefined });
    expect(await mode(next)).toBe('auto');
    next.finish();
    await again.idle();
    await bench.start();
    expect(agent.turns).toHaveLength(2);
  });

  it('is not accepted when that can’t be written down, and the person hears so', async () => {
    const { connector } = bench;
    const { turn, verdict, card } = await planned();
    bench.auditFault = new Error('the disk is full');
    await connector.tap(card.view.id, 'edits');
    expect(await verdict).toMatchObject({ kind: 'refused' });
    expect(await mode(turn)).toBe('plan');
    await connector.until(() => connector.sent.some((said) => said.includes('the disk is full')));
    bench.auditFault = undefined;
    turn.finish();
    await engine.idle();
  });

  it('is not accepted when it has changed since it was shown, and the person hears so', async () => {
    const { connector, agent } = bench;
    await connector.write('plan it');
    const turn = await agent.turn(0);
    const { signal } = new AbortController();
    const verdict = turn.options.reviewPlan?.(PLAN, signal, () => Promise.resolve(false));
    await connector.until(() => connector.prompts.length === 1);
    await connector.tap(connector.prompts[0]?.view.id ?? ('' as never), 'edits');
    expect(await verdict).toMatchObject({ kind: 'refused' });
    expect(await mode(turn)).toBe('plan');
    await connector.until(() => connector.sent.some((said) => said.includes('changed after it was shown')));
    expect(bench.audited).toEqual([]);
    turn.finish();
    await engine.idle();
  });

  it('is taken by nobody once the conversation has ended', async () => {
    const { connector } = bench;
    const { turn, verdict } = await planned();
    await connector.act({ kind: 'command', name: 'clear', args: '' });
    expect(await verdict).toMatchObject({ kind: 'refused' });
    await engine.idle();
    const late = turn.options.reviewPlan?.(PLAN, new AbortController().signal);
    expect(await late).toEqual({ kind: 'refused', message: 'This session has ended.' });
    expect(connector.prompts).toHaveLength(1);
  });
});

it('is the answer itself where nobody can be asked', async () => {
  const bench = new EngineBench();
  Object.assign(bench.connector, { canPrompt: false });
  const engine = await bench.start({ settings: { defaultMode: 'plan' } });
  await bench.connector.write('plan it');
  const turn = await bench.agent.turn(0);
  const { options } = turn;
  expect(options.reviewPlan).toBeUndefined();
  expect(options.instructions).toContain('answer with a plan');
  expect(options.instructions).not.toContain('ExitPlanMode');
  turn.finish();
  await engine.idle();
  await bench.dispose();
});
