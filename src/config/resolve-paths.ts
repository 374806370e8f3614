import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../errors.ts';
import type { Places } from './origin.ts';

/** A value with its paths absolute, or what is wrong with each path that can't be used. */
export type Resolved<Value> = { readonly value: Value } | { readonly problems: readonly string[] };

/** Absolute, from the start directory; `~` is the home directory. Nothing needs to be there. */
export function resolvePath(given: string, places: Places): Resolved<string> {
  return { value: absolutePath(given, places) };
}

export function absolutePath(given: string, places: Places): string {
  const expanded = given === '~' || given.startsWith('~/') ? places.homeDirectory + given.slice(1) : given;
  return path.resolve(places.startDirectory, expanded);
}

/** Names of built-in policies stay names, and relative paths relative: only who loads them can tell the two apart. */
export function resolvePolicyFiles(given: readonly string[], places: Places): Resolved<readonly string[]> {
  return { value: given.map((file) => (file.startsWith('~/') ? absolutePath(file, places) : file)) };
}

/** Real paths of directories that must exist; each once, in their order. */
export function resolveDirectories(given: readonly string[], places: Places): Resolved<readonly string[]> {
  const found = new Set<string>();
  const problems: string[] = [];
  for (const one of given) {
    const absolute = absolutePath(one, places);
    try {
      const real = realpathSync(absolute);
      if (statSync(real).isDirectory()) found.add(real);
      else problems.push(`expected a directory, but ${JSON.stringify(absolute)} is a file`);
    } catch (error) {
      problems.push(`expected a directory that exists, but ${JSON.stringify(absolute)} ${why(error)}`);
    }
  }
  return problems.length > 0 ? { problems } : { value: [...found] };
}

/** The absolute path of a program that exists and may be run. */
export function resolveProgram(given: string | undefined, places: Places): Resolved<string | undefined> {
  if (given === undefined) return { value: undefined };
  const absolute = absolutePath(given, places);
  const named = JSON.stringify(absolute);
  try {
    if (!statSync(absolute).isFile()) return { problems: [`expected a program, but ${named} is not a file`] };
    accessSync(absolute, constants.X_OK);
    return { value: absolute };
  } catch (error) {
    return { problems: [`expected a program that can be run, but ${named} ${why(error)}`] };
  }
}

export function why(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES') return 'is not open to you';
  return `can't be used: ${messageOf(error)}`;
}

/** Absolute paths: the same, or below. */
export function isWithin(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative === '' || (relative !== '..' && !relative.startsWith('../') && !path.isAbsolute(relative));
}
