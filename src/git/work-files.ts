import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { countConflicts } from './conflict-markers.ts';
import { encodeName } from './names.ts';

const MAX_BYTES = 8 * 1024 * 1024;

export type Marked = { readonly path: string; readonly hunks: number };

/** Which of the files have conflict markers as they lie there, and how many. `paths`: relative to `top`. */
export async function countMarkers(top: string, paths: readonly string[]): Promise<Marked[]> {
  const marked: Marked[] = [];
  for (const path of paths) {
    const text = await readWorkFile(top, path);
    const hunks = text === undefined ? 0 : countConflicts(text);
    if (hunks > 0) marked.push({ path, hunks });
  }
  return marked;
}

/** A plain file of the working tree; undefined for what is none, lies behind a symbolic link, or is gone. */
async function readWorkFile(top: string, path: string): Promise<string | undefined> {
  const bytes = encodeName(`${top}/${path.replace(/^\.\//, '')}`);
  if (bytes === undefined) return undefined;
  let file: FileHandle | undefined;
  try {
    const folder = bytes.subarray(0, bytes.lastIndexOf('/'));
    if (!(await realpath(folder, { encoding: 'buffer' })).equals(folder)) return undefined;
    // Without O_NONBLOCK a named pipe would wait for a writer.
    file = await open(bytes, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { size, isFile } = await file.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
    if (!isFile) return undefined;
    const room = Math.min(size, MAX_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(room), 0, room, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}
