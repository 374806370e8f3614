import { closeSync, constants, fchmodSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a leashd in the background says when it can't even log any more: a crash of Node.js itself. */
export function crashFile(logDir: string): string {
  return join(logDir, 'crash.log');
}

// NOFOLLOW: a project may bring a symbolic link of this name along. NONBLOCK: or a pipe that nobody reads.
const FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Empty, open to nobody else; undefined where it can't be had, which is no reason not to start. */
export function openCrashFile(
  logDir: string,
): { readonly file: number; readonly close: () => void } | undefined {
  try {
    mkdirSync(logDir, { recursive: true, mode: 0o700 });
    const file = openSync(crashFile(logDir), FLAGS, 0o600);
    fchmodSync(file, 0o600);
    return { file, close: () => closeSync(file) };
  } catch {
    return undefined;
  }
}

/** Whether there is something to read. */
export function hasCrashWords(logDir: string): boolean {
  return (statSync(crashFile(logDir), { throwIfNoEntry: false })?.size ?? 0) > 0;
}
