import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNamed, createPatient, type Patient } from '../../../test/fixtures/doctor-patient.ts';
import type { Finding } from './check.ts';
import type { Disk, DoctorContext } from './context.ts';
import { KnownFiles } from '../known-files.ts';
import { fileChecks } from './files.ts';
import { networkFileSystem } from './network-file-system.ts';

const EXT4 = 0xef53;
const NFS = 0x6969;
const TOKEN = '123456:abcdefghijklmnopqrstuvwxyz012345678';

let patient: Patient;
beforeEach(() => (patient = createPatient()));
afterEach(() => patient.remove());

async function found(
  name: string,
  settings: Record<string, string> = {},
  over: Partial<DoctorContext> = {},
): Promise<readonly Finding[]> {
  return patient.findings(checkNamed(fileChecks, name), settings, over);
}

const diskWith = (change: Partial<Disk>) => ({
  disk: async (): Promise<Disk> => ({ freeBytes: 5e9, type: EXT4, device: 1, ...change }),
});

describe('state-folder', () => {
  it('need not be there yet, and is not made', async () => {
    expect(await found('state-folder')).toMatchObject([
      { level: 'note', says: expect.stringContaining(patient.home) as string },
    ]);
    expect(patient.files()).toEqual([]);
  });

  it('has to be a folder', async () => {
    patient.write('home/.leashd', '');
    expect(await found('state-folder')).toMatchObject([
      { level: 'problem', todo: expect.any(String) as string },
    ]);
  });

  it('had better not lie on the disk of another machine', async () => {
    mkdirSync(join(patient.home, '.leashd'));
    expect(await found('state-folder')).toMatchObject([{ level: 'ok', says: join(patient.home, '.leashd') }]);
    const remote = { ...diskWith({ type: NFS }), platform: 'linux' as const };
    const told = await found('state-folder', {}, remote);
    expect(told).toMatchObject([
      { level: 'warning', says: expect.stringMatching(/home\/\.leashd lies on NFS/) as string },
      { level: 'warning', says: expect.stringMatching(/project lies on NFS/) as string },
    ]);
  });
});

describe('networkFileSystem', () => {
  it('knows Linux’s numbers, signed or not, and no others', () => {
    expect(networkFileSystem(NFS, 'linux')).toBe('NFS');
    expect(networkFileSystem(0xff534d42 | 0, 'linux')).toBe('CIFS');
    expect(networkFileSystem(EXT4, 'linux')).toBeUndefined();
    expect(networkFileSystem(NFS, 'darwin')).toBeUndefined();
  });
});

describe('disk', () => {
  it('says what is free on each disk once', async () => {
    expect(await found('disk')).toHaveLength(1);
    const [finding] = await found('disk', {}, diskWith({}));
    expect(finding).toMatchObject({ level: 'ok', says: expect.stringContaining('5.0 GB free') as string });
  });

  it.each([
    [999e6, 'warning', '999 MB'],
    [99e6, 'problem', '99 MB'],
  ])('%d bytes are a %s', async (freeBytes, level, words) => {
    expect(await found('disk', {}, diskWith({ freeBytes }))).toMatchObject([
      { level, says: expect.stringContaining(words) as string, todo: expect.any(String) as string },
    ]);
  });

  it('names a path that the system can say nothing about, as the one problem', async () => {
    const disk = () => Promise.reject(new Error('ESTALE'));
    expect(await found('disk', {}, { disk })).toMatchObject([{ level: 'problem', says: 'ESTALE' }]);
  });
});

describe('permissions', () => {
  it('are fine where nothing is, and where all is closed', async () => {
    expect(await found('permissions')).toMatchObject([{ level: 'ok' }]);
    patient.write('home/.leashd/config.yaml', 'max_turns: 7\n');
    patient.write('home/.leashd/owner-123456.json', '{}');
    expect(await found('permissions')).toMatchObject([{ level: 'ok' }]);
  });

  it('of every secret that others may read are a problem, with the command that mends it', async () => {
    const dotenv = `LEASHD_TELEGRAM_BOT_TOKEN=${TOKEN}\n`;
    const open = [
      patient.write('home/.leashd/config.yaml', 'max_turns: 7\n', 0o644),
      patient.write('home/.leashd/owner-123456.json', '{}', 0o640),
      patient.write('project/.leashd/messages.db', '', 0o644),
      patient.write('project/.leashd/messages.db-wal', '', 0o644),
      patient.write('project/.leashd/audit.jsonl', '', 0o604),
      patient.write('project/.leashd/audit-20260131T142530Z-3.jsonl', '', 0o644),
      patient.write('project/.leashd/logs/app.log', '', 0o644),
      patient.write('project/.env', dotenv, 0o644),
    ];
    new KnownFiles(patient.home).remember('dotenv', join(patient.project, '.env'), dotenv);
    const told = await found('permissions');
    expect(told.map(({ level }) => level)).toEqual(open.map(() => 'problem'));
    expect(new Set(told.map(({ todo }) => todo))).toEqual(new Set(open.map((path) => `chmod 600 ${path}`)));
  });

  it('of a .env without the token are the project’s own, unless others may write it', async () => {
    const file = patient.write('project/.env', 'LEASHD_MAX_TURNS=7\n', 0o644);
    expect(await found('permissions')).toMatchObject([{ level: 'ok' }]);
    chmodSync(file, 0o666);
    expect(await found('permissions')).toMatchObject([{ level: 'problem', todo: `chmod 600 ${file}` }]);
  });

  it('of folders matter too', async () => {
    const folder = join(patient.home, '.leashd');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    expect(await found('permissions')).toMatchObject([{ level: 'warning', todo: `chmod 700 ${folder}` }]);
    chmodSync(folder, 0o777);
    expect(await found('permissions')).toMatchObject([{ level: 'problem', todo: `chmod 700 ${folder}` }]);
  });

  it('of what belongs to another account can not be mended with chmod', async () => {
    patient.write('home/.leashd/config.yaml', '');
    const told = await found('permissions', {}, { uid: 987_654 });
    expect(told).toMatchObject([
      { level: 'problem', todo: expect.stringContaining('sudo chown 987654') as string },
      { level: 'problem', says: expect.stringContaining('config.yaml') as string },
    ]);
  });

  it('are looked at with wrong settings, too', async () => {
    const file = patient.write('home/.leashd/config.yaml', 'max_turns: many\n', 0o644);
    expect(await found('permissions')).toMatchObject([{ level: 'problem', todo: `chmod 600 ${file}` }]);
  });
});
