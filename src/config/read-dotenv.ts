import { parseEnv } from 'node:util';
import { readSource } from './read-source.ts';

/** The `LEASHD_*` variables of a `.env` file; it is never put into leashd's own environment. */
export type Dotenv = {
  readonly path: string;
  readonly isShared: boolean;
  readonly entries: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  readonly faults: readonly { readonly line: number; readonly problem: string }[];
};

export function noDotenv(path: string): Dotenv {
  return { path, isShared: false, entries: new Map(), faults: [] };
}

/** A file that is not there is an empty one. */
export function readDotenv(path: string): Dotenv {
  const source = readSource(path);
  if (source.kind === 'missing') return noDotenv(path);
  if (source.kind === 'fault') {
    return { path, isShared: false, entries: new Map(), faults: [{ line: 1, problem: source.problem }] };
  }
  const lines = source.text.split(/\r?\n/).map(withoutBlankValue);
  const entries = Object.entries(parse(lines))
    .filter(([name]) => name.startsWith('LEASHD_'))
    .map(([name, value = '']) => [name, { value, line: lineOf(lines, name) }] as const)
    .sort(([, one], [, other]) => one.line - other.line);
  return { path, isShared: source.isShared, entries: new Map(entries), faults: strayLines(lines) };
}

function parse(lines: readonly string[]): Record<string, string | undefined> {
  return parseEnv(lines.join('\n'));
}

/** Node's parser takes the next line for the value of `NAME= ` (measured on 24.21). */
function withoutBlankValue(line: string): string {
  return line.replace(/^(\s*(?:export\s+)?[\w.-]+\s*=)[ \t]+$/, '$1');
}

/** The line that counts: the last one that sets the name and is not inside another value's quotes. */
function lineOf(lines: readonly string[], name: string): number {
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const isCandidate = nameOnLine(lines[index] ?? '') === name;
    if (isCandidate && isAtTopLevel(lines, index)) return index + 1;
  }
  return 1;
}

function nameOnLine(line: string): string | undefined {
  return /^\s*(?:export\s+)?([\w.-]+)\s*=/.exec(line)?.[1];
}

/** Whether a variable written on this line would be seen. */
function isAtTopLevel(lines: readonly string[], index: number): boolean {
  return Object.hasOwn(parse(lines.with(index, 'LEASHD_PROBE=1')), 'LEASHD_PROBE');
}

/** Lines that begin like a setting but set nothing: `LEASHD_MAX_TURNS: 5`. A bare `export NAME` is a shell's. */
function strayLines(lines: readonly string[]): Dotenv['faults'] {
  return lines.flatMap((line, index) => {
    const name = /^\s*(?:export\s+)?(LEASHD_\w*)/.exec(line)?.[1];
    const isHarmless = nameOnLine(line) !== undefined || /^\s*export\s+\w+\s*$/.test(line);
    if (name === undefined || isHarmless || !isAtTopLevel(lines, index)) return [];
    return [{ line: index + 1, problem: `expected ${name}=value` }];
  });
}
