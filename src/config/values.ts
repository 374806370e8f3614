import { z } from 'zod';
import { nearest } from '../util/nearest.ts';
import type { IssueParams } from './diagnostics.ts';

// Each schema takes what an environment variable holds (text) and what YAML gives (text, numbers, lists), and
// its description is what comes after "expected" in an error and in the documentation.

/** A schema from a function that gives undefined for what it does not understand. */
function value<Value>(expected: string, read: (raw: unknown) => Value | undefined): z.ZodType<Value> {
  const schema = z.unknown().transform((raw, context) => {
    const found = read(raw);
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: expected, input: raw });
    return z.NEVER;
  });
  return schema.describe(expected);
}

export const text = value('text', (raw) => (typeof raw === 'string' ? raw : undefined));

/** A path as it was written, without blanks around it. */
export const pathText = value('a path', (raw) => {
  const given = typeof raw === 'string' ? raw.trim() : '';
  return given === '' || given.includes('\0') || /^~[^/]/.test(given) ? undefined : given;
});

export const flag = value('true or false', (raw) => {
  if (typeof raw === 'boolean') return raw;
  const word = String(raw).trim().toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(word)) return true;
  return ['false', '0', 'no', 'off'].includes(word) ? false : undefined;
});

/** From `smallest` to `largest`, both included. */
export function wholeNumber(smallest: number, largest: number): z.ZodType<number> {
  return value(`a whole number from ${smallest} to ${largest}`, (raw) => {
    const number = numberOf(raw);
    return Number.isSafeInteger(number) && number >= smallest && number <= largest ? number : undefined;
  });
}

/** A span of time that is not nothing. */
export function seconds(longest: number): z.ZodType<number> {
  return value(`a number of seconds above 0 and up to ${longest}`, (raw) => {
    const number = numberOf(raw);
    return number > 0 && number <= longest ? number : undefined;
  });
}

/** A span of time that may be nothing. */
export function secondsOrNone(longest: number): z.ZodType<number> {
  return value(`a number of seconds from 0 to ${longest}`, (raw) => {
    const number = numberOf(raw);
    return number >= 0 && number <= longest ? number : undefined;
  });
}

/** An amount that is not nothing; `$` may stand before it. */
export const dollars = value('a number of US dollars above 0 and up to 1000000', (raw) => {
  const number = numberOf(typeof raw === 'string' ? raw.trim().replace(/^\$\s*/, '') : raw);
  return number > 0 && number <= 1_000_000 ? number : undefined;
});

/** NaN for what is not a plain decimal number: `0x10`, `1e3` and `Infinity` are nobody's settings. */
function numberOf(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  return typeof raw === 'string' && /^\s*[+-]?\d{1,16}(?:\.\d{1,9})?\s*$/.test(raw)
    ? Number(raw)
    : Number.NaN;
}

/** One of a few words; upper and lower case count the same. */
export function oneOf<const Word extends string>(...words: readonly Word[]): z.ZodType<Word> {
  const expected = `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
  const schema = z.unknown().transform((raw, context) => {
    const given = typeof raw === 'string' ? raw.trim() : '';
    const found = words.find((word) => word.toLowerCase() === given.toLowerCase());
    if (found !== undefined) return found;
    const params: IssueParams = { meant: nearest(given, words) };
    context.addIssue({ code: 'custom', message: expected, input: raw, params });
    return z.NEVER;
  });
  return schema.describe(expected);
}

/** Texts with commas between them, or a YAML list. */
export function list(what: string): z.ZodType<readonly string[]> {
  const item = z
    .string({ error: `a ${what}` })
    .trim()
    .min(1, { error: `a ${what}` });
  return z
    .preprocess(splitText, z.array(item, { error: plural(what) }))
    .describe(`${plural(what)} with commas between them`);
}

function plural(what: string): string {
  return what.endsWith('y') ? `${what.slice(0, -1)}ies` : `${what}s`;
}

function splitText(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw;
  const items = raw.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}

/** Telegram's users are numbers of up to 52 bits: https://core.telegram.org/bots/api#user */
export const userIds: z.ZodType<readonly number[] | '*'> = z
  .preprocess(
    (raw) => (typeof raw === 'number' ? [raw] : splitText(raw)),
    z.array(
      value('a user ID (a positive whole number, or * alone)', (raw) => {
        if (typeof raw === 'string' && raw.trim() === '*') return '*' as const;
        const id = numberOf(raw);
        return Number.isSafeInteger(id) && id > 0 ? id : undefined;
      }),
      { error: 'user IDs' },
    ),
  )
  .transform((ids, context): readonly number[] | '*' => {
    const numbers = ids.filter((id) => id !== '*');
    if (numbers.length === ids.length) return [...new Set(numbers)];
    if (numbers.length === 0) return '*';
    const params: IssueParams = { isWhole: true };
    context.addIssue({ code: 'custom', message: 'expected user IDs or * alone, got both', params });
    return z.NEVER;
  })
  .describe('user IDs with commas between them, or * for anyone');

/** At least nobody: an asterisk is no ID here. */
export const userIdList: z.ZodType<readonly number[]> = userIds
  .transform((ids, context): readonly number[] => {
    if (ids !== '*') return ids;
    context.addIssue({ code: 'custom', message: 'user IDs', input: '*' });
    return z.NEVER;
  })
  .describe('user IDs with commas between them');

export const botToken = value('a bot token as @BotFather gives it (digits, a colon, a long word)', (raw) =>
  typeof raw === 'string' && /^\d{1,16}:[\w-]{20,}$/.test(raw.trim()) ? raw.trim() : undefined,
);

/** An address without a slash at its end. User names and passwords in it would end up in logs. */
export const httpUrl = value('an http:// or https:// address without user name, query or fragment', (raw) => {
  const given = typeof raw === 'string' ? raw.trim() : '';
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) return undefined;
  const url = new URL(given);
  const isPlain = [url.username, url.password, url.search, url.hash].every((part) => part === '');
  return isPlain ? given.replace(/\/+$/, '') : undefined;
});
