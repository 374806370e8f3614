import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { personId, type Inbound, type InboundId, type SessionId } from '../core/ports/chat.ts';
import type { Session, Stores } from '../core/ports/store.ts';
import { systemClock, type Clock } from '../util/clock.ts';
import { silentLog } from '../util/log.ts';
import { openDatabase } from './database.ts';
import { STORE_VERSION } from './migrations.ts';
import { openStores } from './open-stores.ts';

const chat = { connector: 'telegram', chat: '42' };
const inbound: Inbound = {
  id: 'telegram:1:1' as InboundId,
  chat,
  isPrivate: true,
  person: { id: personId('telegram', 5), name: 'Ada' },
  receivedAt: 1_000,
  kind: 'text',
  text: 'my secret plan',
};
const session: Session = {
  id: 's1' as SessionId,
  chat,
  directory: '/project',
  mode: 'default',
  turns: 0,
  costUsd: 0,
  createdAt: 1,
  updatedAt: 1,
};

let folder: string;
let path: string;
let opened: Stores[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leashd-storage-'));
  path = join(folder, 'messages.db');
  opened = [];
});

afterEach(async () => {
  for (const stores of opened) await stores.close();
  await rm(folder, { recursive: true });
});

function open(at = path, clock: Clock = systemClock): Stores {
  const stores = openStores({ path: at, log: silentLog, clock });
  opened.push(stores);
  return stores;
}

/** Makes a database, changes it by SQL, and leaves it closed. */
async function changed(...statements: readonly string[]): Promise<void> {
  const stores = open();
  await stores.sessions.save(session);
  await stores.messages.append({ session: session.id, chat, role: 'person', text: 'hi', at: 1 });
  await stores.inbox.add(inbound);
  await stores.close();
  const database = openDatabase(path);
  for (const sql of statements) database.exec(sql);
  database.close();
}

describe('a database file', () => {
  it('is nobody else’s, nor is the folder that was made for it', async () => {
    const at = join(folder, 'new', 'state', 'messages.db');
    const stores = open(at);
    await stores.inbox.add(inbound);
    const modes = new Map<string, number>();
    for (const name of ['.', ...(await readdir(join(folder, 'new', 'state')))]) {
      modes.set(name, (await stat(join(folder, 'new', 'state', name))).mode & 0o777);
    }
    expect(Object.fromEntries(modes)).toStrictEqual({
      '.': 0o700,
      'messages.db': 0o600,
      'messages.db-shm': 0o600,
      'messages.db-wal': 0o600,
    });
  });

  it('that was open to others is closed to them; a folder that was there keeps its mode', async () => {
    await open().close();
    await chmod(path, 0o644);
    await chmod(folder, 0o755);
    await open().close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  });

  it('of a newer leashd is refused with both versions, and not a byte of it changes', async () => {
    await changed('PRAGMA user_version = 99');
    const before = await readFile(path);
    expect(() => open()).toThrow(
      expect.objectContaining({
        fault: 'person',
        code: 'STORE_TOO_NEW',
        message: expect.stringMatching(new RegExp(`version 99.* version ${STORE_VERSION}`)) as unknown,
      }),
    );
    expect(await readFile(path)).toStrictEqual(before);
    expect(await readdir(folder)).toStrictEqual(['messages.db']);
  });

  it('of another program is refused, and not a byte of it changes', async () => {
    const other = openDatabase(path);
    other.exec('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)');
    other.close();
    const before = await readFile(path);
    expect(() => open()).toThrow(expect.objectContaining({ fault: 'person', code: 'STORE_FOREIGN' }));
    expect(await readFile(path)).toStrictEqual(before);
  });

  it.each([
    ['text', Buffer.from('these are my notes\n'.repeat(50))],
    ['a cut-off header', Buffer.from('SQLite format 3\0 and no more')],
  ])('that is no database (%s) is refused, and not a byte of it changes', async (_, content) => {
    await writeFile(path, content);
    expect(() => open()).toThrow(expect.objectContaining({ fault: 'machine', code: 'STORE_NOT_A_DATABASE' }));
    expect(await readFile(path)).toStrictEqual(content);
    expect(await readdir(folder)).toStrictEqual(['messages.db']);
  });

  it('that is damaged behind a good header is refused in words', async () => {
    await changed();
    const bytes = await readFile(path);
    bytes.fill(0xaa, 100, 4096);
    await writeFile(path, bytes);
    expect(() => open()).toThrow(expect.objectContaining({ fault: 'machine', code: 'STORE_CORRUPT' }));
    expect(await readFile(path)).toStrictEqual(bytes);
  });

  it('that is empty is a new one', async () => {
    await writeFile(path, '');
    expect(await open().inbox.add(inbound)).toBe('new');
  });

  it('that can’t be made or read says where and what to do', async () => {
    await writeFile(join(folder, 'file'), '');
    const hint = expect.stringContaining('LEASHD_STORAGE_PATH') as unknown;
    expect(() => open(join(folder, 'file', 'messages.db'))).toThrow(
      expect.objectContaining({ fault: 'machine', hint }),
    );
    expect(() => open(folder)).toThrow(
      expect.objectContaining({ fault: 'machine', code: 'STORE_UNREADABLE', hint }),
    );
  });

  it('may be open twice at once, and each sees what the other has stored', async () => {
    const [one, other] = [open(), open()];
    await one.sessions.save(session);
    expect(await other.sessions.current(chat)).toStrictEqual(session);
    expect(await other.inbox.add(inbound)).toBe('new');
    expect(await one.inbox.add(inbound)).toBe('duplicate');
  });

  it('that stays locked is a fault of the machine, and nothing has changed', async () => {
    const stores = open();
    const other = openDatabase(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(stores.sessions.save(session)).rejects.toMatchObject({
      code: 'STORE_BUSY',
      fault: 'machine',
    });
    other.exec('ROLLBACK');
    other.close();
    expect(await stores.sessions.current(chat)).toBeUndefined();
    await stores.sessions.save(session);
    expect(await stores.sessions.current(chat)).toStrictEqual(session);
  });
});

describe('a broken row', () => {
  it.each([
    ['sessions', `UPDATE sessions SET chat = 'x'`, '"s1"', (stores: Stores) => stores.sessions.current(chat)],
    ['sessions', 'UPDATE sessions SET turns = -1', '"s1"', (stores: Stores) => stores.sessions.current(chat)],
    [
      'messages',
      `UPDATE messages SET role = 'x', id = 'm1'`,
      '"m1"',
      (stores: Stores) => stores.messages.latest(chat, 1),
    ],
    [
      'inbox',
      `UPDATE inbox SET inbound = '{'`,
      `"${inbound.id}"`,
      (stores: Stores) => stores.inbox.unfinished(),
    ],
    [
      'inbox',
      `UPDATE inbox SET inbound = '{"kind":"text"}'`,
      `"${inbound.id}"`,
      (stores: Stores) => stores.inbox.unfinished(),
    ],
  ])('in %s is named (%s)', async (table, sql, id, read) => {
    await changed(sql);
    const message = expect.stringMatching(new RegExp(`table ${table}, id ${id}`)) as unknown;
    await expect(read(open())).rejects.toMatchObject({ code: 'STORE_ROW_BROKEN', fault: 'machine', message });
  });
});

describe('the inbox', () => {
  const DAY_MS = 86_400_000;
  const at = (now: number): Clock => ({ ...systemClock, now: () => now });

  it('forgets what was written once it is answered', async () => {
    const stores = open();
    await stores.inbox.add(inbound);
    await stores.inbox.finish([inbound.id]);
    await stores.close();
    const database = openDatabase(path);
    expect(database.all('SELECT id, inbound FROM inbox')).toMatchObject([{ id: inbound.id, inbound: null }]);
    database.close();
  });

  it('knows an id for eight days after it came, and an unanswered one for ever', async () => {
    const waiting = { ...inbound, id: 'telegram:1:2' as InboundId };
    const first = open(path, at(0));
    await first.inbox.add(inbound);
    await first.inbox.add(waiting);
    await first.inbox.finish([inbound.id]);
    await first.close();

    const early = open(path, at(8 * DAY_MS));
    expect(await early.inbox.add(inbound)).toBe('duplicate');
    await early.close();

    const late = open(path, at(8 * DAY_MS + 1));
    expect(await late.inbox.add(inbound)).toBe('new');
    expect(await late.inbox.add(waiting)).toBe('duplicate');
  });
});

describe('a process that is killed while it writes', () => {
  it('leaves a database that opens and has every acknowledged message', async () => {
    const script = fileURLToPath(new URL('../../test/fixtures/message-writer-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--experimental-strip-types', script, path], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    const exited = once(child, 'exit');
    let acknowledged = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged === 300) child.kill('SIGKILL');
    }
    expect(await exited).toStrictEqual([null, 'SIGKILL']);
    // Node 22 says that types are stripped; that node:sqlite is experimental, nobody may say.
    expect(complaints).not.toContain('SQLite');

    const messages = await open().messages.latest({ connector: 'test', chat: '1' }, 1_000_000);
    const numbers = messages.map(({ text }) => Number.parseInt(text, 10));
    expect(acknowledged).toBeGreaterThanOrEqual(300);
    expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
    expect(numbers).toStrictEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
  });
});
