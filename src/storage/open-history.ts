import { SqliteMessages } from './messages.ts';
import { openToRead } from './migrations.ts';

/** The messages of a database, and nothing that could change them. */
export type History = Pick<SqliteMessages, 'find' | 'each' | 'chats'> & { close(): void };

/**
 * The history in a database that is only read, also while a leashd writes it. Undefined when there is none yet.
 * @throws PersonError when the file was made by a newer leashd (STORE_TOO_NEW) or another program (STORE_FOREIGN).
 * @throws MachineError when it is no database, is damaged, or can't be read.
 */
export function openHistory(path: string): History | undefined {
  const database = openToRead(path);
  if (database === undefined) return undefined;
  const messages = new SqliteMessages(database);
  return {
    find: (query) => messages.find(query),
    each: (filter) => messages.each(filter),
    chats: () => messages.chats(),
    close: () => database.close(),
  };
}
