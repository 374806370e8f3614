import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../../config/load-settings.ts';
import { findStateDir } from './find-state-dir.ts';

describe('the state folder, found without the settings', () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-find-')));
    mkdirSync(join(root, '.leashd'));
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const at = (environment: Record<string, string | undefined> = {}) => ({
    environment,
    startDirectory: root,
    homeDirectory: root,
  });
  const config = (text: string): void =>
    writeFileSync(join(root, '.leashd', 'config.yaml'), text, { mode: 0o600 });

  it.each([{}, { LEASHD_STATE_DIR: '~/else' }, { LEASHD_STATE_DIR: 'here' }, { LEASHD_STATE_DIR: '' }])(
    'is the one that the settings have, with %j',
    async (environment) => {
      expect(await findStateDir(at(environment))).toBe(loadSettings(at(environment)).settings.stateDir);
    },
  );

  it('is looked up in the files where one of them may name it', async () => {
    config('state_dir: ~/from-the-file\n');
    expect(await findStateDir(at())).toBe(join(root, 'from-the-file'));
    expect(await findStateDir(at({ LEASHD_STATE_DIR: '/from/outside' }))).toBe('/from/outside');
    rmSync(join(root, '.leashd', 'config.yaml'));
    writeFileSync(join(root, '.env'), 'LEASHD_STATE_DIR=~/from-dotenv\n', { mode: 0o600 });
    expect(await findStateDir(at())).toBe(join(root, 'from-dotenv'));
  });

  it('is none that a project names', async () => {
    writeFileSync(join(root, '.env'), 'LEASHD_STATE_DIR=./planted\n', { mode: 0o600 });
    for (const args of [['init'], ['add', '--force', '.env']])
      execFileSync('git', args, { cwd: root, stdio: 'ignore' });
    const environment = { PATH: process.env['PATH'] };
    await expect(findStateDir(at(environment))).rejects.toMatchObject({ code: 'DOTENV_FOREIGN' });
  });

  it('is not waited for where a project brings what never ends in the place of a file', async () => {
    symlinkSync('/dev/zero', join(root, '.env'));
    await expect(findStateDir(at())).rejects.toThrow(/expected a regular file/);
  });

  it('is found where other settings are wrong, so that leashd can be stopped', async () => {
    config('max_turns: many\n');
    expect(await findStateDir(at())).toBe(join(root, '.leashd'));
  });
});
