import { describe, expect, it } from 'vitest';
import type { ToolCall, ToolGate, Verdict } from '../../core/ports/gate.ts';
import { systemClock } from '../../util/clock.ts';
import { silentLog } from '../../util/log.ts';
import { gateHook } from './gate-hook.ts';
import { ShownPlan } from './shown-plan.ts';

const input = {
  hook_event_name: 'PreToolUse' as const,
  session_id: 's',
  transcript_path: '/t',
  cwd: '/project/sub',
  tool_name: 'Bash',
  tool_input: { command: 'ls' },
  tool_use_id: 'toolu_1',
};

type Output = { hookSpecificOutput: { permissionDecision: string; permissionDecisionReason: string } };

async function ask(
  gate: ToolGate,
  given: object = input,
  options: { signal?: AbortSignal; timeoutMs?: number; shown?: ShownPlan; directory?: string } = {},
): Promise<string> {
  const { timeoutMs = 5000, shown, directory } = options;
  const hook = gateHook({ gate, timeoutMs, shown, directory, clock: systemClock, log: silentLog });
  const signal = options.signal ?? new AbortController().signal;
  const output = (await hook(given as typeof input, 'toolu_1', { signal })) as Output;
  const { permissionDecision, permissionDecisionReason } = output.hookSpecificOutput;
  return `${permissionDecision}: ${permissionDecisionReason}`;
}

const allow: ToolGate = () => Promise.resolve({ kind: 'allow' });
const never: ToolGate = () => new Promise(() => {});

describe('gateHook', () => {
  it('lets no file be changed while a plan lies before the person', async () => {
    const shown = new ShownPlan();
    const edit = { ...input, tool_name: 'Edit' };
    await shown.during(async () => {
      expect(await ask(allow, edit, { shown })).toContain('deny: The plan lies before the person');
      expect(await ask(allow, input, { shown })).toContain('allow');
    });
    expect(await ask(allow, edit, { shown })).toContain('allow');
  });

  it('asks the gate about the call as it would be executed, where the shell is now', async () => {
    const calls: ToolCall[] = [];
    await ask((call) => {
      calls.push(call);
      return allow(call, new AbortController().signal);
    });
    expect(calls).toEqual([
      {
        id: 'toolu_1',
        tool: 'Bash',
        input: { command: 'ls' },
        directory: '/project/sub',
        subagent: undefined,
      },
    ]);
  });

  it('asks about a call to an MCP server where the server is, wherever the shell went', async () => {
    const places: string[] = [];
    const gate: ToolGate = (call, signal) => {
      places.push(call.directory);
      return allow(call, signal);
    };
    await ask(gate, { ...input, tool_name: 'mcp__playwright__browser_snapshot' }, { directory: '/project' });
    await ask(gate, input, { directory: '/project' });
    expect(places).toEqual(['/project', '/project/sub']);
  });

  it('names the subagent that asks, and only a subagent', async () => {
    const seen: (string | undefined)[] = [];
    const gate: ToolGate = (call, signal) => {
      seen.push(call.subagent);
      return allow(call, signal);
    };
    await ask(gate, { ...input, agent_id: 'a1', agent_type: 'Explore' });
    await ask(gate, { ...input, agent_id: 'a1' });
    await ask(gate, { ...input, agent_type: 'main-of-an-agent-session' });
    expect(seen).toEqual(['Explore', 'a1', undefined]);
  });

  it('passes on the gate’s answer', async () => {
    expect(await ask(allow)).toMatch(/^allow: /);
    expect(await ask(() => Promise.resolve({ kind: 'deny', message: 'not today' }))).toBe('deny: not today');
  });

  it('hands a question that the gate has let pass on to the person, and never answers it', async () => {
    const question = { ...input, tool_name: 'AskUserQuestion', tool_input: { questions: [] } };
    expect(await ask(allow, question)).toMatch(/^ask: /);
    expect(await ask(() => Promise.resolve({ kind: 'deny', message: 'no' }), question)).toBe('deny: no');
  });

  it.each<[string, ToolGate]>([
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['answers nonsense', () => Promise.resolve('allow' as unknown as Verdict)],
    ['answers nothing', () => Promise.resolve(undefined as unknown as Verdict)],
  ])('denies when the gate %s', async (_name, gate) => {
    expect(await ask(gate)).toMatch(/^deny: /);
  });

  it.each([
    ['another event', { ...input, hook_event_name: 'PostToolUse' }],
    ['no tool', { ...input, tool_name: undefined }],
    ['no id', { ...input, tool_use_id: '' }],
    ['no directory', { ...input, cwd: undefined }],
  ])('denies an input with %s, without asking', async (_name, given) => {
    const gate: ToolGate = () => {
      throw new Error('was asked');
    };
    expect(await ask(gate, given)).toMatch(/^deny: leashd did not understand/);
  });

  it('denies when nobody answers in time, and tells the gate', async () => {
    let told = false;
    const gate: ToolGate = (_call, signal) => {
      signal.addEventListener('abort', () => {
        told = true;
      });
      return never(_call, signal);
    };
    expect(await ask(gate, input, { timeoutMs: 20 })).toBe(
      'deny: Nobody answered in time, so this call was not run.',
    );
    expect(told).toBe(true);
  });

  it('denies when the turn ends while the gate waits', async () => {
    const controller = new AbortController();
    const pending = ask(never, input, { signal: controller.signal });
    controller.abort();
    expect(await pending).toMatch(/^deny: The turn was ended/);
  });

  it('denies when the turn had ended before, whatever the gate says', async () => {
    expect(await ask(allow, input, { signal: AbortSignal.abort() })).toMatch(/^deny: /);
  });
});
