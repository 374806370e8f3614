import { program } from './program.ts';
import { flag, optional, reads, value } from './table.ts';
import type { OptionRule } from './table.ts';

const everywhere = { '--help --version': flag };
const inTree: OptionRule = { takes: 'flag', operands: 'readsTree' };

/** Programs that compare files: diffutils 3, coreutils 9. */
export const compare = {
  cmp: program({
    options: {
      ...everywhere,
      '-b -h -l -s -v -x -z --print-bytes --verbose --quiet --silent': flag,
      '-i --ignore-initial -n --bytes': value,
    },
    operands: { first: ['reads', 'reads'], rest: 'data' },
  }),
  diff: diff(),
  colordiff: diff(),
  // -o is left out: it writes, and asks an editor.
  sdiff: program({
    options: {
      ...everywhere,
      '-a -b -B -d -E -H -i -l -s -t -W -Z --text --ignore-space-change --ignore-blank-lines --minimal': flag,
      '--ignore-tab-expansion --speed-large-files --ignore-case --left-column --suppress-common-lines': flag,
      '--expand-tabs --ignore-all-space --ignore-trailing-space --strip-trailing-cr': flag,
      '-I --ignore-matching-lines -w --width --tabsize': value,
    },
    operands: { rest: 'reads' },
  }),
  // --diff-program is left out: it runs one.
  diff3: program({
    options: {
      ...everywhere,
      '-A -a -e -E -i -m -T -x -X -3 --show-all --text --ed --show-overlap --merge --initial-tab': flag,
      '--overlap-only --easy-only --strip-trailing-cr': flag,
      '-L --label': value,
    },
    operands: { rest: 'reads' },
  }),
  comm: program({
    options: {
      ...everywhere,
      '-1 -2 -3 -i -z --check-order --nocheck-order --total --zero-terminated': flag,
      '--output-delimiter': value,
    },
    operands: { rest: 'reads' },
  }),
  diffstat: program({
    options: { '-b -C -c -E -h -k -K -l -m -q -Q -r -s -t -u -v -V': flag, '-f -n -N -p -w': value },
    operands: { rest: 'reads' },
  }),
};

function diff(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-a -b -B -c -d -e -E -H -i -l -n -N -p -P -q -s -t -T -u -v -w -y -Z --brief --report-identical-files':
        flag,
      '--side-by-side --ignore-case --ignore-all-space --ignore-space-change --ignore-blank-lines': flag,
      '--minimal --normal --new-file --text --no-dereference --suppress-common-lines --show-c-function': flag,
      '--ignore-trailing-space --ignore-tab-expansion --strip-trailing-cr --expand-tabs --initial-tab --ed':
        flag,
      '--rcs --left-column --ignore-file-name-case --no-ignore-file-name-case --unidirectional-new-file':
        flag,
      '--suppress-blank-empty --paginate --speed-large-files --ignore-space-at-eol': flag,
      '-r --recursive': inTree,
      '--color --colour --unified --context': optional,
      '-U -C -W --width -I --ignore-matching-lines -x --exclude -L --label --tabsize -F --show-function-line':
        value,
      '--horizon-lines --palette -D --ifdef --line-format --old-line-format --new-line-format': value,
      '--unchanged-line-format --old-group-format --new-group-format --changed-group-format': value,
      '--unchanged-group-format --GTYPE-group-format -S --starting-file': value,
      '-X --exclude-from --from-file --to-file': reads,
    },
    // Of two folders it compares the files of the same name.
    operands: { rest: 'searches' },
    hasNumberOption: true,
  });
}
