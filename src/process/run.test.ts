import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MachineError } from '../errors.ts';
import { run, type RunOptions } from './run.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leashd-run-'));
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

function node(script: string, options: Partial<RunOptions> = {}): ReturnType<typeof run> {
  return run(process.execPath, ['-e', script], {
    cwd: directory,
    env: {},
    timeoutMs: 10_000,
    maxOutputBytes: 10_000,
    ...options,
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('run', () => {
  it('finds no program in the directory that it runs in', async () => {
    await writeFile(join(directory, 'git'), '#!/bin/sh\necho planted\n', { mode: 0o755 });
    const PATH = `.::${process.env['PATH'] ?? ''}`;
    const { stdout } = await run('git', ['--version'], {
      cwd: directory,
      env: { PATH },
      timeoutMs: 10_000,
      maxOutputBytes: 100,
    });
    expect(stdout).toContain('git version');
  });

  it('returns the exit code and both outputs, whatever the code is', async () => {
    const result = await node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(result).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
      truncated: false,
    });
  });

  it('gives the program its arguments as they are, without a shell', async () => {
    const result = await run(process.execPath, ['-p', 'process.argv[1]', '$HOME; echo *'], {
      cwd: directory,
      env: { HOME: '/nowhere' },
      timeoutMs: 10_000,
      maxOutputBytes: 1000,
    });
    expect(result.stdout).toBe('$HOME; echo *\n');
  });

  it('inherits nothing and leaves out what is undefined', async () => {
    const result = await node('console.log(JSON.stringify(process.env))', {
      env: { ONE: '1', NONE: undefined },
    });
    expect(JSON.parse(result.stdout)).toEqual({ ONE: '1' });
  });

  it('writes the input and closes stdin', async () => {
    const result = await node('process.stdin.pipe(process.stdout)', { input: 'grüße' });
    expect(result.stdout).toBe('grüße');
  });

  it('gives an empty stdin without input', async () => {
    const result = await node('process.stdin.on("data", () => {}).on("end", () => console.log("empty"))');
    expect(result.stdout).toBe('empty\n');
  });

  it('keeps the first bytes of each output, whole characters only, and says that it dropped some', async () => {
    const result = await node('process.stdout.write("é".repeat(100_000)); process.stderr.write("ok")', {
      maxOutputBytes: 101,
    });
    expect(result.stdout).toBe('é'.repeat(50));
    expect(result.stderr).toBe('ok');
    expect(result.truncated).toBe(true);
    expect(result.exitCode).toBe(0);
  });

  it('ends the program and what it started when the time is up', async () => {
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      require('node:fs').writeFileSync('pid', String(child.pid));
      console.log('started');
      setInterval(() => {}, 1000);`;
    const result = await node(script, { timeoutMs: 400 });
    expect(result.timedOut).toBe(true);
    expect(result.exitCode).toBeNull();
    const pid = Number(await readFile(join(directory, 'pid'), 'utf8'));
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 3000 });
  });

  it('ends a program that ignores being asked to', async () => {
    const script = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
    const result = await node(script, { timeoutMs: 300 });
    expect(result.timedOut).toBe(true);
  });

  it('does not wait for a child that the program left behind with its output', async () => {
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 8000)'],
        { stdio: 'inherit', detached: true });
      child.unref();
      console.log(child.pid);`;
    const result = await node(script, { timeoutMs: 9000 });
    expect(result.timedOut).toBe(false);
    expect(result.exitCode).toBe(0);
    process.kill(Number(result.stdout), 'SIGKILL');
  });

  it('rejects with the reason of the abort, after the program has ended', async () => {
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const running = node('console.log(process.pid); setInterval(() => {}, 1000)', {
      signal: controller.signal,
    });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  it('does not start for a signal that has aborted', async () => {
    await expect(
      node('require("node:fs").writeFileSync("started", "")', { signal: AbortSignal.abort() }),
    ).rejects.toThrow(/abort/);
    await expect(readFile(join(directory, 'started'))).rejects.toThrow(/ENOENT/);
  });

  it('says which program could not be started', async () => {
    const missing = run(join(directory, 'missing'), [], {
      cwd: directory,
      env: {},
      timeoutMs: 1000,
      maxOutputBytes: 10,
    });
    await expect(missing).rejects.toThrow(MachineError);
    await expect(missing).rejects.toMatchObject({ code: 'PROGRAM_NOT_STARTED' });
  });

  it('says so when the directory does not exist', async () => {
    await expect(node('1', { cwd: join(directory, 'missing') })).rejects.toMatchObject({
      code: 'PROGRAM_NOT_STARTED',
    });
  });
});
