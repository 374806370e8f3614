import { closeSync, fstatSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { formatLine, type LogLine } from '../../log/format-line.ts';
import { logLevels, type LogLevel } from '../../util/log-level.ts';

const CHUNK_BYTES = 256 * 1024;
const LOOK_EVERY_MS = 400;

const lineSchema = z.looseObject({ level: z.enum(logLevels), time: z.string(), event: z.string() });

export type LogFilter = {
  /** And what is worse. Left out: all. */
  readonly level?: LogLevel | undefined;
};

/** One line of the log, as it stands in the file and for people; undefined for what the filter leaves out. */
export function readLogLine(
  raw: string,
  { level }: LogFilter,
  hasColours: boolean,
): { readonly raw: string; readonly words: string } | undefined {
  const line = parsed(raw);
  // Cut short by a full disk: better shown than hidden.
  if (line === undefined) return raw === '' ? undefined : { raw, words: `${JSON.stringify(raw)}\n` };
  if (level !== undefined && logLevels.indexOf(line.level) < logLevels.indexOf(level)) return undefined;
  return { raw, words: formatLine(line, hasColours) };
}

function parsed(raw: string): LogLine | undefined {
  try {
    const line = lineSchema.safeParse(JSON.parse(raw));
    return line.success && !Number.isNaN(Date.parse(line.data.time)) ? line.data : undefined;
  } catch {
    return undefined;
  }
}

/** The log's files, newest first: `app.log`, `app.log.1`, … */
export function logFiles(logDir: string): readonly string[] {
  const numberOf = (name: string): number => Number(/^app\.log(?:\.(\d+))?$/.exec(name)?.[1] ?? 0);
  let names: string[];
  try {
    names = readdirSync(logDir).filter((name) => /^app\.log(?:\.\d+)?$/.test(name));
  } catch {
    return [];
  }
  return names.sort((a, b) => numberOf(a) - numberOf(b)).map((name) => join(logDir, name));
}

/** The last `count` lines that `isWanted`, oldest first, out of as many files as that takes. */
export function lastLines<Line>(
  files: readonly string[],
  count: number,
  read: (raw: string) => Line | undefined,
): readonly Line[] {
  const found: Line[] = [];
  for (const file of files) {
    for (const raw of linesBackwards(file)) {
      if (found.length >= count) return found.reverse();
      const line = read(raw);
      if (line !== undefined) found.push(line);
    }
  }
  return found.reverse();
}

function* linesBackwards(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    let end = fstatSync(file).size;
    let rest: Buffer = Buffer.alloc(0);
    while (end > 0) {
      const start = Math.max(0, end - CHUNK_BYTES);
      const chunk = Buffer.alloc(end - start);
      readSync(file, chunk, 0, chunk.length, start);
      const bytes = Buffer.concat([chunk, rest]);
      // What stands before the first line feed may begin in the chunk before.
      const first = start === 0 ? -1 : bytes.indexOf(10);
      const lines = bytes
        .subarray(first + 1)
        .toString('utf8')
        .split('\n');
      for (const line of lines.reverse()) if (line !== '') yield line;
      rest = start === 0 ? Buffer.alloc(0) : bytes.subarray(0, first + 1);
      end = start;
    }
  } finally {
    closeSync(file);
  }
}

/** Calls `onLine` with what is written from now on, over to the next file when this one is put aside; until `signal` aborts. */
export async function followLog(
  logDir: string,
  onLine: (raw: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const path = join(logDir, 'app.log');
  let tail = openTail(path, 'end', onLine);
  try {
    while (!signal.aborted) {
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
      tail?.read();
      const now = statSync(path, { throwIfNoEntry: false });
      if (now === undefined || now.ino === tail?.inode) continue;
      // What was written between the look and the change.
      tail?.read();
      tail?.close();
      tail = openTail(path, 'start', onLine);
    }
  } finally {
    tail?.close();
  }
}

type Tail = { readonly inode: number; read(): void; close(): void };

function openTail(path: string, from: 'start' | 'end', onLine: (raw: string) => void): Tail | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  const { ino, size } = fstatSync(file);
  let at = from === 'end' ? size : 0;
  let rest = Buffer.alloc(0);
  const chunk = Buffer.alloc(CHUNK_BYTES);
  return {
    inode: ino,
    read: () => {
      for (;;) {
        const count = readSync(file, chunk, 0, chunk.length, at);
        if (count === 0) return;
        at += count;
        const bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
        const end = bytes.lastIndexOf(10);
        rest = Buffer.from(bytes.subarray(end + 1));
        for (const line of bytes.subarray(0, Math.max(0, end)).toString('utf8').split('\n'))
          if (line !== '') onLine(line);
      }
    },
    close: () => closeSync(file),
  };
}
