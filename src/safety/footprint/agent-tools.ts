import type { AgentTool, Field } from './agent-tool.ts';
import type { Act } from '../types.ts';

const data: Field = { kind: 'data' };
const reads: Field = { kind: 'reads' };
const writes: Field = { kind: 'writes' };
const bash: Field = { kind: 'bash' };
const socket: Field = { kind: 'socket' };
const asks: Field = { kind: 'asks' };
const usual = (...values: readonly unknown[]): Field => ({ kind: 'usual', values });

/** Fields that are data, named in one text. */
function words(names: string): Record<string, Field> {
  return Object.fromEntries(names.split(' ').flatMap((name) => (name === '' ? [] : [[name, data]])));
}

/** Does nothing beyond the agent's own process. */
const harmless = (names: string): AgentTool => ({ acts: [], fields: words(names) });

/** Is never allowed unless a rule names it. */
const asking = (why: string, acts: readonly Act[], fields: Readonly<Record<string, Field>>): AgentTool => ({
  asks: why,
  acts,
  fields,
});

/**
 * The tools of Claude Code 2.1.330 that are neither about files, shell, web nor MCP servers' own tools: what the
 * program offers in any mode, the inputs in the Agent SDK's `sdk-tools.d.ts`, and its BUILTIN_TOOL_NAMES. What is not
 * here is unknown and asks. test/integration/agent-tools.test.ts fails for any that a new version brings.
 */
export const AGENT_TOOLS: Readonly<Record<string, AgentTool>> = {
  // Its notes for itself.
  TodoWrite: harmless('todos'),
  TaskCreate: harmless('subject description activeForm metadata'),
  TaskGet: harmless('taskId'),
  TaskUpdate: harmless('taskId subject description activeForm status addBlocks addBlockedBy owner metadata'),
  TaskList: harmless(''),
  ReportFindings: harmless('level findings'),

  // What it asks and tells the person.
  AskUserQuestion: harmless('questions answers annotations metadata'),
  EnterPlanMode: harmless(''),
  ExitPlanMode: { acts: [], fields: { ...words('plan planFilePath'), allowedPrompts: asks } },
  ShowOnboardingRolePicker: harmless(''),
  OfferChromeSetup: harmless('reason'),
  ReadNotifications: harmless(''),
  PushNotification: asking(
    'sends a message to your devices, by way of others',
    ['change-remote'],
    words('message status'),
  ),
  SendUserMessage: asking('may send files along', ['change-remote'], {
    ...words('message status'),
    attachments: reads,
  }),
  SendUserFile: asking('sends files, by way of others', ['change-remote'], {
    ...words('caption status'),
    files: reads,
  }),
  EndConversation: asking('ends the conversation', [], {}),

  // Loads instructions and descriptions. Commands that stand in a skill are off; what it leads to is decided call by call.
  Skill: harmless('skill args'),
  ToolSearch: harmless('query max_results'),
  // Stands in for tools that are not loaded; it does nothing.
  DeferredToolPlaceholder: harmless(''),
  WaitForMcpServers: harmless('servers timeout_ms'),

  // Reads from, and ends, what it has started itself.
  TaskOutput: harmless('task_id block timeout'),
  TaskStop: harmless('task_id shell_id'),
  BashOutput: harmless('bash_id filter'),

  // Runs on, and runs what bash reads: each line of its output is told to the agent.
  Monitor: { acts: [], fields: { ...words('description timeout_ms'), command: bash, ws: socket } },
  PowerShell: asking('runs commands in a shell that nobody here can read', ['run-inline-code'], {
    ...words('description timeout run_in_background'),
    command: asks,
    dangerouslyDisableSandbox: asks,
  }),

  // Helpers, each of whose calls comes here as well, in whatever mode; in another place they would not.
  Agent: {
    acts: ['agent-task'],
    fields: {
      ...words('description prompt subagent_type model effort run_in_background name team_name'),
      mode: usual('default', 'plan'),
      isolation: asks,
    },
  },
  SubagentHandback: asking('hands work over', ['agent-task'], {}),
  Workflow: asking('runs a script that starts any number of helpers', ['agent-task', 'run-inline-code'], {
    ...words('script name description title args resumeFromRunId'),
    scriptPath: reads,
  }),
  ListAgents: { acts: ['read-remote'], fields: words('channel q cursor') },
  // Other sessions of the person have no leash; its own helpers have, but a name does not tell which it is.
  SendMessage: asking('may tell another Claude, which has no leash, what to do', ['agent-task'], {
    ...words('to summary message'),
    notify_when_idle: asks,
  }),
  SetGoal: asking('makes the agent go on until a goal is reached', [], words('condition ask_user')),

  // Starts work later, or in another place.
  CronCreate: asking('starts work later by itself', ['persist'], {
    ...words('cron prompt recurring'),
    durable: usual(false),
  }),
  CronDelete: asking('cancels work that was to start later', ['persist'], words('id')),
  CronList: harmless(''),
  ScheduleWakeup: {
    ...asking('starts work later by itself', ['persist'], words('delaySeconds reason prompt stop noop')),
    looking: { field: 'stop', values: [true], acts: [] },
  },
  RemoteTrigger: {
    ...asking('starts work elsewhere, which has no leash', ['change-remote', 'persist'], {
      ...words('action trigger_id session_id cursor body'),
    }),
    isOnline: true,
    looking: { field: 'action', values: ['list', 'get', 'list_runs', 'get_run_log'], acts: ['read-remote'] },
  },

  // Moves to a copy of the repository in .claude/worktrees, which git makes, with its hooks.
  EnterWorktree: asking(
    'works on in another copy of the repository',
    ['change-history', 'run-project-code'],
    { ...words('name'), path: reads },
  ),
  ExitWorktree: {
    ...asking('removes a copy of the repository, with what is in it', ['change-history'], {
      ...words('action'),
      discard_changes: usual(false),
    }),
    looking: { field: 'action', values: ['keep'], acts: [] },
  },

  // Keeps, publishes and sends, by way of the person's Claude account.
  Artifact: {
    ...asking('publishes on claude.ai, or changes what is published there', ['publish'], {
      ...words('action favicon icon limit page_token scope title description label url prompt'),
      ...words('pin asset_id after capabilities contract'),
      force: usual(false),
      file_path: reads,
      file_paths: reads,
      out_dir: writes,
    }),
    isOnline: true,
    looking: {
      field: 'action',
      values: ['list', 'read', 'list_types', 'status', 'list_assets'],
      acts: ['read-remote'],
    },
  },
  Projects: {
    ...asking("changes a project in the person's Claude account", ['change-remote'], {
      ...words('method path content present_to_user query n'),
      local_path: reads,
    }),
    isOnline: true,
    looking: {
      field: 'method',
      values: [
        'project_info',
        'project_read',
        'project_search',
        'project_memory_list',
        'project_memory_read',
      ],
      acts: ['read-remote'],
    },
  },
  ClaudeDesign: {
    ...asking("works in the person's Claude Design", ['change-remote'], words('operation arguments')),
    isOnline: true,
  },
  DesignSync: {
    ...asking("changes a design project in the person's Claude account", ['change-remote'], {
      ...words('method projectId path writes deletes planId paths name assets counts'),
      localDir: reads,
      files: asks,
    }),
    isOnline: true,
  },
  SendFeedback: {
    ...asking(
      'sends a report to Anthropic',
      ['publish'],
      words('type title details area failure_mode task_category'),
    ),
    isOnline: true,
  },
  ShareOnboardingGuide: { ...asking('publishes a guide', ['publish'], {}), isOnline: true },
  // The person is asked by Claude Code itself, which nobody sees here.
  propose_skills: asking('proposes instructions that later sessions follow', ['persist'], words('proposals')),

  // Servers of the person, of which only they know what reading does there.
  ListMcpResourcesTool: { acts: ['mcp-call'], fields: words('server') },
  ReadMcpResourceTool: { acts: ['mcp-call'], fields: words('server uri') },
  ReadMcpResourceDirTool: { acts: ['mcp-call'], fields: words('server uri') },
  RefreshMcpTools: { acts: ['mcp-call'], fields: words('server') },

  // A language server of a plugin, which may run the project's code.
  LSP: asking("has a language server look at the project's code", ['run-project-code'], {
    ...words('operation line character query'),
    filePath: reads,
  }),
};

/** Former names that Claude Code still takes (LEGACY_TOOL_NAME_ALIASES of the Agent SDK), and types' names. */
export const AGENT_TOOL_ALIASES: Readonly<Record<string, string>> = {
  Task: 'Agent',
  KillShell: 'TaskStop',
  KillBash: 'TaskStop',
  ListPeers: 'ListAgents',
  Brief: 'SendUserMessage',
  ListMcpResources: 'ListMcpResourcesTool',
  ReadMcpResource: 'ReadMcpResourceTool',
  ReadMcpResourceDir: 'ReadMcpResourceDirTool',
  ProposeGoal: 'SetGoal',
  ProposeSkills: 'propose_skills',
};
