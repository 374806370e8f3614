import type { Clock, Timer } from '../../util/clock.ts';
import type { CoreContext } from '../context.ts';
import type { ChatQueue } from './chat-queue.ts';
import { chatKey, type Attached, type ChatRef } from '../ports/chat.ts';

/** How long an album waits for its next part where nobody can say that there is none. */
const GRACE_MS = 700;
/** A timer that comes so late tells that nothing was read in the meantime. */
const LATE_MS = 200;
/** However many parts come: nobody holds up a chat by sending on. */
const LONGEST_MS = 5_000;

/** Another object for each part: a wait that was overtaken finds that it is not the one any more. */
type Gathering = { readonly until: number; timer?: Timer };

export interface AlbumsOptions {
  readonly clock: Clock;
  readonly connectorOf: CoreContext['connectorOf'];
  /** All of it is there, and goes to the agent as soon as no turn runs. */
  readonly onGathered: (chat: ChatRef, queue: ChatQueue) => void;
}

/**
 * Keeps a chat's queue held until an album is complete, so that its parts go to the agent in one turn. Its parts come
 * one after the other, in updates of their own, and none of them says how many there are.
 */
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
    const { clock, connectorOf } = this.#options;
    const key = `${chatKey(chat)} ${album}`;
    const known = this.#gathering.get(key);
    if (known === undefined) queue.hold();
    known?.timer?.cancel();
    const gathering: Gathering = { until: known?.until ?? clock.monotonic() + LONGEST_MS };
    this.#gathering.set(key, gathering);
    const finish = (): void => {
      if (this.#gathering.get(key) !== gathering) return;
      gathering.timer?.cancel();
      this.#gathering.delete(key);
      queue.release();
      this.#options.onGathered(chat, queue);
    };
    const caughtUp = connectorOf(chat).caughtUp?.();
    this.#wait(gathering, caughtUp === undefined ? GRACE_MS : LONGEST_MS, finish);
    void caughtUp?.then(finish);
    return true;
  }

  #wait(gathering: Gathering, graceMs: number, finish: () => void): void {
    const { clock } = this.#options;
    const begun = clock.monotonic();
    const delayMs = Math.max(0, Math.min(graceMs, gathering.until - begun));
    gathering.timer = clock.after(delayMs, () => {
      const now = clock.monotonic();
      // After a standstill of the process, parts that came meanwhile are read only now.
      const isLate = now > begun + delayMs + LATE_MS && now < gathering.until;
      if (isLate) this.#wait(gathering, graceMs, finish);
      else finish();
    });
  }
}
