import { MachineError, messageOf } from '../errors.ts';

/** How long a locked database is waited for. Calls are synchronous: the whole process stands still meanwhile. */
export const BUSY_TIMEOUT_MS = 2_000;

// Result codes of https://sqlite.org/rescode.html; the low byte is the primary code.
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** What SQLite threw, in words for the person. `path` is the database's. */
export function explainSqliteError(path: string, error: unknown): MachineError {
  const { code, sentence, hint } = diagnose(path, primaryCode(error));
  return new MachineError(code, `${sentence} (SQLite: ${messageOf(error)})`, { hint, cause: error });
}

type Diagnosis = { readonly code: string; readonly sentence: string; readonly hint?: string };

function diagnose(path: string, primary: number): Diagnosis {
  switch (primary) {
    case SQLITE_BUSY:
      return {
        code: 'STORE_BUSY',
        sentence: `The database ${path} was locked by another process for ${BUSY_TIMEOUT_MS / 1000} seconds.`,
        hint: 'Stop the other leashd, or give each its own LEASHD_STORAGE_PATH.',
      };
    case SQLITE_READONLY:
      return {
        code: 'STORE_READONLY',
        sentence: `The database ${path}, or the folder it lies in, can't be written.`,
        // https://sqlite.org/wal.html, "Read-Only Databases"
        hint: 'Give yourself the right to write there: even to read it, SQLite keeps a file beside it.',
      };
    case SQLITE_FULL:
      return {
        code: 'STORE_FULL',
        sentence: `There is no room left on the disk of ${path}.`,
        hint: 'Free some space; nothing that was stored before is lost.',
      };
    case SQLITE_NOTADB:
      return {
        code: 'STORE_NOT_A_DATABASE',
        sentence: `${path} is not an SQLite database. It was left as it is.`,
        hint: 'Set LEASHD_STORAGE_PATH to another file, or move this one away.',
      };
    case SQLITE_CORRUPT:
      return {
        code: 'STORE_CORRUPT',
        sentence: `The database ${path} is damaged.`,
        hint: 'Move it away and put a backup in its place; without one leashd starts with an empty database.',
      };
    default:
      return { code: 'STORE_FAILED', sentence: `The database ${path} refused.` };
  }
}

function primaryCode(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error)) return 0;
  return Number(error.errcode) & 0xff;
}
