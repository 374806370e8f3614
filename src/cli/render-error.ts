import { LeashdError } from '../errors.ts';

/** Exit statuses: 2 for what the person can mend, 1 for the machine, 70 for a bug (sysexits.h, EX_SOFTWARE). */
export function exitStatusOf(thrown: unknown): number {
  if (!(thrown instanceof LeashdError)) return 70;
  return { person: 2, machine: 1, bug: 70 }[thrown.fault];
}

/** What the person reads: the sentence and what to do; a stack only for our own bugs. */
export function renderError(thrown: unknown, redact: (text: string) => string): string {
  const text = `${textOf(thrown)}\n`;
  // What the person wrote is quoted without secrets already; words like “token:” must stay readable there.
  return thrown instanceof LeashdError && thrown.fault === 'person' ? text : redact(text);
}

function textOf(thrown: unknown): string {
  if (thrown instanceof LeashdError && thrown.fault !== 'bug') {
    const { cause: inner } = thrown;
    const isNews = inner instanceof Error && !thrown.message.includes(inner.message);
    const cause = isNews ? [`  because: ${inner.message}`] : [];
    return [`leashd: ${thrown.message}`, ...cause, ...(thrown.hint === undefined ? [] : [thrown.hint])].join(
      '\n',
    );
  }
  const details = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return `leashd: this is a bug in leashd, not your mistake. Please report it with these lines:\n${details}`;
}
