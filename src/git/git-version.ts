import { MachineError } from '../errors.ts';
import { run } from '../process/run.ts';
import { isOlder } from '../util/is-older.ts';
import { gitEnvironment, type Environment } from './environment.ts';

/** Older ones don't know GIT_CONFIG_COUNT, and would run what the repository's settings name. */
export const OLDEST_GIT = '2.31';

export type GitProgram = {
  /** `git version 2.47.3`. */
  readonly words: string;
  readonly isNewEnough: boolean;
};

export type GitProgramOptions = {
  readonly environment: Environment;
  /** Absolute: where it is asked. */
  readonly directory: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** The git on the PATH; undefined where there is none that can be started. */
export async function gitProgram(options: GitProgramOptions): Promise<GitProgram | undefined> {
  const { environment, directory, timeoutMs, signal } = options;
  try {
    const { stdout, exitCode } = await run('git', ['version'], {
      cwd: directory,
      env: gitEnvironment(environment),
      timeoutMs,
      maxOutputBytes: 4096,
      signal,
    });
    return exitCode === 0 ? programOf(stdout) : undefined;
  } catch (error) {
    if (error instanceof MachineError) return undefined;
    throw error;
  }
}

/** @param words what `git version` says */
export function programOf(words: string): GitProgram {
  return { words: words.trim(), isNewEnough: !isOlder(words, OLDEST_GIT) };
}
