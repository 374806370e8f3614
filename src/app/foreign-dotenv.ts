import path from 'node:path';
import type { LoadedSettings } from '../config/load-settings.ts';
import { PersonError } from '../errors.ts';
import { run } from '../process/run.ts';

/**
 * Refuses settings from a `.env` that git tracks: it came with the project, and a project must not decide what
 * holds it (which programs start, where the bot token goes, who may talk to the bot).
 * @throws PersonError naming the file and what it sets.
 */
export async function refuseForeignDotenv(
  loaded: LoadedSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const file = Object.values(loaded.origins).find((origin) => origin.kind === 'dotenv')?.path;
  if (file === undefined || !(await isTracked(file, environment))) return;
  throw new PersonError(
    'DOTENV_FOREIGN',
    `${file} is part of the project (git tracks it), so leashd takes no settings from it`,
    {
      hint: 'Move its LEASHD_ lines to ~/.leashd/config.yaml, or untrack it: git rm --cached .env',
    },
  );
}

async function isTracked(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const folder = path.dirname(file);
  // Nothing that the repository's own configuration names may run here.
  const args = [
    '-c',
    'core.fsmonitor=false',
    '-C',
    folder,
    'ls-files',
    '--error-unmatch',
    '--',
    path.basename(file),
  ];
  try {
    const { exitCode } = await run('git', args, {
      cwd: folder,
      env: { PATH: environment['PATH'], HOME: environment['HOME'] },
      timeoutMs: 5000,
      maxOutputBytes: 4096,
    });
    return exitCode === 0;
  } catch {
    // Without git nothing was cloned with it.
    return false;
  }
}
