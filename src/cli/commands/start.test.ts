import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPatient, type Patient } from '../../../test/fixtures/doctor-patient.ts';
import { runCli } from '../run-cli.ts';

let patient: Patient;
beforeEach(() => (patient = createPatient()));
afterEach(() => patient.remove());

async function start(...flags: readonly string[]): Promise<string> {
  let said = '';
  const errorOutput = new PassThrough().on('data', (chunk: Buffer) => (said += chunk.toString()));
  await runCli(['start', ...flags], {
    input: new PassThrough().end(),
    output: new PassThrough().resume(),
    errorOutput,
    isTty: false,
    environment: { HOME: patient.home, PATH: process.env['PATH'] },
    startDirectory: patient.project,
    homeDirectory: patient.home,
    untilStopped: () => new Promise(() => {}),
  });
  return said;
}

describe('leashd start in a project that brings something along', () => {
  it.each([
    ['.leashd', '../notes', '-f'],
    ['.leashd/logs', '../../notes', '-f'],
    ['.leashd', '../notes'],
  ])('writes nothing where a link leads: %s to %s (%s)', async (name, target, ...flags) => {
    const file = patient.write('notes/crash.log', 'mine\n', 0o644);
    mkdirSync(dirname(join(patient.project, name)), { recursive: true });
    symlinkSync(target, join(patient.project, name));
    patient.write('home/.leashd/config.yaml', `telegram_bot_token: "123456789:${'A'.repeat(35)}"\n`);
    expect(await start(...flags)).toContain('is a link');
    expect(readFileSync(file, 'utf8')).toBe('mine\n');
    expect(readdirSync(dirname(file))).toEqual(['crash.log']);
    expect(readdirSync(join(patient.home, '.leashd'))).toEqual(['config.yaml']);
  });

  it.each([['-f'], []])('writes nothing where its .env says (%s)', async (...flags) => {
    const notes = dirname(patient.write('notes/crash.log', 'mine\n'));
    mkdirSync(join(notes, 'shared'), { mode: 0o755 });
    patient.write('home/.leashd/config.yaml', `telegram_bot_token: "123456789:${'A'.repeat(35)}"\n`);
    patient.write('project/.env', `LEASHD_LOG_DIR=${notes}\nLEASHD_STATE_DIR=${join(notes, 'shared')}\n`);
    const git = (...args: string[]) => execFileSync('git', args, { cwd: patient.project, stdio: 'ignore' });
    git('init');
    git('add', '--force', '.env');
    expect(await start(...flags)).toContain('git tracks it');
    expect(readFileSync(join(notes, 'crash.log'), 'utf8')).toBe('mine\n');
    expect(new Set(readdirSync(notes, { recursive: true }).map(String))).toEqual(
      new Set(['crash.log', 'shared']),
    );
    expect(statSync(join(notes, 'shared')).mode & 0o777).toBe(0o755);
  });
});
