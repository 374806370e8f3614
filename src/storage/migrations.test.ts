import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionId } from '../core/ports/chat.ts';
import type { Session } from '../core/ports/store.ts';
import { systemClock } from '../util/clock.ts';
import { silentLog } from '../util/log.ts';
import { openDatabase } from './database.ts';
import { STORE_VERSION } from './migrations.ts';
import { openStores, type OpenedStores } from './open-stores.ts';

/** Written by the leashd whose store had that version: two sessions, a message, an inbound that waits, an open question. */
const VERSION_3 = fileURLToPath(new URL('../../test/fixtures/databases/version-3.db.gz', import.meta.url));
const chat = { connector: 'telegram', chat: '42' };

describe('a database of version 3', () => {
  let folder: string;
  let path: string;
  let stores: OpenedStores;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leashd-migrations-'));
    path = join(folder, 'messages.db');
    writeFileSync(path, gunzipSync(readFileSync(VERSION_3)));
    stores = openStores({ path, log: silentLog, clock: { ...systemClock, now: () => 2_000 } });
  });
  afterEach(async () => {
    await stores.close();
    rmSync(folder, { recursive: true });
  });

  it('keeps all that was in it; its sessions are in no workspace', async () => {
    const current: Session = {
      id: 's2' as SessionId,
      chat,
      directory: '/other',
      mode: 'plan',
      turns: 2,
      costUsd: 0.5,
      createdAt: 1,
      updatedAt: 20,
    };
    expect(await stores.sessions.current(chat)).toStrictEqual(current);
    expect(await stores.sessions.latestIn(chat, '/project')).toMatchObject({
      id: 's1',
      agentSession: 'agent-1',
    });
    expect(await stores.sessions.latestIn(chat, '/project', 'shop')).toBeUndefined();
    expect(await stores.messages.latest(chat, 9)).toMatchObject([{ text: 'hello' }]);
    expect(await stores.inbox.unfinished()).toMatchObject([{ state: 'waiting', inbound: { text: 'go on' } }]);
    expect(await stores.prompts.leftOpen()).toMatchObject([{ id: 'p1' }]);
    expect(await stores.outbox.undelivered()).toEqual([]);
    await stores.close();
    const database = openDatabase(path);
    expect(database.get('PRAGMA user_version')).toMatchObject({ user_version: STORE_VERSION });
    database.close();
  });

  it('takes what is new', async () => {
    const before = await stores.sessions.current(chat);
    if (!before) throw new Error('there is no session');
    const inShop: Session = { ...before, workspace: 'shop', otherDirectories: ['/project'] };
    await stores.sessions.save(inShop);
    expect(await stores.sessions.current(chat)).toStrictEqual(inShop);
    expect(await stores.sessions.latestIn(chat, '/other', 'shop')).toStrictEqual(inShop);
    expect(await stores.sessions.latestIn(chat, '/other')).toBeUndefined();
  });
});
