import type { Clock } from '../../util/clock.ts';

/** What `work` resolves with, or undefined once `timeoutMs` have passed or it has failed. Never rejects. */
export async function deadline<Value>(
  clock: Clock,
  timeoutMs: number,
  work: Promise<Value>,
): Promise<Value | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = clock.after(timeoutMs, () => resolve(undefined));
  try {
    return await Promise.race([work, promise]);
  } catch {
    return undefined;
  } finally {
    timer.cancel();
  }
}
