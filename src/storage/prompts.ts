import { z } from 'zod';
import type { MessageRef, PersonId, PromptId } from '../core/ports/chat.ts';
import type { PromptView } from '../core/ports/connector.ts';
import type { PromptClosing, PromptStore, StoredPrompt } from '../core/ports/store.ts';
import type { RichText } from '../util/rich-text.ts';
import type { Clock } from '../util/clock.ts';
import type { Database, Row } from './database.ts';
import { brandedSchema, chatColumn, chatSchema, jsonText, orAbsent, readRow, timeSchema } from './rows.ts';

/** A tap on an older card is answered without saying what became of it. */
const REMEMBERED_MS = 30 * 24 * 60 * 60 * 1000;

const chat = z.object({ connector: z.string(), chat: z.string(), thread: z.string().optional() });
// Made by leashd alone; what it styles is for whoever shows it to judge.
const body = z.object({ text: z.string(), spans: z.array(z.unknown()) }) as unknown as z.ZodType<RichText>;

const view: z.ZodType<PromptView> = z.object({
  id: brandedSchema<PromptId>(),
  body,
  choices: z.array(z.object({ id: z.string(), label: z.string(), key: z.string() })),
  textHint: z.string().optional(),
});

const message: z.ZodType<MessageRef> = z.object({ chat, message: z.string() });

const closing: z.ZodType<PromptClosing> = z.object({
  at: timeSchema,
  answer: z.enum(['choice', 'text', 'timed-out', 'cancelled', 'restarted']),
  choice: z.string().optional(),
  by: brandedSchema<PersonId>().optional(),
  outcome: z.string(),
  told: z.string().optional(),
});

const promptSchema = z
  .object({
    id: brandedSchema<PromptId>(),
    chat: chatSchema,
    view: jsonText.pipe(view),
    digest: orAbsent(z.string()),
    opened_at: timeSchema,
    until: timeSchema,
    message: orAbsent(jsonText.pipe(message)),
    closed: orAbsent(jsonText.pipe(closing)),
  })
  .transform((row): StoredPrompt => ({
    id: row.id,
    chat: row.chat,
    view: row.view,
    ...(row.digest === undefined ? {} : { digest: row.digest }),
    openedAt: row.opened_at,
    until: row.until,
    ...(row.message === undefined ? {} : { message: row.message }),
    ...(row.closed === undefined ? {} : { closed: row.closed }),
  }));

export type PromptsOptions = { readonly database: Database; readonly clock: Clock };

export class SqlitePrompts implements PromptStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor({ database, clock }: PromptsOptions) {
    this.#database = database;
    this.#clock = clock;
  }

  async open(prompt: StoredPrompt): Promise<void> {
    const { attachment: _, ...shown } = prompt.view;
    this.#database.run(
      `INSERT INTO prompts (id, chat, view, digest, opened_at, until, message, closed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      prompt.id,
      chatColumn(prompt.chat),
      JSON.stringify(shown),
      prompt.digest ?? null,
      prompt.openedAt,
      prompt.until,
      prompt.message === undefined ? null : JSON.stringify(prompt.message),
      prompt.closed === undefined ? null : JSON.stringify(prompt.closed),
    );
  }

  async shown(id: PromptId, where: MessageRef): Promise<void> {
    this.#database.run('UPDATE prompts SET message = ? WHERE id = ?', JSON.stringify(where), id);
  }

  async close(id: PromptId, how: PromptClosing): Promise<boolean> {
    const changed = this.#database.run(
      'UPDATE prompts SET closed = ? WHERE id = ? AND closed IS NULL',
      JSON.stringify(how),
      id,
    );
    return changed === 1;
  }

  async find(id: PromptId): Promise<StoredPrompt | undefined> {
    const row = this.#database.get('SELECT * FROM prompts WHERE id = ?', id);
    return row === undefined ? undefined : readPrompt(row);
  }

  async leftOpen(): Promise<readonly StoredPrompt[]> {
    return this.#database.all('SELECT * FROM prompts WHERE closed IS NULL ORDER BY seq').map(readPrompt);
  }

  async settled(id: PromptId): Promise<void> {
    this.#database.run('UPDATE prompts SET is_settled = 1 WHERE id = ?', id);
  }

  async unsettled(): Promise<readonly StoredPrompt[]> {
    const rows = this.#database.all(
      'SELECT * FROM prompts WHERE is_settled = 0 AND closed IS NOT NULL AND message IS NOT NULL ORDER BY seq',
    );
    return rows.map(readPrompt);
  }

  /** Forgets what was closed long ago. Returns how many. */
  prune(): number {
    const before = this.#clock.now() - REMEMBERED_MS;
    return this.#database.run('DELETE FROM prompts WHERE closed IS NOT NULL AND opened_at < ?', before);
  }
}

function readPrompt(row: Row): StoredPrompt {
  return readRow(promptSchema, { table: 'prompts', idColumn: 'id' }, row);
}
