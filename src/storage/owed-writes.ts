import type { Inbox, Outbox } from '../core/ports/store.ts';
import { messageOf } from '../errors.ts';
import type { Clock, Timer } from '../util/clock.ts';
import type { Log } from '../util/log.ts';

const AGAIN_AFTER_MS = 2_000;

type Write = () => Promise<void>;

/**
 * What has happened and could not be written down, on a full disk above all: it is tried again until it is on disk, so
 * that no later process takes it for undone. Whoever wrote hears of the fault as ever.
 */
export class OwedWrites {
  readonly #clock: Clock;
  readonly #log: Log;
  #owed: readonly Write[] = [];
  #timer: Timer | undefined;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** @throws what `write` throws. It must be harmless to repeat, also after others. */
  async keep(write: Write): Promise<void> {
    try {
      await write();
    } catch (fault) {
      this.#owed = [...this.#owed, write];
      this.#againSoon();
      throw fault;
    }
  }

  /** Tries all of it once more, for the last time. Never rejects. */
  async settle(): Promise<void> {
    await this.#again();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #againSoon(): void {
    this.#timer ??= this.#clock.after(AGAIN_AFTER_MS, () => {
      this.#timer = undefined;
      void this.#again();
    });
  }

  async #again(): Promise<void> {
    const due = this.#owed;
    this.#owed = [];
    let left: readonly Write[] = [];
    for (const [index, write] of due.entries()) {
      const fault = await write().then(() => undefined, messageOf);
      if (fault === undefined) continue;
      this.#log.debug('storage_write_still_owed', { reason: fault });
      // Where there is no room for one, there is none for the others.
      left = due.slice(index);
      break;
    }
    this.#owed = [...left, ...this.#owed];
    if (this.#owed.length > 0) this.#againSoon();
    else if (due.length > 0) this.#log.info('storage_caught_up', { writes: due.length });
  }
}

/** That something was answered, or is there, is not forgotten over a disk that was full for a while. */
export function owingInbox(inbox: Inbox, owed: OwedWrites): Inbox {
  return {
    add: (inbound, state) => inbox.add(inbound, state),
    start: (ids) => inbox.start(ids),
    finish: (ids) => owed.keep(() => inbox.finish(ids)),
    unfinished: () => inbox.unfinished(),
  };
}

export function owingOutbox(outbox: Outbox, owed: OwedWrites): Outbox {
  return {
    endTurn: (turn) => outbox.endTurn(turn),
    trace: (id, trace) => outbox.trace(id, trace),
    delivered: (id) => owed.keep(() => outbox.delivered(id)),
    undelivered: () => outbox.undelivered(),
  };
}
