import { closeSync, constants, lstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MachineError } from '../../errors.ts';
import { diskFolder } from './folder-view.ts';
import { SESSION_FILE } from './session-file.ts';

/** In bytes: a larger one is not gone on from. */
const LARGEST = 262_144;

/** The text of a project's session file; undefined where there is none that can be read. Does not throw. */
export function readSessionFile(directory: string): string | undefined {
  const file = diskFolder(directory).read(SESSION_FILE, LARGEST);
  return file.kind === 'text' ? file.text : undefined;
}

/**
 * Writes it in one piece: whoever reads it sees the old text or the new one. A link in its place is replaced, not
 * followed; where the folder is one, nothing is written.
 * @throws MachineError TEST_SESSION_NOT_WRITTEN
 */
export function writeSessionFile(directory: string, text: string): void {
  const folder = join(directory, '.leashd');
  const whole = join(directory, SESSION_FILE);
  const part = `${whole}.new`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!lstatSync(folder).isDirectory()) throw new Error('.leashd is a link');
    rmSync(part, { force: true });
    // O_EXCL: whatever appears there meanwhile is not written to.
    const file = openSync(part, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      writeSync(file, text);
    } finally {
      closeSync(file);
    }
    renameSync(part, whole);
  } catch (cause) {
    throw new MachineError('TEST_SESSION_NOT_WRITTEN', `${SESSION_FILE} can't be written`, {
      cause,
      hint: 'Make sure that .leashd in the project is a folder that leashd may write to.',
    });
  }
}
