import { z } from 'zod';
import type { AgentSessionId } from '../core/ports/agent.ts';
import type { ChatRef, SessionId } from '../core/ports/chat.ts';
import type { Session, SessionStore } from '../core/ports/store.ts';
import type { Database, Row } from './database.ts';
import { brandedSchema, chatColumn, chatSchema, jsonText, orAbsent, readRow, timeSchema } from './rows.ts';

const sessionSchema = z
  .object({
    id: brandedSchema<SessionId>(),
    chat: chatSchema,
    directory: z.string().min(1),
    workspace: orAbsent(z.string().min(1)),
    other_directories: orAbsent(jsonText.pipe(z.array(z.string().min(1)))),
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
    ...(row.workspace === undefined ? {} : { workspace: row.workspace }),
    ...(row.other_directories === undefined ? {} : { otherDirectories: row.other_directories }),
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

  async latestIn(chat: ChatRef, directory: string, workspace?: string): Promise<Session | undefined> {
    return readSession(
      this.#database.get(
        `SELECT * FROM sessions WHERE chat = ? AND directory = ? AND workspace IS ?
         ORDER BY updated_at DESC, rowid DESC LIMIT 1`,
        chatColumn(chat),
        directory,
        workspace ?? null,
      ),
    );
  }

  async save(session: Session): Promise<void> {
    this.#database.transaction(() => saveSession(this.#database, session));
  }

  async end(chat: ChatRef): Promise<void> {
    this.#database.run('DELETE FROM current_sessions WHERE chat = ?', chatColumn(chat));
  }
}

/** Inside a transaction. */
export function saveSession(database: Database, session: Session): void {
  const chat = chatColumn(session.chat);
  database.run(
    `INSERT INTO sessions (id, chat, directory, workspace, other_directories, mode, agent_session, turns, cost_usd, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       chat = excluded.chat, directory = excluded.directory, workspace = excluded.workspace,
       other_directories = excluded.other_directories, mode = excluded.mode,
       agent_session = excluded.agent_session, turns = excluded.turns, cost_usd = excluded.cost_usd,
       created_at = excluded.created_at, updated_at = excluded.updated_at`,
    session.id,
    chat,
    session.directory,
    session.workspace ?? null,
    session.otherDirectories === undefined ? null : JSON.stringify(session.otherDirectories),
    session.mode,
    session.agentSession ?? null,
    session.turns,
    session.costUsd,
    session.createdAt,
    session.updatedAt,
  );
  database.run(
    'INSERT INTO current_sessions (chat, session) VALUES (?, ?) ON CONFLICT (chat) DO UPDATE SET session = excluded.session',
    chat,
    session.id,
  );
}

function readSession(row: Row | undefined): Session | undefined {
  return row === undefined ? undefined : readRow(sessionSchema, { table: 'sessions', idColumn: 'id' }, row);
}
