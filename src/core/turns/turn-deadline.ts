import type { Clock, Timer } from '../../util/clock.ts';

/** A time limit that stands still while the person is being waited for. */
export class TurnDeadline {
  readonly #clock: Clock;
  readonly #onExpired: () => void;
  #remainingMs: number;
  #startedAt = 0;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(options: {
    readonly clock: Clock;
    readonly timeoutMs: number;
    readonly onExpired: () => void;
  }) {
    this.#clock = options.clock;
    this.#remainingMs = options.timeoutMs;
    this.#onExpired = options.onExpired;
    this.resume();
  }

  get isExpired(): boolean {
    return this.#isOver && this.#remainingMs <= 0;
  }

  /** Harmless when it stands still already. */
  pause(): void {
    if (!this.#timer) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.#remainingMs -= this.#clock.monotonic() - this.#startedAt;
  }

  /** Harmless when it runs already. */
  resume(): void {
    if (this.#timer || this.#isOver) return;
    this.#startedAt = this.#clock.monotonic();
    this.#timer = this.#clock.after(this.#remainingMs, () => {
      this.#isOver = true;
      this.#remainingMs = 0;
      this.#onExpired();
    });
  }

  /** For good. */
  cancel(): void {
    this.#timer?.cancel();
    this.#isOver = true;
  }
}
