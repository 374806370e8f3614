import type { Agent, Conversation, ConversationOptions } from '../../core/ports/agent.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import { browserParts } from './browser-parts.ts';
import type { Browser } from './browser-server.ts';
import { startClaude, type ClaudeProcess } from './claude-process.ts';
import { ClaudeConversation } from './conversation.ts';
import { personAsk } from './ask-person.ts';
import { agentEnvironment, type Environment } from './environment.ts';
import { gateHook } from './gate-hook.ts';
import { networkAsk } from './network-ask.ts';
import { PassedCalls } from './passed-calls.ts';
import { planReview } from './plan-review.ts';
import { ShownPlan } from './shown-plan.ts';
import { plansFolder } from './plans-folder.ts';
import { queryOptions, type McpServer } from './options.ts';
import type { SandboxPaths } from './os-sandbox.ts';
import { projectMemory } from './project-memory.ts';
import { claudeReadiness } from './readiness.ts';

export type ClaudeAgentOptions = {
  /** The person's environment, as leashd was started in it. */
  readonly environment: Environment;
  /** Values that must not reach the agent in any variable: the bot token above all. */
  readonly secrets: readonly string[];
  /** Absolute real paths that the agent may work in; read anew at each start of a conversation. */
  readonly approvedDirectories: readonly string[];
  /** By name. Each of their tools passes the gate, too. */
  readonly mcpServers?: Readonly<Record<string, McpServer>> | undefined;
  /** For the conversations that want one; a server `playwright` among the others stands in its place. */
  readonly browser?: Browser | undefined;
  /** Another `claude` than the one that comes with the Agent SDK: 2.1.330 or newer. */
  readonly claudePath?: string | undefined;
  /** Runs commands in the operating system's sandbox; one that it can't run in does not run. Read anew, too. */
  readonly osSandbox?: SandboxPaths | undefined;
  readonly log: Log;
  readonly clock: Clock;
};

/** Longest piece of Claude Code's complaints that goes into the log at once. */
const STDERR_LIMIT = 2000;

/** Claude Code behind the Agent port: the real `claude`, driven by the Agent SDK, with the gate before every call. */
export function createClaudeAgent(options: ClaudeAgentOptions): Agent {
  const environment = agentEnvironment(options.environment, { secrets: options.secrets });
  const { claudePath, clock } = options;
  const log = options.log.with({ agent: 'claude' });

  async function start(conversation: ConversationOptions, onAfresh: () => void): Promise<ClaudeProcess> {
    const { directory, gate, gateTimeoutMs, askPerson, isPlanning } = conversation;
    const memory = await projectMemory({ directory, approvedDirectories: options.approvedDirectories });
    const browser = conversation.hasBrowser === true ? browserParts(options) : undefined;
    const parts = [conversation.instructions, memory, browser?.instruction ?? ''];
    const passed = new PassedCalls();
    const shown = new ShownPlan();
    const hook = { gate, timeoutMs: gateTimeoutMs, clock, log, passed, directory, shown };
    const reviewPlan = isPlanning === true ? conversation.reviewPlan : undefined;
    const folder = plansFolder(environment);
    const { osSandbox } = options;
    return startClaude(
      queryOptions({
        directory,
        otherDirectories: conversation.otherDirectories,
        resume: conversation.resume,
        appendix: parts.filter((part) => part !== '').join('\n\n'),
        maxTurns: conversation.maxTurns,
        gate: gateHook(hook),
        gateTimeoutMs,
        mcpServers: { ...browser?.servers, ...options.mcpServers },
        hasTools: conversation.hasTools !== false,
        agents: browser?.agents,
        environment,
        claudePath,
        onStderr: (text) => log.debug('agent_stderr', { text: text.slice(0, STDERR_LIMIT) }),
        askPerson: askPerson && personAsk({ askPerson, log }),
        reviewPlan: reviewPlan && planReview({ reviewPlan, folder, passed, shown, onAfresh, log }),
        plansFolder: folder,
        osSandbox: osSandbox && { paths: osSandbox, askNetwork: networkAsk(hook) },
      }),
    );
  }

  return {
    name: 'claude',
    readiness: () => claudeReadiness({ environment, claudePath }),
    open: (conversation): Conversation => {
      let isHandedOver = false;
      const onAfresh = (): void => void (isHandedOver = true);
      return new ClaudeConversation({
        start: () => start(conversation, onAfresh),
        isHandedOver: () => isHandedOver,
        directory: conversation.directory,
        resume: conversation.resume,
        isCostWatched: conversation.isCostWatched,
        onUnprompted: conversation.onUnprompted,
        clock,
        log,
      });
    },
  };
}
