import {
  closeSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLogAt, callRecord } from '../../../test/fixtures/audit-bench.ts';
import { checkNamed, createPatient, type Patient } from '../../../test/fixtures/doctor-patient.ts';
import { openStores } from '../../storage/open-stores.ts';
import { openDatabase } from '../../storage/database.ts';
import { systemClock } from '../../util/clock.ts';
import { silentLog } from '../../util/log.ts';
import { auditPlaceOf } from '../audit-place.ts';
import { createContext } from './create-context.ts';
import { loadedOf } from './context.ts';
import { verifyTail } from './audit-tail.ts';
import type { Finding } from './check.ts';
import { recordChecks } from './records.ts';

let patient: Patient;
let folder = '';
let auditPath = '';
let databasePath = '';
/** The same files as by default, but chosen: so no mark has to vouch for them. */
let settings: Record<string, string> = {};
beforeEach(() => {
  patient = createPatient();
  folder = join(patient.project, '.leashd');
  auditPath = join(folder, 'audit.jsonl');
  databasePath = join(folder, 'messages.db');
  settings = { LEASHD_STORAGE_PATH: databasePath };
});
afterEach(() => patient.remove());

async function found(name: string, more: Record<string, string> = {}): Promise<readonly Finding[]> {
  return patient.findings(checkNamed(recordChecks, name), { ...settings, ...more });
}

/** As leashd leaves it: a database, and `calls` decisions in the log. */
async function written(calls: number): Promise<void> {
  const stores = openStores({ path: databasePath, log: silentLog, clock: systemClock });
  const log = auditLogAt(auditPath, { heads: stores.auditHeads });
  await log.open();
  for (let call = 1; call <= calls; call += 1) await log.record(callRecord(`call-${call}`));
  await log.close();
  await stores.close();
}

const lines = (): string[] => readFileSync(auditPath, 'utf8').split('\n').slice(0, -1);

describe('audit', () => {
  it('need not be there yet', async () => {
    expect(await found('audit')).toMatchObject([
      { level: 'ok', says: expect.stringContaining('none yet') as string },
    ]);
    expect(patient.files()).toEqual([]);
  });

  it('is whole, and looking at it leaves nothing behind', async () => {
    await written(3);
    const before = patient.files();
    expect(await found('audit')).toMatchObject([{ level: 'ok', says: 'whole: 4 entries' }]);
    expect(patient.files()).toEqual(before);
  });

  it('is a problem when it was changed, or its end is missing', async () => {
    await written(3);
    const whole = lines();
    writeFileSync(auditPath, `${whole.join('\n').replace('call-2', 'call-9')}\n`);
    expect(await found('audit')).toMatchObject([
      {
        level: 'problem',
        says: expect.stringContaining(auditPath) as string,
        todo: expect.stringContaining('leashd audit verify') as string,
      },
    ]);
    writeFileSync(auditPath, `${whole.slice(0, 3).join('\n')}\n`);
    expect(await found('audit')).toMatchObject([
      { level: 'problem', says: expect.stringContaining('entry 3 stood here') as string },
    ]);
  });

  it('says when nobody remembers its end', async () => {
    await written(1);
    expect(await found('audit', { LEASHD_STORAGE_BACKEND: 'memory' })).toMatchObject([
      { level: 'ok' },
      { level: 'note', says: expect.stringContaining('cut off') as string },
    ]);
  });
});

describe('verifyTail', () => {
  const tail = async (bytes: number) => {
    const environment = settings;
    const place = { startDirectory: patient.project, homeDirectory: patient.home, clock: systemClock };
    const loaded = loadedOf(await createContext({ environment, ...place }));
    if (loaded === undefined) throw new Error('the settings are wrong');
    return verifyTail(auditPlaceOf(loaded.settings), bytes);
  };

  it('follows the chain from the first whole line behind that byte', async () => {
    await written(8);
    const last = lines().slice(-3).join('\n').length + 1;
    expect(await tail(last + 5)).toEqual({ entries: 2, faults: [], unprovenEnd: undefined });
    expect(await tail(1e6)).toEqual({ entries: 9, faults: [], unprovenEnd: undefined });
  });

  it('finds what was changed there, and an end that is missing', async () => {
    await written(8);
    const whole = lines();
    const last = whole.slice(-3).join('\n').length + 6;
    writeFileSync(auditPath, `${whole.join('\n').replace('call-8', 'call-9')}\n`);
    expect((await tail(last)).faults).not.toEqual([]);
    writeFileSync(auditPath, `${whole.slice(0, -1).join('\n')}\n`);
    expect((await tail(last)).faults).toMatchObject([{ kind: 'cut' }]);
  });
});

describe('database', () => {
  it('need not be there yet, and is not made', async () => {
    expect(await found('database')).toMatchObject([
      { level: 'ok', says: expect.stringContaining('none yet') as string },
    ]);
    expect(await found('database', { LEASHD_STORAGE_BACKEND: 'memory' })).toMatchObject([{ level: 'note' }]);
    expect(patient.files()).toEqual([]);
  });

  it('is whole, and looking at it leaves nothing behind', async () => {
    await written(1);
    const before = [readdirSync(folder), readFileSync(databasePath)];
    expect(await found('database')).toMatchObject([
      { level: 'ok', says: expect.stringContaining('whole') as string },
    ]);
    expect([readdirSync(folder), readFileSync(databasePath)]).toEqual(before);
  });

  it('is read while leashd writes it', async () => {
    const stores = openStores({ path: databasePath, log: silentLog, clock: systemClock });
    expect(await found('database')).toMatchObject([{ level: 'ok' }]);
    await stores.close();
  });

  it('is a problem when it is damaged, or none', async () => {
    await written(1);
    const file = openSync(databasePath, 'r+');
    writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, 2 * 4096);
    closeSync(file);
    expect(await found('database')).toMatchObject([{ level: 'problem', todo: expect.any(String) as string }]);
    truncateSync(databasePath, 50);
    expect(statSync(databasePath).size).toBe(50);
    expect(await found('database')).toMatchObject([
      { level: 'problem', says: expect.stringContaining('is not an SQLite database') as string },
    ]);
  });

  it('of an older leashd is a warning, of a newer one or another program a problem', async () => {
    await written(1);
    const version = (value: number) => {
      const database = openDatabase(databasePath);
      database.exec(`PRAGMA user_version = ${value}`);
      database.close();
    };
    version(1);
    expect(await found('database')).toMatchObject([
      { level: 'warning', says: expect.stringContaining('older') as string },
    ]);
    version(999);
    expect(await found('database')).toMatchObject([
      { level: 'problem', says: expect.stringContaining('newer leashd') as string },
    ]);
  });

  it('that came with the project is a problem', async () => {
    await written(1);
    settings = {};
    expect(await found('database')).toMatchObject([
      {
        level: 'problem',
        says: expect.stringContaining('was not made by leashd') as string,
        todo: expect.stringContaining('touch') as string,
      },
    ]);
  });
});
