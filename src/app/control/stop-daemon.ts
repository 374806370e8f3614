import { setTimeout as delay } from 'node:timers/promises';
import { callDaemon } from './control-client.ts';
import { readInstance } from './instance-file.ts';
import { isInstanceLocked } from './instance-lock.ts';

export type StopOptions = {
  readonly stateDir: string;
  /** One that does not end by itself is killed. */
  readonly isForced: boolean;
  /** Told what it waits for, once it is known that it has to be waited for. */
  readonly onWaiting?: ((waitsFor: readonly string[]) => void) | undefined;
};

export type Stopped =
  | { readonly kind: 'stopped'; readonly pid: number | undefined; readonly isKilled: boolean }
  | { readonly kind: 'not-running' }
  /** After 20 seconds; `waitsFor` in words, when it still says something. */
  | { readonly kind: 'still-there'; readonly pid: number | undefined; readonly waitsFor: readonly string[] };

const PATIENCE_MS = 20_000;
const ANSWER_MS = 3_000;
const PAUSE_MS = 100;
const DEATH_MS = 5_000;

/** Asks the leashd of a state folder to end, and waits until it is gone. Kills it only where that is asked for. */
export async function stopDaemon({ stateDir, isForced, onWaiting }: StopOptions): Promise<Stopped> {
  const called = await callDaemon(stateDir, 'stop', { timeoutMs: ANSWER_MS });
  if (called.kind === 'not-running') {
    if (!isInstanceLocked(stateDir)) return { kind: 'not-running' };
    // What holds the lock writes its number down right after it has it; until then the last one's stands there.
    await delay(PAUSE_MS);
  }
  const pid = called.kind === 'answered' ? called.result.pid : readInstance(stateDir)?.pid;
  // It has just begun, or is ending, or somebody took its socket away.
  if (called.kind === 'not-running') signal(pid, 'SIGTERM');
  if (called.kind === 'answered' && called.result.waitsFor.length > 0) onWaiting?.(called.result.waitsFor);
  const isHanging = called.kind === 'hanging';
  if (isHanging && !isForced) return { kind: 'still-there', pid, waitsFor: [] };
  if (!isHanging && (await isGoneWithin(stateDir, PATIENCE_MS)))
    return { kind: 'stopped', pid, isKilled: false };
  if (isForced && pid !== undefined && isInstanceLocked(stateDir)) {
    signal(pid, 'SIGKILL');
    if (await isGoneWithin(stateDir, DEATH_MS)) return { kind: 'stopped', pid, isKilled: true };
  }
  const status = await callDaemon(stateDir, 'status', { timeoutMs: ANSWER_MS });
  return { kind: 'still-there', pid, waitsFor: status.kind === 'answered' ? status.result.waitsFor : [] };
}

/** Its lock is what it gives back last, and what the system takes back from a process that was killed. */
async function isGoneWithin(stateDir: string, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (isInstanceLocked(stateDir)) {
    if (performance.now() > until) return false;
    await delay(PAUSE_MS);
  }
  return true;
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
