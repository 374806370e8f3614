import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { configFilePath, type LoadedSettings } from '../../config/load-settings.ts';
import { rotatedFiles } from '../../safety/audit/audit-files.ts';
import { rulesFolder, startFolder } from '../paths.ts';
import { note, ok, problem, warning, type Check, type Told } from './check.ts';
import { loadedOf, type DoctorContext } from './context.ts';
import { networkFileSystem } from './network-file-system.ts';
import { shellWord } from './words.ts';

const MEGABYTE = 1_000_000;
const LOW_BYTES = 1000 * MEGABYTE;
const LEAST_BYTES = 100 * MEGABYTE;

const stateFolder: Check = {
  name: 'state-folder',
  run: async (context) => {
    const { stateDir, storagePath } = placesOf(context);
    const stats = statSync(stateDir, { throwIfNoEntry: false });
    if (stats === undefined) {
      const above = existing(stateDir);
      return [note(`${stateDir} is not there yet: leashd makes it in ${above} when it starts`)];
    }
    if (!stats.isDirectory())
      return [problem(`${stateDir} is no folder`, 'Move it away, or set LEASHD_STATE_DIR to a folder')];
    // A database on a disk of the network loses its locks, and with them its content (sqlite.org/howtocorrupt.html).
    const remote = await Promise.all([stateDir, storagePath].map((path) => networkTold(context, path)));
    const told = [...new Map(remote.flat().map((one) => [one.says, one])).values()];
    return told.length > 0 ? told : [ok(stateDir)];
  },
};

async function networkTold(context: DoctorContext, path: string): Promise<Told[]> {
  const { type } = await context.disk(existing(path));
  const name = networkFileSystem(type, context.platform);
  if (name === undefined) return [];
  const folder = existing(path);
  return [
    warning(
      `${folder} lies on ${name}, where SQLite's locks don't hold: the database can be damaged`,
      'Set LEASHD_STATE_DIR and LEASHD_STORAGE_PATH to a disk of this machine',
    ),
  ];
}

const disk: Check = {
  name: 'disk',
  run: async (context) => {
    const { stateDir, storagePath, auditLogPath, logDir } = placesOf(context);
    const seen = new Set<number>();
    const told: Told[] = [];
    for (const path of [stateDir, storagePath, auditLogPath, logDir].map((place) => existing(place))) {
      const { freeBytes, device } = await context.disk(path);
      if (seen.has(device)) continue;
      seen.add(device);
      told.push(freeTold(path, freeBytes));
    }
    return told;
  },
};

function freeTold(path: string, freeBytes: number): Told {
  const free =
    freeBytes >= LOW_BYTES
      ? `${(freeBytes / LOW_BYTES).toFixed(1)} GB`
      : `${Math.floor(freeBytes / MEGABYTE)} MB`;
  const says = `${free} free at ${path}`;
  if (freeBytes < LEAST_BYTES)
    return problem(`${says}: what can't be written to the audit log is denied`, 'Free some space');
  return freeBytes < LOW_BYTES ? warning(says, 'Free some space before it runs out') : ok(says);
}

const permissions: Check = {
  name: 'permissions',
  run: async (context) => {
    const loaded = loadedOf(context);
    const { stateDir } = placesOf(context);
    const home = join(context.homeDirectory, '.leashd');
    const own = loaded && startFolder(loaded);
    const folders = [stateDir, home, rulesFolder(stateDir), ...(own === undefined ? [] : [own])];
    const files = [configFilePath(context.homeDirectory), ...(await ownerFiles(stateDir))];
    if (loaded !== undefined) files.push(...(await recordsOf(loaded)));
    const dotenv = loaded === undefined ? [] : dotenvOf(loaded);
    const told = [
      ...unique(folders).flatMap((path) => modeTold(path, 'folder', context.uid)),
      ...unique(files).flatMap((path) => modeTold(path, 'file', context.uid)),
      // Others may read one without the token: it is the project's own.
      ...dotenv.flatMap(({ path, isSecret }) =>
        modeTold(path, isSecret ? 'file' : 'readable file', context.uid),
      ),
    ];
    return told.length > 0 ? told : [ok('what is leashd’s own is closed to other accounts')];
  },
};

function modeTold(path: string, kind: 'file' | 'readable file' | 'folder', uid: number | undefined): Told[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || (kind === 'folder') !== stats.isDirectory()) return [];
  if (uid !== undefined && stats.uid !== uid)
    return [
      problem(
        `${path} belongs to another account (${stats.uid})`,
        `If it is yours: sudo chown ${uid} ${shellWord(path)}`,
      ),
    ];
  const wanted = kind === 'folder' ? '700' : '600';
  const todo = `chmod ${wanted} ${shellWord(path)}`;
  const mode = (stats.mode & 0o777).toString(8);
  if ((stats.mode & 0o022) !== 0)
    return [problem(`${path} can be changed by other accounts (mode ${mode})`, todo)];
  if ((stats.mode & 0o077) === 0 || kind === 'readable file') return [];
  // Of a folder they see the names alone; what stands in the files is closed by their own modes.
  return kind === 'folder'
    ? [warning(`${path} can be looked into by other accounts (mode ${mode})`, todo)]
    : [problem(`${path} can be read by other accounts (mode ${mode})`, todo)];
}

async function ownerFiles(stateDir: string): Promise<string[]> {
  const names = await readdir(stateDir).catch(() => []);
  return names.filter((name) => /^owner-.*\.json$/.test(name)).map((name) => join(stateDir, name));
}

/** The `.env` that leashd's settings stand in; one that says nothing to leashd is none of its business. */
function dotenvOf({ origins }: LoadedSettings): { readonly path: string; readonly isSecret: boolean }[] {
  const origin = Object.values(origins).find(({ kind }) => kind === 'dotenv');
  if (origin?.kind !== 'dotenv') return [];
  return [{ path: origin.path, isSecret: origins.telegramBotToken.kind === 'dotenv' }];
}

async function recordsOf({ settings }: LoadedSettings): Promise<string[]> {
  const { storageBackend, storagePath, auditLogPath, logDir } = settings;
  const database = storageBackend === 'memory' ? [] : ['', '-wal', '-shm'].map((end) => storagePath + end);
  const rotated = await rotatedFiles(auditLogPath).catch(() => []);
  const logs = (await readdir(logDir).catch(() => [])).filter((name) => name.startsWith('app.log'));
  return [
    ...database,
    auditLogPath,
    ...rotated.map(({ path }) => path),
    ...logs.map((name) => join(logDir, name)),
  ];
}

type OwnPlaces = {
  readonly stateDir: string;
  readonly storagePath: string;
  readonly auditLogPath: string;
  readonly logDir: string;
};

/** Where settings say, or with wrong ones where they lie by default. */
function placesOf(context: DoctorContext): OwnPlaces {
  const settings = loadedOf(context)?.settings;
  if (settings !== undefined) return settings;
  const stateDir = join(context.homeDirectory, '.leashd');
  return { stateDir, storagePath: stateDir, auditLogPath: stateDir, logDir: stateDir };
}

/** The path, or the nearest above it that is there. */
function existing(path: string): string {
  let at = path;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}

/** Where leashd keeps what it must not lose, and nobody else may read. */
export const fileChecks: readonly Check[] = [stateFolder, disk, permissions];
