import { z } from 'zod';
import type { ReplyState, ReplyTrace } from '../core/ports/connector.ts';
import type { EndedTurn, Outbox, OutgoingId, OutgoingReply } from '../core/ports/store.ts';
import type { Database, Row } from './database.ts';
import { finishInbounds } from './inbox.ts';
import { insertMessage } from './messages.ts';
import { brandedSchema, chatColumn, chatSchema, jsonText, orAbsent, readRow } from './rows.ts';
import { saveSession } from './sessions.ts';

const state: z.ZodType<ReplyState> = z.object({ markdown: z.string(), status: z.string().optional() });

const trace: z.ZodType<ReplyTrace> = z.object({
  messages: z.array(z.string()),
  isFileSent: z.boolean().optional(),
  isSending: z.boolean().optional(),
});

const replySchema = z
  .object({
    id: brandedSchema<OutgoingId>(),
    chat: chatSchema,
    state: jsonText.pipe(state),
    trace: orAbsent(jsonText.pipe(trace)),
  })
  .transform(({ trace: shown, ...row }): OutgoingReply => ({
    ...row,
    ...(shown === undefined ? {} : { trace: shown }),
  }));

export class SqliteOutbox implements Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async endTurn({ session, answer, inbounds, replies }: EndedTurn): Promise<void> {
    const database = this.#database;
    database.transaction(() => {
      if (session) saveSession(database, session);
      if (answer) insertMessage(database, answer);
      finishInbounds(database, inbounds);
      for (const reply of replies) {
        database.run(
          'INSERT INTO outbox (id, chat, state, trace) VALUES (?, ?, ?, ?)',
          reply.id,
          chatColumn(reply.chat),
          JSON.stringify(reply.state),
          reply.trace === undefined ? null : JSON.stringify(reply.trace),
        );
      }
    });
  }

  async trace(id: OutgoingId, shown: ReplyTrace): Promise<void> {
    this.#database.run('UPDATE outbox SET trace = ? WHERE id = ?', JSON.stringify(shown), id);
  }

  async delivered(id: OutgoingId): Promise<void> {
    this.#database.run('DELETE FROM outbox WHERE id = ?', id);
  }

  async undelivered(): Promise<readonly OutgoingReply[]> {
    return this.#database.all('SELECT * FROM outbox ORDER BY seq').map(readReply);
  }
}

function readReply(row: Row): OutgoingReply {
  return readRow(replySchema, { table: 'outbox', idColumn: 'id' }, row);
}
