import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
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
  /** The same, as it lies there. */
  bytes(path: string, maxBytes: number): Uint8Array | undefined;
  /** The names in a directory; none for what is no directory. */
  list(path: string): readonly string[];
  /** A file that somebody may run as a program. Links are followed. Absent where nobody can tell. */
  isExecutable?(path: string): boolean;
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
  bytes: (path, maxBytes) => lookUp(path, () => readBytes(path, maxBytes)),
  // Looked at before: an error costs far more, and many folders that are asked for do not exist.
  list: (path) => lookUp(path, () => (isFolder(path) ? readdirSync(path) : [])) ?? [],
  isExecutable: (path) => {
    const stats = lookUp(path, () => statSync(path, { throwIfNoEntry: false }));
    return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
  },
};

/** Remembers what `view` said. For one decision only: between two the disk may change. */
export function rememberingView(view: FileView): FileView {
  const kinds = remember((path: string) => view.kind(path));
  return {
    kind: kinds,
    linkTarget: remember((path: string) => view.linkTarget(path)),
    real: rememberReal(view, kinds),
    read: rememberTexts(view),
    bytes: (path, maxBytes) => view.bytes(path, maxBytes),
    list: remember((path: string) => view.list(path)),
    ...(view.isExecutable && { isExecutable: (path: string) => view.isExecutable?.(path) ?? false }),
  };
}

// Elsewhere the disk may know a name by other capitals than the path gives it.
const KEEPS_NAMES = process.platform === 'linux';
const LONGEST_PATH = 512;

/**
 * Many files lie in few folders: with the folder known, one look at the name is enough, unless it is a link. A folder
 * that nobody asked for is looked up itself once a second path lies in it.
 */
function rememberReal(view: FileView, kindAt: FileView['kind']): FileView['real'] {
  const known = new Map<string, string | undefined>();
  const seen = new Set<string>();
  const learn = (path: string, real: string | undefined): string | undefined => {
    known.set(path, real);
    return real;
  };
  return (path) => {
    const before = known.get(path);
    if (before !== undefined || known.has(path)) return before;
    const end = path.lastIndexOf('/');
    if (!KEEPS_NAMES || end <= 0 || path.length > LONGEST_PATH || isDots(path, end))
      return learn(path, view.real(path));
    const parent = path.slice(0, end);
    if (!known.has(parent)) {
      if (!seen.has(parent)) {
        seen.add(parent);
        return learn(path, view.real(path));
      }
      learn(parent, view.real(parent));
    }
    const folder = known.get(parent);
    if (folder === undefined) return learn(path, undefined);
    const here = folder === '/' ? path.slice(end) : folder + path.slice(end);
    const kind = kindAt(here);
    if (kind === undefined) return learn(path, undefined);
    return learn(path, kind === 'link' ? view.real(path) : here);
  };
}

/** Whether the last name of a path is none: empty, `.` or `..`. */
function isDots(path: string, end: number): boolean {
  const length = path.length - end - 1;
  return length === 0 || (length < 3 && path.endsWith('.'.repeat(length)));
}

// Not kept for the next decision: a file can be written twice in one tick of its clock, and keep its size.
function rememberTexts(view: FileView): FileView['read'] {
  const known = new Map<string, string | undefined>();
  return (path, maxBytes) => {
    const key = `${maxBytes} ${path}`;
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before;
    const text = view.read(path, maxBytes);
    known.set(key, text);
    return text;
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
  if (!isFile(path)) return undefined;
  const descriptor = openSync(path, 'r');
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > maxBytes) return undefined;
    // One byte more than the size, to see a file that grew meanwhile; a file of /proc says it has none.
    let buffer = Buffer.allocUnsafe(stats.size === 0 ? maxBytes + 1 : stats.size + 1);
    let length = 0;
    for (;;) {
      if (length === buffer.length) buffer = Buffer.concat([buffer], maxBytes + 1);
      const count = readSync(descriptor, buffer, length, buffer.length - length, null);
      length += count;
      if (count === 0) return buffer.toString('utf8', 0, length);
      if (length > maxBytes) return undefined;
    }
  } finally {
    closeSync(descriptor);
  }
}

function readBytes(path: string, maxBytes: number): Uint8Array | undefined {
  if (!isFile(path)) return undefined;
  const descriptor = openSync(path, 'r');
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > maxBytes) return undefined;
    const buffer = Buffer.alloc(stats.size);
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, null);
      length += count;
      if (count === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
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
