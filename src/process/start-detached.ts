import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MachineError, messageOf } from '../errors.ts';

export type DetachedOptions = {
  /** Absolute path the program starts in. */
  readonly cwd: string;
  /** All of the program's environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** An open file that takes its stdout and stderr; left out: nothing does. */
  readonly output?: number | undefined;
  /** What it says over its channel (`process.send`). */
  readonly onMessage: (message: unknown) => void;
};

/** A Node.js process in a session of its own: the end of this process, or of its terminal, is not its end. */
export type Detached = {
  readonly pid: number;
  /** Nothing happens where it has ended. */
  readonly send: (message: object) => void;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Its exit status, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Lets go of it: from here on neither knows of the other. */
  readonly release: () => void;
};

/** @throws MachineError `PROGRAM_NOT_STARTED` when it can't be started. */
export async function startDetached(
  args: readonly string[],
  { cwd, env, output, onMessage }: DetachedOptions,
): Promise<Detached> {
  const child = spawn(process.execPath, [...process.execArgv, ...args], {
    cwd,
    env: { ...env },
    // A session of its own (setsid): no terminal can hang up on it.
    detached: true,
    stdio: ['ignore', output ?? 'ignore', output ?? 'ignore', 'ipc'],
  });
  // Its last words may come behind the news of its end.
  const silent = new Promise((resolve) => child.once('disconnect', resolve));
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => void silent.then(() => resolve(code ?? signal ?? 1)));
  });
  child.on('message', onMessage);
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new MachineError('PROGRAM_NOT_STARTED', `leashd could not be started: ${messageOf(error)}`, {
      hint: `Check that ${cwd} is there.`,
      cause: error,
    });
  }
  // An end while something is being sent is seen by `exited`.
  child.on('error', () => {});
  return {
    pid: child.pid ?? 0,
    send: (message) => {
      if (child.connected) child.send(message, () => {});
    },
    signal: (name) => void child.kill(name),
    exited,
    release: () => {
      if (child.connected) child.disconnect();
      child.unref();
    },
  };
}
