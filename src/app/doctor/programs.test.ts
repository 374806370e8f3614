import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNamed, createPatient, type Patient } from '../../../test/fixtures/doctor-patient.ts';
import { testedClaude } from '../../agents/claude/tested-version.ts';
import type { Finding } from './check.ts';
import { confinementChecks } from './confinement.ts';
import { programChecks } from './programs.ts';

let patient: Patient;
beforeEach(() => (patient = createPatient()));
afterEach(() => patient.remove());

async function found(name: string, settings: Record<string, string> = {}): Promise<readonly Finding[]> {
  return patient.findings(checkNamed([...programChecks, ...confinementChecks], name), settings);
}

describe('node', () => {
  it('is this one', async () => {
    expect(await found('node')).toEqual([
      {
        check: 'node',
        family: 'programs',
        level: 'ok',
        says: expect.stringContaining(process.execPath) as string,
      },
    ]);
  });
});

describe('claude', () => {
  const claudeSaying = (script: string) => ({ LEASHD_CLAUDE_PATH: patient.program('my-claude', script) });

  it('is the one that leashd was tested with, unless another one is set', async () => {
    expect(testedClaude()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await found('claude')).toMatchObject([
      { level: 'ok', says: `Claude Code ${testedClaude()} (${await pinned()})` },
    ]);
  });

  it('may be newer, and had better not be older', async () => {
    expect(await found('claude', claudeSaying('echo "99.0.1 (Claude Code)"'))).toMatchObject([
      { level: 'note', says: expect.stringMatching(/99\.0\.1.*tested with \d/) as string },
    ]);
    expect(await found('claude', claudeSaying('echo "1.0.9 (Claude Code)"'))).toMatchObject([
      {
        level: 'warning',
        says: expect.stringContaining('1.0.9') as string,
        todo: expect.stringContaining('newer') as string,
      },
    ]);
  });

  it('is a problem when it does not run', async () => {
    expect(await found('claude', claudeSaying('exit 3'))).toMatchObject([{ level: 'problem' }]);
    const broken = patient.write('bin/no-program', 'neither', 0o755);
    expect(await found('claude', { LEASHD_CLAUDE_PATH: broken })).toMatchObject([{ level: 'problem' }]);
  });

  async function pinned(): Promise<string> {
    const { findClaude } = await import('../../agents/claude/binary.ts');
    return findClaude() ?? '';
  }
});

describe('log-in', () => {
  const answering = (json: object, more = '') => ({
    LEASHD_CLAUDE_PATH: patient.program('my-claude', `${more}\necho '${JSON.stringify(json)}'`),
  });

  it('says how, and shows no credential', async () => {
    const told = await found(
      'log-in',
      answering({ loggedIn: true, authMethod: 'api_key', apiKey: 'sk-very-secret' }),
    );
    expect(told).toMatchObject([{ level: 'ok', says: 'Claude Code is logged in with api key' }]);
    expect(JSON.stringify(told)).not.toContain('very-secret');
  });

  it('says what to do without one', async () => {
    expect(await found('log-in', answering({ loggedIn: false }))).toMatchObject([
      { level: 'problem', todo: expect.stringContaining('auth login') as string },
    ]);
  });

  it('leaves nothing of Claude Code in a home where it was never started', async () => {
    const settings = answering({ loggedIn: true }, 'echo x >"${CLAUDE_CONFIG_DIR:-$HOME}/trace"');
    expect(await found('log-in', settings)).toMatchObject([{ level: 'ok' }]);
    expect(patient.files()).toEqual([]);
  });
});

describe('git', () => {
  it('is new enough, too old, or missing', async () => {
    expect(await found('git')).toMatchObject([{ level: 'ok' }]);
    patient.program('git', 'echo git version 2.30.9');
    expect(await found('git')).toMatchObject([
      { level: 'warning', says: expect.stringContaining('2.31') as string },
    ]);
    expect(await found('git', { PATH: '/nowhere' })).toMatchObject([
      { level: 'warning', says: expect.stringContaining('not installed') as string },
    ]);
  });
});

it('bash runs', async () => {
  expect(await found('bash')).toMatchObject([
    { level: 'ok', says: expect.stringContaining('/bin/bash') as string },
  ]);
});

describe.skipIf(process.platform !== 'linux')('os-sandbox', () => {
  it('matters as far as the setting asks for it', async () => {
    patient.program('bwrap', 'echo "bwrap: No permissions" >&2; exit 1');
    patient.program('socat', 'exit 0');
    expect(await found('os-sandbox')).toMatchObject([{ level: 'ok' }]);
    expect(await found('os-sandbox', { LEASHD_OS_SANDBOX: 'auto' })).toMatchObject([
      {
        level: 'warning',
        says: expect.stringContaining('No permissions') as string,
        todo: expect.stringContaining('user namespaces') as string,
      },
    ]);
    expect(await found('os-sandbox', { LEASHD_OS_SANDBOX: 'required' })).toMatchObject([
      { level: 'problem' },
    ]);
    patient.program('bwrap', 'exit 0');
    expect(await found('os-sandbox', { LEASHD_OS_SANDBOX: 'required' })).toMatchObject([{ level: 'ok' }]);
  });
});

describe.skipIf(process.platform !== 'linux')('browser', () => {
  it('matters as far as the setting asks for it', async () => {
    const none = { PATH: '/nowhere' };
    expect(await found('browser', none)).toMatchObject([{ level: 'note' }]);
    expect(await found('browser', { ...none, LEASHD_BROWSER: 'on' })).toMatchObject([{ level: 'warning' }]);
    const program = patient.program('chromium', 'exit 0');
    expect(await found('browser', { LEASHD_BROWSER: 'on' })).toMatchObject([{ level: 'ok', says: program }]);
  });
});
