import type { Readable, Writable } from 'node:stream';

/** A command of the command line, as data. */
export type CliCommand = {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  readonly options?: readonly CliOption[];
  /** What may stand behind it, as commander writes it: `[command]`, `[files...]`. */
  readonly argument?: string;
  readonly subcommands?: readonly CliCommand[];
  /** Not in `--help`: for other programs. */
  readonly isHidden?: boolean;
  /** Resolves with the exit status. */
  readonly run: (context: CliContext) => Promise<number>;
};

export type CliOption = {
  readonly flags: string;
  readonly summary: string;
  /** Not for people: left out of `--help`. */
  readonly isHidden?: boolean;
  /** Given several times, its values are a list. */
  readonly isRepeatable?: boolean;
};

export type CliContext = {
  /** What stood behind the command, keyed in camelCase; checked by the command itself. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly argument: string | undefined;
  /** All words behind the command, where it takes several: `[files...]`. */
  readonly operands: readonly string[];
  readonly surroundings: Surroundings;
};

/** The process's edge, gathered in one place so that a test can set up its own. */
export type Surroundings = {
  readonly input: Readable;
  readonly output: Writable;
  readonly errorOutput: Writable;
  /** Whether a person sits at both ends. */
  readonly isTty: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** The directory the person stands in: relative paths and `.env` are taken from here. */
  readonly startDirectory: string;
  readonly homeDirectory: string;
  /**
   * Resolves when the process is asked to end (SIGINT, SIGTERM, SIGHUP); never once `signal` aborts. With `onHangUp`,
   * SIGHUP is for that to decide.
   */
  readonly untilStopped: (signal: AbortSignal, onHangUp?: () => 'ends' | 'goes-on') => Promise<string>;
  /** Calls `report` with what nobody caught, then ends the process with 70. Left out: as Node.js does it. */
  readonly onCrash?: ((report: (fault: unknown) => void) => void) | undefined;
  /** All is said: what the system still waits for must not hold the process for long. Left out: it may. */
  readonly endSoon?: () => void;
};
