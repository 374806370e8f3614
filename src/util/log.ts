/** Values that may stand beside an event. Never a secret: the sink redacts, but nothing is to rely on it. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Structured events: a name in snake_case (`session_created`) and fields.
 * Must never throw and never wait; a log that can't be written is lost silently (the audit log is not).
 */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log that adds `fields` to each of its events. */
  with(fields: LogFields): Log;
}

/** Drops everything. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
};
