import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { NO_HASH, readChainLine, readOpening } from './audit-line.ts';
import type { ChainLine, Gap, Opening } from './audit-line.ts';
import type { PieceEnd } from './audit-files.ts';
import type { AuditHead } from './audit-record.ts';

/**
 * `changed`: not the bytes that were written; `removed`: entries are missing before this line; `reordered`: they come
 * later; `inserted`: it does not belong there; `cut`: entries are missing at the end; `torn`: the last line is not
 * whole, as after a crash; `unchained`: written by a leashd that made no chain yet.
 */
export type ChainFaultKind = 'changed' | 'removed' | 'reordered' | 'inserted' | 'cut' | 'torn' | 'unchained';

export type ChainFault = {
  readonly kind: ChainFaultKind;
  readonly file: string;
  /** From 1; one behind the last for what is missing at the end. */
  readonly line: number;
  /** One sentence. */
  readonly what: string;
};

export type ChainCheckerOptions = {
  /** What the first line follows; `beginning`: nothing; `anything`: it is taken at its word. */
  readonly from: 'beginning' | 'anything' | AuditHead;
  /** How far the chain has been written; undefined when nobody remembers. */
  readonly head?: AuditHead | undefined;
};

/** What was found so far. */
export type ChainState = {
  readonly last: AuditHead | undefined;
  /** The number of the file that the last opening line gave. */
  readonly file: number | undefined;
  /** What stands behind the last entry without being one. */
  readonly gap: (Gap & { readonly isTorn: boolean }) | undefined;
  /** The last line, entry or not, has no line feed yet. */
  readonly needsLineFeed: boolean;
  readonly hasReachedHead: boolean;
  readonly entries: number;
  /** The entry that the first one follows, where that was taken at its word. */
  readonly follows: number | undefined;
  /** Lines from before the chain, which one of its entries vouches for. */
  readonly unchainedLines: number;
  /** Lines torn by a crash, which one of its entries explains. */
  readonly tornLines: number;
  /** The last entry before which something may have been cut off without anybody knowing. */
  readonly unprovenBefore: number | undefined;
};

type Pending = {
  readonly line: number;
  readonly hash: Hash;
  bytes: number;
  lines: number;
  isOpen: boolean;
  /** None of its lines could be a whole one: each breaks off in the middle. */
  isTorn: boolean;
};

const BRACE = 0x7d;
/** More faults than these are only counted. */
const MOST_FAULTS = 1000;
const MOST_MISSING = 1000;

/** Follows the chain line by line, through one file or several. */
export class ChainChecker {
  readonly #head: AuditHead | undefined;
  readonly #isAtItsWord: boolean;
  readonly #faults: ChainFault[] = [];
  #faultCount = 0;
  /** Faults before it were written down by leashd itself. */
  #recorded = 0;
  #path = '';
  #line = 0;
  #last: AuditHead | undefined;
  #fileNumber: number | undefined;
  /** Numbers of the files that should stand between this one and the one before. */
  #absentFiles: { readonly from: number; readonly to: number } | undefined;
  #pending: Pending | undefined;
  /** The last line is an entry, but for its line feed. */
  #isOpenEnded = false;
  #missing: { readonly from: number; readonly to: number; readonly fault: number }[] = [];
  #hasReachedHead: boolean;
  #entries = 0;
  #follows: number | undefined;
  #unchainedLines = 0;
  #tornLines = 0;
  #unprovenBefore: number | undefined;

  constructor({ from, head }: ChainCheckerOptions) {
    this.#head = head;
    this.#isAtItsWord = from === 'anything';
    this.#last = typeof from === 'object' ? from : undefined;
    this.#hasReachedHead = head === undefined || isSame(this.#last, head);
  }

  get faults(): readonly ChainFault[] {
    return this.#faults;
  }

  get faultCount(): number {
    return this.#faultCount;
  }

  /** Those that no entry of the log tells of yet. */
  get newFaults(): readonly ChainFault[] {
    return this.#faults.slice(this.#recorded);
  }

  get state(): ChainState {
    const pending = this.#pending;
    // A line that has no end yet counts as it will stand once it is ended.
    const gap = pending && {
      lines: pending.lines,
      bytes: pending.bytes + (pending.isOpen ? 1 : 0),
      sha256: pending.hash
        .copy()
        .update(pending.isOpen ? '\n' : '')
        .digest('hex'),
      isTorn: pending.isTorn,
    };
    return {
      last: this.#last,
      file: this.#fileNumber,
      gap,
      needsLineFeed: this.#isOpenEnded || pending?.isOpen === true,
      hasReachedHead: this.#hasReachedHead,
      entries: this.#entries,
      follows: this.#follows,
      unchainedLines: this.#unchainedLines,
      tornLines: this.#tornLines,
      unprovenBefore: this.#unprovenBefore,
    };
  }

  beginFile(path: string): void {
    this.#path = path;
    this.#line = 0;
  }

  take(buffer: Buffer, start: number, end: number, by: PieceEnd): void {
    const isContinued = this.#pending?.isOpen === true;
    if (!isContinued) this.#line += 1;
    const line = isContinued || by === 'more' ? undefined : readChainLine(buffer, start, end);
    if (line === undefined) {
      this.#keep(buffer.subarray(start, end), by);
      return;
    }
    this.#entries += 1;
    this.#isOpenEnded = by === 'file';
    const opening = line.isOpening ? readOpening(buffer.toString('utf8', start, end)) : undefined;
    if (opening === undefined) this.#follow(line);
    else this.#open(line, opening);
    if (line.seq === this.#head?.seq) {
      if (line.hash === this.#head.hash) this.#hasReachedHead = true;
      else this.#add('changed', this.#line, `entry ${line.seq} is not the one that leashd wrote`);
    }
  }

  /** Another file comes behind this one, so nothing may be left over. */
  endFile(): void {
    if (this.#pending) this.#settle('changed', 'it is not what leashd wrote');
    if (this.#isOpenEnded) this.#add('changed', this.#line, 'its line feed is missing');
    this.#isOpenEnded = false;
  }

  /** Nothing comes any more. */
  finish(): void {
    const { last, gap } = this.state;
    const head = this.#head;
    const pending = this.#pending;
    if (head !== undefined && (last?.seq ?? -1) < head.seq) {
      const missing = numbers((last?.seq ?? -1) + 1, head.seq);
      const line = pending?.line ?? (this.#isOpenEnded ? this.#line : this.#line + 1);
      this.#add('cut', line, `${missing} stood here, and leashd remembers the last of them`);
    } else if (pending && last === undefined) {
      this.#add('unchained', pending.line, 'it was written by a leashd that made no chain yet');
    } else if (this.#isOpenEnded) {
      const isConfirmed = head !== undefined && (last?.seq ?? -1) <= head.seq;
      this.#add(isConfirmed ? 'cut' : 'torn', this.#line, 'its line feed is missing');
    } else if (gap?.isTorn === true && pending?.isOpen === true && gap.lines === 1) {
      this.#settle('torn', 'it has no end; when leashd starts the next time it says so in the log');
    } else if (pending) this.#settle('changed', 'it is not what leashd wrote');
    this.#pending = undefined;
  }

  /** What is no line of the chain may still be explained by the next one that is. */
  #keep(bytes: Buffer, by: PieceEnd): void {
    const known = this.#pending;
    const pending = known ?? {
      line: this.#line,
      hash: createHash('sha256'),
      bytes: 0,
      lines: 0,
      isOpen: false,
      isTorn: true,
    };
    this.#pending = pending;
    // A torn line is the beginning of an entry, and only a whole one ends in a brace.
    if (by !== 'more' && bytes.at(-1) === BRACE) pending.isTorn = false;
    if (!pending.isOpen) pending.lines += 1;
    pending.hash.update(bytes);
    pending.bytes += bytes.length;
    if (by === 'line') {
      pending.hash.update('\n');
      pending.bytes += 1;
    }
    pending.isOpen = by !== 'line';
  }

  #open(line: ChainLine, opening: Opening): void {
    const absent = { from: (this.#fileNumber ?? 0) + 1, to: opening.file - 1 };
    this.#absentFiles = absent.from <= absent.to ? absent : undefined;
    this.#fileNumber = opening.file;
    if (opening.unproven === true) this.#unprovenBefore = line.seq;
    if (opening.why === 'broken') {
      this.#openAfterBreak(line, opening);
      return;
    }
    const isFirst = this.#last === undefined;
    const follows = isFirst ? this.#isAtItsWord || isBeginning(line) : this.#isNext(line);
    this.#explain(opening, follows);
    if (!isFirst) this.#follow(line);
    else {
      if (this.#pending) this.#settle('inserted', 'it stands before the line that opens the log');
      if (!follows) {
        const before = line.seq === 0 ? 'an entry' : numbers(0, line.seq - 1);
        this.#add('removed', this.#line, `${before} stood before it${this.#inAbsentFiles()}`);
      }
      if (this.#isAtItsWord && line.seq > 0) this.#follows = line.seq - 1;
      this.#last = line;
    }
  }

  /** Takes back what is pending, where the line that follows says just what it was. */
  #explain({ unchained, why }: Opening, follows: boolean): void {
    const { gap } = this.state;
    if (unchained === undefined) return;
    const isSaid = gap?.bytes === unchained.bytes && gap.sha256 === unchained.sha256;
    if (isSaid && follows) {
      if (why === 'new') this.#unchainedLines += unchained.lines;
      else this.#tornLines += unchained.lines;
      this.#pending = undefined;
    } else if (gap === undefined) {
      this.#add('removed', this.#line, `${unchained.bytes} bytes stood before it that it tells of`);
    } else if (follows) this.#settle('changed', 'it is not what the entry behind it tells of');
  }

  #openAfterBreak(line: ChainLine, { broken, at }: Opening): void {
    if (this.#pending) this.#settle('changed', 'it is not what leashd wrote');
    if (this.#faultCount === this.#recorded) {
      const expected = broken?.expected?.seq ?? -1;
      const found = broken?.found?.seq ?? -1;
      const isCut = expected > found;
      const what = isCut ? `${numbers(found + 1, expected)} stood before it` : (broken?.problem ?? 'broken');
      this.#add(isCut ? 'cut' : 'changed', this.#line, `${what}; leashd saw that at ${at}`);
    }
    this.#recorded = this.#faultCount;
    this.#missing = [];
    this.#last = line;
  }

  #follow(line: ChainLine): void {
    const expected = (this.#last?.seq ?? -1) + 1;
    if (this.#pending) {
      const isWithin = this.#isNext(line);
      if (isWithin) this.#settle('inserted', 'it is no entry, and the next entry follows the one before it');
      else this.#settle('changed', 'it is not what leashd wrote');
      if (line.seq >= expected) this.#last = line;
      return;
    }
    if (this.#last === undefined) {
      this.#add('removed', this.#line, 'the line that opens the log stood before it');
      this.#last = line;
    } else if (line.seq < expected) this.#stepBack(line);
    else {
      if (line.seq > expected) this.#miss(expected, line.seq - 1);
      else if (line.prev !== this.#last.hash) {
        const what = 'its hash is its own, but the next entry follows another one';
        this.#add('changed', Math.max(1, this.#line - 1), what);
      }
      this.#last = line;
    }
  }

  #isNext({ seq, prev }: ChainLine): boolean {
    return seq === (this.#last?.seq ?? -1) + 1 && prev === (this.#last?.hash ?? NO_HASH);
  }

  #miss(from: number, to: number): void {
    if (this.#missing.length < MOST_MISSING) this.#missing.push({ from, to, fault: this.#faults.length });
    const where = this.#line === 1 ? `before this file${this.#inAbsentFiles()}` : 'before it';
    this.#add('removed', this.#line, `${numbers(from, to)} stood ${where}`);
  }

  /** As the files are named: `audit-<time>-2.jsonl`. */
  #inAbsentFiles(): string {
    if (this.#absentFiles === undefined) return '';
    const { from, to } = this.#absentFiles;
    return from === to
      ? `, in the file number ${from}, which is not here`
      : `, in the files number ${from} to ${to}, which are not here`;
  }

  #stepBack({ seq }: ChainLine): void {
    const gap = this.#missing.find(({ from, to }) => from <= seq && seq <= to);
    const fault = gap && this.#faults[gap.fault];
    if (gap === undefined || fault === undefined) {
      this.#add('inserted', this.#line, `entry ${seq} has its place further up`);
      return;
    }
    const what = `entry ${seq} stood before it, and comes at line ${this.#line}`;
    this.#faults[gap.fault] = { ...fault, kind: 'reordered', what };
  }

  #settle(kind: ChainFaultKind, what: string): void {
    const { line = this.#line, lines = 1 } = this.#pending ?? {};
    this.#pending = undefined;
    this.#add(kind, line, lines === 1 ? what : `${what} (lines ${line} to ${line + lines - 1})`);
  }

  #add(kind: ChainFaultKind, line: number, what: string): void {
    if (this.#faultCount === this.#faults.length && this.#faults.length < MOST_FAULTS)
      this.#faults.push({ kind, file: this.#path, line, what });
    this.#faultCount += 1;
  }
}

function isBeginning({ seq, prev }: ChainLine): boolean {
  return seq === 0 && prev === NO_HASH;
}

function isSame(one: AuditHead | undefined, other: AuditHead): boolean {
  return one?.seq === other.seq && one.hash === other.hash;
}

function numbers(from: number, to: number): string {
  return from === to ? `entry ${from}` : `entries ${from} to ${to}`;
}
