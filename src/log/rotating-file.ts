import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

export type RotatingFileOptions = {
  /** Absolute; made (for the person alone) when it is not there. */
  readonly directory: string;
  /** The file is put aside before a line would make it larger than this. */
  readonly maxBytes: number;
  /** Files kept beside the current one; 0 begins anew and keeps nothing. */
  readonly backupCount: number;
  /** Called once, for the first line that could not be written. Must not throw. */
  readonly onFault: (error: unknown) => void;
};

// NOFOLLOW: a project may bring a symbolic link of this name along. NONBLOCK: or a pipe that nobody reads.
const FLAGS =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * `app.log` in a directory, with `app.log.1` (the newest) and so on beside it, open to nobody else.
 * It writes synchronously, so that a process that dies has lost no line. A line that can't be written is dropped.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  readonly #path: string;
  #file: number | undefined;
  #size = 0;
  #isTorn = false;
  #isClosed = false;
  #hasFaulted = false;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
    this.#path = path.join(options.directory, 'app.log');
  }

  /** `line` ends with a line feed. Never throws. After `close` it does nothing. */
  write(line: string): void {
    if (this.#isClosed) return;
    try {
      this.#append(Buffer.from(this.#isTorn ? `\n${line}` : line));
      this.#isTorn = false;
    } catch (error) {
      this.#release();
      if (!this.#hasFaulted) this.#options.onFault(error);
      this.#hasFaulted = true;
    }
  }

  /** Never throws. */
  close(): void {
    this.#isClosed = true;
    this.#release();
  }

  #append(bytes: Buffer): void {
    let file = this.#file ?? this.#open();
    if (this.#size > 0 && this.#size + bytes.length > this.#options.maxBytes) {
      this.#rotate();
      file = this.#open();
    }
    let written = 0;
    while (written < bytes.length) {
      const count = writeSync(file, bytes, written);
      if (count === 0) throw new Error('the disk took nothing');
      written += count;
      this.#size += count;
      // Should the rest fail, the next line must not grow onto this one.
      this.#isTorn = true;
    }
  }

  #open(): number {
    mkdirSync(this.#options.directory, { recursive: true, mode: 0o700 });
    const file = openSync(this.#path, FLAGS, 0o600);
    this.#file = file;
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error(`${this.#path} is not a regular file`);
    if ((stats.mode & 0o077) !== 0) fchmodSync(file, 0o600);
    this.#size = stats.size;
    return file;
  }

  #rotate(): void {
    this.#release();
    const { backupCount } = this.#options;
    if (backupCount === 0) {
      rmSync(this.#path, { force: true });
      return;
    }
    for (let number = backupCount - 1; number >= 1; number -= 1) {
      renameIfThere(`${this.#path}.${number}`, `${this.#path}.${number + 1}`);
    }
    renameIfThere(this.#path, `${this.#path}.1`);
  }

  #release(): void {
    if (this.#file === undefined) return;
    try {
      closeSync(this.#file);
    } catch {
      // Whatever the disk says now, the descriptor is given up.
    }
    this.#file = undefined;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
