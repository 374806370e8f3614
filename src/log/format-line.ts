import type { LogLevel } from '../util/log-level.ts';

/** One event as it stands in the log file. */
export type LogLine = {
  readonly level: LogLevel;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly event: string;
} & Readonly<Record<string, unknown>>;

const colours: Readonly<Record<LogLevel, string>> = {
  DEBUG: '\u001B[2m',
  INFO: '\u001B[32m',
  WARNING: '\u001B[33m',
  ERROR: '\u001B[31m',
};
const DIM = '\u001B[2m';
const PLAIN = '\u001B[0m';

/** An event on one line for people: `12:30:45 INFO    session_created directory=/home/me/shop`, in local time. */
export function formatLine(line: LogLine, hasColours: boolean): string {
  const { level, time, event, ...fields } = line;
  const paint = (colour: string, text: string) => (hasColours ? `${colour}${text}${PLAIN}` : text);
  const parts = [
    paint(DIM, new Date(time).toTimeString().slice(0, 8)),
    paint(colours[level], level.padEnd(7)),
    printable(event),
    ...Object.entries(fields).map(
      ([name, value]) => `${paint(DIM, `${printable(name)}=`)}${formatValue(value)}`,
    ),
  ];
  return `${parts.join(' ')}\n`;
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return quoteIfNeeded(value);
  if (isErrorLike(value)) return quoteIfNeeded(describeError(value));
  return printable(JSON.stringify(value) ?? 'undefined');
}

/** Quoted when it is not one plain word, so that nothing in it can pass for another field or line. */
function quoteIfNeeded(text: string): string {
  return /^[\w./:@+,~*-]+$/.test(text) ? text : printable(JSON.stringify(text));
}

type ErrorLike = { readonly message: string; readonly code?: unknown; readonly cause?: unknown };

function isErrorLike(value: unknown): value is ErrorLike {
  return typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;
}

/** An error with its causes; the stack is for the log file. */
function describeError(error: ErrorLike): string {
  const code = typeof error.code === 'string' ? ` (${error.code})` : '';
  const cause = isErrorLike(error.cause) ? `, because: ${describeError(error.cause)}` : '';
  return `${error.message}${code}${cause}`;
}

/** Control characters and what turns the direction of writing could redraw the terminal. */
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
