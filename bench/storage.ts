import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, writeMessages } from '../test/fixtures/many-messages.ts';
import type { MessageQuery, MessageStore } from '../src/core/ports/store.ts';
import { openStores } from '../src/storage/open-stores.ts';
import { systemClock } from '../src/util/clock.ts';
import { silentLog } from '../src/util/log.ts';
import type { Bench, BenchSize, Figure } from './bench.ts';
import { median, single, tail, timesOf } from './figures.ts';

const MESSAGES = { full: 1_000_000, small: 20_000 };
const APPENDS = { full: 1_000, small: 20 };
const PAGES = { full: 500, small: 20 };
const SEARCHES = 5;
const PAGE_TARGET = { most: 5 };

export const benchStorage: Bench = {
  name: 'storage',
  summary: 'a history of a million messages: to add to, to turn its pages, to search',
  run: async (size) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-bench-storage-')));
    try {
      const path = join(folder, 'messages.db');
      const written = await timesOf(1, () => writeMessages(path, MESSAGES[size]));
      const details = [`${MESSAGES[size]} written at once in ${((written[0] ?? NaN) / 1000).toFixed(1)} s`];
      const megabytes = single('the database', 'MB', statSync(path).size / 1024 / 1024);
      const stores = openStores({ path, log: silentLog, clock: systemClock });
      const figures = await measure(stores.messages, size);
      await stores.close();
      return { figures: [megabytes, ...figures], details };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function measure(messages: MessageStore, size: BenchSize): Promise<readonly Figure[]> {
  const { chat } = messageOf(1);
  const pages = PAGES[size];
  const appended = await timesOf(APPENDS[size], (each) => messages.append(messageOf(MESSAGES[size] + each)));
  const newest = await messages.find({ chat, limit: 1 });
  // All over the chat, not only where it is warm.
  const step = Math.floor((MESSAGES[size] - 100) / pages);
  const pageAt = (each: number): MessageQuery['before'] =>
    String(100 + each * step) as NonNullable<typeof newest.older>;
  const at = (each: number): number => messageOf(each * step).at;
  const ofChat = await timesOf(pages, (each) => messages.find({ chat, limit: 20, before: pageAt(each) }));
  const ofAll = await timesOf(pages, (each) => messages.find({ limit: 20, before: pageAt(each) }));
  const ofHour = await timesOf(pages, (each) =>
    messages.find({ limit: 20, since: at(each), until: at(each) + 3_600_000 }),
  );
  const found = await timesOf(pages, () => messages.find({ chat, limit: 10, words: ['HEALTH'] }));
  const inChat = await timesOf(SEARCHES, () => messages.find({ chat, limit: 10, words: ['zebra'] }));
  const inAll = await timesOf(SEARCHES, () => messages.find({ limit: 10, words: ['zebra'] }));
  return [
    median('one message appended, on disk', 'ms', appended),
    median('a page of 20, of a chat', 'ms', ofChat, PAGE_TARGET),
    tail('a page of 20, of a chat, p99', 'ms', ofChat, { target: PAGE_TARGET }),
    median('a page of 20, of all chats', 'ms', ofAll, PAGE_TARGET),
    median('a page of 20, of an hour', 'ms', ofHour, PAGE_TARGET),
    median('a search that finds ten at once', 'ms', found),
    median('a search that finds nothing, in a chat', 'ms', inChat),
    median('a search that finds nothing, in all chats', 'ms', inAll),
  ];
}
