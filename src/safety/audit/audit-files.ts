import { readdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** A file that was full and put aside; `number` is its place in the chain. */
export type RotatedAudit = { readonly path: string; readonly number: number };

/** `audit-20260131T142530Z-3.jsonl`, beside `audit.jsonl`. */
export function rotatedPath(path: string, at: number, number: number): string {
  const stamp = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const end = extname(path);
  return join(dirname(path), `${basename(path, end)}-${stamp}-${number}${end}`);
}

/** Those beside `path`, oldest first; none when the folder is not there. */
export async function rotatedFiles(path: string): Promise<readonly RotatedAudit[]> {
  const end = extname(path);
  const stem = `${basename(path, end)}-`;
  const names = await readdir(dirname(path)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.startsWith(stem) && name.endsWith(end))
    .flatMap((name) => {
      const number = /^\d{8}T\d{6}Z-(\d{1,15})$/.exec(name.slice(stem.length, name.length - end.length))?.[1];
      return number === undefined ? [] : [{ path: join(dirname(path), name), number: Number(number) }];
    })
    .sort((one, other) => one.number - other.number || (one.path < other.path ? -1 : 1));
}

/** What ends a piece of a file: a line feed, the file's end, or (`more`) the reader's patience with a long line. */
export type PieceEnd = 'line' | 'file' | 'more';

/** Takes the bytes of `buffer` from `start` to `end`, which are only there during the call. */
export type TakePiece = (buffer: Buffer, start: number, end: number, by: PieceEnd) => void;

const CHUNK = 1024 * 1024;
const LINE_FEED = 10;

/** Hands over each line from the byte `from` on, without its line feed, in constant memory. */
export async function readLines(file: FileHandle, from: number, take: TakePiece): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(2 * CHUNK);
  let position = from;
  let kept = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, kept, buffer.length - kept, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const filled = kept + bytesRead;
    let start = 0;
    let end = buffer.indexOf(LINE_FEED, kept);
    while (end !== -1 && end < filled) {
      take(buffer, start, end, 'line');
      start = end + 1;
      end = buffer.indexOf(LINE_FEED, start);
    }
    if (start === 0 && filled === buffer.length) {
      take(buffer, 0, filled, 'more');
      start = filled;
    }
    buffer.copyWithin(0, start, filled);
    kept = filled - start;
  }
  if (kept > 0) take(buffer, 0, kept, 'file');
}
