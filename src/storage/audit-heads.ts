import { z } from 'zod';
import type { AuditHead, AuditHeadStore } from '../core/ports/audit.ts';
import { messageOf } from '../errors.ts';
import type { Database } from './database.ts';
import { openToRead } from './migrations.ts';
import { readRow } from './rows.ts';

const headSchema = z.object({ seq: z.int().nonnegative(), hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** How far each audit log has come, by the log's path. */
export class SqliteAuditHeads implements AuditHeadStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async load(path: string): Promise<AuditHead | undefined> {
    const row = this.#database.get('SELECT path, seq, hash FROM audit_heads WHERE path = ?', path);
    return row === undefined
      ? undefined
      : readRow(headSchema, { table: 'audit_heads', idColumn: 'path' }, row);
  }

  async save(path: string, { seq, hash }: AuditHead): Promise<void> {
    this.#database.run(
      `INSERT INTO audit_heads (path, seq, hash) VALUES (?, ?, ?)
       ON CONFLICT (path) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`,
      path,
      seq,
      hash,
    );
  }
}

/** What a database remembers of a log; `why`: it can't say. */
export type RememberedHead =
  { readonly kind: 'known'; readonly head: AuditHead } | { readonly kind: 'unknown'; readonly why: string };

/** Looks into leashd's database, which is neither made nor changed, and beside which nothing is left. */
export async function rememberedHead(databasePath: string, path: string): Promise<RememberedHead> {
  let database: Database | undefined;
  try {
    database = openToRead(databasePath, { isUntraced: true });
    if (database === undefined) return { kind: 'unknown', why: `there is no database ${databasePath}` };
    const head = await new SqliteAuditHeads(database).load(path);
    if (head !== undefined) return { kind: 'known', head };
    return { kind: 'unknown', why: `the database ${databasePath} does not know this log` };
  } catch (error) {
    return { kind: 'unknown', why: messageOf(error) };
  } finally {
    database?.close();
  }
}
