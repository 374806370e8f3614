import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { MachineError, messageOf } from '../errors.ts';
import { systemClock } from '../util/clock.ts';
import { programPath } from '../util/program-path.ts';

export type RunOptions = {
  /** Absolute path the program starts in. */
  readonly cwd: string;
  /** All of the program's environment; nothing is inherited. Of its PATH the absolute folders. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until it is stopped, together with everything it started. */
  readonly timeoutMs: number;
  /** Bytes that are kept of each of stdout and stderr; the rest is read and dropped. */
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Written to its stdin, which is then closed; without it, stdin is empty. */
  readonly input?: string | undefined;
};

export type RunResult = {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** Some output was dropped. */
  readonly truncated: boolean;
};

/** Between asking a process group to end and ending it. */
const GRACE_MS = 500;

/**
 * Runs a program without a shell, in a process group of its own, and waits for its end. Any exit status is a value.
 * @throws MachineError `PROGRAM_NOT_STARTED` when it can't be started.
 * @throws the signal's reason when `signal` aborts; the process group is ended first.
 */
export async function run(file: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const { PATH } = options.env;
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: PATH === undefined ? { ...options.env } : { ...options.env, PATH: programPath(PATH) },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    windowsHide: true,
  });
  // A program that ends without reading its input is no fault of ours.
  child.stdin.on('error', () => {});
  const stdout = collect(child.stdout, options.maxOutputBytes);
  const stderr = collect(child.stderr, options.maxOutputBytes);
  const ended = endOf(child);
  let timedOut = false;
  const timeout = systemClock.after(options.timeoutMs, () => {
    timedOut = true;
    endGroup(child.pid);
  });
  const onAbort = (): void => endGroup(child.pid);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await started(child, file);
    child.stdin.end(options.input ?? '');
    const exitCode = await ended;
    options.signal?.throwIfAborted();
    const truncated = stdout.truncated() || stderr.truncated();
    return { exitCode, stdout: stdout.text(), stderr: stderr.text(), timedOut, truncated };
  } finally {
    timeout.cancel();
    options.signal?.removeEventListener('abort', onAbort);
  }
}

async function started(child: ChildProcess, file: string): Promise<void> {
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new MachineError('PROGRAM_NOT_STARTED', `${file} could not be started: ${messageOf(error)}`, {
      hint: 'Check that the program is installed and that the directory it should run in exists.',
      cause: error,
    });
  }
}

/** Resolves with the exit code once the program has ended and its output is read; a child it left behind is not waited for. */
async function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    // `error` is told by `started`; without a process there is no `exit`.
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
    child.once('exit', (code) => {
      systemClock.after(GRACE_MS, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(code);
      });
    });
  });
}

function collect(stream: Readable, maxBytes: number): { text: () => string; truncated: () => boolean } {
  const chunks: Buffer[] = [];
  let kept = 0;
  let dropped = false;
  stream.on('error', () => {});
  stream.on('data', (chunk: Buffer) => {
    const room = maxBytes - kept;
    if (chunk.length > room) dropped = true;
    if (room <= 0) return;
    chunks.push(chunk.subarray(0, room));
    kept += Math.min(room, chunk.length);
  });
  // `stream: true` leaves out a character that the limit cut in two.
  const text = (): string => new TextDecoder().decode(Buffer.concat(chunks), { stream: dropped });
  return { text, truncated: () => dropped };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  systemClock.after(GRACE_MS, () => signalGroup(pid, 'SIGKILL'));
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
