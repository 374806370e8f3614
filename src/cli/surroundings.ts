import { homedir } from 'node:os';
import type { Surroundings } from './commands/cli-command.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const END_MS = 500;

/** The real process. */
export function processSurroundings(): Surroundings {
  return {
    input: process.stdin,
    output: process.stdout,
    errorOutput: process.stderr,
    // A dumb terminal can't move its cursor.
    isTty: process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb',
    environment: process.env,
    startDirectory: startDirectory(process.env),
    homeDirectory: homedir(),
    untilStopped,
    onCrash,
    endSoon,
  };
}

/** npm runs scripts in the package's folder and says in INIT_CWD where the person stood (npm documentation, "run"). */
function startDirectory(environment: NodeJS.ProcessEnv): string {
  const isRunByNpm = environment['npm_lifecycle_event'] !== undefined;
  return (isRunByNpm ? environment['INIT_CWD'] : undefined) ?? process.cwd();
}

/** Unless it has ended by itself by then; with the exit status that is set by then. */
function endSoon(): void {
  setTimeout(() => process.exit(), END_MS).unref();
}

function onCrash(report: (fault: unknown) => void): void {
  const end = (fault: unknown): never => {
    try {
      report(fault);
    } finally {
      process.exit(70);
    }
  };
  // A rejection that nobody awaits comes here, too (Node.js documentation, "--unhandled-rejections").
  process.once('uncaughtException', end);
}

function untilStopped(signal: AbortSignal, onHangUp?: () => 'ends' | 'goes-on'): Promise<string> {
  return new Promise((resolve) => {
    const stop = (name: NodeJS.Signals): void => {
      if (name === 'SIGHUP' && onHangUp?.() === 'goes-on') return;
      unlisten();
      resolve(name);
    };
    const unlisten = (): void => {
      for (const name of STOP_SIGNALS) process.off(name, stop);
    };
    for (const name of STOP_SIGNALS) process.on(name, stop);
    signal.addEventListener('abort', unlisten, { once: true });
  });
}
