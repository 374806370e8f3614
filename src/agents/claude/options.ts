import type { CanUseTool, HookCallback, Options } from '@anthropic-ai/claude-agent-sdk';
import type { AgentSessionId } from '../../core/ports/agent.ts';
import { ASK_TOOL } from './ask-person.ts';
import { shellSettings } from './environment.ts';
import { sandboxSettings, type SandboxPaths } from './os-sandbox.ts';

/** A program that offers the agent tools, or an address where they are offered. */
export type McpServer =
  | {
      readonly type: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
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
  readonly environment: Readonly<Record<string, string>>;
  readonly claudePath: string | undefined;
  readonly onStderr: (text: string) => void;
  /** Absent: there is no tool to ask the person with. */
  readonly askPerson?: CanUseTool | undefined;
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
    permissionMode: 'default',
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
      env: shellSettings(given.environment),
    },
    verbatimPrompts: true,
    hooks: {
      PreToolUse: [
        { hooks: [given.gate], timeout: hookTimeoutSeconds(given.gateTimeoutMs), onFailure: 'block' },
      ],
    },
    includePartialMessages: true,
    tools: given.askPerson === undefined ? [...OFFERED_TOOLS] : [...OFFERED_TOOLS, ASK_TOOL],
    systemPrompt: {
      type: 'preset',
      preset: 'claude_code',
      append: given.appendix,
      // Kept with the session otherwise: a mode's instructions would outlive the mode when it is resumed.
      snapshot: false,
    },
    maxTurns: given.maxTurns,
    mcpServers: structuredClone(given.mcpServers) as Options['mcpServers'] & {},
    // On the command line, other people on this machine could read the servers' keys. Older programs know no other way.
    mcpServersDelivery: given.claudePath === undefined ? 'initialize' : 'argv',
    stderr: given.onStderr,
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

/** Whom Claude Code asks what the gate has let pass. It comes after the gate, never in its place. */
function askOptions({ osSandbox, askPerson }: QueryOptions): Partial<Options> {
  // Without one, Claude Code refuses every host that a sandboxed command connects to.
  const askNetwork = osSandbox?.askNetwork;
  const canUseTool: CanUseTool | undefined =
    askPerson && askNetwork
      ? (tool, input, context) => (tool === ASK_TOOL ? askPerson : askNetwork)(tool, input, context)
      : (askPerson ?? askNetwork);
  if (canUseTool === undefined) return {};
  return {
    canUseTool,
    // Offered as soon as there is somebody to ask; modes are leashd's own.
    disallowedTools: [...(askPerson === undefined ? [ASK_TOOL] : []), 'EnterPlanMode', 'ExitPlanMode'],
  };
}

/** Longer than the gate itself waits, so that it is the gate that says why. */
function hookTimeoutSeconds(gateTimeoutMs: number): number {
  return Math.max(LEAST_HOOK_TIMEOUT_S, Math.ceil(gateTimeoutMs / 1000) + 60);
}
