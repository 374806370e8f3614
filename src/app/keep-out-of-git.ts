import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MachineError } from '../errors.ts';
import { isWithin } from '../safety/paths.ts';
import type { LoadedSettings } from '../config/load-settings.ts';

/**
 * Writes a `.gitignore` into the start directory's `.leashd`, where leashd's own files lie by default: they are
 * nobody's to commit, and searches that respect it leave them out.
 * @throws MachineError when the folder can't be made or written.
 */
export function keepOutOfGit({ settings, startDirectory }: LoadedSettings): void {
  const folder = join(startDirectory, '.leashd');
  const own = [dirname(settings.storagePath), dirname(settings.auditLogPath), settings.logDir];
  const file = join(folder, '.gitignore');
  if (!own.some((path) => isWithin(path, folder)) || existsSync(file)) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // The project's own test settings may be committed.
    writeFileSync(file, '*\n!.gitignore\n!test.yaml\n', { flag: 'wx' });
  } catch (cause) {
    throw new MachineError('STATE_FOLDER', `${folder} can't be written`, {
      hint: 'leashd keeps its database and logs there; correct the permissions, or set LEASHD_STORAGE_PATH, LEASHD_AUDIT_LOG_PATH and LEASHD_LOG_DIR.',
      cause,
    });
  }
}
