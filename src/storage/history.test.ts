import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FIRST_AT, messageOf, writeMessages } from '../../test/fixtures/many-messages.ts';
import type { SessionId } from '../core/ports/chat.ts';
import type { MessageFilter, StoredMessage } from '../core/ports/store.ts';
import { systemClock } from '../util/clock.ts';
import { silentLog } from '../util/log.ts';
import { openDatabase } from './database.ts';
import type { Database, Row, SqlValue } from './database.ts';
import { SqliteMessages } from './messages.ts';
import { openToRead } from './migrations.ts';
import { openHistory, type History } from './open-history.ts';
import { openStores } from './open-stores.ts';

let folder = '';
let path = '';
const setUp = (): void => {
  folder = mkdtempSync(join(tmpdir(), 'leashd-history-'));
  path = join(folder, 'messages.db');
};
const tearDown = (): void => rmSync(folder, { recursive: true });

const open = () => openStores({ path, log: silentLog, clock: systemClock });
const opened = (): History => {
  const history = openHistory(path);
  if (history === undefined) throw new Error('there is no history');
  return history;
};

describe('a history of 100,000 messages', () => {
  const COUNT = 100_000;
  const chat = { connector: 'telegram', chat: '1' };
  let plans: { readonly sql: string; readonly plan: string }[] = [];
  let database: Database;
  let messages: SqliteMessages;
  beforeAll(async () => {
    setUp();
    await writeMessages(path, COUNT);
    database = openDatabase(path, { isReadOnly: true });
    const explaining: Pick<Database, 'all' | 'get'> = {
      all: (sql, ...values) => explained(sql, values, () => database.all(sql, ...values)),
      get: (sql, ...values) => explained(sql, values, () => database.get(sql, ...values)),
    };
    messages = new SqliteMessages(Object.assign(Object.create(database), explaining) as Database);
  }, 30_000);
  beforeEach(() => {
    plans = [];
  });
  afterAll(() => {
    database.close();
    tearDown();
  });

  function explained<Result>(sql: string, values: readonly SqlValue[], run: () => Result): Result {
    const steps: readonly Row[] = database.all(`EXPLAIN QUERY PLAN ${sql}`, ...values);
    plans.push({ sql, plan: steps.map(({ detail }) => String(detail)).join('; ') });
    return run();
  }

  const numbers = async (filter: MessageFilter, limit = 3): Promise<(string | undefined)[]> =>
    (await messages.find({ ...filter, limit })).messages.map(({ text }) => /^message (\d+)/.exec(text)?.[1]);

  it.each<readonly [string, MessageFilter, RegExp]>([
    ['a chat', { chat }, /messages_by_chat \(chat=\? AND seq>\? AND seq<\?\)/],
    ['a session', { session: 's7' as SessionId }, /messages_by_session \(session=\? AND seq>\? AND seq<\?\)/],
    ['all chats', {}, /INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/],
    [
      'a chat at a time',
      { chat, since: FIRST_AT, until: FIRST_AT + 9_000 },
      /COVERING INDEX messages_by_time/,
    ],
    ['a chat with a word', { chat, words: ['health'] }, /messages_by_chat/],
  ])('of %s is read through an index, and sorts nothing', async (_, filter, index) => {
    expect(await numbers(filter)).toHaveLength(3);
    const all = plans.map(({ plan }) => plan).join('; ');
    expect(all).toMatch(index);
    expect(all).not.toMatch(/TEMP B-TREE/);
    const isScanned = plans.filter(
      ({ plan, sql }) => /SCAN messages\b/.test(plan) && !/min\(seq\)/.test(sql),
    );
    expect(isScanned).toEqual([]);
  });

  it('finds the newest and the oldest word, across all the parts that it searches', async () => {
    expect(await numbers({ words: ['message 99998'] })).toEqual(['99998']);
    expect(await numbers({ words: ['message 0 '] })).toEqual(['0']);
    expect(await numbers({ words: ['message 19999 ', 'HEALTH'] })).toEqual(['19999']);
    expect(await numbers({ words: ['message 2000'] }, 100)).toHaveLength(11);
    expect(await numbers({ words: ['zebra'] })).toEqual([]);
  });

  it('lets other things happen while it searches', async () => {
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 0);
    await numbers({ words: ['zebra'] });
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(1);
  });

  it('is read whole, in its order, a page at a time', async () => {
    let next = 0;
    let sample: StoredMessage | undefined;
    for await (const message of messages.each({ role: 'agent' })) {
      if (next === 20_000) sample = message;
      next += 1;
    }
    expect([next, sample]).toStrictEqual([COUNT / 2, messageOf(40_001)]);
    const rows = plans.filter(({ sql }) => sql.includes('LIMIT'));
    expect(rows.length).toBeGreaterThanOrEqual(100);
  });

  it('knows its chats without a look at every message', async () => {
    expect(await messages.chats()).toStrictEqual(
      ['0', '1', '2'].map((each) => ({ connector: 'telegram', chat: each })),
    );
    expect(plans.map(({ plan }) => plan).join()).not.toMatch(/SCAN messages/);
  });
});

describe('a database that is only read', () => {
  beforeEach(setUp);
  afterEach(tearDown);
  const chat = { connector: 'test', chat: '1' };
  const message = { session: 's' as SessionId, chat, role: 'person', text: 'hi', at: 1 } as const;
  const textsOf = async (history: History): Promise<string[]> =>
    (await history.find({ limit: 1_000_000 })).messages.map(({ text }) => text);

  it('is neither made nor changed', async () => {
    expect(openHistory(path)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(path, '');
    expect(openHistory(path)).toBeUndefined();
    expect(readFileSync(path)).toHaveLength(0);

    const stores = open();
    await stores.messages.append(message);
    await stores.close();
    const before = readFileSync(path);
    const history = opened();
    expect(await textsOf(history)).toEqual(['hi']);
    history.close();
    expect(readFileSync(path)).toStrictEqual(before);
    const database = openToRead(path);
    expect(() => database?.exec('DELETE FROM messages')).toThrow(/readonly/);
    database?.close();
  });

  it('of an older leashd is read as it is', async () => {
    const stores = open();
    await stores.messages.append(message);
    await stores.close();
    const old = openDatabase(path);
    old.exec('DROP INDEX messages_by_time; DROP TABLE prompts; PRAGMA user_version = 1');
    old.close();
    const history = opened();
    expect((await history.find({ limit: 5, since: 0, until: 2 })).messages).toStrictEqual([message]);
    history.close();
  });

  it('of a newer leashd or another program is refused, and stays as it is', async () => {
    await open().close();
    const newer = openDatabase(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    const before = readFileSync(path);
    expect(() => openHistory(path)).toThrow(expect.objectContaining({ code: 'STORE_TOO_NEW' }));
    expect(readFileSync(path)).toStrictEqual(before);
    rmSync(path);
    const foreign = openDatabase(path);
    foreign.exec('CREATE TABLE theirs (a)');
    foreign.close();
    expect(() => openHistory(path)).toThrow(expect.objectContaining({ code: 'STORE_FOREIGN' }));
    writeFileSync(path, 'these are my notes');
    expect(() => openHistory(path)).toThrow(expect.objectContaining({ code: 'STORE_NOT_A_DATABASE' }));
  });

  it('has what another process writes meanwhile, and what it had written when it was killed', async () => {
    const script = fileURLToPath(new URL('../../test/fixtures/message-writer-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--experimental-strip-types', script, path], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = once(child, 'exit');
    let acknowledged = 0;
    let history: History | undefined;
    const seen: number[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged % 50 !== 0) continue;
      history ??= opened();
      const [last] = (await history.find({ limit: 1 })).messages;
      seen.push(Number.parseInt(last?.text ?? '0', 10) - acknowledged);
      if (acknowledged === 300) child.kill('SIGKILL');
    }
    expect(await exited).toStrictEqual([null, 'SIGKILL']);
    history?.close();
    expect(seen.length).toBeGreaterThanOrEqual(6);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(0);

    const after = opened();
    const texts = await textsOf(after);
    after.close();
    expect(texts.length).toBeGreaterThanOrEqual(acknowledged);
    expect(texts.map((text) => Number.parseInt(text, 10))).toStrictEqual(
      Array.from({ length: texts.length }, (_, index) => index + 1),
    );
  });
});
