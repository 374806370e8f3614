import { redactAssignments } from './secret-assignments.ts';
import { REDACTED, secretForms } from './secret-forms.ts';

/** Takes secrets out of text that somebody will read: logs, errors, chat, the audit. */
export interface Redactor {
  /** The text with `[redacted]` in place of every secret. Linear in the text's length; must not throw. */
  redact(text: string): string;
  /** From now on this value is a secret too. Under six characters it is ignored: that would blank out words. */
  add(secret: string): void;
}

const SHORTEST_SECRET = 6;

/**
 * A redactor that knows `secrets` by value and others by their form (bot tokens, API keys, private keys,
 * passwords in URLs, `PASSWORD=…`). A value is found as it stands, as part of a URL, and inside JSON.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = new Set<string>();
  let pattern: RegExp | undefined;
  const add = (secret: string): void => {
    const value = secret.trim();
    if (value.length < SHORTEST_SECRET) return;
    for (const written of [value, urlEncoded(value), JSON.stringify(value).slice(1, -1)]) known.add(written);
    // The longest first, so that a secret that begins with another one goes as a whole.
    const longestFirst = [...known].sort((one, other) => other.length - one.length);
    pattern = new RegExp(longestFirst.map(escapeForPattern).join('|'), 'g');
  };
  for (const secret of secrets) add(secret);

  const redact = (text: string): string => {
    let clean = pattern === undefined ? text : text.replaceAll(pattern, REDACTED);
    for (const withoutForm of secretForms) clean = withoutForm(clean);
    return redactAssignments(clean);
  };
  return { redact, add };
}

function urlEncoded(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    // Half a surrogate pair can't be encoded, so it can't stand in a URL either.
    return value;
  }
}

function escapeForPattern(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
