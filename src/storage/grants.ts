import { z } from 'zod';
import type { Grant, GrantStore, StoredGrant } from '../core/ports/grants.ts';
import type { Database } from './database.ts';
import { readRow } from './rows.ts';

const grantSchema = z.object({ id: z.string(), value: z.string() });

/** Grants as JSON; what the JSON says is for the gate to judge, not for the table. */
export class SqliteGrants implements GrantStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async load(): Promise<readonly StoredGrant[]> {
    const rows = this.#database.all('SELECT id, value FROM grants ORDER BY rowid');
    return rows.map((row) => {
      const { id, value } = readRow(grantSchema, { table: 'grants', idColumn: 'id' }, row);
      return { id, value: parsed(value) };
    });
  }

  async save(grant: Grant): Promise<void> {
    this.#database.run(
      'INSERT INTO grants (id, chat, until, value) VALUES (?, ?, ?, ?)',
      grant.id,
      grant.chat,
      Math.ceil(grant.until),
      JSON.stringify(grant),
    );
  }

  async remove(id: string): Promise<void> {
    this.#database.run('DELETE FROM grants WHERE id = ?', id);
  }
}

/** Undefined for what is no JSON: one broken grant must not keep the others from being read. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
