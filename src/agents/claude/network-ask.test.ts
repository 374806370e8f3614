import { describe, expect, it } from 'vitest';
import type { ToolCall, ToolGate } from '../../core/ports/gate.ts';
import { systemClock } from '../../util/clock.ts';
import { silentLog } from '../../util/log.ts';
import { networkAsk } from './network-ask.ts';

const allow: ToolGate = () => Promise.resolve({ kind: 'allow' });

async function ask(
  gate: ToolGate,
  { tool = 'SandboxNetworkAccess', input = { host: 'example.com' }, timeoutMs = 5000 } = {},
): Promise<string> {
  const ask = networkAsk({ gate, timeoutMs, directory: '/project', clock: systemClock, log: silentLog });
  const { signal } = new AbortController();
  const answer = await ask(tool, input, { signal, toolUseID: 'toolu_n', requestId: 'r' });
  return answer?.behavior === 'deny' ? `deny: ${answer.message}` : JSON.stringify(answer);
}

describe('networkAsk', () => {
  it('hands the host to the gate as a call, and gives its allow without any rule to remember', async () => {
    const calls: ToolCall[] = [];
    const answer = await ask((call, signal) => {
      calls.push(call);
      return allow(call, signal);
    });
    expect(calls).toEqual([
      { id: 'toolu_n', tool: 'SandboxNetworkAccess', input: { host: 'example.com' }, directory: '/project' },
    ]);
    expect(answer).toBe('{"behavior":"allow","updatedInput":{"host":"example.com"}}');
  });

  it('gives the gate’s denial', async () => {
    expect(await ask(() => Promise.resolve({ kind: 'deny', message: 'Not there.' }))).toBe(
      'deny: Not there.',
    );
  });

  it('denies when the gate fails or stays silent', async () => {
    expect(await ask(() => Promise.reject(new Error('broken')))).toContain('deny: leashd could not decide');
    expect(await ask(() => new Promise(() => {}), { timeoutMs: 20 })).toContain('deny: Nobody answered');
  });

  it.each([
    ['a command', { tool: 'Bash', input: { command: 'ls' } }],
    ['an edit', { tool: 'Edit', input: { host: 'example.com' } }],
    ['a host that is none', { input: { host: '' } }],
  ])('overrules Claude Code on %s never', async (_what, given) => {
    expect(await ask(allow, given as { tool?: string; input?: { host: string } })).toContain(
      'deny: Claude Code itself',
    );
  });
});
