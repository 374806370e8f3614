import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../test/fixtures/engine-bench.ts';
import type { PuppetTurn } from '../../test/fixtures/puppet-agent.ts';
import type { AgentSessionId, TurnFinished } from './ports/agent.ts';

const DONE: TurnFinished = {
  kind: 'finished',
  outcome: { kind: 'done' },
  agentSession: 'agent-1' as AgentSessionId,
  costUsd: 0.5,
  durationMs: 1,
};

/** As long as anything can go on without a timer. */
async function settle(): Promise<void> {
  for (let round = 0; round < 300; round += 1) await Promise.resolve();
}

describe('what comes at once', () => {
  let bench: EngineBench;
  beforeEach(() => {
    bench = new EngineBench();
  });
  afterEach(() => bench.dispose());

  const command = (name: string, args = ''): ReturnType<typeof bench.connector.act> =>
    bench.connector.act({ kind: 'command', name, args });

  /** A turn that is over; what it has opened lives on. */
  async function turned(index = 0): Promise<PuppetTurn> {
    await bench.connector.write('hello');
    const turn = await bench.agent.turn(index);
    turn.finish();
    await settle();
    return turn;
  }

  async function modeAtTheGate(turn: PuppetTurn): Promise<string | undefined> {
    const call = { id: 'c', tool: 'Write', input: {}, directory: '/projects/app' };
    await turn.options.gate(call, new AbortController().signal);
    return bench.gated.at(-1)?.mode.name;
  }

  it('is done in order: a mode behind /clear is the fresh conversation’s', async () => {
    await bench.start({ settings: { defaultMode: 'auto' } });
    await turned();
    const disk = Promise.withResolvers<void>();
    bench.auditDelay = disk.promise;
    await command('clear');
    await command('plan', 'look only');
    await settle();
    disk.resolve();
    const next = await bench.agent.turn(1);
    expect(next.options).toMatchObject({ resume: undefined, isPlanning: true });
    expect(await modeAtTheGate(next)).toBe('plan');
    next.finish();
  });

  it('is done in order: /clear forgets the place where it was sent, though /dir follows', async () => {
    const { agent, stores, connector } = bench;
    await bench.start();
    const first = await turned();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const open = agent.open.bind(agent);
    agent.open = (options) => {
      const conversation = open(options);
      const close = conversation.close.bind(conversation);
      conversation.close = () => ended.then(close);
      return conversation;
    };
    await command('edit');
    await settle();
    await turned(1);
    await command('clear');
    await command('dir', 'site');
    await settle();
    end();
    await settle();
    expect((await stores.sessions.current(connector.chat))?.directory).toBe('/projects/site');
    await command('dir', 'app');
    await settle();
    const next = await turned(2);
    expect([first.options.directory, next.options.directory]).toEqual(['/projects/app', '/projects/app']);
    expect(next.options.resume).toBeUndefined();
  });

  it('loses nothing that was sent behind a /stop which is slow to begin', async () => {
    const { stores, connector, agent } = bench;
    await bench.start();
    const slow = Promise.withResolvers<void>();
    const start = stores.inbox.start.bind(stores.inbox);
    stores.inbox.start = async (ids) => {
      await slow.promise;
      await start(ids);
    };
    await command('stop');
    await connector.write('do this next');
    await connector.act({ kind: 'text', text: 'and see', files: [], album: 'x' });
    slow.resolve();
    await settle();
    bench.clock.advance(1_000);
    expect((await agent.turn(0)).text).toBe('do this next\n\nand see');
  });

  it('keeps a stricter mode that is set while something else of the session is stored', async () => {
    const { stores } = bench;
    await bench.start({ settings: { defaultMode: 'auto' } });
    const turn = await turned();
    const disk = Promise.withResolvers<void>();
    const endTurn = stores.outbox.endTurn.bind(stores.outbox);
    stores.outbox.endTurn = async (ended) => {
      await endTurn(ended);
      await disk.promise;
    };
    turn.options.onUnprompted({ kind: 'text', delta: 'By the way' });
    turn.options.onUnprompted(DONE);
    await settle();
    await command('plan');
    await settle();
    disk.resolve();
    await settle();
    expect(await modeAtTheGate(turn)).toBe('plan');
    expect(await stores.sessions.current(bench.connector.chat)).toMatchObject({
      mode: 'plan',
      costUsd: 0.51,
    });
  });

  it('opens one session in a new chat', async () => {
    const { stores, agent } = bench;
    const current = stores.sessions.current.bind(stores.sessions);
    stores.sessions.current = async (chat) => {
      const found = await current(chat);
      await settle();
      return found;
    };
    await bench.start();
    await bench.connector.write('hello');
    await command('status');
    const turn = await agent.turn(0);
    await settle();
    expect(await modeAtTheGate(turn)).toBe('default');
    turn.finish();
  });
});

describe('a store that fails', () => {
  let bench: EngineBench;
  beforeEach(() => {
    bench = new EngineBench();
  });
  afterEach(() => bench.dispose());

  it('keeps nobody from a command, and holds up nothing behind it', async () => {
    const { connector, agent, stores } = bench;
    await bench.start();
    await connector.write('work');
    const turn = await agent.turn(0);
    const start = stores.inbox.start.bind(stores.inbox);
    const add = stores.inbox.add.bind(stores.inbox);
    const full = (): Promise<never> => Promise.reject(new Error('the disk is full'));
    Object.assign(stores.inbox, { add: full, start: full, finish: full });
    await connector.act({ kind: 'command', name: 'stop', args: '' });
    await settle();
    expect(bench.lastReply()).toContain('Stopped');
    expect(turn.text).toBe('work');
    Object.assign(stores.inbox, { add, start });
    await connector.write('go on');
    const next = await agent.turn(1);
    expect(next.text).toBe('go on');
    next.finish();
    await settle();
  });

  it('after it has kept an answer does not make it come twice', async () => {
    const { connector, agent, stores } = bench;
    await bench.start();
    const endTurn = stores.outbox.endTurn.bind(stores.outbox);
    stores.outbox.endTurn = async (ended) => {
      await endTurn(ended);
      throw new Error('the second store has failed');
    };
    await connector.write('hello');
    const turn = await agent.turn(0);
    turn.emit({ kind: 'text', delta: 'An answer' });
    turn.finish();
    await settle();
    turn.options.onUnprompted({ kind: 'text', delta: 'By the way' });
    turn.options.onUnprompted(DONE);
    await settle();
    expect(connector.replies.map(({ final }) => final?.markdown)).toEqual([
      expect.stringContaining('An answer'),
      'By the way',
    ]);
    expect(await stores.outbox.undelivered()).toEqual([]);
  });
});

it('is counted, and said, what an agent did by itself before it was ended', async () => {
  const bench = new EngineBench();
  const { connector, agent } = bench;
  await bench.start({ settings: { budgets: { perTurnUsd: 1 } } });
  await connector.write('hello');
  const first = await agent.turn(0);
  first.finish();
  await settle();
  first.options.onUnprompted({ kind: 'text', delta: 'Half a sentence' });
  first.options.onUnprompted({ kind: 'cost', costUsd: 1.25 });
  await connector.act({ kind: 'command', name: 'dir', args: 'site' });
  await settle();
  expect(connector.replies.at(-1)?.final?.markdown).toBe('Half a sentence');
  await connector.write('hello');
  const second = await agent.turn(1);
  second.finish();
  await settle();
  second.options.onUnprompted({ kind: 'cost', costUsd: 1.5 });
  await connector.act({ kind: 'command', name: 'status', args: '' });
  await settle();
  expect(connector.sent.at(-1)).toContain('$2.77 today');
  await bench.dispose();
});
