/** Growing pauses between attempts, with jitter so that many do not come back at the same moment. */
export class Backoff {
  readonly #firstMs: number;
  readonly #mostMs: number;
  readonly #random: () => number;
  #failures = 0;

  /** @param random a number from 0 up to 1 */
  constructor(options: { readonly firstMs: number; readonly mostMs: number; readonly random: () => number }) {
    this.#firstMs = options.firstMs;
    this.#mostMs = options.mostMs;
    this.#random = options.random;
  }

  /** Milliseconds until the next attempt: doubled each time, then between half and all of it. */
  next(): number {
    const full = Math.min(this.#mostMs, this.#firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return full * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
