import type { Word } from '../types.ts';
import { program } from './program.ts';
import { runOnEach } from './run-on-each.ts';
import { flag, optional, reads, value } from './table.ts';
import type { ProgramReading } from './table.ts';
import { NOTHING, notKnown, together } from './word-patterns.ts';

/** fd 10: `fd [options] [pattern] [folder …] [-x command …]` shows names, or runs a command on each. */
export function readFd(words: readonly Word[]): ProgramReading {
  const start = words.findIndex((word) => word.kind === 'static' && EXECUTES.test(word.value));
  if (start < 0) return fd(words);
  const end = words.findIndex((word, index) => index > start && word.kind === 'static' && word.value === ';');
  const argv = words.slice(start + 1, end < 0 ? undefined : end);
  const reading = fd([...words.slice(0, start), ...(end < 0 ? [] : words.slice(end + 1))]);
  const folders = reading.touches.filter(({ reach }) => reach !== undefined).map(({ path }) => path);
  const each = { folders, only: [], placeholder: '{', appends: true, isElsewhere: false } as const;
  const follows = words.some(
    (word) => word.kind === 'static' && /^(?:-[a-zA-Z]*L[a-zA-Z]*|--follow)$/.test(word.value),
  );
  return together(
    reading,
    runOnEach(argv, each),
    follows ? notKnown('the links that it follows could lead elsewhere') : NOTHING,
  );
}

const EXECUTES = /^(?:-[a-zA-WYZ]*[xX]|--exec|--exec-batch)$/;

const fd = program({
  options: {
    '-H --hidden -I --no-ignore -u --unrestricted -s --case-sensitive -i --ignore-case -g --glob --regex':
      flag,
    '-F --fixed-strings -a --absolute-path -l --list-details -L --follow -p --full-path -0 --print0': flag,
    '-q --quiet -1 -h --help -V --version --prune --no-ignore-vcs --no-ignore-parent --show-errors': flag,
    '--no-require-git --one-file-system --mount --xdev --relative-path --no-follow --no-hidden --ignore':
      flag,
    '--ignore-vcs --require-git --has-results': flag,
    '--hyperlink --strip-cwd-prefix': optional,
    '-t --type -d --max-depth --min-depth --exact-depth -E --exclude -e --extension -S --size -o --owner':
      value,
    '--changed-within --changed-before --newer --older --changed-after -c --color -j --threads --max-results':
      value,
    '--path-separator --format --batch-size --max-buffer-time --and --ignore-contain': value,
    '--search-path --base-directory': { takes: 'listsTree', operands: 'listsTree' },
    '--ignore-file': reads,
  },
  operands: { first: ['data'], rest: 'listsTree', none: '.' },
});
