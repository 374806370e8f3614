import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { messageOf } from '../errors.ts';

/** A file that settings may stand in. */
export type SourceText =
  | { readonly kind: 'missing' }
  /** `isShared`: others on this machine may read or change it. */
  | { readonly kind: 'text'; readonly text: string; readonly isShared: boolean }
  | { readonly kind: 'fault'; readonly problem: string };

const LARGEST_BYTES = 1_048_576;

/** Reads a file of settings; a directory of that name (`.env` is a common one in Python projects) is no file. */
export function readSource(path: string): SourceText {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for somebody to write into it.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    if (stats.isDirectory()) return { kind: 'missing' };
    if (!stats.isFile()) return { kind: 'fault', problem: 'expected a regular file' };
    if (stats.size > LARGEST_BYTES) {
      return { kind: 'fault', problem: `expected at most ${LARGEST_BYTES} bytes, got ${stats.size}` };
    }
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    return { kind: 'text', text, isShared: (stats.mode & 0o077) !== 0 };
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' };
    return { kind: 'fault', problem: `can't be read: ${messageOf(error)}` };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
