import type { Clock } from '../../util/clock.ts';

export type BucketSize = {
  /** So many at once after a quiet time. */
  readonly burst: number;
  /** So many a second in the long run. */
  readonly perSecond: number;
};

/** Paces what goes out: never more than `burst + perSecond * t` in any t seconds. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #size: BucketSize;
  #tokens: number;
  #countedAt: number;

  constructor(clock: Clock, size: BucketSize) {
    this.#clock = clock;
    this.#size = size;
    this.#tokens = size.burst;
    this.#countedAt = clock.monotonic();
  }

  get isFull(): boolean {
    this.#refill();
    return this.#tokens >= this.#size.burst;
  }

  /** Milliseconds until one may be taken that leaves `reserve` others behind; 0 for now. */
  waitMs(reserve = 0): number {
    this.#refill();
    const missing = Math.min(this.#size.burst, 1 + reserve) - this.#tokens;
    return missing <= 0 ? 0 : Math.ceil((missing / this.#size.perSecond) * 1_000);
  }

  take(): void {
    this.#refill();
    this.#tokens -= 1;
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    const gained = ((now - this.#countedAt) / 1_000) * this.#size.perSecond;
    this.#tokens = Math.min(this.#size.burst, this.#tokens + gained);
    this.#countedAt = now;
  }
}
