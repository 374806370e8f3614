import type { AuditLock } from '../core/ports/audit.ts';
import { LeashdError, MachineError } from '../errors.ts';
import { openDatabase } from './database.ts';

/**
 * SQLite's own lock on an empty database beside the file (`audit.jsonl.lock`): the system takes it back when its
 * process ends, however that was, so there is no stale one.
 */
export const auditLock: AuditLock = {
  acquire: async (path) => {
    const database = openDatabase(`${path}.lock`);
    try {
      database.exec('PRAGMA busy_timeout = 0');
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      throw error instanceof LeashdError && error.code === 'STORE_BUSY' ? locked(path, error) : error;
    }
    return () => database.close();
  },
};

function locked(path: string, cause: unknown): MachineError {
  return new MachineError('AUDIT_LOCKED', `another leashd is running and writes the audit log ${path}`, {
    hint: 'Stop that one first, or give this one its own LEASHD_AUDIT_LOG_PATH and LEASHD_STORAGE_PATH.',
    cause,
  });
}
