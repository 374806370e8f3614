import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, writeMessages } from '../test/fixtures/many-messages.ts';
import type { MessageQuery, MessageStore } from '../src/core/ports/store.ts';
import { openStores } from '../src/storage/open-stores.ts';
import { systemClock } from '../src/util/clock.ts';
import { silentLog } from '../src/util/log.ts';

const MESSAGES = 1_000_000;
const APPENDS = 1_000;
const PAGES = 200;
const SEARCHES = 5;

/** What a history of a million messages costs: to add to, to turn its pages, to search. */
export async function benchStorage(): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-bench-storage-')));
  try {
    console.log(`storage: Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`);
    const path = join(folder, 'messages.db');
    await report(`${MESSAGES} written at once`, 1, () => writeMessages(path, MESSAGES));
    console.log(`${'the database'.padEnd(38)} ${(statSync(path).size / 1024 / 1024).toFixed(0)} MB`);
    const stores = openStores({ path, log: silentLog, clock: systemClock });
    await measure(stores.messages);
    await stores.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(messages: MessageStore): Promise<void> {
  const { chat } = messageOf(1);
  await report('one appended, on disk', APPENDS, (each) => messages.append(messageOf(MESSAGES + each)));
  const newest = await messages.find({ chat, limit: 1 });
  // All over the chat, not only where it is warm.
  const step = Math.floor((MESSAGES - 100) / PAGES);
  const pageAt = (each: number): MessageQuery['before'] =>
    String(100 + each * step) as NonNullable<typeof newest.older>;
  await report('a page of 20, of a chat', PAGES, (each) =>
    messages.find({ chat, limit: 20, before: pageAt(each) }),
  );
  await report('a page of 20, of all chats', PAGES, (each) =>
    messages.find({ limit: 20, before: pageAt(each) }),
  );
  const at = (each: number): number => messageOf(each * step).at;
  await report('a page of 20, of an hour', PAGES, (each) =>
    messages.find({ limit: 20, since: at(each), until: at(each) + 3_600_000 }),
  );
  await report('a search that finds ten at once', PAGES, () =>
    messages.find({ chat, limit: 10, words: ['HEALTH'] }),
  );
  await report('a search that finds nothing, in a chat', SEARCHES, () =>
    messages.find({ chat, limit: 10, words: ['zebra'] }),
  );
  await report('a search that finds nothing, in all', SEARCHES, () =>
    messages.find({ limit: 10, words: ['zebra'] }),
  );
}

async function report(what: string, times: number, run: (each: number) => Promise<unknown>): Promise<void> {
  const took: number[] = [];
  for (let each = 0; each < times; each += 1) {
    const started = performance.now();
    await run(each);
    took.push(performance.now() - started);
  }
  const sorted = took.toSorted((one, other) => one - other);
  const at = (share: number): string => (sorted[Math.floor((times - 1) * share)] ?? NaN).toFixed(2);
  const spread = times === 1 ? `${at(1)} ms` : `p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   most ${at(1)} ms`;
  console.log(`${what.padEnd(38)} ${spread}`);
}
