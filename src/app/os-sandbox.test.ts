import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../config/load-settings.ts';
import { silentLog } from '../util/log.ts';
import { osSandboxFor, type OsSandbox } from './os-sandbox.ts';

let folder: string;
let project: string;
let bin: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-os-')));
  [project, bin] = ['project', 'bin'].map((name) => join(folder, name)) as [string, string];
  for (const name of ['home', 'project', 'bin']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that leaves a mark when it is run. */
function program(name: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\necho ran > ${folder}/${name}-ran\n`);
  chmodSync(join(bin, name), 0o755);
}

async function choose(setting?: string): Promise<OsSandbox> {
  const environment = { ...(setting !== undefined && { LEASHD_OS_SANDBOX: setting }), PATH: bin };
  const loaded = loadSettings({
    startDirectory: project,
    homeDirectory: join(folder, 'home'),
    environment,
  });
  return osSandboxFor({
    loaded,
    environment,
    policyFiles: ['/rules.yaml'],
    log: silentLog,
    platform: 'linux',
  });
}

describe('LEASHD_OS_SANDBOX', () => {
  it('is off unless it is set, and looks for nothing then', async () => {
    program('bwrap');
    expect(await choose()).toEqual({ kind: 'off' });
    expect(existsSync(join(folder, 'bwrap-ran'))).toBe(false);
  });

  it.each(['auto', 'required'])(
    '%s: is on where it can run, with leashd’s own files closed',
    async (setting) => {
      program('bwrap');
      program('socat');
      const chosen = await choose(setting);
      expect(chosen).toMatchObject({ kind: 'on', words: "Claude's commands run in the OS sandbox." });
      if (chosen.kind !== 'on') throw new Error(chosen.kind);
      const { untouchable, unwritable } = chosen.paths;
      expect(untouchable).toEqual(
        expect.arrayContaining(['messages.db', 'audit.jsonl'].map((name) => join(project, '.leashd', name))),
      );
      expect(unwritable).toContain('/rules.yaml');
    },
  );

  it('auto: goes without it where it can’t, and says so', async () => {
    expect(await choose('auto')).toEqual({
      kind: 'missing',
      words: expect.stringMatching(
        /WITHOUT the OS sandbox: bubblewrap and socat are not installed\. Install with/,
      ) as string,
    });
  });

  it('required: does not start where it can’t, and says what to do', async () => {
    await expect(choose('required')).rejects.toMatchObject({
      code: 'OS_SANDBOX_UNAVAILABLE',
      fault: 'person',
      message: expect.stringContaining('bubblewrap and socat are not installed') as string,
      hint: expect.stringContaining('apt-get install bubblewrap socat') as string,
    });
  });

  it('closes a .env that leashd takes settings from, and leaves the project its own', async () => {
    program('bwrap');
    program('socat');
    const file = join(project, '.env');
    const isClosed = async (): Promise<boolean> => {
      const chosen = await choose('auto');
      return chosen.kind === 'on' && chosen.paths.untouchable.includes(file);
    };
    writeFileSync(file, 'DATABASE_URL=x\n', { mode: 0o600 });
    expect(await isClosed()).toBe(false);
    writeFileSync(file, 'LEASHD_MAX_TURNS=9\n', { mode: 0o600 });
    expect(await isClosed()).toBe(true);
  });
});
