import { open, stat, type FileHandle } from 'node:fs/promises';
import { ChainChecker, type ChainFault } from '../../safety/audit/audit-chain.ts';
import { readLines } from '../../safety/audit/audit-files.ts';
import { readChainLine } from '../../safety/audit/audit-line.ts';
import type { AuditHead } from '../../safety/audit/audit-record.ts';
import { auditPaths, type AuditPlace } from '../audit-place.ts';

/** Bytes of all files of a log. */
export async function auditBytes(place: AuditPlace): Promise<number> {
  const sizes = await Promise.all((await auditPaths(place)).map(sizeOf));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size;
}

export type AuditTail = {
  readonly entries: number;
  /** Their lines are counted from where the reading began. */
  readonly faults: readonly ChainFault[];
  /** Why it can't be proven that nothing was cut off at the end. */
  readonly unprovenEnd: string | undefined;
};

/** Follows the chain through the last `bytes` of the file that is written now, up to what the database remembers. */
export async function verifyTail(place: AuditPlace, bytes: number): Promise<AuditTail> {
  const remembered = await place.head();
  const file = await open(place.path, 'r');
  try {
    const from = Math.max(0, (await file.stat()).size - bytes);
    const first = from === 0 ? undefined : await firstEntry(file, from);
    const head = remembered.kind === 'known' ? remembered.head : undefined;
    const checker = new ChainChecker({ from: first?.head ?? 'anything', head });
    checker.beginFile(place.path);
    await readLines(file, first?.end ?? 0, (buffer, start, end, by) => checker.take(buffer, start, end, by));
    checker.finish();
    const unprovenEnd = remembered.kind === 'known' ? undefined : remembered.why;
    return { entries: checker.state.entries, faults: checker.faults, unprovenEnd };
  } finally {
    await file.close();
  }
}

/** More bytes than a line of the log has, but for those of the largest files. */
const SEARCHED_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 10;

/** The first whole line behind a byte that is an entry, and the byte behind it. */
async function firstEntry(
  file: FileHandle,
  from: number,
): Promise<{ readonly head: AuditHead; readonly end: number } | undefined> {
  const buffer = Buffer.alloc(SEARCHED_BYTES);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  let start = buffer.subarray(0, bytesRead).indexOf(LINE_FEED) + 1;
  while (start > 0 && start < bytesRead) {
    const end = buffer.subarray(0, bytesRead).indexOf(LINE_FEED, start);
    if (end === -1) return undefined;
    const line = readChainLine(buffer, start, end);
    if (line !== undefined) return { head: { seq: line.seq, hash: line.hash }, end: from + end + 1 };
    start = end + 1;
  }
  return undefined;
}
