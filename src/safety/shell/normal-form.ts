import type { Word } from '../types.ts';

/** Folders of the system's own programs: `/usr/bin/git` is `git`, `./git` is not. */
const SYSTEM_FOLDERS = /^\/(?:usr\/)?(?:local\/)?s?bin\/(?=[^/]+$)|^\/opt\/homebrew\/bin\/(?=[^/]+$)/;

/** A program's name as tables and patterns know it. */
export function programName(word: string): string {
  return word.startsWith('/') ? word.replace(SYSTEM_FOLDERS, '') : word;
}

/**
 * One line for `command_patterns` to look at: quotes resolved, one blank between words, line breaks and tabs inside
 * a word as blanks, an empty word as `''`, a word that can't be known as it is written.
 */
export function normalForm(argv: readonly Word[]): string {
  return argv
    .map((word, index) => {
      const text = word.kind === 'static' ? word.value : word.text;
      const named = index === 0 ? programName(text) : text;
      if (named === '') return "''";
      return /\s/.test(named) ? named.replaceAll(/\s/g, ' ') : named;
    })
    .join(' ');
}
