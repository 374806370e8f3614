import type { HookCallback, HookJSONOutput } from '@anthropic-ai/claude-agent-sdk';
import { z } from 'zod';
import type { ToolCall, ToolGate, Verdict } from '../../core/ports/gate.ts';
import { messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import { ASK_TOOL } from './ask-person.ts';
import type { PassedCalls } from './passed-calls.ts';
import { FILE_TOOLS, PLAN_TOOL } from './plan-review.ts';
import type { ShownPlan } from './shown-plan.ts';

export type GateHookOptions = {
  readonly gate: ToolGate;
  /** Milliseconds after which a silent gate counts as a denial. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each call that was let pass. */
  readonly passed?: PassedCalls | undefined;
  /** Absolute real path that Claude Code was started in, and its MCP servers with it, wherever the shell went since. */
  readonly directory?: string | undefined;
  /** While a plan lies before the person, no subagent changes a file behind their back. */
  readonly shown?: ShownPlan | undefined;
};

// Agent SDK 0.3.330, `PreToolUseHookInput`. `cwd` follows the shell's `cd`; `agent_id` is there for subagents alone.
const hookInputSchema = z.looseObject({
  hook_event_name: z.literal('PreToolUse'),
  tool_name: z.string().min(1),
  tool_input: z.unknown(),
  tool_use_id: z.string().min(1),
  cwd: z.string().min(1),
  agent_id: z.string().optional(),
  agent_type: z.string().optional(),
});

const toolSchema = z.looseObject({ tool_name: z.string() });

/**
 * The gate as Claude Code's PreToolUse hook, which fires for every call that would be executed, in every mode and in
 * subagents too. Only the gate's "allow" lets a call run: a throw, an unknown input, the end of the time and the
 * turn's end are denials. A question to the person goes on to them. Never rejects.
 */
export function gateHook(options: GateHookOptions): HookCallback {
  return async (input, _toolUseId, { signal }) => {
    try {
      const tool = toolSchema.safeParse(input).data?.tool_name;
      return toHookOutput(await decide(options, input, signal), tool);
    } catch (error) {
      options.log.error('gate_failed', { error: messageOf(error) });
      return toHookOutput(deny('leashd could not decide on this call, so it was not run.'));
    }
  };
}

async function decide(options: GateHookOptions, input: unknown, signal: AbortSignal): Promise<Verdict> {
  const parsed = hookInputSchema.safeParse(input);
  if (!parsed.success) {
    options.log.error('hook_input_unknown', { reason: z.prettifyError(parsed.error) });
    return deny('leashd did not understand what this call is, so it was not run.');
  }
  const { tool_name, tool_input, tool_use_id, cwd, agent_id, agent_type } = parsed.data;
  const call = {
    id: tool_use_id,
    tool: tool_name,
    input: tool_input,
    directory: tool_name.startsWith('mcp__') ? (options.directory ?? cwd) : cwd,
    subagent: agent_id === undefined ? undefined : (agent_type ?? agent_id),
  };
  const verdict = await decideInTime(options, call, signal);
  if (verdict.kind === 'allow' && options.shown?.isOpen === true && FILE_TOOLS.includes(tool_name))
    return deny('The plan lies before the person: no file is changed until they have answered.');
  if (verdict.kind === 'allow') options.passed?.add(tool_use_id, tool_name, tool_input);
  return verdict;
}

/** The gate's answer; a denial when the time or the turn ends before it. Rejects where the gate does. */
export async function decideInTime(
  options: GateHookOptions,
  call: ToolCall,
  signal: AbortSignal,
): Promise<Verdict> {
  const ending = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<Verdict>();
  const timer = options.clock.after(options.timeoutMs, () =>
    end(deny('Nobody answered in time, so this call was not run.')),
  );
  const onAbort = (): void => end(deny('The turn was ended before this call was decided on.'));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const verdict = await Promise.race([ended, options.gate(call, ending.signal)]);
    return signal.aborted ? deny('The turn was ended before this call could run.') : verdict;
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', onAbort);
    ending.abort();
  }
}

function deny(message: string): Verdict {
  return { kind: 'deny', message };
}

function toHookOutput(verdict: Verdict, tool?: string): HookJSONOutput {
  // Anything but a plain "allow" is a denial, also what the types rule out.
  const isAllowed = verdict.kind === 'allow';
  // A hook's "allow" can stand in for the person's answer (measured: with `updatedInput` it does); "ask" never does.
  const passed = tool === ASK_TOOL || tool === PLAN_TOOL ? 'ask' : 'allow';
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: isAllowed ? passed : 'deny',
      permissionDecisionReason: isAllowed ? 'Allowed by leashd.' : verdict.message,
    },
  };
}
