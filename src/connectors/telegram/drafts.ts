import type { ChatRef } from '../../core/ports/chat.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../util/log.ts';
import { isMissing } from './faults.ts';

/**
 * Whether the server shows drafts, which stream an answer without a message to edit (Telegram Bot API,
 * "sendMessageDraft"). It is found out by trying: an older server, or one that refuses them, is asked once.
 */
export class Drafts {
  readonly #log: Log;
  readonly #watchers = new Map<string, Set<() => void>>();
  #isOffered = true;
  #lastId = 0;

  constructor(options: { readonly log: Log }) {
    this.#log = options.log;
  }

  /** Drafts are for private chats, whose ids are the positive ones. */
  canShowIn(chat: ChatRef): boolean {
    return this.#isOffered && /^\d+$/.test(chat.chat);
  }

  /** Never zero, which the server refuses. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Whether a failed draft says that there are none; then nobody tries again while this process lives. */
  isRefused(fault: unknown): boolean {
    if (!isMissing(fault)) return false;
    if (this.#isOffered) this.#log.info('telegram_drafts_not_offered', { reason: messageOf(fault) });
    this.#isOffered = false;
    return true;
  }

  /** Calls `onGone` whenever a new message takes away the chat's drafts. Returns how to stop that. */
  watch(chat: ChatRef, onGone: () => void): () => void {
    const watchers = this.#watchers.get(chat.chat) ?? new Set();
    this.#watchers.set(chat.chat, watchers.add(onGone));
    return () => {
      watchers.delete(onGone);
      if (watchers.size === 0 && this.#watchers.get(chat.chat) === watchers) {
        this.#watchers.delete(chat.chat);
      }
    };
  }

  /** To be told after each new message in the chat. */
  tellGone(chat: ChatRef): void {
    for (const onGone of this.#watchers.get(chat.chat) ?? []) onGone();
  }
}
