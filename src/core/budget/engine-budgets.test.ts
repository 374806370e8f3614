import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import type { PuppetTurn } from '../../../test/fixtures/puppet-agent.ts';
import type { ShownPrompt } from '../../../test/fixtures/recording-connector.ts';
import type { BudgetLimits } from './budgets.ts';
import type { SessionId } from '../ports/chat.ts';

let bench: EngineBench;
beforeEach(() => {
  bench = new EngineBench();
});
afterEach(() => bench.dispose());

const start = (budgets: BudgetLimits) => bench.start({ settings: { budgets } });
const other = { connector: 'test', chat: '2' };

/** The question, once it stands there. */
async function shown(index: number): Promise<ShownPrompt> {
  await bench.connector.until(() => bench.connector.prompts.length > index);
  const prompt = bench.connector.prompts[index];
  if (!prompt) throw new Error('no question was shown');
  return prompt;
}

const labels = ({ view }: ShownPrompt) => view.choices.map(({ label }) => label);
const spend = (turn: PuppetTurn, costUsd: number) => turn.emit({ kind: 'cost', costUsd });
const notices = () =>
  bench.connector.notices.map(({ content, isPassing }) => [
    'markdown' in content && content.markdown,
    isPassing,
  ]);

async function spentBefore(costUsd: number, agoMs = 1000): Promise<void> {
  const at = bench.clock.now() - agoMs;
  const session = 'earlier' as SessionId;
  await bench.stores.messages.append({ session, chat: other, role: 'agent', text: 'x', costUsd, at });
}

describe('the budget of a turn', () => {
  it('says when it runs out, stops the turn, and goes on when the person says so', async () => {
    const { agent, connector } = bench;
    const engine = await start({ perTurnUsd: 1 });
    await connector.write('build it');
    const first = await agent.turn(0);
    expect(first.options.isCostWatched).toBe(true);
    first.emit({ kind: 'text', delta: 'Half of it.' });
    for (const costUsd of [0.5, 0.8, 0.9]) spend(first, costUsd);
    await connector.until(() => connector.sent.length > 0);
    spend(first, 1.02);
    const question = await shown(0);
    expect(notices()).toEqual([['💸 This turn has cost $0.80 of $1.00.', true]]);
    expect(bench.lastReply()).toBe(
      'Half of it.\n\n⏸ _Claude was stopped: this turn has cost $1.02, and its budget is $1.00 (LEASHD_MAX_COST_USD_PER_TURN). Send “go on” to continue._',
    );
    expect(question.view.body.text).toBe(
      '⏸ Claude was stopped: this turn has cost $1.02, and its budget is $1.00 (LEASHD_MAX_COST_USD_PER_TURN).',
    );
    expect(labels(question)).toEqual(['▶️ Go on for another $1.00', '⏹ Stop here']);
    await connector.tap(question.view.id, 'go-on');
    const second = await agent.turn(1);
    expect([second.text, agent.opened.length]).toEqual(['Go on where you stopped.', 1]);
    spend(second, 0.7);
    second.finish({ kind: 'done' }, 0.75);
    await engine.idle();
    expect(question.outcome).toMatch(/^▶️ Went on: Ada, \d\d:\d\d$/);
    expect(await bench.stores.messages.costSince(0)).toBeCloseTo(1.77, 6);
    expect(await bench.stores.inbox.unfinished()).toEqual([]);
  });

  it('is left at that after “Stop here”, and passed over by another message', async () => {
    const { agent, connector, stores } = bench;
    const engine = await start({ perTurnUsd: 1 });
    await connector.write('one');
    spend(await agent.turn(0), 1);
    const question = await shown(0);
    await connector.tap(question.view.id, 'stop');
    await engine.idle();
    expect([question.outcome, agent.turns.length]).toEqual([expect.stringMatching(/^⏹ Stopped by Ada/), 1]);
    expect(await stores.inbox.unfinished()).toEqual([]);

    await connector.write('two');
    spend(await agent.turn(1), 1);
    const again = await shown(1);
    await connector.write('something else');
    (await agent.turn(2)).finish();
    await engine.idle();
    expect(again.outcome).toContain('Passed over');
    expect((await connector.tap(again.view.id, 'go-on')).notice).toContain('Passed over');
    expect([agent.turns.length, await stores.inbox.unfinished()]).toEqual([3, []]);
  });

  it('asks nothing where the turn was done by then, or the person has stopped it', async () => {
    const { agent, connector } = bench;
    const engine = await start({ perTurnUsd: 1 });
    await connector.write('one');
    const first = await agent.turn(0);
    spend(first, 1);
    first.finish({ kind: 'done' }, 1);
    await engine.idle();
    await connector.write('two');
    await agent.turn(1);
    await connector.act({ kind: 'command', name: 'stop', args: '' });
    await engine.idle();
    expect([connector.prompts, bench.lastReply()]).toEqual([[], '⏹ _Stopped._']);
  });

  it('is offered to go on again by the next process, and dropped by /stop', async () => {
    const { agent, connector, stores } = bench;
    const engine = await start({ perTurnUsd: 1 });
    await connector.write('one');
    spend(await agent.turn(0), 1);
    const question = await shown(0);
    await engine.stop('restarted');
    expect(question.outcome).toBe('⏹ leashd was stopped; it asks again when it is back');
    const next = await start({ perTurnUsd: 1 });
    const offer = await shown(1);
    expect(labels(offer)).toEqual(['▶️ Resume', '🗑 Drop']);
    await connector.tap(offer.view.id, 'resume');
    spend(await agent.turn(1), 1);
    await shown(2);
    await connector.act({ kind: 'command', name: 'stop', args: '' });
    await next.idle();
    expect([connector.prompts[2]?.outcome, await stores.inbox.unfinished()]).toEqual(['⏹ Dropped', []]);
  });

  it('says how to go on where nobody can be asked', async () => {
    const { agent, connector, stores } = bench;
    Object.assign(connector, { canPrompt: false });
    const engine = await start({ perTurnUsd: 1 });
    await connector.write('one');
    spend(await agent.turn(0), 1);
    await engine.idle();
    expect(bench.lastReply()).toContain('Send “go on” to continue.');
    expect([connector.prompts, await stores.inbox.unfinished()]).toEqual([[], []]);
  });
});

describe('the budget of a day', () => {
  it('keeps a message from Claude until the person says so, and what is sent behind it', async () => {
    const { agent, connector, stores } = bench;
    await spentBefore(5.02);
    const engine = await start({ perDayUsd: 5 });
    await connector.write('fix the tests');
    const question = await shown(0);
    expect(question.view.body.text).toBe(
      "⏸ Today's budget is used up: $5.02 of $5.00 (LEASHD_MAX_COST_USD_PER_DAY).\n“fix the tests” waits; Claude has not seen it.",
    );
    expect(labels(question)).toEqual(['▶️ Go on for another $5.00 today', '🌙 Not today']);
    await connector.write('and the docs');
    await connector.until(() => question.view.body.text.includes('“fix the tests” and 1 more wait;'));
    expect((await stores.inbox.unfinished()).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    await connector.tap(question.view.id, 'go-on');
    const turn = await agent.turn(0);
    expect(turn.text).toBe('fix the tests\n\nand the docs');
    turn.finish();
    await connector.act({ kind: 'command', name: 'status', args: '' });
    await engine.idle();
    expect(connector.sent.at(-1)).toContain('**Budget** $5.03 of $10.02 (raised for today) today');
    expect(bench.audited).toContainEqual({
      event: 'budget_raised',
      chat: 'test:1',
      spentUsd: 5.02,
      fromUsd: 5,
      toUsd: 10.02,
      by: 'test:1',
    });
    expect(await stores.inbox.unfinished()).toEqual([]);
  });

  it('lets a message go after “Not today”, and everything on the next day', async () => {
    const { agent, clock, connector, stores } = bench;
    await spentBefore(5);
    const engine = await start({ perDayUsd: 5 });
    await connector.write('now');
    await connector.tap((await shown(0)).view.id, 'stop');
    await engine.idle();
    expect(connector.prompts[0]?.outcome).toMatch(/^🌙 Not sent to Claude: not today, said Ada/);
    expect([agent.turns.length, await stores.inbox.unfinished()]).toEqual([0, []]);
    await connector.write('later');
    await shown(1);
    clock.advance(24 * 60 * 60 * 1000);
    await connector.write('good morning');
    const turn = await agent.turn(0);
    expect(turn.text).toBe('later\n\ngood morning');
    turn.finish();
    await engine.idle();
    expect(connector.prompts[1]?.outcome).toBe('▶️ Claude has it');
  });

  it('counts what runs in all chats, and stops each that goes on spending', async () => {
    const { agent, connector } = bench;
    await spentBefore(3);
    const engine = await start({ perDayUsd: 5 });
    await connector.write('here');
    const here = await agent.turn(0);
    await connector.act({ kind: 'text', text: 'there' }, { chat: other });
    const there = await agent.turn(1);
    spend(here, 1.2);
    await connector.until(() => connector.sent.length > 0);
    expect(notices()).toEqual([["💸 $4.20 of today's $5.00 are spent.", true]]);
    spend(there, 0.9);
    const first = await shown(0);
    expect(first.view.body.text).toContain('$5.10 were spent today');
    spend(here, 1.3);
    const second = await shown(1);
    expect([first.message.chat.chat, second.message.chat.chat]).toEqual(['2', '1']);
    // One raise is enough for both.
    await connector.act({ kind: 'tap', prompt: first.view.id, choice: 'go-on' }, { chat: other });
    await agent.turn(2);
    await connector.tap(second.view.id, 'go-on');
    const last = await agent.turn(3);
    expect(bench.audited.filter(({ event }) => event === 'budget_raised')).toHaveLength(1);
    last.finish();
    agent.turns[2]?.finish();
    await engine.idle();
  });

  it('counts and stops what Claude does by itself', async () => {
    const { agent, connector, stores } = bench;
    const engine = await start({ perDayUsd: 5 });
    await connector.write('start it');
    (await agent.turn(0)).finish({ kind: 'done' }, 1);
    await engine.idle();
    const { onUnprompted } = agent.opened[0] ?? { onUnprompted: () => {} };
    onUnprompted({ kind: 'cost', costUsd: 4.5 });
    onUnprompted({ kind: 'finished', outcome: { kind: 'done' }, costUsd: 4.5, durationMs: 1 });
    await expect.poll(() => stores.messages.costSince(0)).toBe(5.5);
    await connector.write('and?');
    expect((await shown(0)).view.body.text).toContain("Today's budget is used up: $5.50 of $5.00");
  });

  it('asks again about what waits after a restart, and never starts it by itself', async () => {
    const { agent, connector, stores } = bench;
    await spentBefore(5);
    const engine = await start({ perDayUsd: 5 });
    await connector.write('now');
    await shown(0);
    await engine.stop('restarted');
    expect(connector.prompts[0]?.outcome).toBe('⏹ leashd was stopped; it asks again when it is back');
    expect((await stores.inbox.unfinished()).map(({ state }) => state)).toEqual(['waiting']);
    await start({ perDayUsd: 5 });
    const question = await shown(1);
    expect([question.view.body.text.includes('“now” waits'), agent.turns.length]).toEqual([true, 0]);
  });

  it('is raised by approvers alone', async () => {
    const { agent, connector } = bench;
    await spentBefore(5);
    await bench.start({ settings: { budgets: { perDayUsd: 5 } }, approvers: [] });
    await connector.write('now');
    const question = await shown(0);
    expect((await connector.tap(question.view.id, 'go-on')).notice).toContain('Only those who may approve');
    expect([agent.turns.length, question.outcome]).toEqual([0, undefined]);
  });

  it('is raised only once it is written down', async () => {
    const { agent, connector } = bench;
    await spentBefore(5);
    const engine = await start({ perDayUsd: 5 });
    bench.auditFault = new Error('the disk is full');
    await connector.write('now');
    await connector.tap((await shown(0)).view.id, 'go-on');
    const again = await shown(1);
    expect(connector.sent.at(-1)).toContain('the disk is full');
    expect(agent.turns.length).toBe(0);
    bench.auditFault = undefined;
    await connector.tap(again.view.id, 'go-on');
    const turn = await agent.turn(0);
    expect(turn.text).toBe('now');
    turn.finish();
    await engine.idle();
  });

  it.each([
    ['drops', { kind: 'command', name: 'stop', args: '' }, []],
    ['takes along', { kind: 'text', text: 'two' }, ['one\n\ntwo']],
  ] as const)('%s what it held, while a raise is written down', async (_does, act, turns) => {
    const { agent, connector, stores } = bench;
    await spentBefore(5);
    const engine = await start({ perDayUsd: 5 });
    await connector.write('one');
    const question = await shown(0);
    const { promise: isWritten, resolve: write } = Promise.withResolvers<void>();
    bench.auditDelay = isWritten;
    await connector.tap(question.view.id, 'go-on');
    await connector.act(act);
    await connector.until(() => connector.sent.length + connector.prompts.length > 1);
    write();
    if (turns.length > 0) (await agent.turn(0)).finish();
    await engine.idle();
    expect(agent.turns.map(({ text }) => text)).toEqual(turns);
    expect(await stores.inbox.unfinished()).toEqual([]);
  });

  it('refuses in words where nobody can be asked, and where the store does not tell', async () => {
    const { agent, connector, stores } = bench;
    await spentBefore(5);
    Object.assign(connector, { canPrompt: false });
    const costSince = stores.messages.costSince.bind(stores.messages);
    stores.messages.costSince = () => Promise.reject(new Error('no such table'));
    const engine = await start({ perDayUsd: 5 });
    await connector.write('now');
    await engine.idle();
    expect(connector.sent.at(-1)).toContain("can't be read (no such table)");
    stores.messages.costSince = costSince;
    await connector.write('now');
    await engine.idle();
    expect(connector.sent.at(-1)).toMatch(/Today's budget is used up: .* Send it again tomorrow\.$/);
    expect([agent.turns.length, await stores.inbox.unfinished()]).toEqual([0, []]);
  });
});
