import { pino, type Logger } from 'pino';
import { systemClock, type Clock } from '../util/clock.ts';
import { logLevels, type LogLevel } from '../util/log-level.ts';
import type { Log, LogFields } from '../util/log.ts';
import type { Redactor } from '../util/redact.ts';
import { cleanFields, cleanText } from './clean-fields.ts';
import { formatLine, type LogLine } from './format-line.ts';
import { RotatingFile } from './rotating-file.ts';

/** Where lines for people go: stderr, or a stream of a test. */
export type ConsoleStream = NodeJS.WritableStream & { readonly isTTY?: boolean; hasColors?(): boolean };

export type LogOptions = {
  readonly level: LogLevel;
  readonly console: ConsoleStream;
  /** What the console shows, where that is less than `level`. */
  readonly consoleLevel?: LogLevel;
  /** Without it, nothing is written to disk. */
  readonly file?: {
    /** Absolute. */
    readonly directory: string;
    readonly maxBytes: number;
    readonly backupCount: number;
  };
  /** Every text passes it, whichever way it goes. */
  readonly redact: Redactor;
  /** Lines for people on the console (in colour on a TTY that has them) instead of JSON lines. */
  readonly isPretty: boolean;
  readonly clock?: Clock;
};

export type OpenLog = {
  readonly log: Log;
  /** From here on. */
  readonly setLevel: (level: LogLevel, consoleLevel?: LogLevel) => void;
  /** Resolves once the console took everything, or after a second. Never rejects. The file is always up to date. */
  readonly flush: () => Promise<void>;
  /** Flushes and closes the file; what is logged later goes to the console alone. Never rejects. */
  readonly close: () => Promise<void>;
};

const pinoLevels = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const;
const levelNames: Readonly<Record<string, LogLevel>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
};
const LONGEST_FLUSH_MS = 1_000;

/** The log: people's lines on the console, JSON lines in a rotating file, no secret in either. */
export function createLog(options: LogOptions): OpenLog {
  const { console, clock = systemClock } = options;
  const hasColours = options.isPretty && console.isTTY === true && (console.hasColors?.() ?? true);
  // A console that went away (a closed pipe) is no reason to stop.
  const ignore = (): void => {};
  console.on('error', ignore);
  let leastShown = logLevels.indexOf(options.consoleLevel ?? options.level);
  const writeConsole = (line: string): void => {
    try {
      if (logLevels.indexOf((JSON.parse(line) as LogLine).level) < leastShown) return;
      console.write(options.isPretty ? formatLine(JSON.parse(line) as LogLine, hasColours) : line);
    } catch {
      // Nobody is left to be told.
    }
  };
  const onFault = (error: unknown): void => {
    const line = { level: 'ERROR', time: new Date(clock.now()).toISOString(), event: 'log_file_failed' };
    writeConsole(`${JSON.stringify({ ...line, ...cleanFields({ error }, options.redact) })}\n`);
  };
  const file = options.file === undefined ? undefined : new RotatingFile({ ...options.file, onFault });
  const logger = pino(
    {
      level: pinoLevels[options.level],
      base: null,
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: levelNames[label] ?? label }) },
    },
    {
      write(line: string) {
        file?.write(line);
        writeConsole(line);
      },
    },
  );
  const flush = (): Promise<void> => drain(console, clock);
  return {
    log: logWith(logger, options.redact, {}),
    setLevel: (level, consoleLevel = level) => {
      logger.level = pinoLevels[level];
      leastShown = logLevels.indexOf(consoleLevel);
    },
    flush,
    close: async () => {
      await flush();
      file?.close();
    },
  };
}

function logWith(logger: Logger, redactor: Redactor, bound: LogFields): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error', event: string, fields: LogFields = {}): void => {
    if (!logger.isLevelEnabled(level)) return;
    try {
      // Cleaned one by one: spreading fields would call their getters, which may throw.
      const clean = { ...cleanFields(bound, redactor), ...cleanFields(fields, redactor) };
      logger[level](clean, cleanText(event, redactor));
    } catch {
      // A log must never be the reason that something else fails.
    }
  };
  return {
    debug: (event, fields) => write('debug', event, fields),
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
    with: (fields) => logWith(logger, redactor, { ...bound, ...fields }),
  };
}

function drain(console: ConsoleStream, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(LONGEST_FLUSH_MS, resolve);
    const done = (): void => {
      timer.cancel();
      resolve();
    };
    try {
      console.write('', done);
    } catch {
      done();
    }
  });
}
