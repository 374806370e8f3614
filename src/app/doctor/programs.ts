import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentShell } from '../../agents/claude/agent-shell.ts';
import { findClaude } from '../../agents/claude/binary.ts';
import { agentEnvironment } from '../../agents/claude/environment.ts';
import { claudeReadiness } from '../../agents/claude/readiness.ts';
import { testedClaude } from '../../agents/claude/tested-version.ts';
import { LeashdError, messageOf } from '../../errors.ts';
import { gitProgram, OLDEST_GIT } from '../../git/git-version.ts';
import { run } from '../../process/run.ts';
import { isOlder } from '../../util/is-older.ts';
import { secretsOf } from '../secrets.ts';
import { note, ok, problem, warning, type Check, type Told } from './check.ts';
import { loadedOf, type DoctorContext } from './context.ts';
import { withoutFullStop } from '../../util/without-full-stop.ts';

// `engines` in package.json.
const OLDEST_NODE = '22.13.0';
const PATIENCE_MS = 4000;

const node: Check = {
  name: 'node',
  run: async () => {
    const { version, execPath } = process;
    const here = `Node.js ${version.slice(1)} (${execPath})`;
    return isOlder(version, OLDEST_NODE)
      ? [problem(`${here} is too old: leashd needs ${OLDEST_NODE}`, 'Install one from https://nodejs.org')]
      : [ok(here)];
  },
};

const claude: Check = {
  name: 'claude',
  run: async (context, signal) => {
    const path = claudePath(context);
    if (path === undefined)
      return [
        problem(
          `Claude Code is not installed for this platform (${process.platform} ${process.arch})`,
          'Install leashd again with its optional dependencies, or set LEASHD_CLAUDE_PATH',
        ),
      ];
    try {
      const { stdout, exitCode, timedOut } = await run(path, ['--version'], {
        cwd: '/',
        env: claudeEnvironment(context),
        timeoutMs: PATIENCE_MS,
        maxOutputBytes: 4096,
        signal,
      });
      const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
      if (timedOut || exitCode !== 0 || version === undefined)
        return [problem(`${path} does not say its version`, `Run ${path} --version and see what it says`)];
      return [versionFound(version, path)];
    } catch (error) {
      return [
        problem(
          `Claude Code can't be started: ${withoutFullStop(messageOf(error))}`,
          `Check that ${path} is a program for this machine`,
        ),
      ];
    }
  },
};

function versionFound(version: string, path: string): Told {
  const tested = testedClaude();
  const found = `Claude Code ${version} (${path})`;
  if (tested === undefined || version === tested) return ok(found);
  const says = `${found}; leashd was tested with ${tested}, which its Agent SDK names`;
  return isOlder(version, tested)
    ? warning(
        `${says}: older ones may not ask before each tool call as the gate needs it`,
        `Install ${tested} or newer, or take LEASHD_CLAUDE_PATH out`,
      )
    : note(says);
}

const logIn: Check = {
  name: 'log-in',
  run: async (context) => {
    const path = claudePath(context);
    if (path === undefined) return [];
    return inOwnFolder(claudeEnvironment(context), async (environment) => {
      const readiness = await claudeReadiness({ environment, claudePath: path });
      return readiness.ready
        ? [ok(`Claude Code is ${readiness.detail}`)]
        : [problem(withoutFullStop(readiness.reason), readiness.hint)];
    });
  },
};

/** Claude Code makes its folder when it is not there; then nobody is logged in by a file of it, and any will do. */
async function inOwnFolder(
  environment: Readonly<Record<string, string>>,
  use: (environment: Readonly<Record<string, string>>) => Promise<readonly Told[]>,
): Promise<readonly Told[]> {
  const { CLAUDE_CONFIG_DIR: config, HOME: home = '' } = environment;
  const own = config === undefined ? [join(home, '.claude'), join(home, '.claude.json')] : [config];
  if (own.some((path) => existsSync(path))) return use(environment);
  const folder = await mkdtemp(join(tmpdir(), 'leashd-doctor-'));
  try {
    return await use({ ...environment, CLAUDE_CONFIG_DIR: folder });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

function claudePath(context: DoctorContext): string | undefined {
  return loadedOf(context)?.settings.claudePath ?? findClaude();
}

/** As the agent gets it. Without a shell it gets none; what it has to say about itself it says all the same. */
function claudeEnvironment(context: DoctorContext): Record<string, string> {
  const loaded = loadedOf(context);
  try {
    return agentEnvironment(context.environment, {
      secrets: loaded === undefined ? [] : secretsOf(loaded.settings),
    });
  } catch {
    const { PATH = '', HOME = context.homeDirectory } = context.environment;
    return { PATH, HOME };
  }
}

const git: Check = {
  name: 'git',
  run: async ({ environment, startDirectory }, signal) => {
    const found = await gitProgram({
      environment,
      directory: startDirectory,
      timeoutMs: PATIENCE_MS,
      signal,
    });
    if (found === undefined)
      return [warning('git is not installed: there is no /git', 'Install git, then start leashd again')];
    return found.isNewEnough
      ? [ok(found.words)]
      : [warning(`${found.words} is too old for /git: it needs ${OLDEST_GIT}`, 'Update git on the machine')];
  },
};

const bash: Check = {
  name: 'bash',
  run: async (_context, signal) => {
    try {
      agentShell();
      const { stdout } = await run(
        '/bin/bash',
        ['--noprofile', '--norc', '-p', '-c', 'echo "$BASH_VERSION"'],
        {
          cwd: '/',
          env: {},
          timeoutMs: PATIENCE_MS,
          maxOutputBytes: 4096,
          signal,
        },
      );
      const version = stdout.trim();
      return version === ''
        ? [problem('/bin/bash does not run', 'Install bash again: the agent’s commands run in it')]
        : [ok(`bash ${version} (/bin/bash)`)];
    } catch (error) {
      return [
        problem(withoutFullStop(messageOf(error)), error instanceof LeashdError ? error.hint : undefined),
      ];
    }
  },
};

/** The programs that leashd starts, and the one that runs it. */
export const programChecks: readonly Check[] = [node, claude, logIn, git, bash];
