import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import type { AgentEvent } from '../ports/agent.ts';
import type { ReplyState } from '../ports/connector.ts';
import { ReplyStream } from './reply-stream.ts';

const text = (delta: string): AgentEvent => ({ kind: 'text', delta });
let calls = 0;
const tool = (name: string, summary = ''): AgentEvent => ({
  kind: 'tool-started',
  callId: `c${(calls += 1)}`,
  tool: name,
  summary,
});

function stream(isStreaming = true) {
  const clock = manualClock();
  const shown: ReplyState[] = [];
  const finals: ReplyState[] = [];
  const reply = {
    show: (state: ReplyState) => void shown.push(state),
    finish: async (state: ReplyState) => void finals.push(state),
  };
  return {
    clock,
    shown,
    finals,
    stream: new ReplyStream({ openReply: () => reply, clock, isStreaming }),
  };
}

describe('a growing reply', () => {
  it('shows all words as they come', () => {
    const { shown, stream: reply } = stream();
    reply.take(text('Hel'));
    reply.take(text('lo'));
    expect(shown.map(({ markdown }) => markdown)).toEqual(['Hel', 'Hello']);
  });

  it('shows the running tool until words follow, and sums the tools up at the end', async () => {
    const { shown, finals, stream: reply } = stream();
    reply.take(text('Let me see.'));
    reply.take(tool('Bash', 'pytest tests/'));
    expect(shown.at(-1)).toEqual({ markdown: 'Let me see.', status: '🔧 Bash: pytest tests/' });
    reply.take(tool('Bash', 'ls'));
    reply.take(tool('Read', 'a.ts'));
    reply.take(text('Done.'));
    expect(shown.at(-1)).toEqual({ markdown: 'Let me see.\n\nDone.', status: undefined });
    await reply.finish({ costUsd: 0.021, durationMs: 12_400 });
    expect(finals.at(-1)?.status).toBe('🧰 Bash ×2, Read · $0.02 · 12 s');
  });

  it('shows a tool that runs before any words only when it takes its time', () => {
    const { clock, shown, stream: reply } = stream();
    reply.take(tool('Read', 'a.ts'));
    clock.advance(999);
    expect(shown).toEqual([]);
    clock.advance(1);
    expect(shown).toEqual([{ markdown: '', status: '🔧 Read: a.ts' }]);
    reply.take(tool('Read', 'b.ts'));
    expect(shown.at(-1)?.status).toBe('🔧 Read: b.ts');
  });

  it('shows a call that still runs when another one beside it has ended', () => {
    const { shown, stream: reply } = stream();
    reply.take(text('Both.'));
    reply.take({ kind: 'tool-started', callId: 'p1', tool: 'Bash', summary: 'pytest' });
    reply.take({ kind: 'tool-started', callId: 'p2', tool: 'Read', summary: 'a.ts' });
    expect(shown.at(-1)?.status).toBe('🔧 Read: a.ts');
    reply.take({ kind: 'tool-ended', callId: 'p2', isError: false });
    expect(shown.at(-1)?.status).toBe('🔧 Bash: pytest');
    const states = shown.length;
    reply.take({ kind: 'tool-ended', callId: 'p1', isError: false });
    expect(shown).toHaveLength(states);
  });

  it('says that it tries again only until something follows', () => {
    const { shown, stream: reply } = stream();
    reply.take(text('So'));
    reply.take({ kind: 'retrying', attempt: 2, reason: 'Claude is overloaded' });
    expect(shown.at(-1)?.status).toBe('⏳ Claude is overloaded, trying again (2)');
    reply.take(text(' far.'));
    expect(shown.at(-1)?.status).toBeUndefined();
  });

  it('does not show what the gate refused as running', () => {
    const { shown, stream: reply } = stream();
    reply.take(text('Pushing.'));
    reply.take({ kind: 'tool-started', callId: 'd1', tool: 'Bash', summary: 'git push --force' });
    expect(shown.at(-1)?.status).toBe('🔧 Bash: git push --force');
    reply.deny('d1', 'Bash', 'no-force-push');
    expect(shown.at(-1)).toMatchObject({ status: undefined });
  });

  it('begins a paragraph after a tool and after a complete block', () => {
    const { stream: reply } = stream();
    for (const event of [
      text('One'),
      tool('Read'),
      text('Two'),
      { kind: 'text-end' } as const,
      text('Three'),
    ]) {
      reply.take(event);
    }
    expect(reply.markdown).toBe('One\n\nTwo\n\nThree');
  });

  it('shows nothing before the end when streaming is off', async () => {
    const { clock, shown, finals, stream: reply } = stream(false);
    reply.take(text('All of it'));
    clock.advance(10_000);
    expect(shown).toEqual([]);
    await reply.finish({ costUsd: 0, durationMs: 5 });
    expect(finals).toEqual([{ markdown: 'All of it', status: '5 ms' }]);
  });

  it('shows nothing any more after the end', async () => {
    const { clock, shown, stream: reply } = stream();
    reply.take(tool('Read', 'a.ts'));
    await reply.finish({ costUsd: 0, durationMs: 5 });
    clock.advance(10_000);
    expect(shown).toEqual([]);
  });

  it('goes on in a new message after a question, and knows all that was said', async () => {
    const { clock, shown, finals, stream: reply } = stream();
    reply.take(text('May I?'));
    await reply.breakOff();
    expect(finals).toEqual([{ markdown: 'May I?' }]);
    reply.take(text('Thank you.'));
    expect(shown.at(-1)).toEqual({ markdown: 'Thank you.', status: undefined });
    clock.advance(5000);
    expect(reply.markdown).toBe('May I?\n\nThank you.');
    await reply.finish({ costUsd: 0, durationMs: 5 });
    expect(finals.at(-1)).toEqual({ markdown: 'Thank you.', status: '5 ms' });
  });

  it('names what the gate refused, and does not count it as used', async () => {
    const { finals, stream: reply } = stream();
    reply.take({ kind: 'tool-started', callId: 'x1', tool: 'Bash', summary: 'git push --force' });
    reply.deny('x1', 'Bash', 'no-force-push');
    reply.take({ kind: 'tool-started', callId: 'x2', tool: 'Write', summary: 'a.txt' });
    reply.deny('x2', 'Write', undefined);
    reply.take({ kind: 'tool-started', callId: 'x3', tool: 'Read', summary: 'a.txt' });
    reply.take(text('I could not.'));
    await reply.finish({ costUsd: 0, durationMs: 5 });
    expect(finals).toEqual([
      { markdown: '⛔ `Bash: git push --force` (no-force-push)\n\nI could not.', status: '🧰 Read · 5 ms' },
    ]);
  });
});
