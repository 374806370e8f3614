import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LeashdError, MachineError, messageOf } from '../../errors.ts';
import { openDatabase } from '../../storage/database.ts';
import { isWithin } from '../../safety/paths.ts';

/** A state folder that belongs to this process until `release`, or until it ends, however that is. */
export type InstanceLock = { readonly release: () => void };

/** Somebody who only looks whether it is held has it for less than this. */
const GLANCE_MS = 250;

/**
 * Takes the state folder, made where it is not there (mode 0700). SQLite's own lock on an empty database does it
 * (`leashd.lock`): the system takes it back when its process ends, so of two starters exactly one has it, and the
 * socket of one that was killed can be taken away by whoever has it.
 * Undefined: another process has it.
 * @throws MachineError when the folder can't be made or written.
 */
export function takeInstanceLock(stateDir: string): InstanceLock | undefined {
  makePrivate(stateDir);
  const database = openDatabase(join(stateDir, 'leashd.lock'));
  try {
    database.exec(`PRAGMA busy_timeout = ${GLANCE_MS}`);
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof LeashdError && error.code === 'STORE_BUSY') return undefined;
    throw error;
  }
  return { release: () => database.close() };
}

/** Whether a process has the state folder. */
export function isInstanceLocked(stateDir: string): boolean {
  try {
    // Not made for a look.
    statSync(join(stateDir, 'leashd.lock'));
  } catch {
    return false;
  }
  const lock = takeInstanceLock(stateDir);
  lock?.release();
  return lock === undefined;
}

function foreign(folder: string): MachineError {
  return new MachineError('STATE_DIR_FOREIGN', `the state folder ${folder} belongs to another account`, {
    hint: 'Set LEASHD_STATE_DIR to a folder of your own.',
  });
}

function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { mode, uid } = statSync(folder);
    const own = process.getuid?.();
    // Its owner could put another owner of the bot into it. Root may work in what it was given from outside.
    if (own !== undefined && own !== 0 && uid !== own) throw foreign(folder);
    const isOurs = uid === own && !isWithin(homedir(), folder);
    if (isOurs && (mode & 0o077) !== 0) chmodSync(folder, mode & 0o700);
  } catch (error) {
    if (error instanceof LeashdError) throw error;
    throw new MachineError('STATE_DIR', `the state folder ${folder} can't be used: ${messageOf(error)}`, {
      hint: 'Set LEASHD_STATE_DIR to a folder where you may write.',
      cause: error,
    });
  }
}
