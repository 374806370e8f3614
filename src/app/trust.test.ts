import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings, type LoadedSettings } from '../config/load-settings.ts';
import { checkDatabase } from './database-trust.ts';
import { checkDotenv } from './dotenv-trust.ts';

describe('what a project brings along', () => {
  let folder: string;
  let project: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-trust-')));
    project = join(folder, 'project');
    for (const name of ['home', 'project']) mkdirSync(join(folder, name));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = (environment: Record<string, string> = {}, from = project): LoadedSettings =>
    loadSettings({ startDirectory: from, homeDirectory: join(folder, 'home'), environment });
  const environment = { PATH: process.env['PATH'] };
  const writeEnv = (text: string): void => writeFileSync(join(project, '.env'), text, { mode: 0o600 });

  /** How often the person was asked; they answer `answer`. */
  async function check(answer: boolean): Promise<number> {
    let asked = 0;
    const confirm = async (): Promise<boolean> => {
      asked += 1;
      return answer;
    };
    await checkDotenv({ loaded: load(), environment, confirm });
    return asked;
  }

  it('asks once about a .env with weighty settings, and again when it has changed', async () => {
    writeEnv('LEASHD_DEFAULT_MODE=auto\n');
    await expect(check(false)).rejects.toMatchObject({ code: 'DOTENV_NOT_TRUSTED' });
    expect([await check(true), await check(true)]).toEqual([1, 0]);
    writeEnv('LEASHD_DEFAULT_MODE=plan\n');
    expect(await check(true)).toBe(1);
  });

  it('asks nothing about settings that carry no weight', async () => {
    writeEnv('LEASHD_LOG_LEVEL=DEBUG\n');
    expect(await check(false)).toBe(0);
  });

  it('takes the word of whoever set it up where nobody can be asked', async () => {
    writeEnv('LEASHD_DEFAULT_MODE=auto\n');
    await expect(checkDotenv({ loaded: load(), environment })).resolves.toBeUndefined();
  });

  it('refuses a .env that git tracks, in a folder that looks like a bare repository too', async () => {
    const sub = join(project, 'sub');
    for (const name of ['objects', 'refs']) mkdirSync(join(sub, name), { recursive: true });
    writeFileSync(join(sub, 'HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(join(sub, '.env'), 'LEASHD_LOG_LEVEL=DEBUG\n', { mode: 0o600 });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: project, stdio: 'ignore' });
    git('init');
    git('add', '--force', 'sub/.env');
    await expect(checkDotenv({ loaded: load({}, sub), environment })).rejects.toMatchObject({
      code: 'DOTENV_FOREIGN',
    });
  });

  it('refuses a database that was there before leashd', () => {
    const loaded = load();
    const path = loaded.settings.storagePath;
    mkdirSync(dirname(path));
    writeFileSync(path, 'sessions of somebody else');
    expect(() => checkDatabase(loaded)).toThrow(/was not made by leashd on this machine/);
    expect(() => checkDatabase(load({ LEASHD_STORAGE_PATH: path }))).not.toThrow();
    expect(() => checkDatabase(load({ LEASHD_STORAGE_BACKEND: 'memory' }))).not.toThrow();
  });

  it('knows the database that leashd has made', () => {
    const loaded = load();
    checkDatabase(loaded);
    mkdirSync(dirname(loaded.settings.storagePath));
    writeFileSync(loaded.settings.storagePath, 'our own sessions');
    expect(() => checkDatabase(load())).not.toThrow();
    expect(statSync(join(folder, 'home', '.leashd', 'known')).mode & 0o077).toBe(0);
  });
});
