import { realpathSync } from 'node:fs';
import type { LoadedSettings } from '../config/load-settings.ts';
import { PersonError } from '../errors.ts';

/**
 * Where the agent may work: what is set, or in the terminal the directory that the person stands in.
 * @throws PersonError where nothing is set and nobody stands in a project.
 */
export function approvedDirectoriesOf({
  settings,
  startDirectory,
  homeDirectory,
}: LoadedSettings): readonly string[] {
  if (settings.approvedDirectories.length > 0) return settings.approvedDirectories;
  if (settings.telegramBotToken !== undefined) {
    throw new PersonError(
      'NO_APPROVED_DIRECTORIES',
      'LEASHD_APPROVED_DIRECTORIES: expected the directories that Claude may work in, got nothing',
      { hint: 'Set it to the path of your project; separate several with commas.' },
    );
  }
  const here = realpathSync(startDirectory);
  if (here === '/' || here === realpathSync(homeDirectory)) {
    throw new PersonError('DIRECTORY_TOO_WIDE', `${here} is more than Claude should be let into`, {
      hint: 'Start leashd in a project, or set LEASHD_APPROVED_DIRECTORIES to the path of one.',
    });
  }
  return [here];
}
