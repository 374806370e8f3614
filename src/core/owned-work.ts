import { messageOf } from '../errors.ts';
import type { Log } from '../util/log.ts';

/** Work that nobody waits for, but that is not let go of: its faults are logged, and the end can be awaited. */
export class OwnedWork {
  readonly #log: Log;
  readonly #running = new Set<Promise<void>>();

  constructor(options: { readonly log: Log }) {
    this.#log = options.log;
  }

  /** Takes over a promise; `what` names it in the log should it fail. */
  own(what: string, work: Promise<unknown>): void {
    const owned = this.#watch(what, work).finally(() => this.#running.delete(owned));
    this.#running.add(owned);
  }

  /** Resolves when all that was taken over has ended, whatever came of it. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #watch(what: string, work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (fault) {
      this.#log.warn('background_work_failed', { what, reason: messageOf(fault) });
    }
  }
}
