import type { Agent, AgentReadiness, Conversation, ConversationOptions } from '../../core/ports/agent.ts';
import type { Clock } from '../../util/clock.ts';
import { createExecutor, type Execute } from './execute-tool.ts';
import type { Script } from './script.ts';
import { ScriptedConversation } from './scripted-conversation.ts';

export interface ScriptedAgentOptions {
  readonly script: Script;
  /** Milliseconds between two words; 0 says them as fast as they are read. */
  readonly delayMs: number;
  readonly clock: Clock;
  /** All of the environment that Bash commands get; nothing is inherited. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How an allowed tool call is carried out; left out: really, in the conversation's directory. */
  readonly execute?: Execute | undefined;
}

/**
 * An agent without a model: it plays a script. Everything else about it is real: each tool call goes through the
 * gate, and runs only if the gate allows it.
 */
export function createScriptedAgent(options: ScriptedAgentOptions): Agent {
  const { script, delayMs, clock } = options;
  const execute = options.execute ?? createExecutor(options.environment);
  return {
    name: 'script',
    readiness: async (): Promise<AgentReadiness> => ({
      ready: true,
      detail: 'a script, which needs no log-in',
    }),
    open: (conversation: ConversationOptions): Conversation =>
      new ScriptedConversation({ ...conversation, script, delayMs, clock, execute }),
  };
}
