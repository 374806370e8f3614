import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { MachineError, messageOf } from '../errors.ts';

type FileKind = 'file' | 'directory' | 'link' | 'other';

/**
 * The disk, as much of it as a decision needs. Answers "there is no such file" with undefined; throws a
 * MachineError when it can't tell (no permission, a loop of links), which the gate turns into a denial.
 */
export interface FileView {
  /** What stands at this path itself: a link is a link. */
  kind(path: string): FileKind | undefined;
  /** What a link says, as it is written. */
  linkTarget(path: string): string;
  /** The path with every link followed, when it exists. */
  real(path: string): string | undefined;
  /** The text of a regular file of at most `maxBytes`; undefined for anything else. Links are followed. */
  read(path: string, maxBytes: number): string | undefined;
  /** The names in a directory; none for what is no directory. */
  list(path: string): readonly string[];
}

/** The real disk, asked anew each time. */
export const diskView: FileView = {
  kind: (path) => {
    const stats = lookUp(path, () => lstatSync(path, { throwIfNoEntry: false }));
    return stats === undefined ? undefined : kindOf(stats);
  },
  linkTarget: (path) => lookUp(path, () => readlinkSync(path)) ?? '',
  real: (path) => lookUp(path, () => realpathSync.native(path)),
  read: (path, maxBytes) => lookUp(path, () => readSmallFile(path, maxBytes)),
  list: (path) => lookUp(path, () => readdirSync(path)) ?? [],
};

/** Remembers what `view` said. For one decision only: between two the disk may change. */
export function rememberingView(view: FileView): FileView {
  const kinds = remember((path: string) => view.kind(path));
  const targets = remember((path: string) => view.linkTarget(path));
  const reals = remember((path: string) => view.real(path));
  const lists = remember((path: string) => view.list(path));
  return {
    kind: kinds,
    linkTarget: targets,
    real: reals,
    read: (path, maxBytes) => view.read(path, maxBytes),
    list: lists,
  };
}

function remember<Value>(ask: (path: string) => Value): (path: string) => Value {
  const known = new Map<string, Value>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined || known.has(path)) return before as Value;
    const value = ask(path);
    known.set(path, value);
    return value;
  };
}

function kindOf(stats: Stats): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

function readSmallFile(path: string, maxBytes: number): string | undefined {
  // Looked at before it is opened: opening a pipe or a device could wait, or do something.
  if (realKind(path) !== 'file') return undefined;
  const descriptor = openSync(path, 'r');
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > maxBytes) return undefined;
    // One byte more than the size, to see a file that grew meanwhile; a file of /proc says it has none.
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, null);
      length += count;
      if (count === 0) return buffer.toString('utf8', 0, length);
      if (length > maxBytes) return undefined;
    }
  } finally {
    closeSync(descriptor);
  }
}

function realKind(path: string): FileKind | undefined {
  const stats = lstatSync(realpathSync.native(path), { throwIfNoEntry: false });
  return stats === undefined ? undefined : kindOf(stats);
}

// What these say is "there is no such file"; everything else is "can't tell".
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EINVAL']);

function lookUp<Value>(path: string, ask: () => Value): Value | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT.has(String(error.code))) return undefined;
    throw new MachineError('PATH_UNREADABLE', `can't look at ${path}: ${messageOf(error)}`, { cause: error });
  }
}
