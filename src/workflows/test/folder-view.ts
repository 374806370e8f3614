import { closeSync, constants, fstatSync, opendirSync, openSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  /** Why it is there and yet not read, to stand behind its name: `is larger than 1024 bytes`. */
  | { readonly kind: 'fault'; readonly problem: string };

/** A project's folder, to look at. Paths are relative, with `/`; `.` is the folder itself. Must not throw. */
export interface FolderView {
  /** A regular file's text, as UTF-8 without a byte order mark; one of more than `limit` bytes is not read at all. */
  read(path: string, limit: number): FileText;
  /** The names in a folder, in order; folders end in `/`. None where there is no such folder. */
  list(path: string): readonly string[];
}

/** More names in one folder are not looked at. */
const MOST_NAMES = 1000;

/** The folder as it is on the disk. Links to files are not followed, nor those to folders that lead out of it. */
export function diskFolder(directory: string): FolderView {
  return {
    read: (path, limit) => readInside(directory, path, limit),
    list: (path) => listInside(directory, path),
  };
}

function readInside(directory: string, path: string, limit: number): FileText {
  let file: number | undefined;
  try {
    const folder = realInside(directory, dirname(path));
    if (folder === undefined) return { kind: 'fault', problem: 'leads out of the project' };
    // Without O_NONBLOCK, opening a named pipe would wait for somebody to write into it. A link is not followed, since
    // what is read may be quoted.
    file = openSync(
      join(folder, basename(path)),
      constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
    );
    const stats = fstatSync(file);
    if (!stats.isFile())
      return stats.isDirectory() ? { kind: 'missing' } : { kind: 'fault', problem: 'is no regular file' };
    const bytes = Buffer.alloc(Math.min(stats.size, limit) + 1);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, length);
      if (read === 0) break;
      length += read;
    }
    if (length > limit || stats.size > limit)
      return { kind: 'fault', problem: `is larger than ${limit} bytes` };
    return { kind: 'text', text: bytes.toString('utf8', 0, length).replace(/^\uFEFF/, '') };
  } catch (error) {
    return isMissing(error) ? { kind: 'missing' } : { kind: 'fault', problem: "can't be read" };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function listInside(directory: string, path: string): readonly string[] {
  try {
    const real = realInside(directory, path);
    if (real === undefined) return [];
    const names: string[] = [];
    const folder = opendirSync(real);
    try {
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        names.push(entry.isDirectory() ? `${entry.name}/` : entry.name);
        if (names.length === MOST_NAMES) break;
      }
    } finally {
      folder.closeSync();
    }
    return names.sort();
  } catch {
    return [];
  }
}

/** @throws what realpath throws. */
function realInside(directory: string, path: string): string | undefined {
  const root = realpathSync(directory);
  const real = realpathSync(join(root, path));
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep) ? real : undefined;
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** A folder of these files, for tests and examples: paths and texts. */
export function memoryFolder(files: Readonly<Record<string, string>>): FolderView {
  const paths = new Map(Object.entries(files));
  return {
    read: (path, limit) => {
      const text = paths.get(path);
      if (text === undefined) return { kind: 'missing' };
      if (Buffer.byteLength(text) > limit) return { kind: 'fault', problem: `is larger than ${limit} bytes` };
      return { kind: 'text', text: text.replace(/^\uFEFF/, '') };
    },
    list: (path) => {
      const start = path === '.' ? '' : `${path}/`;
      const below = [...paths.keys()]
        .filter((one) => one.startsWith(start))
        .map((one) => one.slice(start.length));
      return [...new Set(below.map((one) => one.replace(/\/.*$/s, '/')))].sort();
    },
  };
}
