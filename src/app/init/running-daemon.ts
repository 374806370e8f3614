import { callDaemon } from '../control/control-client.ts';
import type { DaemonStatus } from '../control/protocol.ts';

const STATUS_WITHIN_MS = 2_000;
const RELOAD_WITHIN_MS = 15_000;

/** The leashd that has the state folder; undefined where none runs, or none that answers. */
export async function runningDaemon(stateDir: string): Promise<DaemonStatus | undefined> {
  const called = await callDaemon(stateDir, 'status', { timeoutMs: STATUS_WITHIN_MS });
  return called.kind === 'answered' ? called.result : undefined;
}

export type ReloadNews =
  | {
      readonly kind: 'reloaded';
      readonly applied: readonly string[];
      readonly needsRestart: readonly string[];
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** Tells it to take the new settings. Never rejects. */
export async function reloadDaemon(stateDir: string): Promise<ReloadNews> {
  const called = await callDaemon(stateDir, 'reload', { timeoutMs: RELOAD_WITHIN_MS });
  if (called.kind === 'answered') return { kind: 'reloaded', ...called.result };
  return {
    kind: 'failed',
    reason: called.kind === 'refused' ? called.error.message : 'it does not answer',
  };
}
