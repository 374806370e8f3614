import { constants } from 'node:fs';
import { mkdir, open, realpath, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LeashdError, MachineError, messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import { silentLog } from '../../util/log.ts';
import type { Log } from '../../util/log.ts';
import { entryBody } from './audit-entry.ts';
import type { EntryBody } from './audit-entry.ts';
import { NO_HASH, sealLine } from './audit-line.ts';
import type { Opening } from './audit-line.ts';
import type { Audit, AuditHead, AuditHeadStore, AuditLock, AuditRecord } from './audit-record.ts';
import { rotate } from './audit-rotation.ts';
import { continuationOf } from './audit-standing.ts';
import type { Continuation, Foothold } from './audit-standing.ts';

/** The append-only record of every decision. */
export interface AuditLog extends Audit {
  /** What the next file begins with; to be called once it holds. */
  setOpening(opening: Omit<AuditOpening, 'leashd'>): void;
  /**
   * Makes sure that records can be written: takes the file for this process alone, reads what stands in it, and
   * writes how it goes on from there (`log_opened`).
   * @throws MachineError when that fails: AUDIT_LOCKED when another process has it, else AUDIT_UNWRITABLE.
   */
  open(): Promise<void>;
  /** Finishes what was begun, closes the file and lets go of it. Harmless when repeated. */
  close(): Promise<void>;
}

/** What every file of the log begins with, and every start adds. */
export type AuditOpening = {
  /** leashd's version. */
  readonly leashd: string;
  /** SHA-256, hexadecimal, of the settings without their secrets. */
  readonly settings: string;
  readonly policies: readonly { readonly file: string; readonly sha256: string }[];
  readonly directories: readonly string[];
};

export type AuditLogOptions = {
  /** Absolute; the file and its folder are made when they are missing, for this user alone. */
  readonly path: string;
  readonly opening: AuditOpening;
  readonly clock: Clock;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  /** A file is put aside before it would grow beyond this. */
  readonly maxBytes?: number | undefined;
  /** Without it a cut tail can't be told. */
  readonly heads?: AuditHeadStore | undefined;
  readonly lock?: AuditLock | undefined;
  readonly log?: Log | undefined;
  /** What stands in the file is not what leashd had written; it goes on behind it. `what`: a sentence. */
  readonly onBroken?: ((what: string) => void) | undefined;
  /** Something was written. */
  readonly onWritten?: (() => void) | undefined;
  readonly openFile?: typeof open | undefined;
};

export function createAuditLog(options: AuditLogOptions): AuditLog {
  return new AuditFile(options);
}

type Waiting = { readonly body: EntryBody; readonly settle: (error: MachineError | undefined) => void };

/** The file as this process left it: all of it is on disk, and `last` is the head. */
type Held = {
  readonly file: FileHandle;
  readonly id: string;
  readonly number: number;
  /** Bytes. */
  size: number;
  last: AuditHead;
  /** Nothing of its own stands in it yet: turning it over would make no room. */
  isFresh: boolean;
};

const FLAGS =
  constants.O_RDWR |
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_NOFOLLOW |
  // A pipe that nobody reads must not hold the gate.
  constants.O_NONBLOCK;

/** What the chain adds to an entry, roughly, in bytes. */
const SEAL_BYTES = 200;

/** One writer for one file. Records that arrive while a flush is under way share the next one. */
class AuditFile implements AuditLog {
  readonly #options: AuditLogOptions;
  readonly #log: Log;
  #opening: AuditOpening;
  #path: string;
  #held: Held | undefined;
  /** Where the file stood when it was last seen whole; stays when it has to be opened anew. */
  #foothold: (Foothold & { readonly id: string }) | undefined;
  /** Why it has to be opened anew. */
  #trouble: string | undefined;
  #release: (() => void) | undefined;
  #waiting: Waiting[] = [];
  #openings: Waiting['settle'][] = [];
  #writing: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: AuditLogOptions) {
    this.#options = options;
    this.#opening = options.opening;
    this.#path = options.path;
    this.#log = options.log ?? silentLog;
  }

  async open(): Promise<void> {
    if (this.#isClosed) throw this.#fault(new Error('the log is closed'));
    const failed = await new Promise<MachineError | undefined>((resolve) => this.#queue(undefined, resolve));
    if (failed !== undefined) throw failed;
  }

  setOpening(opening: Omit<AuditOpening, 'leashd'>): void {
    this.#opening = { ...this.#opening, ...opening };
  }

  async record(record: AuditRecord): Promise<void> {
    if (this.#isClosed) throw this.#fault(new Error('the log is closed'));
    const { clock, redact } = this.#options;
    const body = entryBody(record, clock.now(), redact);
    const failed = await new Promise<MachineError | undefined>((resolve) => this.#queue(body, resolve));
    if (failed !== undefined) throw failed;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    await this.#letGo();
    this.#release?.();
    this.#release = undefined;
  }

  #queue(body: EntryBody | undefined, settle: Waiting['settle']): void {
    if (body === undefined) this.#openings.push(settle);
    else this.#waiting.push({ body, settle });
    this.#writing ??= this.#writeAll();
  }

  /** Owned by `#writing`; never rejects. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length + this.#openings.length > 0) {
      const batch = this.#waiting;
      const openings = this.#openings;
      this.#waiting = [];
      this.#openings = [];
      const failed = await this.#write(batch.map(({ body }) => body));
      for (const settle of openings) settle(failed);
      for (const { settle } of batch) settle(failed);
    }
    this.#writing = undefined;
  }

  async #write(bodies: readonly EntryBody[]): Promise<MachineError | undefined> {
    try {
      let held = await this.#ready();
      if (bodies.length > 0) {
        held = await this.#makeRoom(held, bodies);
        await this.#append(held, bodies);
      }
      this.#trouble = undefined;
      this.#options.onWritten?.();
      return undefined;
    } catch (error) {
      this.#trouble = messageOf(error);
      await this.#letGo();
      return error instanceof MachineError && error.code === 'AUDIT_LOCKED' ? error : this.#fault(error);
    }
  }

  async #append(held: Held, bodies: readonly EntryBody[]): Promise<void> {
    let text = '';
    let last = held.last;
    for (const body of bodies) {
      const sealed = sealLine(body, last.seq + 1, last.hash);
      text += sealed.text;
      last = sealed.head;
    }
    await this.#flush(held, text, last);
    held.isFresh = false;
  }

  async #flush(held: Held, text: string, last: AuditHead): Promise<void> {
    const bytes = Buffer.from(text);
    await held.file.appendFile(bytes);
    await held.file.datasync();
    await this.#options.heads?.save(this.#path, last);
    held.size += bytes.length;
    held.last = last;
    this.#foothold = { size: held.size, head: last, id: held.id };
  }

  /** The file as it is held, or opened anew when there is none, or when another one lies in its place. */
  async #ready(): Promise<Held> {
    if (this.#held !== undefined) {
      const there = await stat(this.#path).catch(() => undefined);
      const isSame = there !== undefined && idOf(there) === this.#held.id;
      if (isSame && there.size === this.#held.size) return this.#held;
      this.#trouble = isSame ? 'something else has changed the file' : 'the file was taken away';
      await this.#letGo();
    }
    return this.#open();
  }

  /** `known`: how it goes on in a file that is not there yet. */
  async #open(known?: Continuation): Promise<Held> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    // One name for one file, whichever way leads to it.
    this.#path = join(await realpath(dirname(this.#path)), basename(this.#path));
    this.#release ??= await this.#options.lock?.acquire(this.#path);
    const file = await (this.#options.openFile ?? open)(this.#path, FLAGS, 0o600);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new Error('it is no regular file');
      if ((stats.mode & 0o077) !== 0) await file.chmod(0o600);
      if (stats.size === 0) await flushFolder(dirname(this.#path));
      const id = idOf(stats);
      const foothold = this.#foothold?.id === id ? this.#foothold : undefined;
      const head = this.#foothold?.head ?? (await this.#options.heads?.load(this.#path));
      const isKnown = known !== undefined && stats.size === 0;
      const next = isKnown ? known : await continuationOf({ path: this.#path, file, head, foothold });
      if (next.why === 'broken') this.#tellBroken(next);
      const held = { file, id, number: next.file, size: stats.size, last: ANY, isFresh: stats.size === 0 };
      await this.#begin(held, next, head);
      return (this.#held = held);
    } catch (error) {
      await file.close().catch(() => {});
      throw error;
    }
  }

  async #begin(held: Held, next: Continuation, head: AuditHead | undefined): Promise<void> {
    const { clock, redact, heads } = this.#options;
    const opening = this.#opening;
    const { why, file, unchained, broken, unconfirmed } = next;
    const isUnproven = heads !== undefined && head === undefined && next.prev !== undefined;
    const said: Omit<Opening, 'at'> = { why, file, unchained, broken };
    const body: EntryBody = {
      event: 'log_opened',
      at: new Date(clock.now()).toISOString(),
      ...said,
      unconfirmed: unconfirmed > 0 ? unconfirmed : undefined,
      unproven: isUnproven ? true : undefined,
      trouble: this.#trouble === undefined ? undefined : redact(this.#trouble),
      leashd: opening.leashd,
      settings: opening.settings,
      policies: opening.policies.map((policy) => ({ ...policy, file: redact(policy.file) })),
      directories: opening.directories.map((directory) => redact(directory)),
    };
    const sealed = sealLine(body, next.seq, next.prev?.hash ?? NO_HASH);
    await this.#flush(held, `${next.needsLineFeed ? '\n' : ''}${sealed.text}`, sealed.head);
    this.#log.debug('audit_opened', { path: this.#path, why, file, seq: sealed.head.seq });
  }

  /** Puts a full file aside, and begins the next one. */
  async #makeRoom(held: Held, bodies: readonly EntryBody[]): Promise<Held> {
    const { maxBytes = Infinity, clock } = this.#options;
    if (held.isFresh || maxBytes === Infinity) return held;
    const coming = bodies.reduce(
      (sum, body) => sum + Buffer.byteLength(JSON.stringify(body)) + SEAL_BYTES,
      0,
    );
    if (held.size + coming <= maxBytes) return held;
    await this.#letGo();
    const aside = await rotate(this.#path, clock.now(), held.number);
    await flushFolder(dirname(this.#path));
    this.#log.info('audit_rotated', { path: this.#path, aside: aside.path });
    return this.#open(afterRotation(held.last, aside.number + 1));
  }

  async #letGo(): Promise<void> {
    const file = this.#held?.file;
    this.#held = undefined;
    await file?.close().catch(() => {});
  }

  #tellBroken({ broken }: Continuation): void {
    const what = `The audit log ${this.#path} is not as leashd left it (${broken?.problem ?? 'unknown'}). leashd goes on behind it, and has written that down.`;
    this.#log.error('audit_chain_broken', { path: this.#path, ...broken });
    this.#options.onBroken?.(what);
  }

  #fault(error: unknown): MachineError {
    const hint = error instanceof LeashdError && error.hint !== undefined ? ` ${error.hint}` : '';
    return new MachineError(
      'AUDIT_UNWRITABLE',
      `the audit log ${this.#path} can't be written: ${messageOf(error)}`,
      {
        hint: `Free some disk space or correct the permissions; until then no tool runs.${hint}`,
        cause: error,
      },
    );
  }
}

/** Overwritten before anything follows it. */
const ANY: AuditHead = { seq: -1, hash: '' };

function afterRotation(last: AuditHead, file: number): Continuation {
  return { why: 'rotated', file, seq: last.seq + 1, prev: last, needsLineFeed: false, unconfirmed: 0 };
}

function idOf({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev}:${ino}`;
}

/** A new file's name is on disk only once its folder is flushed, too. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
