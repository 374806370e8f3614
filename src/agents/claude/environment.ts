import { delimiter, dirname, join } from 'node:path';
import { programPath } from '../../util/program-path.ts';
import { agentShell } from './agent-shell.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type EnvironmentOptions = {
  /** Values that the agent must never see: the bot token above all. Empty ones are left out of account. */
  readonly secrets: readonly string[];
};

// Set by Claude Code for the programs it runs; they would make a new Claude Code believe it is one of those.
const setByClaudeCode = ['CLAUDECODE', 'CLAUDE_CODE_ENTRYPOINT', 'CLAUDE_CODE_SSE_PORT'];

// What bash takes from its environment to run before, instead of or beside a command, or to read it otherwise
// (bash(1), "Shell Variables" and "INVOCATION"); and what Claude Code puts before each command.
const BENDING_THE_SHELL = new Set([
  'BASH_ENV',
  'ENV',
  'PROMPT_COMMAND',
  'PS4',
  'CDPATH',
  'GLOBIGNORE',
  'EXECIGNORE',
  'SHELLOPTS',
  'BASHOPTS',
  'BASH_COMPAT',
  'POSIXLY_CORRECT',
  'CLAUDE_CODE_SHELL_PREFIX',
  'CLAUDE_ENV_FILE',
]);
// Functions that bash exports: today's names, and those of older and of Apple's versions.
const EXPORTED_FUNCTION = /^(?:BASH_FUNC_|__BASH_FUNC<)|\(\)$/;

/**
 * The person's own environment, as the agent and its commands get it: without what npm added to run leashd,
 * without leashd's settings, without what would change how bash reads a command, and without any variable that has
 * a secret in its value. Updates are left to whoever installed Claude Code. `ANTHROPIC_*` and other `CLAUDE_*` of
 * the person's own stay.
 * @throws MachineError when there is no shell for the agent's commands.
 */
export function agentEnvironment(env: Environment, { secrets }: EnvironmentOptions): Record<string, string> {
  const forbidden = secrets.filter((secret) => secret !== '').flatMap(spellings);
  const isFromNpm = env['npm_execpath'] !== undefined || env['npm_lifecycle_event'] !== undefined;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || isOurs(name) || setByClaudeCode.includes(name)) continue;
    if (BENDING_THE_SHELL.has(name) || isExportedFunction(name, value)) continue;
    if (isFromNpm && isNpms(name, value, env)) continue;
    const clean = isFromNpm && name === 'PATH' ? withoutNpmPath(value, env) : value;
    if (forbidden.some((secret) => clean.includes(secret))) continue;
    // The gate reads `ls` as the machine's, wherever the command stands.
    kept[name] = name === 'PATH' ? programPath(clean) : clean;
  }
  return {
    ...kept,
    ...gitGuards(kept),
    // The gate reads commands as bash does; left to itself Claude Code runs them in the person's own shell.
    CLAUDE_CODE_SHELL: agentShell(),
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_AGENT_SDK_CLIENT_APP: 'leashd',
  };
}

/**
 * What must also stand among Claude Code's settings: the `env` of the person's own settings wins over its environment,
 * and loses to this (measured on 2.1.330). What else they set there, the shell itself takes off.
 */
export function shellSettings(environment: Environment): Record<string, string> {
  const shell = environment['CLAUDE_CODE_SHELL'];
  return {
    ...(shell === undefined ? {} : { CLAUDE_CODE_SHELL: shell }),
    CLAUDE_CODE_SHELL_PREFIX: '',
    CLAUDE_ENV_FILE: '',
  };
}

// git-config(1): a folder that only looks like a repository, and a repository's own watcher program, run code on
// a mere `git status`. What stands in the environment wins over what a repository says.
const GIT_GUARDS = [
  ['safe.bareRepository', 'explicit'],
  ['core.fsmonitor', 'false'],
] as const;

/** Added behind the settings that the person's own environment may hold (git-config(1), GIT_CONFIG_COUNT). */
function gitGuards(env: Environment): Record<string, string> {
  const first = Number(env['GIT_CONFIG_COUNT'] ?? 0);
  if (!Number.isSafeInteger(first) || first < 0) return {};
  const settings = GIT_GUARDS.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${first + index}`, key],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ]);
  return { ...Object.fromEntries(settings), GIT_CONFIG_COUNT: String(first + GIT_GUARDS.length) } as Record<
    string,
    string
  >;
}

/** As it is, and as it stands in a URL. */
function spellings(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  return encoded === secret ? [secret] : [secret, encoded];
}

function isExportedFunction(name: string, value: string): boolean {
  return EXPORTED_FUNCTION.test(name) || value.startsWith('() {');
}

function isOurs(name: string): boolean {
  return name.toUpperCase().startsWith('LEASHD_');
}

// Seen in what npm 11.19 gives to a script. `vi` is what it sets for want of an editor.
function isNpms(name: string, value: string, env: Environment): boolean {
  if (name.toLowerCase().startsWith('npm_') || name === 'INIT_CWD') return true;
  if (name === 'NODE') return value === env['npm_node_execpath'];
  return (name === 'COLOR' && /^[01]$/.test(value)) || (name === 'EDITOR' && value === 'vi');
}

/**
 * npm puts `node_modules/.bin` of the package's folder and of all above it ahead of PATH, then its `node-gyp-bin`
 * (@npmcli/run-script, `set-path.js`). An entry of such a name that comes later is the person's own and stays.
 */
function withoutNpmPath(path: string, env: Environment): string {
  const manifest = env['npm_package_json'];
  const folder = manifest === undefined || manifest === '' ? env['INIT_CWD'] : dirname(manifest);
  const added = new Set(folder === undefined ? [] : binFolders(folder));
  const entries = path.split(delimiter);
  const firstKept = entries.findIndex((entry) => !added.has(entry) && !/[\\/]node-gyp-bin$/.test(entry));
  return firstKept === -1 ? '' : entries.slice(firstKept).join(delimiter);
}

function binFolders(folder: string): readonly string[] {
  const parent = dirname(folder);
  const own = join(folder, 'node_modules', '.bin');
  return parent === folder ? [own] : [own, ...binFolders(parent)];
}
