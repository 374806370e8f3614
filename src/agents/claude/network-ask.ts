import type { CanUseTool } from '@anthropic-ai/claude-agent-sdk';
import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import { decideInTime, type GateHookOptions } from './gate-hook.ts';

export type NetworkAskOptions = GateHookOptions & {
  /** Absolute real path the agent works in. */
  readonly directory: string;
};

// Claude Code 2.1.330: the tool in whose name it asks, once a host and process, before a sandboxed command connects.
export const NETWORK_TOOL = 'SandboxNetworkAccess';

const inputSchema = z.object({ host: z.string().min(1) });

/**
 * What Claude Code asks after the gate has allowed a call. Only hosts that a sandboxed command connects to are
 * answered, by the gate; everything else is refused, as it is where nobody can be asked. Never rejects.
 */
export function networkAsk(options: NetworkAskOptions): CanUseTool {
  return async (tool, input, { signal, toolUseID }) => {
    const host = inputSchema.safeParse(input);
    if (tool !== NETWORK_TOOL || !host.success) {
      return refuse('Claude Code itself holds this back, and leashd does not overrule it.');
    }
    try {
      const call = { id: toolUseID, tool, input: host.data, directory: options.directory };
      const verdict = await decideInTime(options, call, signal);
      // Nothing is remembered beyond this process: rules of Claude Code's own are left as they are.
      return verdict.kind === 'allow' ? { behavior: 'allow', updatedInput: input } : refuse(verdict.message);
    } catch (error) {
      options.log.error('gate_failed', { error: messageOf(error) });
      return refuse('leashd could not decide on this connection, so it was not made.');
    }
  };
}

function refuse(message: string): { readonly behavior: 'deny'; readonly message: string } {
  return { behavior: 'deny', message };
}
