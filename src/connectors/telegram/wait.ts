import type { Clock } from '../../util/clock.ts';

/** Resolves after `delayMs`, or as soon as `signal` aborts. */
export function waitFor(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(delayMs, done);
    signal.addEventListener('abort', done);
  });
}

/** Whether `work` settled within `delayMs`; it goes on by itself when it did not, and its rejection is ignored. */
export function settlesWithin(clock: Clock, delayMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.after(delayMs, () => resolve(false));
    const settled = (): void => {
      timer.cancel();
      resolve(true);
    };
    work.then(settled, settled);
  });
}
