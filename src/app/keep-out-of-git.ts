import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MachineError } from '../errors.ts';
import type { LoadedSettings } from '../config/load-settings.ts';
import { startFolder } from './paths.ts';

/** It did not ignore itself: `git clean` would take it away, and the next one all that lies beside it. */
const FORMER = '*\n!.gitignore\n!test.yaml\n';

/**
 * Writes a `.gitignore` into the start directory's `.leashd`, where leashd's own files lie by default: they are
 * nobody's to commit, and searches that respect it leave them out.
 * @throws MachineError when the folder can't be made or written.
 */
export function keepOutOfGit(loaded: LoadedSettings): void {
  const folder = startFolder(loaded);
  if (folder === undefined) return;
  const file = join(folder, '.gitignore');
  if (existsSync(file) && readFileSync(file, 'utf8') !== FORMER) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // The project's own test settings may be committed.
    writeFileSync(file, '*\n!test.yaml\n');
  } catch (cause) {
    throw new MachineError('STATE_FOLDER', `${folder} can't be written`, {
      hint: 'leashd keeps its database and logs there; correct the permissions, or set LEASHD_STORAGE_PATH, LEASHD_AUDIT_LOG_PATH and LEASHD_LOG_DIR.',
      cause,
    });
  }
}
