import { open, stat } from 'node:fs/promises';
import { MachineError, messageOf, PersonError } from '../errors.ts';
import { ChainChecker, type ChainFault } from '../safety/audit/audit-chain.ts';
import { readLines } from '../safety/audit/audit-files.ts';
import type { RememberedHead } from '../storage/audit-heads.ts';
import { auditPaths, type AuditPlace } from './audit-place.ts';

/** What the chain says about a log. */
export type AuditVerification = {
  readonly isWhole: boolean;
  readonly files: readonly string[];
  readonly entries: number;
  /** In the order of the files; the first is the one to look at. Not more than a thousand. */
  readonly faults: readonly ChainFault[];
  readonly faultCount: number;
  /** Lines from before the chain, and lines torn by a crash, that an entry vouches for. */
  readonly unchainedLines: number;
  readonly tornLines: number;
  /** The number of the entry that a single file's first one follows. */
  readonly follows: number | undefined;
  /** The number of the last entry before which something may have been cut off: leashd did not know how far it had come. */
  readonly unprovenBefore: number | undefined;
  /** Why it can't be proven that nothing was cut off at the end. */
  readonly unprovenEnd: string | undefined;
};

/** leashd may be writing while the log is read: what looks wrong is looked at again while it changes. */
const MOST_ROUNDS = 4;
const ROUND_MS = 100;

/**
 * Follows the chain through all files, reading each once.
 * @throws PersonError when there is no log, MachineError when it can't be read.
 */
export async function verifyAudit(place: AuditPlace): Promise<AuditVerification> {
  for (let round = 1; ; round += 1) {
    const before = await standOf(place);
    const found = await verifyOnce(place);
    if (found.isWhole || round === MOST_ROUNDS) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, ROUND_MS);
    });
    if ((await standOf(place)) === before) return found;
  }
}

async function verifyOnce(place: AuditPlace): Promise<AuditVerification> {
  // Before the files: what is written meanwhile only lies behind it.
  const remembered = await place.head();
  const paths = await auditPaths(place);
  const head = remembered.kind === 'known' ? remembered.head : undefined;
  const checker = new ChainChecker({ from: place.isNamed ? 'anything' : 'beginning', head });
  const files: string[] = [];
  for (const path of paths) {
    checker.beginFile(path);
    const isLast = path === paths.at(-1);
    if (await readThrough(path, checker, isLast)) files.push(path);
    if (!isLast) checker.endFile();
  }
  if (files.length === 0 && head === undefined) throw noLog(place.path);
  checker.finish();
  return resultOf(checker, files, remembered);
}

function resultOf(
  checker: ChainChecker,
  files: readonly string[],
  remembered: RememberedHead,
): AuditVerification {
  const { entries, unchainedLines, tornLines, follows, unprovenBefore } = checker.state;
  const { faults, faultCount } = checker;
  const unprovenEnd = remembered.kind === 'known' ? undefined : remembered.why;
  return {
    isWhole: faultCount === 0,
    files,
    entries,
    faults,
    faultCount,
    unchainedLines,
    tornLines,
    follows,
    unprovenBefore,
    unprovenEnd,
  };
}

/** False when it is not there, which only the file that is written now may be. */
async function readThrough(path: string, checker: ChainChecker, mayBeMissing: boolean): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      await readLines(file, 0, (buffer, start, end, by) => checker.take(buffer, start, end, by));
    } finally {
      await file.close();
    }
    return true;
  } catch (cause) {
    if (mayBeMissing && (cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new MachineError('AUDIT_UNREADABLE', `${path} can't be read: ${messageOf(cause)}`, { cause });
  }
}

/** Changes when the log does. */
async function standOf(place: AuditPlace): Promise<string> {
  const { size } = await stat(place.path).catch(() => ({ size: -1 }));
  return JSON.stringify([size, await auditPaths(place)]);
}

export function noLog(path: string): PersonError {
  return new PersonError('AUDIT_MISSING', `there is no audit log ${path}`, {
    hint: 'Ask in the directory where you start leashd, or name the file at the end of the command.',
  });
}
