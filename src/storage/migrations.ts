import { chmodSync, closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { MachineError, PersonError, messageOf } from '../errors.ts';
import type { Log } from '../util/log.ts';
import { makeDurable, openDatabase, type Database } from './database.ts';

/** "lshd", by which leashd knows its own files (https://sqlite.org/fileformat.html, "Application ID"). */
const APPLICATION_ID = 0x6c736864;
/** In byte 18 of the header (there too, "File format version numbers"). */
const WITH_WAL = 2;

/**
 * Step n brings a database from version n to n + 1. A released step is never changed: add another one.
 * `chat` is a JSON array of connector, chat and, where there is one, thread. Times are milliseconds since
 * 1970-01-01 UTC.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE sessions (
    id            TEXT PRIMARY KEY,
    chat          TEXT NOT NULL,
    directory     TEXT NOT NULL,
    mode          TEXT NOT NULL,
    agent_session TEXT,
    turns         INTEGER NOT NULL,
    cost_usd      REAL NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sessions_by_directory ON sessions (chat, directory, updated_at);

  CREATE TABLE current_sessions (
    chat    TEXT PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE messages (
    seq         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    session     TEXT NOT NULL,
    chat        TEXT NOT NULL,
    role        TEXT NOT NULL,
    text        TEXT NOT NULL,
    cost_usd    REAL,
    duration_ms INTEGER,
    at          INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX messages_by_chat ON messages (chat, seq);
  CREATE INDEX messages_by_session ON messages (session, seq);

  CREATE TABLE inbox (
    seq      INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    state    TEXT NOT NULL,
    inbound  TEXT,
    added_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX inbox_unfinished ON inbox (seq) WHERE state <> 'finished';
  `,
  // Questions, grants, and how far the audit log has come.
  `
  CREATE TABLE prompts (
    seq       INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    chat      TEXT NOT NULL,
    view      TEXT NOT NULL,
    digest    TEXT,
    opened_at INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    message   TEXT,
    closed    TEXT,
    is_settled INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX prompts_open ON prompts (seq) WHERE closed IS NULL;
  CREATE INDEX prompts_unsettled ON prompts (seq) WHERE is_settled = 0;

  CREATE TABLE grants (
    id    TEXT PRIMARY KEY,
    chat  TEXT NOT NULL,
    until INTEGER NOT NULL,
    value TEXT NOT NULL
  ) STRICT;

  CREATE TABLE audit_heads (
    path  TEXT PRIMARY KEY,
    seq   INTEGER NOT NULL,
    hash  TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // To find what was said at a time.
  `
  CREATE INDEX messages_by_time ON messages (at);
  `,
  // Answers on their way.
  `
  CREATE TABLE outbox (
    seq   INTEGER PRIMARY KEY,
    id    TEXT NOT NULL UNIQUE,
    chat  TEXT NOT NULL,
    state TEXT NOT NULL,
    trace TEXT
  ) STRICT;

  ALTER TABLE sessions ADD COLUMN workspace TEXT;
  ALTER TABLE sessions ADD COLUMN other_directories TEXT;
  `,
];

export const STORE_VERSION = MIGRATIONS.length;

/**
 * Opens the database at `path` (or `:memory:`) and brings it to this leashd's version.
 * @throws PersonError when a newer leashd or another program made it; the file is then left untouched.
 * @throws MachineError when it is no database, is damaged, or can't be written.
 */
export function openMigrated(path: string, log: Log): Database {
  if (path !== ':memory:') inspectHeader(path);
  const database = openDatabase(path);
  try {
    // Once more through SQLite: the header knows nothing of what only the write-ahead log holds.
    refuseForeign(path, inspect(database));
    if (path !== ':memory:') closeToOthers(path, log);
    if (!makeDurable(database)) log.warn('storage_without_wal', { path });
    migrate(database, log);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens a database that is there, to read it: nothing of it is made, changed or migrated, and another process may be
 * writing. It can be of an older version than this leashd's. Undefined when there is none, or nothing in it.
 * `isUntraced`: no file is left beside it either, which SQLite otherwise does where none is.
 * @throws PersonError when a newer leashd or another program made it.
 * @throws MachineError when it is no database, is damaged, or can't be read.
 */
export function openToRead(
  path: string,
  { isUntraced = false }: { readonly isUntraced?: boolean } = {},
): Database | undefined {
  const header = inspectHeader(path);
  if (header === undefined) return undefined;
  const isImmutable = isUntraced && isLeftAlone(path);
  const database = openDatabase(path, { isReadOnly: true, isImmutable });
  try {
    const identity = inspect(database);
    refuseForeign(path, identity);
    if (!identity.isEmpty) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

/** With a write-ahead log, and nobody has it open. */
function isLeftAlone(path: string): boolean {
  return readHeader(path)?.[18] === WITH_WAL && !existsSync(`${path}-wal`);
}

function migrate(database: Database, log: Log): void {
  if (inspect(database).version === STORE_VERSION) return;
  database.transaction(() => {
    // Read again under the lock: another process may have migrated meanwhile.
    const { version } = inspect(database);
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${STORE_VERSION}`);
    log.info('storage_migrated', { from: version, to: STORE_VERSION });
  });
}

/** A file that was there before may be open to others; what the person says to the agent is nobody else's. */
function closeToOthers(path: string, log: Log): void {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  try {
    chmodSync(path, 0o600);
  } catch (error) {
    log.warn('storage_open_to_others', { path, mode: mode.toString(8), error: messageOf(error) });
  }
}

type Identity = { readonly version: number; readonly application: number; readonly isEmpty: boolean };

function refuseForeign(path: string, { version, application, isEmpty }: Identity): void {
  if (application !== APPLICATION_ID && !isEmpty) {
    throw new PersonError('STORE_FOREIGN', `The database ${path} was made by another program than leashd.`, {
      hint: 'Set LEASHD_STORAGE_PATH to a file of its own. This one was left as it is.',
    });
  }
  if (version > STORE_VERSION) {
    throw new PersonError(
      'STORE_TOO_NEW',
      `The database ${path} has version ${version}, made by a newer leashd; this one knows up to version ${STORE_VERSION}.`,
      { hint: 'Install the newer leashd again, or set LEASHD_STORAGE_PATH to another file.' },
    );
  }
}

function inspect(database: Database): Identity {
  return {
    version: Number(database.get('PRAGMA user_version')?.['user_version'] ?? 0),
    application: Number(database.get('PRAGMA application_id')?.['application_id'] ?? 0),
    isEmpty: database.get('SELECT 1 FROM sqlite_schema LIMIT 1') === undefined,
  };
}

/**
 * Looks at the file before SQLite does, which would leave files beside a database that is then refused.
 * Offsets: https://sqlite.org/fileformat.html, "The Database Header". Undefined when there is nothing to look at.
 */
function inspectHeader(path: string): Identity | undefined {
  const header = readHeader(path);
  if (header === undefined || header.length === 0) return undefined;
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0' || header.length < 100) {
    throw new MachineError(
      'STORE_NOT_A_DATABASE',
      `${path} is not an SQLite database. It was left as it is.`,
      { hint: 'Set LEASHD_STORAGE_PATH to another file, or move this one away.' },
    );
  }
  const version = header.readInt32BE(60);
  const identity = { version, application: header.readInt32BE(68), isEmpty: version === 0 };
  refuseForeign(path, identity);
  return identity;
}

function readHeader(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    file = openSync(path, 'r');
    const header = Buffer.alloc(100);
    return header.subarray(0, readSync(file, header, 0, header.length, 0));
  } catch (error) {
    throw new MachineError('STORE_UNREADABLE', `The database ${path} can't be read: ${messageOf(error)}`, {
      hint: 'Set LEASHD_STORAGE_PATH to a file that you may read and write.',
      cause: error,
    });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
