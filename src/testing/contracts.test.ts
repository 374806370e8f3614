import { describe, expect, it } from 'vitest';
import type { Stores } from '../core/ports/store.ts';
import type { Check } from './checks.ts';
import { memoryStores, recordingConnector, storesContract, connectorContract } from './index.ts';

async function failuresOf(checks: readonly Check[]): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of checks) await run().catch(() => failed.push(name));
  return failed;
}

const stores = (change: (own: Stores) => Partial<Stores> = () => ({})): readonly Check[] =>
  storesContract(
    async () => {
      const own = memoryStores();
      return { stores: { ...own, ...change(own) }, dispose: () => own.close() };
    },
    { isLasting: false },
  );

describe('the contracts', () => {
  it('are kept by leashd’s own stores', async () => {
    expect(await failuresOf(stores())).toEqual([]);
  });

  it('catch stores that break a promise', async () => {
    const forgetful = stores((own) => ({
      prompts: {
        open: (prompt) => own.prompts.open(prompt),
        shown: (id, message) => own.prompts.shown(id, message),
        close: async (id, closing) => {
          await own.prompts.close(id, closing);
          return true;
        },
        find: (id) => own.prompts.find(id),
        leftOpen: () => own.prompts.leftOpen(),
        settled: (id) => own.prompts.settled(id),
        unsettled: () => own.prompts.unsettled(),
      },
    }));
    expect(await failuresOf(forgetful)).toEqual(['prompts are closed once, by whoever comes first']);
  });

  it('want a way to reopen stores that last', async () => {
    const checks = storesContract(async () => {
      const own = memoryStores();
      return { stores: own, dispose: () => own.close() };
    });
    expect(await failuresOf(checks)).toEqual([
      'have everything after a restart',
      'outbox outlives a restart',
    ]);
  });

  it('dispose of the harness, however a check ends', async () => {
    let open = 0;
    const checks = connectorContract(async () => {
      open += 1;
      const connector = recordingConnector();
      return {
        connector,
        chat: connector.chat,
        says: () => Promise.reject(new Error('nobody is there')),
        taps: () => Promise.reject(new Error('nobody is there')),
        screen: () => connector.sent.join('\n'),
        dispose: async () => void (open -= 1),
      };
    });
    const [first] = checks;
    await expect(first?.run()).rejects.toThrow('nobody is there');
    expect(open).toBe(0);
  });
});
