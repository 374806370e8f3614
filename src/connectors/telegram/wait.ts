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

/**
 * Aborts when it is told to, or when one of `signals` does; from then on those know nothing of it. `AbortSignal.any`
 * would leave a trace on a signal that outlives it.
 */
export function abortWith(...signals: readonly AbortSignal[]): AbortController {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  controller.signal.addEventListener('abort', () => {
    for (const signal of signals) signal.removeEventListener('abort', abort);
  });
  for (const signal of signals) signal.addEventListener('abort', abort);
  if (signals.some(({ aborted }) => aborted)) abort();
  return controller;
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
