import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MachineError, messageOf } from '../errors.ts';
import type { AuditEntry } from './audit-entry.ts';

/** The append-only record of every decision. */
export interface AuditLog {
  /** Makes sure that entries can be written. @throws MachineError when they can't. */
  open(): Promise<void>;
  /**
   * Resolves once the entry is on disk (written and flushed). Entries stand in the order of the calls.
   * @throws MachineError when it could not be written: what it tells of must not happen then.
   */
  append(entry: AuditEntry): Promise<void>;
  /** Finishes what was begun and closes the file. Harmless when repeated. */
  close(): Promise<void>;
}

/** `path`: an absolute path; the file and its folder are made when they are missing, for this user alone. */
export function createAuditLog(path: string): AuditLog {
  return new AuditFile(path);
}

type Waiting = { readonly line: string; readonly settle: (error: MachineError | undefined) => void };

const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/** One writer for one file. Entries that arrive while a flush is under way share the next one. */
class AuditFile implements AuditLog {
  readonly #path: string;
  #file: FileHandle | undefined;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
  }

  async open(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      throw this.#fault(error);
    }
  }

  async append(entry: AuditEntry): Promise<void> {
    if (this.#isClosed) throw this.#fault(new Error('the log is closed'));
    const line = `${JSON.stringify(entry)}\n`;
    const failed = await new Promise<MachineError | undefined>((resolve) => {
      this.#waiting.push({ line, settle: resolve });
      this.#writing ??= this.#writeAll();
    });
    if (failed !== undefined) throw failed;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => {});
  }

  /** Owned by `#writing`; never rejects. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const failed = await this.#write(batch.map(({ line }) => line).join(''));
      for (const { settle } of batch) settle(failed);
    }
    this.#writing = undefined;
  }

  async #write(text: string): Promise<MachineError | undefined> {
    try {
      const file = await this.#open();
      await file.appendFile(text, 'utf8');
      await file.datasync();
      return undefined;
    } catch (error) {
      const file = this.#file;
      this.#file = undefined;
      await file?.close().catch(() => {});
      return this.#fault(error);
    }
  }

  /** Opens it anew when it was moved away or deleted under us. */
  async #open(): Promise<FileHandle> {
    if (this.#file !== undefined) {
      const { nlink } = await this.#file.stat();
      if (nlink > 0) return this.#file;
      await this.#file.close();
      this.#file = undefined;
    }
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const file = await open(this.#path, FLAGS, 0o600);
    const stats = await file.stat();
    if (!stats.isFile()) {
      await file.close();
      throw new Error('it is no regular file');
    }
    if ((stats.mode & 0o077) !== 0) await file.chmod(0o600);
    this.#file = file;
    if (stats.size === 0) await flushFolder(dirname(this.#path));
    // A crash or a full disk may have left half a line: it is ended, so that it spoils no other.
    else if (await endsInHalfALine(file, stats.size)) await file.appendFile('\n', 'utf8');
    return file;
  }

  #fault(error: unknown): MachineError {
    return new MachineError(
      'AUDIT_UNWRITABLE',
      `the audit log ${this.#path} can't be written: ${messageOf(error)}`,
      {
        hint: 'Free some disk space or correct the permissions; until then no tool runs.',
        cause: error,
      },
    );
  }
}

async function endsInHalfALine(file: FileHandle, size: number): Promise<boolean> {
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last.toString() !== '\n';
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
