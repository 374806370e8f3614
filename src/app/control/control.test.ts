import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadSettings } from '../../config/load-settings.ts';
import { PersonError } from '../../errors.ts';
import { silentLog } from '../../util/log.ts';
import { ownPaths } from '../paths.ts';
import { callDaemon } from './control-client.ts';
import { listenForControl, type ControlHandlers, type ControlServer } from './control-server.ts';
import { writeInstance } from './instance-file.ts';
import type { DaemonStatus } from './protocol.ts';
import { shortSocketFolder, socketPath } from './socket-path.ts';

const patience = { timeoutMs: 5_000 };
const status = { version: '1', pid: 7 } as DaemonStatus;

describe('the control socket', () => {
  let root: string;
  let stateDir: string;
  let server: ControlServer | undefined;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-control-')));
    stateDir = join(root, 'state');
    mkdirSync(stateDir);
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    rmSync(root, { recursive: true });
  });

  const listen = async (handlers: Partial<ControlHandlers> = {}, at = stateDir): Promise<void> => {
    const all = {
      status: async () => status,
      stop: async () => ({ pid: 7, waitsFor: [] }),
      reload: async () => ({ applied: [], needsRestart: [] }),
      ...handlers,
    };
    const redact = (words: string): string => words.replaceAll('hunter2', '[hidden]');
    server = await listenForControl({ stateDir: at, handlers: all, log: silentLog, redact });
  };
  const say = async (words: string): Promise<string> => {
    const socket = connect(socketPath(stateDir));
    socket.end(words);
    return text(socket);
  };

  it('answers each of many calls, for the owner alone', async () => {
    await listen();
    expect(statSync(socketPath(stateDir)).mode & 0o777).toBe(0o600);
    const calls = Array.from({ length: 10 }, () => callDaemon(stateDir, 'status', patience));
    for (const called of await Promise.all(calls))
      expect(called).toEqual({ kind: 'answered', result: status });
  });

  it('tells what went wrong, with its hint and without secrets', async () => {
    await listen({
      reload: () => Promise.reject(new PersonError('BAD', 'hunter2 is no number', { hint: 'Write one.' })),
    });
    expect(await callDaemon(stateDir, 'reload', patience)).toEqual({
      kind: 'refused',
      error: { code: 'BAD', message: '[hidden] is no number', hint: 'Write one.' },
    });
  });

  it.each([
    '{"id":"1","method":"rm"}\n',
    'nonsense\n',
    '{"id":"1","method":"status","more":1}\n',
    'x'.repeat(9_000),
  ])('does nothing for %.30s', async (words) => {
    await listen({ status: () => Promise.reject(new Error('called')) });
    expect(JSON.parse(await say(words))).toMatchObject({ ok: false, error: { code: 'REQUEST_UNKNOWN' } });
  });

  it('lets go of one that has its answer and stays', async () => {
    await listen();
    const socket = connect({ path: socketPath(stateDir), allowHalfOpen: true });
    socket.write('{"id":"1","method":"status"}\n');
    expect(await text(socket)).toContain('"ok":true');
    // A write is what finds out that the other end is gone.
    const gone = new Promise((resolve) => socket.once('error', resolve).once('close', resolve));
    const knocking = setInterval(() => socket.write('x'), 50);
    await gone.finally(() => clearInterval(knocking));
    socket.destroy();
  });

  it('is not there when nobody listens, or when what is there is no socket', async () => {
    expect(await callDaemon(stateDir, 'status', patience)).toEqual({ kind: 'not-running' });
    writeFileSync(join(stateDir, 'leashd.sock'), '');
    expect(await callDaemon(stateDir, 'status', patience)).toEqual({ kind: 'not-running' });
    await listen();
    expect((await callDaemon(stateDir, 'status', patience)).kind).toBe('answered');
    await server?.close();
    expect(await callDaemon(stateDir, 'status', patience)).toEqual({ kind: 'not-running' });
  });

  it('is told apart from one that hangs, by the number it wrote down', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => void silent.listen(socketPath(stateDir), resolve));
    try {
      writeInstance(stateDir, { pid: 4711, startedAt: 1, startDirectory: '/a', logDir: '/b' });
      expect(await callDaemon(stateDir, 'status', { timeoutMs: 50 })).toEqual({ kind: 'hanging', pid: 4711 });
    } finally {
      silent.close();
    }
  });

  it('is the same one for a folder that is reached in another way', async () => {
    symlinkSync(stateDir, join(root, 'link'));
    expect(socketPath(join(root, 'link'))).toBe(socketPath(stateDir));
  });

  it('lies in a folder of our own where the path is too long', async () => {
    const long = join(root, 'x'.repeat(60), 'y'.repeat(60));
    mkdirSync(long, { recursive: true });
    const path = socketPath(long);
    expect([dirname(path), path.length <= 103]).toEqual([shortSocketFolder(), true]);
    expect(path).not.toBe(socketPath(`${long}z`));
    await listen({}, long);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect((await callDaemon(long, 'status', patience)).kind).toBe('answered');
    const settings = { startDirectory: root, homeDirectory: root, environment: { LEASHD_STATE_DIR: long } };
    expect(ownPaths(loadSettings(settings), []).untouchable).toContain(path);
    await server?.close();
    // Unless another leashd has its socket there.
    if (readdirSync(dirname(path)).length === 0) rmdirSync(dirname(path));
  });

  it.skipIf(process.platform !== 'linux')(
    'is not looked for in a folder that another account made',
    async () => {
      const long = join(root, 'x'.repeat(60), 'y'.repeat(60));
      mkdirSync(long, { recursive: true });
      // A person whom nothing here belongs to.
      const person = vi.spyOn(process, 'getuid').mockReturnValue(4_000_000_000 + (process.pid % 1000));
      const folder = shortSocketFolder();
      mkdirSync(folder);
      const planted = createServer((socket) =>
        socket.end('{"id":"","ok":false,"error":{"code":"X","message":""}}'),
      );
      try {
        await new Promise<void>((resolve) => void planted.listen(socketPath(long), resolve));
        expect(await callDaemon(long, 'status', patience)).toEqual({ kind: 'not-running' });
        await expect(listen({}, long)).rejects.toMatchObject({ code: 'CONTROL_FOLDER_FOREIGN' });
      } finally {
        planted.close();
        rmSync(folder, { recursive: true });
        person.mockRestore();
      }
    },
  );
});
