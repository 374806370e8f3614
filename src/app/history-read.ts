import { loadSettings, type LoadOptions } from '../config/load-settings.ts';
import { chatKey, type ChatRef, type SessionId } from '../core/ports/chat.ts';
import type { MessageFilter, StoredMessage } from '../core/ports/store.ts';
import { PersonError } from '../errors.ts';
import { openHistory, type History } from '../storage/open-history.ts';

/** What was said, as it is printed. */
export type HistoryLine = {
  /** The chat's key. */
  readonly chat: string;
  readonly session: string;
  readonly role: 'person' | 'agent';
  readonly text: string;
  readonly costUsd?: number | undefined;
  readonly durationMs?: number | undefined;
  /** ISO 8601, UTC. */
  readonly at: string;
};

export type HistoryFilter = Pick<MessageFilter, 'role' | 'since' | 'until'> & {
  /** A chat's key, or a part of it that no other chat has. */
  readonly chat?: string | undefined;
  readonly session?: string | undefined;
  /** Occurs in the text, in upper or lower case. */
  readonly text?: string | undefined;
  /** The last so many; 0: all. */
  readonly limit: number;
};

/**
 * Hands over what passes, oldest first. The database is only read, and a leashd may be writing it.
 * @throws PersonError when there is no history, or no such chat.
 * @throws MachineError when the database can't be read.
 */
export async function readHistory(
  surroundings: LoadOptions,
  { chat, session, text, limit, ...filter }: HistoryFilter,
  take: (line: HistoryLine) => void,
): Promise<void> {
  const history = historyOf(surroundings);
  try {
    const query: MessageFilter = {
      ...filter,
      chat: chat === undefined ? undefined : chatNamed(chat, await history.chats()),
      session: session as SessionId | undefined,
      words: text === undefined ? [] : [text],
    };
    if (limit === 0) for await (const message of history.each(query)) take(lineOf(message));
    else for (const message of (await history.find({ ...query, limit })).messages) take(lineOf(message));
  } finally {
    history.close();
  }
}

function historyOf(surroundings: LoadOptions): History {
  const { storageBackend, storagePath } = loadSettings(surroundings).settings;
  if (storageBackend === 'memory') {
    throw new PersonError('HISTORY_NOT_KEPT', 'leashd keeps no history: LEASHD_STORAGE_BACKEND is memory', {
      hint: 'With LEASHD_STORAGE_BACKEND=sqlite it keeps what is said from then on.',
    });
  }
  const history = openHistory(storagePath);
  if (history) return history;
  throw new PersonError('HISTORY_MISSING', `there is no history yet: ${storagePath} is not there, or empty`, {
    hint: 'Run this where you start leashd, or set LEASHD_STORAGE_PATH.',
  });
}

function chatNamed(part: string, chats: readonly ChatRef[]): ChatRef {
  const matching = chats.filter((chat) => chatKey(chat).includes(part));
  const chat = matching.find((each) => chatKey(each) === part) ?? matching[0];
  if (chat && (matching.length === 1 || chatKey(chat) === part)) return chat;
  const keys = (matching.length === 0 ? chats : matching).map(chatKey).toSorted().join(', ');
  const got = JSON.stringify(part);
  if (matching.length === 0) {
    throw new PersonError(
      'CHAT_UNKNOWN',
      `--chat: expected ${keys === '' ? 'a chat, and there is none yet' : `one of ${keys}`}, got ${got}`,
    );
  }
  throw new PersonError('CHAT_UNCLEAR', `--chat: ${got} fits several chats: ${keys}`, {
    hint: 'Write the whole key of one of them.',
  });
}

function lineOf({ chat, at, ...message }: StoredMessage): HistoryLine {
  const { session, role, text, ...figures } = message;
  return { at: new Date(at).toISOString(), chat: chatKey(chat), session, role, text, ...figures };
}
