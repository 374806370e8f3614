import { z } from 'zod';
import type { ChatRef, SessionId } from '../core/ports/chat.ts';
import type { MessageStore, StoredMessage } from '../core/ports/store.ts';
import { newId } from '../util/ids.ts';
import type { Database } from './database.ts';
import { brandedSchema, chatColumn, chatSchema, orAbsent, readRow, timeSchema } from './rows.ts';

const messageSchema = z
  .object({
    session: brandedSchema<SessionId>(),
    chat: chatSchema,
    role: z.enum(['person', 'agent']),
    text: z.string(),
    cost_usd: orAbsent(z.number().nonnegative()),
    duration_ms: orAbsent(z.int().nonnegative()),
    at: timeSchema,
  })
  .transform((row): StoredMessage => ({
    session: row.session,
    chat: row.chat,
    role: row.role,
    text: row.text,
    ...(row.cost_usd === undefined ? {} : { costUsd: row.cost_usd }),
    ...(row.duration_ms === undefined ? {} : { durationMs: row.duration_ms }),
    at: row.at,
  }));

export class SqliteMessages implements MessageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps every character but NUL, which becomes its picture (U+2400). */
  async append(message: StoredMessage): Promise<void> {
    this.#database.run(
      'INSERT INTO messages (id, session, chat, role, text, cost_usd, duration_ms, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      newId<'MessageId'>(),
      message.session,
      chatColumn(message.chat),
      message.role,
      // To node:sqlite of Node.js 22.13 a text ends at its first NUL.
      message.text.replaceAll('\0', '\u2400'),
      message.costUsd ?? null,
      message.durationMs === undefined ? null : Math.round(message.durationMs),
      message.at,
    );
  }

  /** In the order they were appended, whatever the machine's clock did meanwhile. */
  async latest(chat: ChatRef, limit: number): Promise<readonly StoredMessage[]> {
    // To SQLite a negative limit means none at all.
    const rows = this.#database.all(
      'SELECT * FROM messages WHERE chat = ? ORDER BY seq DESC LIMIT ?',
      chatColumn(chat),
      Math.max(0, Math.floor(limit)),
    );
    return rows.toReversed().map((row) => readRow(messageSchema, { table: 'messages', idColumn: 'id' }, row));
  }
}
