import { STORE_VERSION, openToRead } from './migrations.ts';

export type DatabaseExamination = {
  /** Of its tables; `known`: those of this leashd. */
  readonly version: number;
  readonly known: number;
  /** What SQLite's quick check complains about, one line each, not more than a few; empty for a whole one. */
  readonly damage: readonly string[];
};

const MOST_LINES = 5;

/**
 * Reads through all of a database, which can take minutes for a very large one. Nothing is made or changed. Undefined
 * when there is none, or nothing in it.
 * @throws PersonError and MachineError as `openToRead` does
 */
export function examineDatabase(path: string): DatabaseExamination | undefined {
  const database = openToRead(path, { isUntraced: true });
  if (database === undefined) return undefined;
  try {
    const version = Number(database.get('PRAGMA user_version')?.['user_version'] ?? 0);
    const rows = database.all(`PRAGMA quick_check(${MOST_LINES})`);
    const lines = rows.map((row) => String(row['quick_check']));
    return { version, known: STORE_VERSION, damage: lines.filter((line) => line !== 'ok') };
  } finally {
    database.close();
  }
}
