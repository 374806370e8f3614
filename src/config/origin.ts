import path from 'node:path';
import { assertNever } from '../util/assert-never.ts';

/** Where a setting's value came from. Paths are absolute; lines and columns count from 1. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly path: string; readonly line: number; readonly column: number }
  | { readonly kind: 'dotenv'; readonly path: string; readonly line: number }
  | { readonly kind: 'environment' }
  /** By the program that calls `createApp`. */
  | { readonly kind: 'given' };

/** The two directories from which paths are told to the person: both absolute. */
export type Places = { readonly startDirectory: string; readonly homeDirectory: string };

/** `default`, `environment`, `createApp`, `.env:3` or `~/.leashd/config.yaml:5:13`. */
export function describeOrigin(origin: Origin, places: Places): string {
  switch (origin.kind) {
    case 'default':
    case 'environment':
      return origin.kind;
    case 'given':
      return 'createApp';
    case 'dotenv':
      return `${shortPath(origin.path, places)}:${origin.line}`;
    case 'file':
      return `${shortPath(origin.path, places)}:${origin.line}:${origin.column}`;
    default:
      return assertNever(origin, 'origin');
  }
}

/** As a person would write it: relative inside the start directory, with `~` inside the home directory. */
export function shortPath(absolute: string, places: Places): string {
  const fromStart = path.relative(places.startDirectory, absolute);
  if (isInside(fromStart)) return fromStart;
  const fromHome = path.relative(places.homeDirectory, absolute);
  return isInside(fromHome) ? `~/${fromHome}` : absolute;
}

function isInside(relative: string): boolean {
  return relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`);
}
