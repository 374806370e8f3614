/** Where time comes from, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. May jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds that only ever grow; for measuring how long something took. */
  monotonic(): number;
  /** Calls `run` once after `delayMs`. The timer does not keep the process alive. */
  after(delayMs: number, run: () => void): Timer;
}

export interface Timer {
  /** Harmless when the timer has run or was cancelled before. */
  cancel(): void;
}

// setTimeout fires at once for delays beyond 2^31-1 ms (Node.js documentation, "setTimeout").
const LONGEST_DELAY_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, delayMs), LONGEST_DELAY_MS));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
