import { realpath } from 'node:fs/promises';
import { MachineError } from '../errors.ts';
import type { Refused } from '../core/ports/git-data.ts';
import { cleanWords } from './clean-words.ts';
import { refuse } from './refusals.ts';
import type { RunGit } from './run-git.ts';

/** Absolute real paths: the working tree, its own git folder, and the one it shares with other working trees. */
export type Place = { readonly top: string; readonly gitDir: string; readonly commonDir: string };

/** The working tree that a directory is in; undefined where there is none. */
export async function locate(
  git: RunGit,
  directory: string,
  signal?: AbortSignal,
): Promise<Place | Refused | undefined> {
  const asked = ['--absolute-git-dir', '--path-format=absolute', '--git-common-dir', '--show-toplevel'];
  const result = await git(['rev-parse', ...asked], {
    cwd: directory,
    access: { kind: 'read', filters: [] },
    signal,
  });
  if (result.exitCode !== 0) return withoutPlace(result.stderr);
  const lines = result.stdout.trimEnd().split('\n');
  const [gitDir, commonDir, top] = await Promise.all(lines.map(realOrNothing));
  if (lines.length !== 3 || gitDir === undefined || commonDir === undefined || top === undefined)
    return refuse(
      'bad-name',
      "The path of the repository has a line break in it, or bytes that are no text, and can't be used here.",
      'Rename the folder.',
    );
  return { top, gitDir, commonDir };
}

async function realOrNothing(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

function withoutPlace(words: string): Refused | undefined {
  if (/not a git repository/i.test(words)) return undefined;
  if (/dubious ownership|unsafe repository/i.test(words))
    return refuse(
      'untrusted-owner',
      'The repository belongs to another account, so git does not trust it.',
      'If you do, add it to safe.directory in your own git settings.',
    );
  if (/must be run in a work tree|cannot use bare repository/i.test(words))
    return refuse(
      'bare',
      'There is no working tree here: this is where git keeps its data.',
      'Go to a clone of it.',
    );
  throw new MachineError('GIT_FAILED', `git can't read the repository: ${cleanWords(words)}`, {
    hint: 'Run git status at the desk to see more.',
  });
}
