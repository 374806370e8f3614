import type { LogFields } from '../util/log.ts';
import type { Redactor } from '../util/redact.ts';
import { REDACTED } from '../util/secret-forms.ts';
import { isSecretName } from '../util/secret-name.ts';

const DEEPEST = 6;
const MOST_ITEMS = 100;
const LONGEST_TEXT = 8_000;
/** What every line has of its own. */
const reserved = new Set(['level', 'time', 'event']);

/**
 * Fields as they may be written: plain values alone, every text redacted, whatever stands under a secret's name
 * masked, nothing deep, long or circular. Never throws, whatever getters and proxies do.
 */
export function cleanFields(fields: LogFields, redactor: Redactor): Record<string, unknown> {
  const clean = cleanValue(fields, redactor, []);
  const entries = typeof clean === 'object' && clean !== null ? Object.entries(clean) : [];
  return Object.fromEntries(entries.map(([name, value]) => [reserved.has(name) ? `${name}_` : name, value]));
}

/** Redacted, and cut when it is too long for a log. */
export function cleanText(text: string, redactor: Redactor): string {
  const clean = redactor.redact(text);
  if (clean.length <= LONGEST_TEXT) return clean;
  return `${clean.slice(0, LONGEST_TEXT)}… (${clean.length - LONGEST_TEXT} more characters)`;
}

/** `above`: the objects that this value is inside of. */
function cleanValue(value: unknown, redactor: Redactor, above: readonly object[]): unknown {
  switch (typeof value) {
    case 'string':
      return cleanText(value, redactor);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
    case 'undefined':
      return value;
    case 'object':
      return value === null ? null : cleanObject(value, redactor, above);
    default:
      // Bigints, symbols and functions have no JSON.
      return cleanText(typeof value === 'function' ? `[function ${value.name}]` : String(value), redactor);
  }
}

function cleanObject(value: object, redactor: Redactor, above: readonly object[]): unknown {
  try {
    if (above.includes(value)) return '[circular]';
    if (above.length >= DEEPEST) return '[deeper]';
    const inside = [...above, value];
    if (value instanceof Error) return cleanError(value, redactor, inside);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Map)
      return cleanEntries(
        [...value].map(([key, item]) => [String(key), item]),
        redactor,
        inside,
      );
    if (Array.isArray(value) || value instanceof Set) return cleanItems([...value], redactor, inside);
    if ('toJSON' in value && typeof value.toJSON === 'function') {
      return cleanValue((value as { toJSON(): unknown }).toJSON(), redactor, inside);
    }
    // Read one by one, so that a getter that throws costs only its own field.
    const names = Object.keys(value);
    return cleanEntries(
      names.map((name) => [name, read(value, name)]),
      redactor,
      inside,
    );
  } catch {
    return '[unreadable]';
  }
}

function cleanItems(items: readonly unknown[], redactor: Redactor, above: readonly object[]): unknown[] {
  const clean = items.slice(0, MOST_ITEMS).map((item) => cleanValue(item, redactor, above));
  return items.length > MOST_ITEMS ? [...clean, `… (${items.length - MOST_ITEMS} more)`] : clean;
}

function cleanEntries(
  entries: readonly (readonly [string, unknown])[],
  redactor: Redactor,
  above: readonly object[],
): Record<string, unknown> {
  const clean = entries.slice(0, MOST_ITEMS).map(([name, value]): [string, unknown] => {
    const shown = isSecretName(name) ? REDACTED : cleanValue(value, redactor, above);
    return [cleanText(name, redactor), shown];
  });
  if (entries.length > MOST_ITEMS) clean.push(['…', `${entries.length - MOST_ITEMS} more`]);
  return Object.fromEntries(clean);
}

function cleanError(error: Error, redactor: Redactor, above: readonly object[]): Record<string, unknown> {
  const names = ['message', 'code', 'stack', 'cause', 'errors'].filter((name) => name in error);
  return cleanEntries(
    names.map((name) => [name, read(error, name)] as const).filter(([, value]) => value !== undefined),
    redactor,
    above,
  );
}

function read(value: object, name: string): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    return '[unreadable]';
  }
}
