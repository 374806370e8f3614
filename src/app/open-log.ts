import type { LoadedSettings } from '../config/load-settings.ts';
import { createLog, type ConsoleStream } from '../log/create-log.ts';
import type { LogLevel } from '../util/log-level.ts';
import type { Log } from '../util/log.ts';
import { createRedactor, type Redactor } from '../util/redact.ts';
import { secretsOf } from './secrets.ts';

export interface OpenLogOptions {
  readonly loaded: LoadedSettings;
  readonly console: ConsoleStream;
}

/** The log as the settings have it, and the redactor that everything written passes. */
export function openLog({ loaded, console }: OpenLogOptions): {
  readonly log: Log;
  readonly redactor: Redactor;
  /** Takes the level of other settings. */
  readonly setLevel: (loaded: LoadedSettings) => void;
  readonly close: () => Promise<void>;
} {
  const { logLevel, logDir, logMaxBytes, logBackupCount, telegramBotToken } = loaded.settings;
  const redactor = createRedactor(secretsOf(loaded.settings));
  // In a conversation in the terminal, only what needs the person may come between; the file has it all.
  const isConversation = telegramBotToken === undefined;
  const consoleLevelOf = ({ settings, origins }: LoadedSettings): LogLevel =>
    isConversation && origins.logLevel.kind === 'default' ? 'ERROR' : settings.logLevel;
  const { log, setLevel, close } = createLog({
    level: logLevel,
    console,
    consoleLevel: consoleLevelOf(loaded),
    file: { directory: logDir, maxBytes: logMaxBytes, backupCount: logBackupCount },
    redact: redactor,
    isPretty: true,
  });
  return {
    log,
    redactor,
    setLevel: (next) => setLevel(next.settings.logLevel, consoleLevelOf(next)),
    close,
  };
}
