import { chatKey, type ChatKey, type ChatRef } from '../../ports/chat.ts';
import type { Session } from '../../ports/store.ts';
import { isSamePlace, placeIn, type Place } from '../../sessions/session-directories.ts';

/** Which repository each chat's /git acts on, and one command after the other. In memory: a restart begins anew. */
export class GitPlaces {
  readonly #chosen = new Map<ChatKey, { readonly place: Place; readonly directory: string }>();
  readonly #stopping = new AbortController();
  readonly #last = new Map<ChatKey, Promise<void>>();

  /** Aborts when leashd stops: git is ended then, whatever it is at. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** For good. */
  stop(): void {
    this.#stopping.abort(new Error('leashd was stopped'));
  }

  /** The directory that was chosen, as long as the chat stays where it is; else the session's own. */
  directoryOf(session: Session): string {
    const chosen = this.#chosen.get(chatKey(session.chat));
    return chosen && isSamePlace(chosen.place, session) ? chosen.directory : session.directory;
  }

  /** The chat goes elsewhere. */
  forget(chat: ChatRef): void {
    this.#chosen.delete(chatKey(chat));
  }

  choose(session: Session, directory: string): void {
    this.#chosen.set(chatKey(session.chat), { place: placeIn(session), directory });
  }

  /**
   * Runs `work` behind what the chat sent before it, so that `add` and `commit` sent at once come in order. What calls
   * `letOthers` (it waits for a person) no longer holds up the others. Rejects as `work` does.
   */
  async inOrder(chat: ChatRef, work: (letOthers: () => void) => Promise<void>): Promise<void> {
    const key = chatKey(chat);
    const before = this.#last.get(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last.set(key, promise);
    await before;
    try {
      await work(resolve);
    } finally {
      resolve();
      if (this.#last.get(key) === promise) this.#last.delete(key);
    }
  }
}
