import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { ChatRef, SessionId } from '../core/ports/chat.ts';
import type {
  MessageCursor,
  MessageFilter,
  MessagePage,
  MessageQuery,
  MessageStore,
  StoredMessage,
} from '../core/ports/store.ts';
import { newId } from '../util/ids.ts';
import type { Database, SqlValue } from './database.ts';
import { brandedSchema, chatColumn, chatSchema, orAbsent, readRow, timeSchema } from './rows.ts';
import { hasWords, textPattern } from './text-pattern.ts';

const messageSchema = z
  .object({
    seq: z.int(),
    session: brandedSchema<SessionId>(),
    chat: chatSchema,
    role: z.enum(['person', 'agent']),
    text: z.string(),
    cost_usd: orAbsent(z.number().nonnegative()),
    duration_ms: orAbsent(z.int().nonnegative()),
    at: timeSchema,
  })
  .transform(({ seq, cost_usd: costUsd, duration_ms: durationMs, at, ...row }): Found => ({
    seq,
    message: {
      ...row,
      ...(costUsd === undefined ? {} : { costUsd }),
      ...(durationMs === undefined ? {} : { durationMs }),
      at,
    },
  }));

type Found = { readonly seq: number; readonly message: StoredMessage };
const place = { table: 'messages', idColumn: 'id' };

const chatRowSchema = z.object({ chat: chatSchema }).transform(({ chat }) => chat);
const costSchema = z.object({ usd: z.number().nonnegative() });
const boundsSchema = z.object({ low: orAbsent(z.int()), high: orAbsent(z.int()) });

/** Messages that are searched for words in one go: calls are synchronous, and nothing else happens meanwhile. */
const SEARCHED_AT_ONCE = 20_000;
/** Messages that are held in memory at once. */
const READ_AT_ONCE = 500;

type Direction = 'older' | 'newer';
/** By their numbers, both included. */
type Bounds = { readonly low: number; readonly high: number };

export class SqliteMessages implements MessageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async append(message: StoredMessage): Promise<void> {
    insertMessage(this.#database, message);
  }

  /** In the order they were appended, whatever the machine's clock did meanwhile. */
  async latest(chat: ChatRef, limit: number): Promise<readonly StoredMessage[]> {
    // To SQLite a negative limit means none at all.
    const rows = this.#database.all(
      'SELECT * FROM messages WHERE chat = ? ORDER BY seq DESC LIMIT ?',
      chatColumn(chat),
      Math.max(0, Math.floor(limit)),
    );
    return rows.toReversed().map((row) => readRow(messageSchema, place, row).message);
  }

  async find({ limit, before, ...filter }: MessageQuery): Promise<MessagePage> {
    const most = Math.max(0, Math.floor(limit));
    if (most === 0) return { messages: [] };
    const found: Found[] = [];
    let isMore = false;
    const high = before === undefined ? undefined : Number(before) - 1;
    for await (const each of this.#walk(filter, { direction: 'older', high, most: most + 1 })) {
      isMore = found.length === most;
      if (isMore) break;
      found.push(each);
    }
    const messages = found.toReversed().map(({ message }) => message);
    const oldest = found.at(-1);
    return isMore && oldest ? { messages, older: String(oldest.seq) as MessageCursor } : { messages };
  }

  async costSince(at: number): Promise<number> {
    const row = this.#database.get(
      'SELECT total(cost_usd) AS usd FROM messages WHERE at >= ?',
      Math.ceil(at),
    );
    return readRow(costSchema, place, row ?? {}).usd;
  }

  /** All that pass, oldest first, in constant memory. */
  async *each(filter: MessageFilter): AsyncGenerator<StoredMessage> {
    for await (const { message } of this.#walk(filter, { direction: 'newer', most: Infinity })) yield message;
  }

  /** Every chat in which something was said. */
  async chats(): Promise<readonly ChatRef[]> {
    // From one chat to the next in the index, without a look at the messages between them.
    const rows = this.#database.all(`
      WITH RECURSIVE chats (chat) AS (
        SELECT min(chat) FROM messages
        UNION ALL
        SELECT (SELECT min(chat) FROM messages WHERE chat > chats.chat) FROM chats WHERE chats.chat IS NOT NULL
      )
      SELECT chat FROM chats WHERE chat IS NOT NULL`);
    return rows.map((row) => readRow(chatRowSchema, { table: 'messages', idColumn: 'chat' }, row));
  }

  async *#walk(
    filter: MessageFilter,
    { direction, high, most }: { direction: Direction; high?: number | undefined; most: number },
  ): AsyncGenerator<Found> {
    const bounds = this.#bounds(filter, high);
    const { where, values, words, isLoose } = conditionsOf(filter);
    const order = direction === 'older' ? 'DESC' : 'ASC';
    const sql = `SELECT * FROM messages WHERE seq BETWEEN ? AND ?${where} ORDER BY seq ${order} LIMIT ?`;
    const size = words.length === 0 ? Infinity : SEARCHED_AT_ONCE;
    const limit = Math.min(most, READ_AT_ONCE);
    let left = bounds;
    while (left.low <= left.high) {
      const part = partOf(left, size, direction);
      const rows = this.#database.all(sql, part.low, part.high, ...values, limit);
      const found = rows.map((row) => readRow(messageSchema, place, row));
      for (const each of found) if (!isLoose || hasWords(each.message.text, words)) yield each;
      // A full read may have left something of its part; one that is not full has left nothing.
      const last = found.length === limit ? found.at(-1)?.seq : undefined;
      left = remainderOf(left, last === undefined ? part : { low: last, high: last }, direction);
      if (left.low <= left.high) await setImmediate();
    }
  }

  /** Between which numbers all must lie that pass. The clock may have been set back: numbers tell the order. */
  #bounds({ since, until }: MessageFilter, high: number = Number.MAX_SAFE_INTEGER): Bounds {
    const isTimed = since !== undefined || until !== undefined;
    const sql = isTimed
      ? 'SELECT min(seq) AS low, max(seq) AS high FROM messages WHERE at >= ? AND at < ?'
      : 'SELECT (SELECT min(seq) FROM messages) AS low, (SELECT max(seq) FROM messages) AS high';
    const times = [since ?? 0, until ?? Number.MAX_SAFE_INTEGER].map((time) => Math.ceil(time));
    const row = this.#database.get(sql, ...(isTimed ? times : [])) ?? {};
    const ends = readRow(boundsSchema, { table: 'messages', idColumn: 'id' }, row);
    return { low: ends.low ?? 0, high: Math.min(high, ends.high ?? -1) };
  }
}

type Conditions = {
  readonly where: string;
  readonly values: readonly SqlValue[];
  readonly words: readonly string[];
  readonly isLoose: boolean;
};

function conditionsOf({ chat, session, role, since, until, words = [] }: MessageFilter): Conditions {
  const sought = [...new Set(words.filter((word) => word !== '').map(withoutNul))];
  const patterns = sought.map(textPattern);
  const conditions: (readonly [string, SqlValue])[] = [
    ...(chat === undefined ? [] : [['chat = ?', chatColumn(chat)] as const]),
    ...(session === undefined ? [] : [['session = ?', session] as const]),
    ...(role === undefined ? [] : [['role = ?', role] as const]),
    // The plus keeps SQLite from walking by the time, and sorting afterwards.
    ...(since === undefined ? [] : [['+at >= ?', Math.ceil(since)] as const]),
    ...(until === undefined ? [] : [['+at < ?', Math.ceil(until)] as const]),
    ...patterns.map(({ like }) => [`text LIKE ? ESCAPE '\\'`, like] as const),
  ];
  return {
    where: conditions.map(([condition]) => ` AND ${condition}`).join(''),
    values: conditions.map(([, value]) => value),
    words: sought,
    isLoose: patterns.some(({ isLoose }) => isLoose),
  };
}

function partOf({ low, high }: Bounds, size: number, direction: Direction): Bounds {
  return direction === 'older'
    ? { low: Math.max(low, high - size + 1), high }
    : { low, high: Math.min(high, low + size - 1) };
}

function remainderOf({ low, high }: Bounds, done: Bounds, direction: Direction): Bounds {
  return direction === 'older' ? { low, high: done.low - 1 } : { low: done.high + 1, high };
}

/** Keeps every character but NUL, which becomes its picture (U+2400). */
export function insertMessage(database: Database, message: StoredMessage): void {
  database.run(
    'INSERT INTO messages (id, session, chat, role, text, cost_usd, duration_ms, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    newId<'MessageId'>(),
    message.session,
    chatColumn(message.chat),
    message.role,
    withoutNul(message.text),
    message.costUsd ?? null,
    message.durationMs === undefined ? null : Math.round(message.durationMs),
    message.at,
  );
}

/** To node:sqlite of Node.js 22.13 a text ends at its first NUL. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\u2400');
}
