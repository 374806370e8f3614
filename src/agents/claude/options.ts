import type { AgentDefinition, CanUseTool, HookCallback, Options } from '@anthropic-ai/claude-agent-sdk';
import type { AgentSessionId } from '../../core/ports/agent.ts';
import { ASK_TOOL } from './ask-person.ts';
import { NETWORK_TOOL } from './network-ask.ts';
import { PLAN_TOOL } from './plan-review.ts';
import { shellSettings } from './environment.ts';
import { sandboxSettings, type SandboxPaths } from './os-sandbox.ts';

/** A program that offers the agent tools, or an address where they are offered. */
export type McpServer =
  | {
      readonly type: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /** Its tools are there from the first turn on: that waits for the server, five seconds at most. */
      readonly alwaysLoad?: boolean | undefined;
    }
  | {
      readonly type: 'http' | 'sse';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    };

export type QueryOptions = {
  readonly directory: string;
  readonly otherDirectories: readonly string[];
  readonly resume: AgentSessionId | undefined;
  /** Goes behind Claude Code's own system prompt. */
  readonly appendix: string;
  readonly maxTurns: number;
  readonly gate: HookCallback;
  /** Milliseconds that the gate may take. */
  readonly gateTimeoutMs: number;
  readonly mcpServers: Readonly<Record<string, McpServer>>;
  /** False: no tools at all, and no MCP servers. */
  readonly hasTools: boolean;
  /** Subagents that it is offered by name, beside its own. */
  readonly agents?: Readonly<Record<string, AgentDefinition>> | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly claudePath: string | undefined;
  readonly onStderr: (text: string) => void;
  /** Absent: there is no tool to ask the person with. */
  readonly askPerson?: CanUseTool | undefined;
  /** Present: Claude Code starts in its own plan mode, and its plans come here, as does what that mode holds back. */
  readonly reviewPlan?: CanUseTool | undefined;
  /** Absolute path of the folder in which Claude Code is to keep its plans. */
  readonly plansFolder?: string | undefined;
  /** Absent: commands run as any other program of the person. */
  readonly osSandbox?: { readonly paths: SandboxPaths; readonly askNetwork: CanUseTool } | undefined;
};

const LEAST_HOOK_TIMEOUT_S = 3600;

/**
 * The agent's own tools that it is offered; those of MCP servers come on top. Left out is what works past the
 * conversation (schedules, other sessions, worktrees) or needs a person in front of Claude Code. Named one by one,
 * so that a new version brings none unasked, and so that Grep and Glob are there, which keep to .gitignore.
 */
const OFFERED_TOOLS = [
  'Agent',
  'Bash',
  'Edit',
  'Glob',
  'Grep',
  'NotebookEdit',
  'Read',
  'Skill',
  'TaskStop',
  'ToolSearch',
  'WebFetch',
  'WebSearch',
  'Write',
];

/**
 * How Claude Code is started, so that nothing in a project can run a command, change where requests go, or approve
 * in the person's place. What each line is for was measured on Agent SDK 0.3.330 (test/integration/hostile-project.test.ts
 * shows it): a project's settings bring hooks, `apiKeyHelper`, `env`, permissions and MCP servers; commands and
 * skills run `` !`…` `` without a hook; `@path` in a message reads a file without a call.
 */
export function queryOptions(given: QueryOptions): Options {
  return {
    cwd: given.directory,
    additionalDirectories: [...given.otherDirectories],
    env: { ...given.environment },
    // Left out, it may be `auto`, where a model approves.
    permissionMode: given.reviewPlan === undefined ? 'default' : 'plan',
    // The person's own: their CLAUDE.md, model and log-in. Never the project's, which are the project's word alone.
    settingSources: ['user'],
    strictMcpConfig: true,
    settings: {
      disableAllHooks: true,
      disableSkillShellExecution: true,
      useAutoModeDuringPlan: false,
      disableAutoMode: 'disable',
      // Its notes lie outside the approved directories, where the gate would refuse each of them.
      autoMemoryEnabled: false,
      ...(given.plansFolder === undefined ? {} : { plansDirectory: given.plansFolder }),
      env: shellSettings(given.environment),
    },
    verbatimPrompts: true,
    hooks: {
      PreToolUse: [
        { hooks: [given.gate], timeout: hookTimeoutSeconds(given.gateTimeoutMs), onFailure: 'block' },
      ],
    },
    includePartialMessages: true,
    tools: given.hasTools ? [...OFFERED_TOOLS, ...personToolsOf(given)] : [],
    systemPrompt: {
      type: 'preset',
      preset: 'claude_code',
      append: given.appendix,
      // Kept with the session otherwise: a mode's instructions would outlive the mode when it is resumed.
      snapshot: false,
    },
    maxTurns: given.maxTurns,
    mcpServers: structuredClone(given.hasTools ? given.mcpServers : {}) as Options['mcpServers'] & {},
    // On the command line, other people on this machine could read the servers' keys. Older programs know no other way.
    mcpServersDelivery: given.claudePath === undefined ? 'initialize' : 'argv',
    stderr: given.onStderr,
    ...(given.agents === undefined ? {} : { agents: { ...given.agents } }),
    ...(given.resume === undefined ? {} : { resume: given.resume }),
    ...(given.claudePath === undefined ? {} : { pathToClaudeCodeExecutable: given.claudePath }),
    ...askOptions(given),
    ...osSandboxOptions(given),
  };
}

function osSandboxOptions({ osSandbox, directory, otherDirectories }: QueryOptions): Partial<Options> {
  if (osSandbox === undefined) return {};
  return {
    sandbox: sandboxSettings([directory, ...otherDirectories], osSandbox.paths),
  };
}

// Offered as soon as there is somebody to ask; when to plan is leashd's own.
const PERSON_TOOLS = [ASK_TOOL, 'EnterPlanMode', PLAN_TOOL];

/** With which it turns to the person; offered where somebody can be asked. */
function personToolsOf({ askPerson, reviewPlan }: QueryOptions): readonly string[] {
  return [...(askPerson === undefined ? [] : [ASK_TOOL]), ...(reviewPlan === undefined ? [] : [PLAN_TOOL])];
}

/** Whom Claude Code asks what the gate has let pass. It comes after the gate, never in its place. */
function askOptions(given: QueryOptions): Partial<Options> {
  const { osSandbox, askPerson, reviewPlan } = given;
  // Without one, Claude Code refuses every host that a sandboxed command connects to.
  const askNetwork = osSandbox?.askNetwork;
  const others = reviewPlan ?? askNetwork ?? askPerson;
  if (others === undefined) return {};
  const ways = new Map([
    [ASK_TOOL, askPerson],
    [NETWORK_TOOL, askNetwork],
  ]);
  const isOne = [askPerson, askNetwork, reviewPlan].filter((one) => one !== undefined).length === 1;
  const canUseTool: CanUseTool = (tool, input, context) => (ways.get(tool) ?? others)(tool, input, context);
  const offered = personToolsOf(given);
  return {
    canUseTool: isOne ? others : canUseTool,
    disallowedTools: PERSON_TOOLS.filter((tool) => !offered.includes(tool)),
  };
}

/** Longer than the gate itself waits, so that it is the gate that says why. */
function hookTimeoutSeconds(gateTimeoutMs: number): number {
  return Math.max(LEAST_HOOK_TIMEOUT_S, Math.ceil(gateTimeoutMs / 1000) + 60);
}
