import type { Clock } from '../../util/clock.ts';

export type BucketSize = {
  /** So many at once after a quiet time. */
  readonly burst: number;
  /** So many a second in the long run. */
  readonly perSecond: number;
};

/** The slowest pace as a share of the size's, and how long a slower pace lasts before it doubles again. */
const LEAST_SHARE = 1 / 16;
const RECOVERY_MS = 15_000;
/** Refusals that come that close together have one cause. */
const ONE_CAUSE_MS = 1_000;

/** Paces what goes out: never more than `burst + perSecond * t` in any t seconds. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #size: BucketSize;
  #tokens: number;
  #countedAt: number;
  #share = 1;
  #slowedAt = Number.NEGATIVE_INFINITY;

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
    return missing <= 0 ? 0 : Math.ceil((missing / (this.#size.perSecond * this.#share)) * 1_000);
  }

  take(): void {
    this.#refill();
    this.#tokens -= 1;
  }

  /** It was too fast all the same: half the pace for a while, and nothing at once. */
  slowDown(): void {
    this.#refill();
    this.#tokens = Math.min(0, this.#tokens);
    if (this.#countedAt - this.#slowedAt < ONE_CAUSE_MS) return;
    this.#slowedAt = this.#countedAt;
    this.#share = Math.max(LEAST_SHARE, this.#share / 2);
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    const gained = ((now - this.#countedAt) / 1_000) * this.#size.perSecond * this.#share;
    if (this.#share < 1 && now - this.#slowedAt >= RECOVERY_MS) {
      this.#slowedAt = now;
      this.#share = Math.min(1, this.#share * 2);
    }
    this.#tokens = Math.min(this.#size.burst, this.#tokens + gained);
    this.#countedAt = now;
  }
}
