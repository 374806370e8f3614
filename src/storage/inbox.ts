import { z } from 'zod';
import type { Inbound, InboundId } from '../core/ports/chat.ts';
import type { Inbox } from '../core/ports/store.ts';
import type { Clock } from '../util/clock.ts';
import type { Database } from './database.ts';
import { inboundSchema } from './inbound-schema.ts';
import { jsonText, readRow } from './rows.ts';

// Telegram keeps updates for 24 hours (Bot API, "Getting updates"): after eight days no id can come again.
const REMEMBERED_MS = 8 * 24 * 60 * 60 * 1000;

const unfinishedSchema = z.object({
  inbound: jsonText.pipe(inboundSchema),
  state: z.enum(['waiting', 'started']),
});

export type InboxOptions = { readonly database: Database; readonly clock: Clock };

export class SqliteInbox implements Inbox {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor({ database, clock }: InboxOptions) {
    this.#database = database;
    this.#clock = clock;
  }

  async add(inbound: Inbound, state: 'waiting' | 'started' = 'waiting'): Promise<'new' | 'duplicate'> {
    const added = this.#database.run(
      `INSERT INTO inbox (id, state, inbound, added_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      inbound.id,
      state,
      JSON.stringify(inbound),
      this.#clock.now(),
    );
    return added === 1 ? 'new' : 'duplicate';
  }

  async start(ids: readonly InboundId[]): Promise<void> {
    this.#database.transaction(() => {
      for (const id of ids)
        this.#database.run(`UPDATE inbox SET state = 'started' WHERE id = ? AND state = 'waiting'`, id);
    });
  }

  /** What the person wrote is dropped here; the id stays, to know a redelivery by. */
  async finish(ids: readonly InboundId[]): Promise<void> {
    this.#database.transaction(() => finishInbounds(this.#database, ids));
  }

  async unfinished(): Promise<Awaited<ReturnType<Inbox['unfinished']>>> {
    const rows = this.#database.all(
      `SELECT id, inbound, state FROM inbox WHERE state <> 'finished' ORDER BY seq`,
    );
    return rows.map((row) => readRow(unfinishedSchema, { table: 'inbox', idColumn: 'id' }, row));
  }

  /** Forgets the ids of what was finished and can't come again. Returns how many. */
  prune(): number {
    const before = this.#clock.now() - REMEMBERED_MS;
    return this.#database.run(`DELETE FROM inbox WHERE state = 'finished' AND added_at < ?`, before);
  }
}

export function finishInbounds(database: Database, ids: readonly InboundId[]): void {
  for (const id of ids) database.run(`UPDATE inbox SET state = 'finished', inbound = NULL WHERE id = ?`, id);
}
