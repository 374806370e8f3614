import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, optional, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading } from './table.ts';
import { notKnown, together } from './word-patterns.ts';

const everywhere = { '--help --version': flag };
const inTree: OptionRule = { takes: 'flag', operands: 'readsTree' };

/** Programs that give text another shape: coreutils 9, util-linux 2, ack 3, ag 2. */
export const textShapes = {
  join: program({
    options: {
      ...everywhere,
      '-i -z --ignore-case --check-order --nocheck-order --header --zero-terminated': flag,
      '-1 -2 -a -e -j -o -t -v': value,
    },
    operands: { rest: 'reads' },
  }),
  paste: program({
    options: { ...everywhere, '-s -z --serial --zero-terminated': flag, '-d --delimiters': value },
    operands: { rest: 'reads' },
  }),
  expand: program({
    options: { ...everywhere, '-i -a --initial --all --first-only': flag, '-t --tabs': value },
    operands: { rest: 'reads' },
    hasNumberOption: true,
  }),
  unexpand: program({
    options: { ...everywhere, '-i -a --initial --all --first-only': flag, '-t --tabs': value },
    operands: { rest: 'reads' },
    hasNumberOption: true,
  }),
  fold: program({
    options: { ...everywhere, '-b -c -s --bytes --characters --spaces': flag, '-w --width': value },
    operands: { rest: 'reads' },
    hasNumberOption: true,
  }),
  fmt: program({
    options: {
      ...everywhere,
      '-c -s -t -u -m -n --crown-margin --split-only --tagged-paragraph --uniform-spacing': flag,
      '-w --width -g --goal -p --prefix -d -l': value,
    },
    operands: { rest: 'reads' },
    hasNumberOption: true,
  }),
  pr: program({
    options: {
      ...everywhere,
      '-a -c -d -f -F -J -m -r -t -T -v --across --double-space --form-feed --join-lines --merge': flag,
      '--no-file-warnings --omit-header --omit-pagination --show-control-chars --show-nonprinting': flag,
      '-e -i -n -s -S --expand-tabs --output-tabs --number-lines --separator --sep-string': optional,
      '-D --date-format -h --header -l --length -N --first-line-number -o --indent -w --width -W --page-width':
        value,
      '--columns': value,
    },
    operands: { rest: 'reads' },
    hasNumberOption: true,
  }),
  column: program({
    options: {
      ...everywhere,
      '-t -x -e -d -J -L -h -V --table --fillrows --table-noheadings --json --keep-empty-lines': flag,
      '-c --output-width -s --separator -o --output-separator -N --table-columns -R --table-right -W': value,
      '--table-wrap -H --table-hide -O --table-order -T --table-truncate -E --table-noextreme -n': value,
      '--table-name -l --table-columns-limit -C --table-column -S --use-spaces -r --tree -i --tree-id': value,
      '-p --tree-parent --color': value,
    },
    operands: { rest: 'reads' },
  }),
  numfmt: program({
    options: {
      ...everywhere,
      '-z --zero-terminated --debug --grouping': flag,
      '-d --delimiter --field --format --from --from-unit --invalid --padding --round --suffix --to --to-unit':
        value,
      '--header': optional,
    },
    operands: { rest: 'data' },
  }),
  factor: program({ options: { ...everywhere, '-h --exponents': flag }, operands: { rest: 'data' } }),
  yes: program({ options: everywhere, operands: { rest: 'data' } }),
  pathchk: program({ options: { ...everywhere, '-p -P --portability': flag }, operands: { rest: 'data' } }),
  clear: program({ options: { '-V -x': flag, '-T': value }, operands: { rest: 'unlisted' } }),
  hexyl: program({
    options: {
      ...everywhere,
      '-v -p --plain --no-squeezing': flag,
      '-n --length -c --bytes -s --skip': value,
    },
    operands: { rest: 'reads' },
  }),
  // A pager and a colouring filter for diffs; --pager is left out.
  delta: program({
    options: { ...everywhere, '-n --line-numbers -s --side-by-side --dark --light --color-only': flag },
    operands: { rest: 'reads' },
  }),
  rev: program({ options: { ...everywhere, '-0 --zero -h -V': flag }, operands: { rest: 'reads' } }),
  shuf: program({
    options: {
      ...everywhere,
      '-e --echo': { takes: 'flag', operands: 'data' },
      '-r -z --repeat --zero-terminated': flag,
      '-i --input-range -n --head-count': value,
      '--random-source': reads,
      '-o --output': writes,
    },
    operands: { rest: 'reads' },
  }),
  tsort: program({ options: { ...everywhere, '-d -l -q -w': flag }, operands: { rest: 'reads' } }),
  ptx: program({
    options: {
      ...everywhere,
      '-f -r -A -t -O -T --ignore-case --references': flag,
      '-w --width -g --gap-size -S -W': value,
    },
    operands: { first: ['reads'], rest: 'unlisted' },
  }),
  look: program({
    options: { '-a -d -f -h -V': flag, '-t': value },
    operands: { first: ['data'], rest: 'reads' },
  }),
  colrm: program({ options: everywhere, operands: { rest: 'data' } }),
  col: program({
    options: { ...everywhere, '-b -f -p -x -h': flag, '-l': value },
    operands: { rest: 'data' },
  }),
  ul: program({ options: { ...everywhere, '-i': flag, '-t -T': value }, operands: { rest: 'reads' } }),
  iconv: program({
    options: {
      ...everywhere,
      '-c -l -s --list --silent --verbose -? --usage': flag,
      '-f --from-code -t --to-code --byte-subst --unicode-subst --widechar-subst': value,
      '-o --output': writes,
    },
    operands: { rest: 'reads' },
  }),
  split: cutsUp(
    program({
      options: {
        ...everywhere,
        '-d -e -u -x --elide-empty-files --unbuffered --verbose': flag,
        '--numeric-suffixes --hex-suffixes': optional,
        '-a --suffix-length --additional-suffix -b --bytes -C --line-bytes -l --lines -n --number -t --separator':
          value,
      },
      operands: { first: ['reads', 'writes'], rest: 'unlisted' },
      hasNumberOption: true,
    }),
  ),
  csplit: cutsUp(
    program({
      options: {
        ...everywhere,
        '-k -s -z --keep-files --quiet --silent --elide-empty-files --suppress-matched': flag,
        '-b --suffix-format -n --digits': value,
        '-f --prefix': writes,
      },
      operands: { first: ['reads'], rest: 'data' },
    }),
  ),
  // Links lead anywhere, so -f is left out, as is --follow.
  ag: program({
    options: {
      ...everywhere,
      '-c -F -i -l -L -o -q -Q -s -S -v -w -H -0 -V --count --literal --ignore-case --files-with-matches':
        flag,
      '--files-without-matches --only-matching --smart-case --case-sensitive --invert-match --word-regexp':
        flag,
      '--nocolor --color --nogroup --group --numbers --nonumbers --noheading --heading --column --nobreak':
        flag,
      '--break --nofilename --filename --silent --stats --vimgrep --null --ackmate --list-file-types': flag,
      '-a -u -U -t -r -n --all-types --unrestricted --hidden --all-text --skip-vcs-ignores': inTree,
      '-A --after -B --before -C --context -m --max-count --depth -W --width --ignore --ignore-dir': value,
      '-G --file-search-regex': value,
      '-g': { takes: 'data', operands: 'listsTree', dropsFirst: true },
      '-p --path-to-ignore': reads,
    },
    operands: { first: ['data'], rest: 'readsVisibleTree', none: '.' },
  }),
  // --pager and --ackrc are left out: they run one; so is --output, which older ones evaluate.
  ack: program({
    options: {
      ...everywhere,
      '-c -h -H -i -I -l -L -n -o -Q -s -S -v -w -x -1 --count --ignore-case --smart-case --no-smart-case':
        flag,
      '--literal --invert-match --word-regexp --files-with-matches --files-without-matches --nocolor': flag,
      '--color --noenv --noheading --heading --nogroup --group --column --nobreak --break --nofilter': flag,
      '--sort-files --print0 --passthru --nopager': flag,
      '-k -r -R --known-types --recurse --nofollow': flag,
      '-f': { takes: 'flag', operands: 'listsTree', dropsFirst: true },
      '-g': { takes: 'flag', operands: 'listsTree' },
      '-A --after-context -B --before-context -m --max-count -t --type -T --ignore-dir --ignore-file': value,
      '--ignore-directory --match --range-start --range-end': value,
      '-C --context': optional,
    },
    operands: { first: ['data'], rest: 'readsTree', none: '.' },
  }),
};

/** What they write has names that are counted up: `xaa`, `xab`, or a prefix and so on. */
function cutsUp(
  reader: (words: readonly Word[]) => ProgramReading,
): (words: readonly Word[]) => ProgramReading {
  return (words) => {
    if (words.every((word) => word.kind === 'static' && /^--(?:help|version)$/.test(word.value)))
      return reader(words);
    return together(reader(words), notKnown('how many files it writes is not known'));
  };
}
