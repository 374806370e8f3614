import type { Clock, Timer } from '../../util/clock.ts';
import type { ChatQueue } from './chat-queue.ts';
import { chatKey, type Attached, type ChatRef } from '../ports/chat.ts';

/** How long an album waits for its next part; the parts come one after the other, in updates of their own. */
const GRACE_MS = 700;
/** A timer that comes so late tells that nothing was read in the meantime. */
const LATE_MS = 200;
/** However many parts come: nobody holds up a chat by sending on. */
const LONGEST_MS = 5_000;

type Gathering = { timer: Timer; readonly until: number };

export interface AlbumsOptions {
  readonly clock: Clock;
  /** All of it is there, and goes to the agent as soon as no turn runs. */
  readonly onGathered: (chat: ChatRef, queue: ChatQueue) => void;
}

/** Keeps a chat's queue held until an album is complete, so that its parts go to the agent in one turn. */
export class Albums {
  readonly #options: AlbumsOptions;
  readonly #gathering = new Map<string, Gathering>();

  constructor(options: AlbumsOptions) {
    this.#options = options;
  }

  /** To be called before it is queued. False for what belongs to no album. */
  gather(inbound: { readonly chat: ChatRef } & Attached, queue: ChatQueue): boolean {
    const { chat, album } = inbound;
    if (album === undefined) return false;
    const { clock } = this.#options;
    const key = `${chatKey(chat)} ${album}`;
    const now = clock.monotonic();
    const known = this.#gathering.get(key);
    if (known === undefined) queue.hold();
    known?.timer.cancel();
    this.#wait(chat, queue, { key, until: known?.until ?? now + LONGEST_MS });
    return true;
  }

  #wait(
    chat: ChatRef,
    queue: ChatQueue,
    { key, until }: { readonly key: string; readonly until: number },
  ): void {
    const { clock, onGathered } = this.#options;
    const begun = clock.monotonic();
    const delayMs = Math.max(0, Math.min(GRACE_MS, until - begun));
    const timer = clock.after(delayMs, () => {
      // After a standstill of the process, parts that came meanwhile are read only now.
      if (clock.monotonic() - begun > delayMs + LATE_MS && clock.monotonic() < until) {
        this.#wait(chat, queue, { key, until });
        return;
      }
      this.#gathering.delete(key);
      queue.release();
      onGathered(chat, queue);
    });
    this.#gathering.set(key, { timer, until });
  }
}
