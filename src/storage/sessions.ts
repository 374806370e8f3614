import { z } from 'zod';
import type { AgentSessionId } from '../core/ports/agent.ts';
import type { ChatRef, SessionId } from '../core/ports/chat.ts';
import type { Session, SessionStore } from '../core/ports/store.ts';
import type { Database, Row } from './database.ts';
import { brandedSchema, chatColumn, chatSchema, orAbsent, readRow, timeSchema } from './rows.ts';

const sessionSchema = z
  .object({
    id: brandedSchema<SessionId>(),
    chat: chatSchema,
    directory: z.string().min(1),
    mode: z.string().min(1),
    agent_session: orAbsent(brandedSchema<AgentSessionId>()),
    turns: z.int().nonnegative(),
    cost_usd: z.number().nonnegative(),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .transform((row): Session => ({
    id: row.id,
    chat: row.chat,
    directory: row.directory,
    mode: row.mode,
    ...(row.agent_session === undefined ? {} : { agentSession: row.agent_session }),
    turns: row.turns,
    costUsd: row.cost_usd,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));

export class SqliteSessions implements SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async current(chat: ChatRef): Promise<Session | undefined> {
    return readSession(
      this.#database.get(
        'SELECT s.* FROM current_sessions c JOIN sessions s ON s.id = c.session WHERE c.chat = ?',
        chatColumn(chat),
      ),
    );
  }

  async latestIn(chat: ChatRef, directory: string): Promise<Session | undefined> {
    return readSession(
      this.#database.get(
        'SELECT * FROM sessions WHERE chat = ? AND directory = ? ORDER BY updated_at DESC, rowid DESC LIMIT 1',
        chatColumn(chat),
        directory,
      ),
    );
  }

  async save(session: Session): Promise<void> {
    const chat = chatColumn(session.chat);
    this.#database.transaction(() => {
      this.#database.run(
        `INSERT INTO sessions (id, chat, directory, mode, agent_session, turns, cost_usd, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET
           chat = excluded.chat, directory = excluded.directory, mode = excluded.mode,
           agent_session = excluded.agent_session, turns = excluded.turns, cost_usd = excluded.cost_usd,
           created_at = excluded.created_at, updated_at = excluded.updated_at`,
        session.id,
        chat,
        session.directory,
        session.mode,
        session.agentSession ?? null,
        session.turns,
        session.costUsd,
        session.createdAt,
        session.updatedAt,
      );
      this.#database.run(
        'INSERT INTO current_sessions (chat, session) VALUES (?, ?) ON CONFLICT (chat) DO UPDATE SET session = excluded.session',
        chat,
        session.id,
      );
    });
  }

  async end(chat: ChatRef): Promise<void> {
    this.#database.run('DELETE FROM current_sessions WHERE chat = ?', chatColumn(chat));
  }
}

function readSession(row: Row | undefined): Session | undefined {
  return row === undefined ? undefined : readRow(sessionSchema, { table: 'sessions', idColumn: 'id' }, row);
}
