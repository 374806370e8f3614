import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { readLines, rotatedFiles } from './audit-files.ts';
import { ChainChecker } from './audit-chain.ts';
import type { ChainState } from './audit-chain.ts';
import type { Gap, Opening } from './audit-line.ts';
import type { AuditHead } from './audit-record.ts';

/** Where an earlier writer, or this one before a fault, knows that it stood. */
export type Foothold = { readonly size: number; readonly head: AuditHead };

/** How the chain goes on in a file: what its next line, a `log_opened`, says. */
export type Continuation = Pick<Opening, 'why' | 'file' | 'unchained' | 'broken'> & {
  /** The number and predecessor of that line. */
  readonly seq: number;
  readonly prev: AuditHead | undefined;
  /** A torn line has to be ended first. */
  readonly needsLineFeed: boolean;
  /** Entries that stand in the file without ever having been confirmed to whoever wrote them. */
  readonly unconfirmed: number;
};

export type StandingOptions = {
  readonly path: string;
  readonly file: FileHandle;
  /** The last entry that was confirmed; undefined when nobody remembers. */
  readonly head: AuditHead | undefined;
  /** Up to here the file was seen whole by this process. */
  readonly foothold?: Foothold | undefined;
};

/** Reads what stands in the file, and says how to go on. What is there is never changed. */
export async function continuationOf(options: StandingOptions): Promise<Continuation> {
  const { head, foothold } = options;
  const isResumed = foothold !== undefined && (await options.file.stat()).size >= foothold.size;
  const from = isResumed ? foothold.head : 'anything';
  const checker = await checked(options.path, options.file, isResumed ? foothold.size : 0, { from, head });
  const { state } = checker;
  const number = state.file ?? 1;
  const isEmpty = state.last === undefined && (state.gap === undefined || state.gap.isTorn);
  if (isEmpty) {
    const before = await continuationAfterRotated(options, state);
    if (before !== undefined) return before;
  }
  const problem = problemOf(checker, state, head, isResumed);
  if (problem !== undefined)
    return brokenAt(state, head, problem, isEmpty ? await nextNumber(options.path) : number);
  const why = state.last === undefined ? 'new' : isResumed ? 'recovered' : 'started';
  return { ...goOn(state, state.last, head), why, file: number };
}

function goOn(state: ChainState, last: AuditHead | undefined, head: AuditHead | undefined) {
  return {
    seq: (last?.seq ?? -1) + 1,
    prev: last,
    unchained: gapToTell(state),
    needsLineFeed: state.needsLineFeed,
    unconfirmed: head === undefined ? 0 : Math.max(0, (last?.seq ?? -1) - head.seq),
  };
}

/** A crash between putting the full file aside and beginning the next one. */
async function continuationAfterRotated(
  { path, head }: StandingOptions,
  state: ChainState,
): Promise<Continuation | undefined> {
  const newest = (await rotatedFiles(path)).at(-1);
  if (newest === undefined) return undefined;
  const file = await open(newest.path, 'r');
  try {
    const checker = await checked(newest.path, file, 0, { from: 'anything', head });
    const { last, gap, needsLineFeed, hasReachedHead } = checker.state;
    if (
      last === undefined ||
      gap !== undefined ||
      needsLineFeed ||
      !hasReachedHead ||
      checker.newFaults.length > 0
    )
      return undefined;
    return { ...goOn(state, last, head), why: 'rotated', file: newest.number + 1 };
  } finally {
    await file.close();
  }
}

async function nextNumber(path: string): Promise<number> {
  return ((await rotatedFiles(path)).at(-1)?.number ?? 0) + 1;
}

function problemOf(
  checker: ChainChecker,
  state: ChainState,
  head: AuditHead | undefined,
  isResumed: boolean,
): string | undefined {
  const [fault] = checker.newFaults;
  if (fault !== undefined) return `${isResumed ? '' : `line ${fault.line} `}${fault.kind}: ${fault.what}`;
  if (head !== undefined && (state.last?.seq ?? -1) < head.seq)
    return 'the end of the log is not there any more';
  if (!state.hasReachedHead) return 'it is another log than the one that leashd wrote';
  // Only what a crash leaves behind is believed to be just that; without a memory of the end, just one line of it.
  const { last, gap } = state;
  const isExplained =
    last === undefined || gap === undefined || (gap.isTorn && (head !== undefined || gap.lines === 1));
  return isExplained ? undefined : 'something was written behind its end';
}

/** A segment of its own; its numbers lie behind all that were ever given. */
function brokenAt(
  state: ChainState,
  head: AuditHead | undefined,
  problem: string,
  file: number,
): Continuation {
  const seq = Math.max(state.last?.seq ?? -1, head?.seq ?? -1) + 1;
  const broken = { expected: plain(head), found: plain(state.last), problem };
  return { ...goOn(state, state.last, undefined), seq, prev: undefined, why: 'broken', broken, file };
}

function plain(head: AuditHead | undefined): AuditHead | null {
  return head === undefined ? null : { seq: head.seq, hash: head.hash };
}

function gapToTell({ gap }: ChainState): Gap | undefined {
  return gap === undefined ? undefined : { lines: gap.lines, bytes: gap.bytes, sha256: gap.sha256 };
}

async function checked(
  path: string,
  file: FileHandle,
  from: number,
  options: ConstructorParameters<typeof ChainChecker>[0],
): Promise<ChainChecker> {
  const checker = new ChainChecker(options);
  checker.beginFile(path);
  await readLines(file, from, (buffer, start, end, by) => checker.take(buffer, start, end, by));
  return checker;
}
