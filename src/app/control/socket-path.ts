import { createHash } from 'node:crypto';
import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Bytes that a unix socket's name may have on macOS, without the NUL (`sun_path` is 104 there, 108 on Linux). */
const LONGEST_NAME_BYTES = 103;

/**
 * Where the leashd of a state folder listens. Where that name would be too long for a socket, one in a folder of the
 * person's own below `/tmp`: not below `TMPDIR`, so that a shell and a service find the same one.
 */
export function socketPath(stateDir: string): string {
  const folder = realFolder(stateDir);
  const path = join(folder, 'leashd.sock');
  if (Buffer.byteLength(path) <= LONGEST_NAME_BYTES) return path;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return join(shortSocketFolder(), `${name}.sock`);
}

/** For state folders whose own path is too long. */
export function shortSocketFolder(): string {
  return `/tmp/leashd-${process.getuid?.() ?? 0}`;
}

/**
 * Whether another account could have made the socket of this path: anybody may make a folder, or a link, of that name
 * in `/tmp`.
 */
export function isForeignSocket(path: string): boolean {
  const folder = dirname(path);
  if (folder !== shortSocketFolder()) return false;
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && !(stats.isDirectory() && stats.uid === process.getuid?.());
}

/** One name for one folder, however it is reached. */
function realFolder(stateDir: string): string {
  try {
    return realpathSync(stateDir);
  } catch {
    return resolve(stateDir);
  }
}
