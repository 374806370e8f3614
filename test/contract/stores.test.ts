import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStores } from '../../src/storage/open-stores.ts';
import { systemClock } from '../../src/util/clock.ts';
import { silentLog } from '../../src/util/log.ts';
import { storesContract } from '../../src/testing/index.ts';
import { runChecks } from './run-checks.ts';

const open = (path: string) => openStores({ path, log: silentLog, clock: systemClock });

runChecks(
  'stores: file',
  storesContract(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leashd-stores-'));
    const path = join(folder, 'state', 'messages.db');
    const stores = open(path);
    let last = stores;
    return {
      stores,
      reopen: async () => {
        await last.close();
        last = open(path);
        return last;
      },
      dispose: async () => {
        await last.close();
        await rm(folder, { recursive: true });
      },
    };
  }),
);

runChecks(
  'stores: memory',
  storesContract(
    async () => {
      const stores = open(':memory:');
      return { stores, dispose: () => stores.close() };
    },
    { isLasting: false },
  ),
);
