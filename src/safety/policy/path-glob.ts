import { isWithin } from '../paths.ts';
import { globSource } from './glob-source.ts';
import { compilePattern } from './pattern.ts';

/** What a glob is held against. */
export type PathInQuestion = {
  /** Absolute, links followed. */
  readonly real: string;
  /** The session's own directory: where relative globs begin. */
  readonly directory: string;
  /** All below the path is meant, too. */
  readonly isTree: boolean;
};

/** `within`: the path is not meant itself, but it is a tree in which what is meant may lie. */
export type PathFit = 'whole' | 'within' | 'none';

export type PathGlobs = { readonly fit: (path: PathInQuestion) => PathFit };

type Glob = { readonly isNegated: boolean; readonly fit: (path: PathInQuestion) => PathFit };

/**
 * Compiles the `paths` of a rule: a path matches when one of the globs fits it and none that begins with `!`.
 * `~/x` and `/x` are absolute, `src/x` and `./x` begin in the session's directory, `*.sql` is a name anywhere. In a
 * rule that asks or denies (`isWary`), capitals don't count, and a tree fits in part when a glob begins below it.
 * @throws Error with one sentence about the glob that is wrong.
 */
export function compilePathGlobs(sources: readonly string[], home: string, isWary: boolean): PathGlobs {
  const globs = sources.map((source) => compileGlob(source, home, isWary));
  const positive = globs.filter(({ isNegated }) => !isNegated);
  const negative = globs.filter(({ isNegated }) => isNegated);
  return {
    fit: (path) => {
      const fits = positive.map((glob) => glob.fit(path));
      if (!fits.includes('whole')) return fits.includes('within') ? 'within' : 'none';
      return negative.some((glob) => glob.fit(path) === 'whole') ? 'none' : 'whole';
    },
  };
}

/** @throws Error with one sentence about what is wrong with the glob. */
export function checkPathGlob(source: string): void {
  compileGlob(source, '/', false);
}

function compileGlob(source: string, home: string, isWary: boolean): Glob {
  const isNegated = source.startsWith('!');
  const { text, isRelative } = rooted(isNegated ? source.slice(1) : source, home);
  const flags = isWary && !isNegated ? '(?si)' : '(?s)';
  const pattern = compilePattern(`${flags}^${globSource(text)}$`);
  const base = isWary && !isNegated ? fixedStart(text) : undefined;
  const mayFit = beginsLike(text, isWary && !isNegated);
  const fits = (path: string): boolean => mayFit(path) && pattern.test(path);
  const fit = ({ real, directory, isTree }: PathInQuestion): PathFit => {
    const isInside = isWithin(real, directory);
    const below = real.slice(directory === '/' ? 0 : directory.length);
    if (isRelative ? isInside && fits(below) : fits(real)) return 'whole';
    if (base === undefined || !isTree) return 'none';
    return isWithin(isRelative ? directory + base : base, real) ? 'within' : 'none';
  };
  return { isNegated, fit };
}

/** Most paths begin otherwise than a glob does, which is faster seen than by its pattern. */
function beginsLike(text: string, ignoresCase: boolean): (path: string) => boolean {
  const [literal = ''] = /^[\w/ @.-]*/.exec(text) ?? [];
  // `/x/**` is also `/x`, and a text that ends before a special character may go on in any way.
  const start = literal.replace(/\/$/, '');
  if (start === '') return () => true;
  if (!ignoresCase) return (path) => path.startsWith(start);
  const lower = start.toLowerCase();
  return (path) => {
    const own = path.slice(0, start.length);
    // Capitals beyond ASCII may stand for letters within it.
    return own.toLowerCase() === lower || !/^[\x20-\x7E]*$/.test(own);
  };
}

/** The glob from the root of what it is relative to: always begins with a slash, or is empty. */
function rooted(source: string, home: string): { readonly text: string; readonly isRelative: boolean } {
  if (source === '') throw new Error('a path or a pattern for paths');
  if (/(?:^|\/)\.\.(?:\/|$)/.test(source))
    throw new Error('a pattern without .., as it is held against real paths');
  const whole = source.endsWith('/') ? `${source}**` : source;
  if (whole === '~' || whole.startsWith('~/'))
    return { text: escaped(home) + whole.slice(1), isRelative: false };
  if (whole.startsWith('/')) return { text: whole, isRelative: false };
  if (whole === '.') return { text: '', isRelative: true };
  if (whole.startsWith('./')) return { text: whole.slice(1), isRelative: true };
  if (!source.slice(0, -1).includes('/') && source !== '**')
    return { text: `/**/${whole}`, isRelative: false };
  return { text: `/${whole}`, isRelative: true };
}

function escaped(path: string): string {
  return path === '/' ? '' : path.replaceAll(/[\\*?[\]{},]/g, String.raw`\$&`);
}

/** The folders a glob begins with, or undefined when it could fit anywhere. */
function fixedStart(text: string): string | undefined {
  const names = text.split('/');
  const magic = names.findIndex((name) => /[*?[\]{}\\]/.test(name));
  const start = (magic < 0 ? names : names.slice(0, magic)).join('/');
  const rest = magic < 0 ? '' : names.slice(magic).join('/');
  return start === '' && rest !== '**' ? undefined : start;
}
