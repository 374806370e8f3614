import { constants } from 'node:fs';
import { lstat, open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { PersonFileRead, PersonFiles } from '../core/ports/files.ts';
import { messageOf } from '../errors.ts';

// A pipe would keep an open waiting for a writer; a link at the end is not what was decided on.
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const LOOKS = 20;

export const personFiles: PersonFiles = {
  resolve: (directory, given) =>
    realPlace(/^~(?:\/|$)/.test(given) ? join(homedir(), given.slice(1)) : resolve(directory, given)),

  read: async (path, limitBytes) => {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, OPEN_FLAGS);
      return await readOpen(handle, path, limitBytes);
    } catch (error) {
      return faultOf(error);
    } finally {
      await handle?.close().catch(() => {});
    }
  },
};

/** Its real path; of what is not there, under that of its nearest parent. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPlace(parent), basename(path));
  }
}

async function readOpen(handle: FileHandle, path: string, limitBytes: number): Promise<PersonFileRead> {
  const opened = await handle.stat({ bigint: true });
  if (!(await isAt(handle, path))) return { kind: 'moved' };
  if (opened.isDirectory()) return { kind: 'folder' };
  if (!opened.isFile()) return { kind: 'special' };
  if (opened.size > limitBytes) return { kind: 'too-large', sizeBytes: Number(opened.size) };
  const bytes = await readUpTo(handle, limitBytes + 1);
  return bytes.length > limitBytes ? { kind: 'too-large', sizeBytes: bytes.length } : { kind: 'file', bytes };
}

/** Had a folder on the way become a link, what was opened would lie elsewhere. */
async function isAt(handle: FileHandle, path: string): Promise<boolean> {
  // Linux knows where an open file lies, whatever has become of the way there.
  const place = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
  if (place !== undefined) return place === path;
  // Elsewhere one look can be deceived by a link that comes and goes; so many can't.
  for (let look = 0; look < LOOKS; look += 1) if (!(await looksLike(handle, path))) return false;
  return true;
}

async function looksLike(handle: FileHandle, path: string): Promise<boolean> {
  const opened = await handle.stat({ bigint: true });
  const there = await lstat(path, { bigint: true });
  return there.dev === opened.dev && there.ino === opened.ino && (await realpath(path)) === path;
}

/** It may grow while it is read. */
async function readUpTo(handle: FileHandle, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let left = mostBytes;
  while (left > 0) {
    const chunk = Buffer.alloc(Math.min(left, 1024 * 1024));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    left -= bytesRead;
  }
  return Buffer.concat(chunks);
}

function faultOf(error: unknown): PersonFileRead {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
  // O_NOFOLLOW met a link.
  if (code === 'ELOOP') return { kind: 'moved' };
  if (code === 'ENXIO') return { kind: 'special' };
  const words = code === 'EACCES' || code === 'EPERM' ? 'leashd may not read it' : messageOf(error);
  return { kind: 'unreadable', reason: words };
}
