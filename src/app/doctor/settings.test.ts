import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBotApi } from '../../../test/fixtures/bot-api/start.ts';
import { checkNamed, createPatient, type Patient } from '../../../test/fixtures/doctor-patient.ts';
import type { Finding } from './check.ts';
import { programChecks } from './programs.ts';
import { settingsChecks } from './settings.ts';
import { telegramChecks } from './telegram.ts';

let patient: Patient;
beforeEach(() => (patient = createPatient()));
afterEach(() => patient.remove());

async function found(name: string, settings: Record<string, string> = {}): Promise<readonly Finding[]> {
  return patient.findings(checkNamed(settingsChecks, name), settings);
}

describe('settings', () => {
  it('are those of a new person where nothing is set', async () => {
    expect(await found('settings')).toMatchObject([
      { level: 'note', todo: expect.stringContaining('leashd init') as string },
    ]);
  });

  it('are counted, and what deserves a look is told', async () => {
    const settings = { LEASHD_MAX_TURNS: '7', LEASHD_APPROVED_DIRECTORIES: patient.home };
    expect(await found('settings', settings)).toMatchObject([
      { level: 'ok', says: expect.stringMatching(/^2 set/) as string },
      { level: 'warning', says: expect.stringContaining('your whole home directory') as string },
    ]);
  });

  it('that are wrong are named with their places, one finding each', async () => {
    patient.write('home/.leashd/config.yaml', 'max_turns: many\nlog_levl: DEBUG\n');
    expect(await found('settings')).toMatchObject([
      { level: 'problem', says: expect.stringMatching(/config\.yaml:2:1 log_levl: .*log_level/) as string },
      {
        level: 'problem',
        says: expect.stringMatching(/config\.yaml:1:12 max_turns: expected .*"many"/) as string,
      },
      { level: 'note' },
    ]);
    for (const name of ['directories', 'workspaces', 'policies']) expect(await found(name)).toEqual([]);
  });

  it('in a .env that git tracks are refused', async () => {
    patient.write('project/.env', 'LEASHD_MAX_TURNS=7\n');
    const git = (...args: string[]) => execFileSync('git', args, { cwd: patient.project, stdio: 'ignore' });
    git('init');
    git('add', '--force', '.env');
    expect(await found('settings')).toMatchObject([
      {
        level: 'problem',
        says: expect.stringContaining('git tracks it') as string,
        todo: expect.stringContaining('git rm') as string,
      },
      { level: 'note' },
    ]);
  });
});

describe('a project that brings a .env along', () => {
  const heard = async (isTracked: boolean): Promise<readonly Finding[]> => {
    const api = await startBotApi({ flood: 'off' });
    try {
      patient.write('home/.leashd/config.yaml', `telegram_bot_token: "${api.token}"\n`);
      const ran = join(patient.project, 'ran');
      const evil = patient.write('project/evil', `#!/bin/sh\ntouch '${ran}'\necho 9.9.9\n`, 0o755);
      const dotenv = `LEASHD_CLAUDE_PATH=${evil}\nLEASHD_TELEGRAM_API_ROOT=${api.url}\n`;
      patient.write('project/.env', dotenv);
      const git = (...args: string[]) => execFileSync('git', args, { cwd: patient.project, stdio: 'ignore' });
      git('init');
      if (isTracked) git('add', '--force', '.env');
      for (const check of [...programChecks, ...telegramChecks]) await patient.findings(check);
      expect({ calls: api.calls(), ran: existsSync(ran) }).toEqual({ calls: [], ran: false });
      return await found('settings');
    } finally {
      await api.stop();
    }
  };

  it('starts no program with it and learns no token, whether git tracks it or not', async () => {
    expect(await heard(false)).toMatchObject([
      { level: 'warning', says: expect.stringContaining('nobody has said yet who wrote it') as string },
      { level: 'note' },
    ]);
    expect(await heard(true)).toMatchObject([{ level: 'problem' }, { level: 'note' }]);
  });
});

describe('directories', () => {
  it('are those that are approved', async () => {
    const other = join(patient.home, 'other');
    mkdirSync(other);
    const settings = { LEASHD_APPROVED_DIRECTORIES: `${patient.project},${other}` };
    expect(await found('directories', settings)).toMatchObject([
      { level: 'ok', says: patient.project },
      { level: 'ok', says: other },
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('must be readable, and had better be writable', async () => {
    for (const [mode, level] of [
      [0o500, 'warning'],
      [0o300, 'problem'],
    ] as const) {
      const directory = join(patient.home, level);
      mkdirSync(directory, { mode });
      expect(await found('directories', { LEASHD_APPROVED_DIRECTORIES: directory })).toMatchObject([
        { level, todo: expect.stringContaining('chmod') as string },
      ]);
      chmodSync(directory, 0o700);
    }
  });

  it('have to be named for a bot', async () => {
    const token = { LEASHD_TELEGRAM_BOT_TOKEN: '123456:abcdefghijklmnopqrstuvwxyz012345678' };
    expect(await found('directories', token)).toMatchObject([
      { level: 'problem', says: expect.stringContaining('LEASHD_APPROVED_DIRECTORIES') as string },
    ]);
  });
});

describe('policies', () => {
  const settings = { LEASHD_POLICY_FILES: 'mine.yaml' };

  it('load and keep their own tests', async () => {
    expect(await found('policies')).toMatchObject([{ level: 'ok' }, { level: 'ok' }]);
  });

  it('are a problem when they do not keep them', async () => {
    const rule = 'rules:\n  - name: all\n    tools: [Bash]\n    action: allow\n';
    patient.write('project/mine.yaml', `${rule}tests:\n  - call: ls\n    decision: deny\n`);
    expect(await found('policies', settings)).toMatchObject([
      {
        level: 'problem',
        says: expect.stringMatching(
          /does not keep 1 of its own tests:\n {2}mine\.yaml:\d+.* expected deny/,
        ) as string,
        todo: expect.stringContaining('leashd policy test mine.yaml') as string,
      },
    ]);
  });

  it('are a problem when they can not be read, with the place', async () => {
    patient.write('project/mine.yaml', 'rules:\n  - name: all\n    tools: [Bash]\n    action: denny\n');
    expect(await found('policies', settings)).toMatchObject([
      { level: 'problem', says: expect.stringMatching(/mine\.yaml:4:\d+ .*denny/) as string },
    ]);
  });
});

describe('workspaces', () => {
  it('are named, or what is wrong with their file', async () => {
    const settings = { LEASHD_APPROVED_DIRECTORIES: patient.project };
    expect(await found('workspaces', settings)).toEqual([]);
    patient.write('home/.leashd/workspaces.yaml', `workspaces:\n  shop: [${patient.project}]\n`);
    expect(await found('workspaces', settings)).toMatchObject([{ level: 'ok', says: 'shop' }]);
    patient.write('home/.leashd/workspaces.yaml', 'workspaces:\n  shop: [/nowhere]\n');
    expect(await found('workspaces', settings)).toMatchObject([
      { level: 'problem', says: expect.stringMatching(/workspaces\.yaml:2:\d+/) as string },
    ]);
  });
});
