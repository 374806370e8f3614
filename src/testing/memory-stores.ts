import type { Stores } from '../core/ports/store.ts';
import { composeStores } from '../storage/compose-stores.ts';
import { openStores } from '../storage/open-stores.ts';
import { systemClock } from '../util/clock.ts';
import { silentLog } from '../util/log.ts';

/** leashd's own stores in memory, with `parts` of yours in the place of theirs, as `createApp` puts them together. */
export function memoryStores(parts: Partial<Stores> = {}): Stores {
  const own = openStores({ path: ':memory:', log: silentLog, clock: systemClock });
  return composeStores(own, parts, () => {});
}
