import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as sqlite from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { LeashdError, MachineError, messageOf } from '../errors.ts';
import { BUSY_TIMEOUT_MS, explainSqliteError } from './sqlite-errors.ts';

export type SqlValue = string | number | null;
/** A row as SQLite gives it: to be read through `readRow` before anything believes it. */
export type Row = Readonly<Record<string, unknown>>;

/** One SQLite database. Every method throws a MachineError when SQLite can't do what it is told. */
export class Database {
  readonly path: string;
  readonly #sqlite: sqlite.DatabaseSync;
  readonly #statements = new Map<string, sqlite.StatementSync>();
  #isOpen = true;
  #inTransaction = false;

  constructor(path: string, database: sqlite.DatabaseSync) {
    this.path = path;
    this.#sqlite = database;
  }

  /** Runs statements that take no values. */
  exec(sql: string): void {
    this.#attempt(() => this.#sqlite.exec(sql));
  }

  /** Returns how many rows were changed. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.#attempt(() => Number(this.#statement(sql).run(...values).changes));
  }

  get(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.#attempt(() => this.#statement(sql).get(...values));
  }

  all(sql: string, ...values: readonly SqlValue[]): readonly Row[] {
    return this.#attempt(() => this.#statement(sql).all(...values));
  }

  /** All of `body` happens, or nothing. `body` must be synchronous and must not begin another transaction. */
  transaction<Result>(body: () => Result): Result {
    if (this.#inTransaction) throw new TypeError('a transaction must not begin inside another one');
    this.exec('BEGIN IMMEDIATE');
    this.#inTransaction = true;
    try {
      const result = body();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** Harmless when repeated. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#statements.clear();
    try {
      this.#sqlite.close();
    } catch (error) {
      throw this.#explained(error);
    }
  }

  #statement(sql: string): sqlite.StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#sqlite.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #rollBack(): void {
    try {
      this.#sqlite.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself after most faults (a full disk), and then refuses this.
    }
  }

  #attempt<Result>(body: () => Result): Result {
    if (!this.#isOpen) {
      throw new MachineError(
        'STORE_CLOSED',
        `The database ${this.path} was closed before this was asked of it.`,
      );
    }
    try {
      return body();
    } catch (error) {
      throw this.#explained(error);
    }
  }

  #explained(error: unknown): LeashdError {
    return error instanceof LeashdError ? error : explainSqliteError(this.path, error);
  }
}

/** How to open a file that is there. */
export type OpenDatabaseOptions = {
  /** SQLite then refuses to change it. */
  readonly isReadOnly?: boolean;
  /** Read-only, and nobody writes it meanwhile: then SQLite puts no files beside it either (sqlite.org/uri.html). */
  readonly isImmutable?: boolean;
};

/**
 * Opens a database file (mode 0600, made with its folder in mode 0700 when it is not there), or `:memory:`.
 * What is committed is on the disk: write-ahead log, synchronous = FULL.
 * @throws MachineError when it can't be opened or is no database.
 */
export function openDatabase(
  path: string,
  { isReadOnly = false, isImmutable = false }: OpenDatabaseOptions = {},
): Database {
  const readOnly = isReadOnly || isImmutable;
  if (path !== ':memory:' && !readOnly) createPrivately(path);
  let database: Database;
  try {
    database = new Database(path, isImmutable ? openImmutable(path) : open(path, readOnly));
  } catch (error) {
    throw explainSqliteError(path, error);
  }
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * To be called once it is sure that the file is ours: the first change of a file that was there before.
 * False when the file system can't hold a write-ahead log: then SQLite's rollback journal does it, slower.
 */
export function makeDurable(database: Database): boolean {
  const journal = database.get('PRAGMA journal_mode = WAL')?.['journal_mode'];
  database.exec('PRAGMA synchronous = FULL');
  return journal === 'wal' || journal === 'memory';
}

function open(path: string | URL, readOnly: boolean): sqlite.DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  return new DatabaseSync(path, { enableForeignKeyConstraints: true, readOnly });
}

function openImmutable(path: string): sqlite.DatabaseSync {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  try {
    return open(url, true);
  } catch (error) {
    // Node.js takes addresses from 22.15 on.
    if (error instanceof TypeError) return open(path, true);
    throw error;
  }
}

function createPrivately(path: string): void {
  if (existsSync(path)) return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite gives the -wal and -shm files the mode of the database file.
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new MachineError('STORE_CREATE', `The database ${path} can't be made: ${messageOf(error)}`, {
      hint: 'Set LEASHD_STORAGE_PATH to a place where you may write, or LEASHD_STORAGE_BACKEND=memory.',
      cause: error,
    });
  }
}

/** Loads `node:sqlite` without the line by which Node.js tells every person that it is experimental. */
function loadSqlite(): typeof sqlite {
  // oxlint-disable-next-line typescript/unbound-method -- only called on process, and put back below
  const emitWarning = process.emitWarning;
  const filtered = (...args: unknown[]): void => {
    if (args[1] === 'ExperimentalWarning' && String(args[0]).startsWith('SQLite ')) return;
    Reflect.apply(emitWarning, process, args);
  };
  process.emitWarning = filtered;
  try {
    // Loading is synchronous: no other code can warn while the filter stands.
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
