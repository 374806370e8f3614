import { hash as hashOf } from 'node:crypto';
import { z } from 'zod';
import type { EntryBody } from './audit-entry.ts';
import type { AuditHead } from './audit-record.ts';

/**
 * How an entry becomes a line of the chain:
 *
 *     {"v":2,"seq":17,"prev":"<64 hex>","event":"…","at":"…", … ,"hash":"<64 hex>"}
 *
 * `hash` is the SHA-256 of the line's bytes up to, and without, `,"hash":`; what comes after those bytes is wholly
 * determined by the hash, so it stands for the line's exact bytes. `prev` is the `hash` of the line before (64
 * zeros for the first). `seq` counts without a gap from 0, across files.
 *
 * A hash of its own in each line is there so that a changed line is named itself and not the one after it; a line
 * that was changed together with its hash no longer fits the `prev` of the one after. `seq` tells a removed line
 * from one that was moved. The order of the first three and the last field is fixed, so that a line is checked
 * without parsing it.
 */
export type ChainLine = {
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  /** It is a `log_opened`, to be read with `readOpening`. */
  readonly isOpening: boolean;
};

export const NO_HASH: string = '0'.repeat(64);

/** The line, with its line feed, of that number behind the one whose hash is `prev`. */
export function sealLine(
  body: EntryBody,
  seq: number,
  prev: string,
): { readonly text: string; readonly head: AuditHead } {
  const open = `{"v":2,"seq":${seq},"prev":"${prev}",${JSON.stringify(body).slice(1, -1)}`;
  const hash = hashOf('sha256', open, 'hex');
  return { text: `${open},"hash":"${hash}"}\n`, head: { seq, hash } };
}

const START = Buffer.from('{"v":2,"seq":');
const PREV = Buffer.from(',"prev":"');
const EVENT = Buffer.from('","event":"');
const OPENING = Buffer.from('log_opened"');
const HASH = Buffer.from(',"hash":"');
const END = Buffer.from('"}');
const HEX = 64;
const TAIL = HASH.length + HEX + END.length;
const ZERO = 0x30;
const MOST_DIGITS = 15;

/** The line in `buffer` from `start` to `end`, without its line feed; undefined unless it is what was sealed. */
export function readChainLine(buffer: Buffer, start: number, end: number): ChainLine | undefined {
  if (!stands(START, buffer, start, end)) return undefined;
  const digits = start + START.length;
  let at = digits;
  let seq = 0;
  for (; at < end; at += 1) {
    const digit = (buffer[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    seq = seq * 10 + digit;
  }
  if (at === digits || at - digits > MOST_DIGITS || !stands(PREV, buffer, at, end)) return undefined;
  const prevAt = at + PREV.length;
  const eventAt = prevAt + HEX;
  const tail = end - TAIL;
  if (tail < eventAt + EVENT.length || !stands(EVENT, buffer, eventAt, end)) return undefined;
  if (!stands(HASH, buffer, tail, end) || !stands(END, buffer, end - END.length, end)) return undefined;
  const hash = buffer.toString('latin1', tail + HASH.length, tail + HASH.length + HEX);
  if (hashOf('sha256', buffer.subarray(start, tail), 'hex') !== hash) return undefined;
  const prev = buffer.toString('latin1', prevAt, eventAt);
  return { seq, prev, hash, isOpening: stands(OPENING, buffer, eventAt + EVENT.length, end) };
}

function stands(part: Buffer, buffer: Buffer, at: number, end: number): boolean {
  if (at + part.length > end) return false;
  for (let index = 0; index < part.length; index += 1) {
    if (buffer[at + index] !== part[index]) return false;
  }
  return true;
}

const headSchema = z.object({ seq: z.int(), hash: z.string() });
const gapSchema = z.object({ lines: z.int(), bytes: z.int(), sha256: z.string() });

const openingSchema = z.object({
  at: z.string(),
  /**
   * `new`: the first of all; `started`: leashd did; `rotated`: the file before was full; `recovered`: it could not
   * be written for a while; `broken`: what stood there was not what leashd had written.
   */
  why: z.enum(['new', 'started', 'rotated', 'recovered', 'broken']),
  /** The file's number in the chain. */
  file: z.int(),
  /** The bytes between the last entry and this one, which are none: a torn line, or lines from before the chain. */
  unchained: gapSchema.optional(),
  /** The database did not know how far the log had come: what had been cut off before can't be told. */
  unproven: z.literal(true).optional(),
  /** Where the chain was last seen whole, and what was found in its place. */
  broken: z
    .object({ expected: headSchema.nullable(), found: headSchema.nullable(), problem: z.string() })
    .optional(),
});

export type Opening = z.infer<typeof openingSchema>;
export type Gap = z.infer<typeof gapSchema>;

/** Undefined for a line that no leashd writes. */
export function readOpening(text: string): Opening | undefined {
  try {
    const read = openingSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
