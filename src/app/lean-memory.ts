import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EventBus } from '../core/events/event-bus.ts';
import type { Clock, Timer } from '../util/clock.ts';

/** How long nothing has happened before memory is given back, which takes about a tenth of a second. */
const QUIET_MS = 30_000;
/** Until what a start begins has ended. */
const START_MS = 2_000;

/** V8 keeps what it needs to compile what it has seen often; all but the last compiler are done without. */
const WHILE_LOADING = ['--no-maglev', '--no-opt', '--semi-space-growth-factor=1'];
const WHILE_WORKING = ['--opt'];

/**
 * Lets V8 take little memory for what is loaded from now on: much code, each line of which runs once. For a process
 * that will mostly wait. Set here, not on Node's command line, so that it holds however leashd is started.
 */
export function loadLeanly(): void {
  WHILE_LOADING.forEach(setFlagsFromString);
}

/**
 * Gives memory back to the machine now that all is loaded, and whenever nothing has happened for half a minute.
 * Returns what ends that.
 */
export function keepLean({
  events,
  clock,
  collect = collectGarbage,
}: {
  readonly events: Pick<EventBus, 'onAny'>;
  readonly clock: Clock;
  readonly collect?: () => void;
}): () => void {
  WHILE_WORKING.forEach(setFlagsFromString);
  let last = clock.monotonic();
  let timer: Timer | undefined;
  const look = (): void => {
    const restMs = last + QUIET_MS - clock.monotonic();
    timer = restMs > 0 ? clock.after(restMs, look) : undefined;
    if (timer === undefined) collect();
  };
  const unlisten = events.onAny(() => {
    last = clock.monotonic();
    timer ??= clock.after(QUIET_MS, look);
  });
  timer = clock.after(START_MS, () => {
    timer = undefined;
    collect();
  });
  return () => {
    unlisten();
    timer?.cancel();
  };
}

/** `last-resort` also gives up compiled code that was not used of late, and packs what is left (V8, "gc-extension"). */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: Readonly<Record<string, string>>) => void;
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
