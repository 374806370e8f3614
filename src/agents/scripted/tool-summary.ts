import { isAbsolute, relative } from 'node:path';

const LONGEST = 120;

/** What a tool call is used on, as one line. */
export function summaryOf(input: Readonly<Record<string, unknown>>, directory: string): string {
  const { file_path: file, command, pattern, path } = input;
  const on = [command, file, pattern, path].find((value) => typeof value === 'string') ?? '';
  const line = (on === file ? shortPath(on, directory) : on).replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}

function shortPath(path: string, directory: string): string {
  const short = relative(directory, path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
