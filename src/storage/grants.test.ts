import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Grant, GrantId } from '../core/ports/grants.ts';
import { openMigrated } from './migrations.ts';
import type { Database } from './database.ts';
import { SqliteGrants } from './grants.ts';
import { silentLog } from '../util/log.ts';

let database: Database;
let grants: SqliteGrants;
beforeEach(() => {
  database = openMigrated(':memory:', silentLog);
  grants = new SqliteGrants(database);
});
afterEach(() => database.close());

const grant = (id: string): Grant => ({
  id: id as GrantId,
  words: 'git push to origin',
  rules: [{ name: 'x', action: 'allow', risk_level: 'low', commands: ['git push origin **'] }],
  chat: 'terminal:local',
  directory: '/project',
  madeAt: 1,
  until: 2,
  madeBy: 'terminal:ada',
  madeFor: 'call-1',
});

it('gives grants back as they were saved, until they are removed', async () => {
  await grants.save(grant('a'));
  await grants.save(grant('b'));
  expect(await grants.load()).toEqual([
    { id: 'a', value: grant('a') },
    { id: 'b', value: grant('b') },
  ]);
  await grants.remove('a');
  await grants.remove('a');
  expect((await grants.load()).map(({ id }) => id)).toEqual(['b']);
});

it('gives what can’t be read as nothing, and the others all the same', async () => {
  await grants.save(grant('a'));
  database.run('INSERT INTO grants (id, chat, until, value) VALUES (?, ?, ?, ?)', 'b', 'c', 1, '{"half');
  expect(await grants.load()).toEqual([
    { id: 'a', value: grant('a') },
    { id: 'b', value: undefined },
  ]);
});
