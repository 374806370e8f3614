import type { Agent, AgentEvent, Conversation, ConversationOptions } from '../core/ports/agent.ts';
import type { ToolCall, Verdict } from '../core/ports/gate.ts';
import { checksOf, type AddCheck, type Check } from './checks.ts';
import { expect, rejection } from './expect.ts';

/** An agent in a folder of its own, fresh for each check. */
export interface AgentHarness {
  readonly agent: Agent;
  /** Absolute real path of the folder it works in. */
  readonly directory: string;
  /** What to say to it so that it answers without a tool. */
  readonly chatter: string;
  /** What to say to it so that it calls one tool, once. */
  readonly order: string;
  /** Whether that tool has done its work. */
  readonly isDone: () => Promise<boolean>;
  readonly dispose: () => Promise<void>;
}

const GATE_TIMEOUT_MS = 60_000;
const READY_MS = 5_000;

/** What any agent must do, as its port says: above all, run nothing that the gate did not allow. */
export function agentContract(open: () => Promise<AgentHarness>): readonly Check[] {
  return checksOf(open, [addTurns, addGate, addEnds]);
}

function addTurns(it: AddCheck<AgentHarness>): void {
  it('says within five seconds whether it is ready', async ({ agent }) => {
    const before = performance.now();
    const readiness = await agent.readiness();
    expect(performance.now() - before).toBeLessThan(READY_MS);
    expect(typeof readiness.ready).toBe('boolean');
  });

  it('ends each turn with one event that says how it went', async (harness) => {
    const { conversation } = openConversation(harness);
    for (const turn of [1, 2]) {
      const events = await collect(conversation, harness.chatter);
      const ends = events.filter(({ kind }) => kind === 'finished');
      expect([turn, ends.length, events.at(-1)]).toMatchObject([turn, 1, { outcome: { kind: 'done' } }]);
    }
    await conversation.close();
  });

  it('refuses a second turn while one runs', async (harness) => {
    const { conversation } = openConversation(harness);
    const first = conversation.run({ text: harness.chatter })[Symbol.asyncIterator]();
    await first.next();
    expect(await rejection(collect(conversation, harness.chatter))).toMatchObject({});
    while ((await first.next()).done !== true);
    await conversation.close();
  });
}

function addGate(it: AddCheck<AgentHarness>): void {
  it('asks the gate before a tool runs, with an absolute directory and an id', async (harness) => {
    const doneWhenAsked: boolean[] = [];
    const { conversation, calls } = openConversation(harness, async () => {
      doneWhenAsked.push(await harness.isDone());
      return { kind: 'allow' };
    });
    await collect(conversation, harness.order);
    expect(doneWhenAsked).toEqual([false]);
    expect(await harness.isDone()).toBe(true);
    expect(calls[0]?.directory.startsWith('/')).toBe(true);
    expect(calls[0]?.id === '').toBe(false);
    await conversation.close();
  });

  it('runs nothing that the gate denies, and goes on', async (harness) => {
    const { conversation, calls } = openConversation(harness, () =>
      Promise.resolve({ kind: 'deny', message: 'no' }),
    );
    const events = await collect(conversation, harness.order);
    expect(calls).toHaveLength(1);
    expect(await harness.isDone()).toBe(false);
    expect(events.at(-1)).toMatchObject({ kind: 'finished', outcome: { kind: 'done' } });
    await conversation.close();
  });

  it('runs nothing when the gate is broken', async (harness) => {
    const { conversation } = openConversation(harness, () =>
      Promise.reject(new Error('a fault in the gate')),
    );
    await collect(conversation, harness.order);
    expect(await harness.isDone()).toBe(false);
    await conversation.close();
  });

  it('runs nothing once it was interrupted or closed while the gate thought', async (harness) => {
    for (const end of ['interrupt', 'close'] as const) {
      const asked = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<Verdict>();
      const { conversation } = openConversation(harness, () => {
        asked.resolve();
        return answer.promise;
      });
      const turn = collect(conversation, harness.order);
      await asked.promise;
      const ended = conversation[end]();
      answer.resolve({ kind: 'allow' });
      await ended;
      await turn;
      expect([end, await harness.isDone()]).toEqual([end, false]);
      await conversation.close();
    }
  });
}

function addEnds(it: AddCheck<AgentHarness>): void {
  it('may be interrupted between turns, and goes on', async (harness) => {
    const { conversation } = openConversation(harness);
    await conversation.interrupt();
    const events = await collect(conversation, harness.chatter);
    expect(events.at(-1)).toMatchObject({ kind: 'finished', outcome: { kind: 'done' } });
    await conversation.close();
  });

  it('is no longer open once it was closed, however often', async (harness) => {
    const { conversation } = openConversation(harness);
    await collect(conversation, harness.chatter);
    expect(conversation.isOpen).toBe(true);
    await Promise.all([conversation.close(), conversation.close()]);
    expect(conversation.isOpen).toBe(false);
  });

  it('may be closed before its first turn', async (harness) => {
    const { conversation } = openConversation(harness);
    await conversation.close();
    expect(conversation.isOpen).toBe(false);
  });
}

type Decide = (call: ToolCall) => Promise<Verdict>;

function openConversation(
  { agent, directory }: AgentHarness,
  decide: Decide = () => Promise.resolve({ kind: 'allow' }),
): { readonly conversation: Conversation; readonly calls: readonly ToolCall[] } {
  const calls: ToolCall[] = [];
  const options: ConversationOptions = {
    directory,
    otherDirectories: [],
    instructions: '',
    maxTurns: 10,
    gate: (call) => {
      calls.push(call);
      return decide(call);
    },
    gateTimeoutMs: GATE_TIMEOUT_MS,
    onUnprompted: () => {},
  };
  return { conversation: agent.open(options), calls };
}

async function collect(conversation: Conversation, text: string): Promise<readonly AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of conversation.run({ text })) events.push(event);
  return events;
}
