import type { Stores } from '../core/ports/store.ts';
import { openStores } from '../storage/open-stores.ts';
import { systemClock } from '../util/clock.ts';
import { silentLog } from '../util/log.ts';

/** leashd's own stores in memory: the other parts, when you bring one of your own. */
export function memoryStores(): Stores {
  return openStores({ path: ':memory:', log: silentLog, clock: systemClock });
}
