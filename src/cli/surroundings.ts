import { homedir } from 'node:os';
import type { Surroundings } from './commands/cli-command.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
  };
}

/** npm runs scripts in the package's folder and says in INIT_CWD where the person stood (npm documentation, "run"). */
function startDirectory(environment: NodeJS.ProcessEnv): string {
  const isRunByNpm = environment['npm_lifecycle_event'] !== undefined;
  return (isRunByNpm ? environment['INIT_CWD'] : undefined) ?? process.cwd();
}

function untilStopped(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const stop = (name: NodeJS.Signals): void => {
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
