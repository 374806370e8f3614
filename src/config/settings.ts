import type { z } from 'zod';
import { logLevels, type LogLevel } from '../util/log-level.ts';
import { mcpServers, type McpServers } from './mcp-servers.ts';
import type { Origin, Places } from './origin.ts';
import { plugins, resolvePlugins, type PluginSetting } from './plugins.ts';
import {
  resolveDirectories,
  resolvePath,
  resolvePolicyFiles,
  resolveProgram,
  type Resolved,
} from './resolve-paths.ts';
import {
  botToken,
  dollars,
  flag,
  httpUrl,
  list,
  oneOf,
  pathText,
  seconds,
  secondsOrNone,
  text,
  userIdList,
  userIds,
  wholeNumber,
} from './values.ts';

/** The documentation's chapters, in this order. */
export const settingGroups = [
  'essentials',
  'agent',
  'safety',
  'people',
  'storage and logs',
  'streaming',
  'telegram',
] as const;

/** What there is to know about one setting. */
export type SettingDefinition<Value> = {
  readonly env: `LEASHD_${string}`;
  /** Its key in config.yaml. */
  readonly yaml: string;
  readonly group: (typeof settingGroups)[number];
  /** Takes text (from the environment) and what YAML gives; its description says what it takes. */
  readonly schema: z.ZodType<Value>;
  readonly default: Value;
  /** How the documentation tells a default that is no value. */
  readonly defaultText?: string;
  /** One sentence. */
  readonly description: string;
  /** Never shown, never quoted. */
  readonly secret?: true;
  /** For paths: makes them absolute, and looks whether what must exist does. */
  resolve?(value: Value, places: Places, origin: Origin): Resolved<Value>;
};

const define = <Value>(definition: SettingDefinition<Value>): SettingDefinition<Value> => definition;

/** Every setting of leashd. Everything else about them (types, errors, documentation) is made from this table. */
export const settingTable = {
  approvedDirectories: define<readonly string[]>({
    env: 'LEASHD_APPROVED_DIRECTORIES',
    yaml: 'approved_directories',
    group: 'essentials',
    schema: list('directory'),
    default: [],
    defaultText: 'none (in the terminal: the directory you started leashd in)',
    description: 'Directories that the agent may work in; each must exist.',
    resolve: resolveDirectories,
  }),
  telegramBotToken: define<string | undefined>({
    env: 'LEASHD_TELEGRAM_BOT_TOKEN',
    yaml: 'telegram_bot_token',
    group: 'essentials',
    schema: botToken,
    default: undefined,
    defaultText: 'none (leashd opens in the terminal)',
    description: 'The token that @BotFather gave you for your bot.',
    secret: true,
  }),
  allowedUserIds: define<readonly number[] | '*'>({
    env: 'LEASHD_ALLOWED_USER_IDS',
    yaml: 'allowed_user_ids',
    group: 'essentials',
    schema: userIds,
    default: [],
    defaultText: 'none (leashd starts in pairing)',
    description: 'Telegram users that may use the bot; `*` lets anyone in, with a warning at every start.',
  }),
  maxTurns: define<number>({
    env: 'LEASHD_MAX_TURNS',
    yaml: 'max_turns',
    group: 'agent',
    schema: wholeNumber(1, 1_000),
    default: 25,
    description: 'Rounds of thinking and tools that one of your messages may take.',
  }),
  systemPrompt: define<string | undefined>({
    env: 'LEASHD_SYSTEM_PROMPT',
    yaml: 'system_prompt',
    group: 'agent',
    schema: text,
    default: undefined,
    description: 'Your own instructions, added to those that the agent has.',
  }),
  defaultMode: define<'default' | 'plan' | 'auto'>({
    env: 'LEASHD_DEFAULT_MODE',
    yaml: 'default_mode',
    group: 'agent',
    schema: oneOf('default', 'plan', 'auto'),
    default: 'default',
    description: 'The mode in which a new session begins.',
  }),
  allowedTools: define<readonly string[]>({
    env: 'LEASHD_ALLOWED_TOOLS',
    yaml: 'allowed_tools',
    group: 'agent',
    schema: list('tool name'),
    default: [],
    defaultText: 'all',
    description: 'The only tools that the agent may use, by their Claude names (`Read,Edit,Bash`).',
  }),
  disallowedTools: define<readonly string[]>({
    env: 'LEASHD_DISALLOWED_TOOLS',
    yaml: 'disallowed_tools',
    group: 'agent',
    schema: list('tool name'),
    default: [],
    description: 'Tools that the agent may not use, whatever else is set.',
  }),
  mcpServers: define<McpServers>({
    env: 'LEASHD_MCP_SERVERS',
    yaml: 'mcp_servers',
    group: 'agent',
    schema: mcpServers,
    default: {},
    description: 'MCP servers whose tools the agent gets; each of their calls passes the gate too.',
  }),
  browser: define<'off' | 'on'>({
    env: 'LEASHD_BROWSER',
    yaml: 'browser',
    group: 'agent',
    schema: oneOf('off', 'on'),
    default: 'off',
    description:
      'Whether Claude always has a [browser](browser.md); with `off`, `/test` alone gives it one, for as long as it runs.',
  }),
  browserPath: define<string | undefined>({
    env: 'LEASHD_BROWSER_PATH',
    yaml: 'browser_path',
    group: 'agent',
    schema: pathText,
    default: undefined,
    defaultText: 'the Chromium or Chrome that is found on `PATH`, or among the apps of macOS',
    description: 'The Chromium or Chrome that Claude’s browser is; leashd brings none.',
    resolve: resolveProgram,
  }),
  maxCostUsdPerTurn: define<number | undefined>({
    env: 'LEASHD_MAX_COST_USD_PER_TURN',
    yaml: 'max_cost_usd_per_turn',
    group: 'agent',
    schema: dollars,
    default: undefined,
    defaultText: 'none (no limit)',
    description:
      'What one of your messages may cost; there Claude is stopped, and you are asked whether to go on.',
  }),
  maxCostUsdPerDay: define<number | undefined>({
    env: 'LEASHD_MAX_COST_USD_PER_DAY',
    yaml: 'max_cost_usd_per_day',
    group: 'agent',
    schema: dollars,
    default: undefined,
    defaultText: 'none (no limit)',
    description: 'What all chats together may cost from midnight to midnight, by the clock of this machine.',
  }),
  agentTimeoutSeconds: define<number>({
    env: 'LEASHD_AGENT_TIMEOUT_SECONDS',
    yaml: 'agent_timeout_seconds',
    group: 'agent',
    schema: seconds(86_400),
    default: 1_800,
    description: 'How long one of your messages may keep the agent busy.',
  }),
  agentIdleSeconds: define<number>({
    env: 'LEASHD_AGENT_IDLE_SECONDS',
    yaml: 'agent_idle_seconds',
    group: 'agent',
    schema: seconds(86_400),
    default: 900,
    description: 'An agent that was idle for this long is ended, and resumed on your next message.',
  }),
  claudePath: define<string | undefined>({
    env: 'LEASHD_CLAUDE_PATH',
    yaml: 'claude_path',
    group: 'agent',
    schema: pathText,
    default: undefined,
    defaultText: 'the one that comes with leashd',
    description: 'A `claude` program to use instead of the one that comes with leashd.',
    resolve: resolveProgram,
  }),
  policyFiles: define<readonly string[]>({
    env: 'LEASHD_POLICY_FILES',
    yaml: 'policy_files',
    group: 'safety',
    schema: list('policy file'),
    default: ['default.yaml', 'dev-tools.yaml'],
    description:
      'YAML files with the rules of what is allowed, denied or asked: paths, or names of built-in policies.',
    resolve: resolvePolicyFiles,
  }),
  approvalTimeoutSeconds: define<number>({
    env: 'LEASHD_APPROVAL_TIMEOUT_SECONDS',
    yaml: 'approval_timeout_seconds',
    group: 'safety',
    schema: seconds(3_000),
    default: 300,
    description: 'How long leashd waits for your tap before it says no in your place.',
  }),
  approverIds: define<readonly number[]>({
    env: 'LEASHD_APPROVER_IDS',
    yaml: 'approver_ids',
    group: 'safety',
    schema: userIdList,
    default: [],
    defaultText: 'everyone who may talk to the bot',
    description:
      'Telegram users whose taps count on approvals, where those are fewer than may talk to the bot; the others see the cards, and their taps change nothing.',
  }),
  confirmRisk: define<'critical' | 'high' | 'never'>({
    env: 'LEASHD_CONFIRM_RISK',
    yaml: 'confirm_risk',
    group: 'safety',
    schema: oneOf('critical', 'high', 'never'),
    default: 'critical',
    description:
      'From which risk on an approval takes a second tap, on a button that says what will happen ("Yes, force-push main").',
  }),
  plugins: define<readonly PluginSetting[]>({
    env: 'LEASHD_PLUGINS',
    yaml: 'plugins',
    group: 'safety',
    schema: plugins,
    default: [],
    description:
      "Modules that leashd loads to observe, and to add refusals or questions of their own (see extending.md). They run with leashd's own rights. A relative path starts from the folder of `config.yaml` where it stands in it.",
    resolve: resolvePlugins,
  }),
  osSandbox: define<'off' | 'auto' | 'required'>({
    env: 'LEASHD_OS_SANDBOX',
    yaml: 'os_sandbox',
    group: 'safety',
    schema: oneOf('off', 'auto', 'required'),
    default: 'off',
    description:
      "Whether commands also run in the operating system's sandbox: `auto` where it can run, `required` or leashd does not start.",
  }),
  rateLimitRpm: define<number>({
    env: 'LEASHD_RATE_LIMIT_RPM',
    yaml: 'rate_limit_rpm',
    group: 'people',
    schema: wholeNumber(0, 10_000),
    default: 0,
    defaultText: '0 (no limit)',
    description: 'Messages a minute that one person may send; taps are free.',
  }),
  rateLimitBurst: define<number>({
    env: 'LEASHD_RATE_LIMIT_BURST',
    yaml: 'rate_limit_burst',
    group: 'people',
    schema: wholeNumber(1, 1_000),
    default: 5,
    description: 'Messages that one person may send at once before the limit counts.',
  }),
  storageBackend: define<'sqlite' | 'memory'>({
    env: 'LEASHD_STORAGE_BACKEND',
    yaml: 'storage_backend',
    group: 'storage and logs',
    schema: oneOf('sqlite', 'memory'),
    default: 'sqlite',
    description: 'Where sessions and messages are kept; `memory` forgets them when leashd stops.',
  }),
  storagePath: define<string>({
    env: 'LEASHD_STORAGE_PATH',
    yaml: 'storage_path',
    group: 'storage and logs',
    schema: pathText,
    default: '.leashd/messages.db',
    description: 'The SQLite database file.',
    resolve: resolvePath,
  }),
  auditLogPath: define<string>({
    env: 'LEASHD_AUDIT_LOG_PATH',
    yaml: 'audit_log_path',
    group: 'storage and logs',
    schema: pathText,
    default: '.leashd/audit.jsonl',
    description: 'The append-only record of every tool call and what was decided.',
    resolve: resolvePath,
  }),
  auditMaxMb: define<number>({
    env: 'LEASHD_AUDIT_MAX_MB',
    yaml: 'audit_max_mb',
    group: 'storage and logs',
    schema: wholeNumber(1, 1_024),
    default: 64,
    description:
      'Megabytes at which the audit log is put aside (`audit-<time>-<number>.jsonl`) and goes on in a new file; none is ever deleted.',
  }),
  logLevel: define<LogLevel>({
    env: 'LEASHD_LOG_LEVEL',
    yaml: 'log_level',
    group: 'storage and logs',
    schema: oneOf(...logLevels),
    default: 'INFO',
    description: 'The least important events that are still logged.',
  }),
  logDir: define<string>({
    env: 'LEASHD_LOG_DIR',
    yaml: 'log_dir',
    group: 'storage and logs',
    schema: pathText,
    default: '.leashd/logs',
    description: 'Directory of the log file `app.log` (JSON lines).',
    resolve: resolvePath,
  }),
  logMaxBytes: define<number>({
    env: 'LEASHD_LOG_MAX_BYTES',
    yaml: 'log_max_bytes',
    group: 'storage and logs',
    schema: wholeNumber(1_024, 1_099_511_627_776),
    default: 10_485_760,
    description: 'Size at which the log file is put aside and a new one begun.',
  }),
  logBackupCount: define<number>({
    env: 'LEASHD_LOG_BACKUP_COUNT',
    yaml: 'log_backup_count',
    group: 'storage and logs',
    schema: wholeNumber(0, 1_000),
    default: 5,
    description: 'Log files that are kept beside the current one (`app.log.1` is the newest).',
  }),
  stateDir: define<string>({
    env: 'LEASHD_STATE_DIR',
    yaml: 'state_dir',
    group: 'storage and logs',
    schema: pathText,
    default: '~/.leashd',
    description: 'Directory of what leashd remembers about this machine, such as who the owner is.',
    resolve: resolvePath,
  }),
  streamingEnabled: define<boolean>({
    env: 'LEASHD_STREAMING_ENABLED',
    yaml: 'streaming_enabled',
    group: 'streaming',
    schema: flag,
    default: true,
    description: 'Whether you see an answer in Telegram while it is being written.',
  }),
  streamingThrottleSeconds: define<number>({
    env: 'LEASHD_STREAMING_THROTTLE_SECONDS',
    yaml: 'streaming_throttle_seconds',
    group: 'streaming',
    schema: secondsOrNone(60),
    default: 1.5,
    description: 'The shortest time between two updates of that answer.',
  }),
  telegramApiRoot: define<string>({
    env: 'LEASHD_TELEGRAM_API_ROOT',
    yaml: 'telegram_api_root',
    group: 'telegram',
    schema: httpUrl,
    default: 'https://api.telegram.org',
    description: 'Address of the Bot API, for those who run a server of their own.',
  }),
} as const;

export type SettingKey = keyof typeof settingTable;

/** All settings as they hold for this run: paths absolute (but for `policyFiles`), secrets in plain text. */
export type Settings = {
  readonly [Key in SettingKey]: (typeof settingTable)[Key] extends SettingDefinition<infer Value>
    ? Value
    : never;
};

export const settingKeys = Object.keys(settingTable) as readonly SettingKey[];
