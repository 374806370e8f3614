import { z } from 'zod';
import { MachineError } from '../errors.ts';
import type { ChatRef } from '../core/ports/chat.ts';
import type { Row } from './database.ts';

/** Which row a fault is in. */
export type RowPlace = { readonly table: string; readonly idColumn: string };

/**
 * Reads one row, or says which one is broken.
 * @throws MachineError STORE_ROW_BROKEN with the table, the row's id, the column and what was expected.
 */
export function readRow<Value>(schema: z.ZodType<Value>, place: RowPlace, row: Row): Value {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new MachineError(
    'STORE_ROW_BROKEN',
    `Broken row in table ${place.table}, ${place.idColumn} ${JSON.stringify(row[place.idColumn])}: ${faults.join('; ')}`,
    { hint: 'Restore the database from a backup, or delete that row with the sqlite3 command.' },
  );
}

/** A chat as one column: connector, chat and thread as a JSON array, so that no two chats share a key. */
export function chatColumn(chat: ChatRef): string {
  return JSON.stringify([chat.connector, chat.chat, ...(chat.thread === undefined ? [] : [chat.thread])]);
}

const chatParts = z.union([z.tuple([z.string(), z.string()]), z.tuple([z.string(), z.string(), z.string()])]);

/** Text that holds JSON; what it holds is for the next schema to judge. */
export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON' });
    return z.NEVER;
  }
});

export const chatSchema = jsonText.pipe(chatParts).transform(([connector, chat, thread]): ChatRef => ({
  connector,
  chat,
  ...(thread === undefined ? {} : { thread }),
}));

/** A string that only leashd itself has put there. */
export function brandedSchema<Name extends string>(): z.ZodType<Name> {
  return z.string().min(1) as unknown as z.ZodType<Name>;
}

/** Milliseconds since 1970-01-01 UTC. */
export const timeSchema = z.int().nonnegative();

/** SQLite's NULL as JavaScript's absence. */
export function orAbsent<Value>(schema: z.ZodType<Value>): z.ZodType<Value | undefined> {
  return schema.nullable().transform((value) => value ?? undefined);
}
