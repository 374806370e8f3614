import type { Clock } from '../../util/clock.ts';
import type { ApprovalAnswer, ApprovalRequest, Approver } from '../approval.ts';

/** The approver tells the person of a time-out by itself; this much later the gate stops waiting for it. */
const GRACE_MS = 2_000;

/**
 * Asks, and comes back when there is an answer, when the time is up, or when the call is no longer wanted,
 * whatever the approver does. The approver's signal aborts in each case.
 * @throws what the approver rejects with: it could not ask.
 */
export async function askInTime(
  approver: Approver,
  request: ApprovalRequest,
  signal: AbortSignal,
  clock: Clock,
): Promise<ApprovalAnswer> {
  const stop = new AbortController();
  const cleanUp: (() => void)[] = [];
  const elsewise = new Promise<ApprovalAnswer>((resolve) => {
    const timer = clock.after(request.timeoutMs + GRACE_MS, () => resolve({ kind: 'timed-out' }));
    const unwanted = (): void => resolve({ kind: 'not-answered', reason: 'the call is no longer wanted' });
    signal.addEventListener('abort', unwanted, { once: true });
    cleanUp.push(
      () => timer.cancel(),
      () => signal.removeEventListener('abort', unwanted),
    );
    if (signal.aborted) unwanted();
  });
  try {
    return await Promise.race([approver.ask(request, stop.signal), elsewise]);
  } finally {
    stop.abort();
    for (const run of cleanUp) run();
  }
}
