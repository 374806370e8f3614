import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inPty } from '../fixtures/terminal/pty.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE_MS = 15_000;
const HURRY_MS = 300;

/** leashd as a person starts it: a process of its own, from the sources. */
export interface LeashdProcess {
  readonly pid: number;
  /** All that it printed, on both streams. */
  output(): string;
  /** What the pattern found in the output, now or later. Rejects after 15 seconds, with the output. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>;
  write(text: string): void;
  end(): void;
  /** The exit status; asks it to end first, unless it ended by itself. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** One signal, and no more. */
  signal(signal: NodeJS.Signals): void;
  exited(): Promise<number | null>;
  /** The signal that ended it; null: none, or it runs. */
  endedBy(): NodeJS.Signals | null;
}

export type LeashdOptions = {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  /** For Node.js itself, ahead of the program. */
  readonly nodeArguments?: readonly string[] | undefined;
  /** In a pseudo-terminal, as a person has it. */
  readonly isTty?: boolean;
};

export function startLeashd(options: LeashdOptions): LeashdProcess {
  const { args, environment, directory, nodeArguments = [], isTty = false } = options;
  const command = [process.execPath, ...nodeArguments, join(ROOT, 'src/cli/main.ts'), ...args];
  const [file = '', ...rest] = command;
  const child = spawn(...(isTty ? inPty(command) : ([file, rest] as const)), {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', NO_COLOR: '1', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('leashd could not be started');
  const exited = exitOf(child);
  let output = '';
  const checks = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const check of checks) check();
    });
  }
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    output: () => output,
    printed: (pattern) => printed(pattern, () => output, checks),
    write: (text) => void child.stdin.write(text),
    end: () => void child.stdin.end(),
    stop: async (signal = 'SIGTERM') => {
      if (isRunning()) child.kill(signal);
      // The second one ends the wait for turns that run.
      const again = setInterval(() => child.kill(signal), HURRY_MS);
      return exited.finally(() => clearInterval(again));
    },
    signal: (signal) => void child.kill(signal),
    exited: () => exited,
    endedBy: () => child.signalCode,
  };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  // `close`, not `exit`: only then has all output arrived.
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

function printed(pattern: RegExp, output: () => string, checks: Set<() => void>): Promise<RegExpMatchArray> {
  return new Promise((resolve, reject) => {
    const give = (): void => {
      checks.delete(check);
      reject(new Error(`leashd did not print ${String(pattern)}; it printed:\n${output()}`));
    };
    const timer = setTimeout(give, PATIENCE_MS);
    const check = (): void => {
      const found = output().match(pattern);
      if (!found) return;
      clearTimeout(timer);
      checks.delete(check);
      resolve(found);
    };
    checks.add(check);
    check();
  });
}
