import { run, type RunResult } from '../process/run.ts';
import { gitEnvironment, settingsInEnvironment, type Environment } from './environment.ts';

/** Milliseconds. A change may run hooks that test the project; a connection waits for a server. */
export type GitTimeouts = { readonly readMs: number; readonly changeMs: number; readonly connectMs: number };

export type RunGit = (args: readonly string[], how: HowToRun) => Promise<RunResult>;

export type HowToRun = {
  readonly cwd: string;
  readonly access: Access;
  readonly input?: string | undefined;
  /** Bytes of its output that are kept; 4 MiB unless told. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type Access =
  /** Nothing of the repository's runs. `filters`: the names of all filters that are set up. */
  | { readonly kind: 'read'; readonly filters: readonly string[] }
  /**
   * `ssh`: the command that the person's own settings name for it. `isOffline`: the missing parts of a partial clone
   * may not be fetched.
   */
  | { readonly kind: 'change'; readonly ssh: string | undefined; readonly isOffline: boolean }
  | { readonly kind: 'connect'; readonly ssh: string | undefined };

type GitSetting = readonly [key: string, value: string];

const MAX_BYTES = 4 * 1024 * 1024;

// What git would do by itself beside what it was asked for; and how names are printed (see names.ts).
const ALWAYS: readonly GitSetting[] = [
  ['core.fsmonitor', 'false'],
  ['core.quotePath', 'true'],
  ['core.pager', 'cat'],
  ['color.ui', 'false'],
  ['column.ui', 'never'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['protocol.ext.allow', 'never'],
  ['protocol.fd.allow', 'never'],
];

const READING: readonly GitSetting[] = [
  // A folder in the project that only looks like a repository is none.
  ['safe.bareRepository', 'explicit'],
  ['core.hooksPath', '/dev/null'],
  ['log.showSignature', 'false'],
  ['diff.submodule', 'short'],
  ['diff.ignoreSubmodules', 'dirty'],
  ['status.submoduleSummary', 'false'],
  ['credential.helper', ''],
];

/**
 * The one way to git: no shell, no terminal, a deadline, a limit to its output. Any exit status is a value.
 * @throws MachineError `PROGRAM_NOT_STARTED` without git, or without `cwd`.
 */
export function createRunGit(own: Environment, timeouts: GitTimeouts): RunGit {
  const base = gitEnvironment(own);
  return async (args, { cwd, access, input, maxBytes, signal }) =>
    run('git', ['--no-pager', ...args], {
      cwd,
      env: { ...base, ...environmentFor(access, base) },
      timeoutMs: timeoutFor(access, timeouts),
      maxOutputBytes: maxBytes ?? MAX_BYTES,
      input,
      signal,
    });
}

function environmentFor(access: Access, base: Environment): Record<string, string> {
  if (access.kind === 'read') {
    const filters = access.filters.flatMap(withoutFilter);
    return {
      ...offline,
      ...settingsInEnvironment([...ALWAYS, ...READING, ...filters]),
      // Without it `git status` writes the index, and says so to a hook.
      GIT_OPTIONAL_LOCKS: '0',
    };
  }
  const isOffline = access.kind === 'change' && access.isOffline;
  return { ...settingsInEnvironment(ALWAYS), ...(isOffline ? offline : sshFor(access.ssh, base)) };
}

// GIT_NO_LAZY_FETCH came with git 2.45; the other one stops it in all versions.
const offline = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };

/** An empty command is no filter; a filter that must succeed would be an error without one. */
function withoutFilter(name: string): readonly GitSetting[] {
  return [
    [`filter.${name}.clean`, ''],
    [`filter.${name}.smudge`, ''],
    [`filter.${name}.process`, ''],
    [`filter.${name}.required`, 'false'],
  ];
}

/** OpenSSH asks nothing in batch mode. Other programs (plink, a wrapper) are left as the person has set them up. */
function sshFor(configured: string | undefined, base: Environment): Record<string, string> {
  const command = base['GIT_SSH_COMMAND'] ?? configured;
  if (command === undefined && base['GIT_SSH'] !== undefined) return {};
  const ssh = command ?? 'ssh';
  const program = ssh.trim().split(/\s+/)[0] ?? '';
  const isOpenSsh = /(?:^|\/)ssh$/.test(program);
  return { GIT_SSH_COMMAND: isOpenSsh ? `${ssh} -o BatchMode=yes -o ConnectTimeout=15` : ssh };
}

function timeoutFor(access: Access, timeouts: GitTimeouts): number {
  if (access.kind === 'read') return timeouts.readMs;
  return access.kind === 'change' ? timeouts.changeMs : timeouts.connectMs;
}
