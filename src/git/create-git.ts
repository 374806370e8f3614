import { realpath } from 'node:fs/promises';
import { MachineError } from '../errors.ts';
import type { FindOptions, FoundRepository, Git } from '../core/ports/git.ts';
import type { Environment } from './environment.ts';
import { OLDEST_GIT, programOf } from './git-version.ts';
import { locate } from './locate.ts';
import { isRefused, refuse } from './refusals.ts';
import { openRepository } from './repository.ts';
import { createRunGit, type GitTimeouts, type RunGit } from './run-git.ts';
import { isInside } from './safe-paths.ts';

export type GitOptions = {
  /** The person's own, for git and the hooks that it runs: without leashd's secrets. */
  readonly env: Environment;
  /** 20 s for reading, 5 minutes for changes, 2 minutes for connections unless told. */
  readonly timeouts?: Partial<GitTimeouts> | undefined;
  /** Whether a file, by its absolute path, holds credentials: diffs name it, and leave out what stands in it. */
  readonly isClosed?: ((path: string) => boolean) | undefined;
};

const TIMEOUTS: GitTimeouts = { readMs: 20_000, changeMs: 300_000, connectMs: 120_000 };

/** Git as it is installed on the machine. Nothing is started before the first repository is looked for. */
export function createGit({ env, timeouts = {}, isClosed }: GitOptions): Git {
  const git = createRunGit(env, { ...TIMEOUTS, ...timeouts });
  let isChecked = false;
  return {
    async findRepository(directory, options) {
      const real = await realDirectory(directory);
      if (!isChecked) await checkVersion(git, real, options.signal);
      isChecked = true;
      return find({ git, isClosed }, real, options);
    },
  };
}

async function find(
  { git, isClosed }: Pick<GitOptions, 'isClosed'> & { readonly git: RunGit },
  directory: string,
  { allowed, signal }: FindOptions,
): Promise<FoundRepository> {
  const place = await locate(git, directory, signal);
  if (place === undefined) return { kind: 'none' };
  if (isRefused(place)) return place;
  const isAllowed = (path: string): boolean => allowed.some((folder) => isInside(path, folder));
  if (!isAllowed(place.top))
    return refuse(
      'outside',
      `The repository's top, ${place.top}, is in none of the approved directories.`,
      'Approve that directory, or go to another one with /dir.',
    );
  if (!isAllowed(place.gitDir) || !isAllowed(place.commonDir))
    return refuse(
      'outside',
      `Git keeps this repository's data in ${place.commonDir}, which is in none of the approved directories.`,
      'Approve that directory too, or go to another one with /dir.',
    );
  return { kind: 'found', repository: openRepository({ git, place, signal, isClosed }) };
}

async function realDirectory(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch (error) {
    throw new MachineError('DIRECTORY_GONE', `There is no directory ${directory} any more.`, {
      hint: 'Go to another one with /dir.',
      cause: error,
    });
  }
}

async function checkVersion(git: RunGit, cwd: string, signal: AbortSignal | undefined): Promise<void> {
  const { stdout } = await git(['version'], { cwd, access: { kind: 'read', filters: [] }, signal });
  const { words, isNewEnough } = programOf(stdout);
  if (isNewEnough) return;
  throw new MachineError('GIT_TOO_OLD', `git ${OLDEST_GIT} or newer is needed, and this is: ${words}`, {
    hint: 'Update git on the machine.',
  });
}
