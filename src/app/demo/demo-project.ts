import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MachineError } from '../../errors.ts';
import { run } from '../../process/run.ts';
import { demoEnvironment } from './demo-environment.ts';
import { demoFiles } from './demo-files.ts';

export type DemoProject = {
  /** Absolute real path of the project. */
  readonly directory: string;
  /** Deletes the project and its remote. Harmless when repeated. */
  remove(): Promise<void>;
};

const GIT_TIMEOUT_MS = 20_000;

/**
 * Makes a small git project in the temporary folder, with one commit and a remote beside it.
 * @throws MachineError DEMO_PROJECT when git is missing or fails, or nothing can be written; nothing is left then.
 */
export async function createDemoProject(): Promise<DemoProject> {
  const base = await makeTemporaryFolder('leashd-demo-');
  const remove = (): Promise<void> => rm(base, { recursive: true, force: true, maxRetries: 3 });
  const directory = join(base, 'greeter');
  try {
    await writeFiles(directory);
    await commitAndPush(directory, join(base, 'remote.git'));
  } catch (cause) {
    await remove();
    throw demoProjectError(cause);
  }
  return { directory, remove };
}

/**
 * A new folder of the demo's own; its real path.
 * @throws MachineError DEMO_PROJECT when the temporary folder can't be written to.
 */
export async function makeTemporaryFolder(prefix: string): Promise<string> {
  try {
    return await realpath(await mkdtemp(join(tmpdir(), prefix)));
  } catch (cause) {
    throw demoProjectError(cause);
  }
}

function demoProjectError(cause: unknown): MachineError {
  return new MachineError('DEMO_PROJECT', 'the demo’s project could not be made', {
    hint: 'The demo needs git and a temporary folder it can write to; TMPDIR names another one.',
    cause,
  });
}

async function writeFiles(directory: string): Promise<void> {
  for (const [name, content] of Object.entries(demoFiles)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

async function commitAndPush(directory: string, remote: string): Promise<void> {
  const git = (...args: readonly string[]): Promise<void> => runGit(directory, args);
  await git('init', '--quiet', '--initial-branch=main');
  await git('config', 'user.name', 'leashd demo');
  await git('config', 'user.email', 'demo@leashd.invalid');
  // Said here too: a person who looks around in the project has their own settings again.
  await git('config', 'commit.gpgsign', 'false');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=Greet');
  await git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  await git('remote', 'add', 'origin', remote);
  await git('push', '--quiet', '--set-upstream', 'origin', 'main');
}

async function runGit(cwd: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await run('git', args, {
    cwd,
    env: demoEnvironment(),
    timeoutMs: GIT_TIMEOUT_MS,
    maxOutputBytes: 10_000,
  });
  if (exitCode !== 0) throw new MachineError('GIT_FAILED', `git ${args.join(' ')}: ${stderr.trim()}`);
}
