import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimInstance } from './claim-instance.ts';
import { callDaemon } from './control-client.ts';
import { isInstanceLocked, takeInstanceLock } from './instance-lock.ts';
import { socketPath } from './socket-path.ts';

const CHILD = join(import.meta.dirname, '../../../test/fixtures/control/lock-child.ts');
const patience = { timeoutMs: 5_000 };

type Starter = { readonly child: ChildProcessWithoutNullStreams; readonly lines: Interface };

describe('the lock of a state folder', () => {
  let stateDir: string;
  let starters: Starter[];
  beforeEach(() => {
    stateDir = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-lock-')));
    starters = [];
  });
  afterEach(async () => {
    await Promise.all(starters.map(({ child }) => kill(child)));
    rmSync(stateDir, { recursive: true });
  });

  const starter = async (): Promise<Starter> => {
    const child = spawn(process.execPath, [CHILD, stateDir]);
    const lines = createInterface({ input: child.stdout });
    const made = { child, lines };
    starters.push(made);
    await once(lines, 'line');
    return made;
  };
  const take = async ({ child, lines }: Starter): Promise<string> => {
    const said = once(lines, 'line');
    child.stdin.write('go\n');
    return String((await said)[0]);
  };
  const kill = async (child: ChildProcessWithoutNullStreams): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };

  it('goes to exactly one of those who start at once, round for round, over what the last one left', async () => {
    for (let round = 0; round < 4; round += 1) {
      const racing = await Promise.all(Array.from({ length: 3 }, starter));
      const outcomes = await Promise.all(racing.map(take));
      expect(outcomes.sort()).toEqual(['lost', 'lost', 'won']);
      expect((await callDaemon(stateDir, 'reload', patience)).kind).toBe('answered');
      await Promise.all(racing.map(({ child }) => kill(child)));
      // kill -9 leaves its socket there, and the next round takes it away.
      expect(existsSync(socketPath(stateDir))).toBe(true);
      expect((await callDaemon(stateDir, 'status', patience)).kind).toBe('not-running');
    }
  }, 60_000);

  it('is known to be held by others, and free once it was given back', async () => {
    expect(isInstanceLocked(stateDir)).toBe(false);
    expect(existsSync(join(stateDir, 'leashd.lock'))).toBe(false);
    const holder = await starter();
    expect(await take(holder)).toBe('won');
    expect(isInstanceLocked(stateDir)).toBe(true);
    expect(takeInstanceLock(stateDir)).toBeUndefined();
    await kill(holder.child);
    const lock = takeInstanceLock(stateDir);
    expect(lock).toBeDefined();
    lock?.release();
    expect(isInstanceLocked(stateDir)).toBe(false);
  }, 30_000);

  it('is not taken in a folder of another account', () => {
    const person = vi.spyOn(process, 'getuid').mockReturnValue(4_000_000_000);
    try {
      expect(() => takeInstanceLock(stateDir)).toThrow(/belongs to another account/);
    } finally {
      person.mockRestore();
    }
    expect(existsSync(join(stateDir, 'leashd.lock'))).toBe(false);
  });

  it('is given back where its holder can not be written down', async () => {
    // Nothing can be put in its place, as on a full disk.
    mkdirSync(join(stateDir, 'instance.json'));
    const instance = { pid: process.pid, startedAt: 1, startDirectory: '/a', logDir: '/b' };
    await expect(claimInstance(stateDir, instance)).rejects.toMatchObject({ code: 'STATE_DIR' });
    expect(isInstanceLocked(stateDir)).toBe(false);
    expect(readdirSync(stateDir).sort()).toEqual(['instance.json', 'leashd.lock']);
  });

  it('makes the folder, and closes it to others', () => {
    const made = join(stateDir, 'a', 'b');
    takeInstanceLock(made)?.release();
    expect(statSync(made).mode & 0o777).toBe(0o700);
    const open = join(stateDir, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    takeInstanceLock(open)?.release();
    expect(statSync(open).mode & 0o777).toBe(0o700);
    expect(statSync(join(open, 'leashd.lock')).mode & 0o777).toBe(0o600);
  });
});
