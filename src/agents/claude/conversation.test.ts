import { describe, expect, it, vi } from 'vitest';
import type { AgentEvent, AgentSessionId } from '../../core/ports/agent.ts';
import { silentLog } from '../../util/log.ts';
import { manualClock, type ManualClock } from '../../../test/fixtures/manual-clock.ts';
import { AsyncQueue } from './async-queue.ts';
import type { ClaudeProcess } from './claude-process.ts';
import { ClaudeConversation, type ClaudeConversationOptions } from './conversation.ts';

// What the real program can't be brought to do on demand; test/integration/claude-conversations.test.ts has the rest.

type Puppet = ClaudeProcess & { readonly says: AsyncQueue<unknown>; readonly sent: unknown[] };

function puppet(overrides: Partial<ClaudeProcess> = {}): Puppet {
  const says = new AsyncQueue<unknown>();
  const sent: unknown[] = [];
  return {
    says,
    sent,
    messages: says,
    send: (content) => void sent.push(content),
    interrupt: () => Promise.resolve(),
    costUsd: () => Promise.resolve(0),
    close: () => says.end(),
    ...overrides,
  };
}

function converse(
  process: ClaudeProcess,
  clock: ManualClock = manualClock(),
  options: Partial<ClaudeConversationOptions> = {},
): ClaudeConversation {
  return new ClaudeConversation({
    start: () => Promise.resolve(process),
    directory: '/project',
    resume: undefined,
    onUnprompted: () => {},
    clock,
    log: silentLog,
    ...options,
  });
}

async function collect(events: AsyncIterable<AgentEvent>): Promise<AgentEvent | undefined> {
  let last: AgentEvent | undefined;
  for await (const event of events) last = event;
  return last;
}

const never = (): Promise<never> => new Promise(() => {});

describe('ClaudeConversation', () => {
  it('starts nothing before its first turn', () => {
    const start = vi.fn<() => Promise<ClaudeProcess>>();
    const conversation = converse(puppet(), manualClock(), { start });
    expect(conversation.isOpen).toBe(true);
    expect(start).not.toHaveBeenCalled();
  });

  it('ends a process that ignores an interruption', async () => {
    const clock = manualClock();
    const claude = puppet({ interrupt: never });
    const conversation = converse(claude, clock);
    const finished = collect(conversation.run({ text: 'go' }));
    await vi.waitFor(() => expect(claude.sent).toEqual(['go']));
    const interrupted = conversation.interrupt();
    await vi.waitFor(() => {
      clock.advance(1000);
      expect(conversation.isOpen).toBe(false);
    });
    await interrupted;
    expect(await finished).toMatchObject({ kind: 'finished', outcome: { kind: 'interrupted' } });
  });

  it('closes within five seconds, whatever the process does', async () => {
    const clock = manualClock();
    const claude = puppet({ interrupt: never, close: () => {} });
    const conversation = converse(claude, clock);
    const finished = collect(conversation.run({ text: 'go' }));
    await vi.waitFor(() => expect(claude.sent).toEqual(['go']));
    let isClosed = false;
    const closed = conversation.close().finally(() => {
      isClosed = true;
    });
    await vi.waitFor(
      () => {
        clock.advance(100);
        expect(isClosed).toBe(true);
      },
      { interval: 2 },
    );
    await closed;
    expect(clock.monotonic()).toBeLessThan(5000);
    expect(await finished).toMatchObject({ outcome: { kind: 'interrupted' } });
  });

  it('does not keep a resumed session waiting for its cost', async () => {
    const clock = manualClock();
    const claude = puppet({ costUsd: never });
    const conversation = converse(claude, clock, { resume: 's0' as AgentSessionId });
    const finished = collect(conversation.run({ text: 'go' }));
    await vi.waitFor(() => {
      clock.advance(500);
      expect(claude.sent).toEqual(['go']);
    });
    claude.says.push({
      type: 'result',
      subtype: 'success',
      is_error: false,
      session_id: 's0',
      total_cost_usd: 9,
    });
    expect(await finished).toMatchObject({ outcome: { kind: 'done' }, costUsd: 0 });
  });

  it('tells what a turn has cost while it runs, and keeps that when the process dies', async () => {
    const clock = manualClock();
    const totals = [2, 2, 2.5, 2.75];
    const claude = puppet({ costUsd: () => Promise.resolve(totals.shift() ?? 0) });
    const options = { resume: 's0' as AgentSessionId, isCostWatched: true };
    const conversation = converse(claude, clock, options);
    const events: AgentEvent[] = [];
    const told = (async () => {
      for await (const event of conversation.run({ text: 'go' })) events.push(event);
    })();
    await vi.waitFor(() => expect(claude.sent).toEqual(['go']));
    for (const left of [2, 1, 0]) {
      claude.says.push({ type: 'user', message: { content: [] } });
      await vi.waitFor(() => {
        clock.advance(500);
        expect(totals).toHaveLength(left);
      });
    }
    await vi.waitFor(() => expect(events).toHaveLength(2));
    claude.close();
    await told;
    expect(events).toMatchObject([
      { kind: 'cost', costUsd: 0.5 },
      { kind: 'cost', costUsd: 0.75 },
      { kind: 'finished', outcome: { kind: 'failed' }, costUsd: 0.75 },
    ]);
  });

  it('tells apart what Claude Code spends by itself, and asks nothing where nobody wants to know', async () => {
    const costUsd = vi.fn<() => Promise<number>>().mockResolvedValue(0.25);
    const [claude, unwatched] = [puppet({ costUsd }), puppet({ costUsd })];
    const unprompted: AgentEvent[] = [];
    const onUnprompted = (event: AgentEvent): void => void unprompted.push(event);
    const conversation = converse(claude, manualClock(), { isCostWatched: true, onUnprompted });
    const result = { type: 'result', subtype: 'success', is_error: false, session_id: 's1' };
    const finished = collect(conversation.run({ text: 'go' }));
    await vi.waitFor(() => expect(claude.sent).toEqual(['go']));
    claude.says.push({ ...result, total_cost_usd: 0.1 });
    await finished;
    claude.says.push({ type: 'system', subtype: 'init', session_id: 's1' });
    claude.says.push({ type: 'user', message: { content: [] } });
    await vi.waitFor(() => expect(unprompted).toHaveLength(2));
    expect(unprompted[1]).toMatchObject({ kind: 'cost', costUsd: expect.closeTo(0.15, 6) as number });

    const other = collect(converse(unwatched).run({ text: 'go' }));
    unwatched.says.push({ type: 'user', message: { content: [] } });
    unwatched.says.push({ ...result, total_cost_usd: 0.1 });
    expect(await other).toMatchObject({ costUsd: 0.1 });
    expect(costUsd).toHaveBeenCalledTimes(1);
  });

  it('says that Claude Code could not be started, and is over', async () => {
    const conversation = converse(puppet(), manualClock(), {
      start: () => Promise.reject(new Error('no such thing')),
    });
    expect(await collect(conversation.run({ text: 'go' }))).toMatchObject({
      outcome: { kind: 'failed', reason: 'Claude Code could not be started: no such thing' },
    });
    expect(conversation.isOpen).toBe(false);
    await conversation.close();
  });

  it('leaves no process behind when the listener to unprompted work fails', async () => {
    const close = vi.fn<() => void>();
    const claude = puppet({ close });
    const conversation = converse(claude, manualClock(), {
      onUnprompted: () => {
        throw new Error('a bug');
      },
    });
    const finished = collect(conversation.run({ text: 'go' }));
    await vi.waitFor(() => expect(claude.sent).toEqual(['go']));
    claude.says.push({ type: 'system', subtype: 'init', session_id: 's1' });
    expect(await finished).toMatchObject({ outcome: { kind: 'failed' } });
    expect(close).toHaveBeenCalledTimes(1);
    expect(conversation.isOpen).toBe(false);
  });

  it('says that the process died, and as which session it can go on', async () => {
    async function* dying(): AsyncGenerator {
      yield { type: 'system', subtype: 'init', session_id: 's1' };
      throw new Error('signal SIGKILL');
    }
    const conversation = converse(puppet({ messages: dying() }));
    expect(await collect(conversation.run({ text: 'go' }))).toMatchObject({
      outcome: { kind: 'failed', reason: expect.stringContaining('signal SIGKILL') as string },
      agentSession: 's1',
    });
  });
});
