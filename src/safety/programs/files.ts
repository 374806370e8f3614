import { program } from './program.ts';
import { flag, optional, reads, value } from './table.ts';
import type { OptionRule } from './table.ts';

const recursively: OptionRule = { takes: 'flag', operands: 'listsTree' };
const everywhere = { '--help --version': flag };

/** Programs that list, show and measure files. GNU coreutils 9, and what macOS and BSD share with them. */
export const files = {
  ls: program({
    options: {
      ...everywhere,
      '-a -A -b -B -c -C -d -f -F -g -G -h -H -i -k -l -L -m -n -N -o -p -q -Q -r -s -S -t -u -U -v -x -X -Z -1':
        flag,
      '--all --almost-all --author --directory --dired --group-directories-first --human-readable --inode':
        flag,
      '--si --literal --no-group --numeric-uid-gid --reverse --size --zero --dereference --kibibytes': flag,
      '-R --recursive': recursively,
      '--color --classify --hyperlink': optional,
      '-I --ignore --hide --block-size --format --indicator-style --quoting-style --sort --time --time-style':
        value,
      '-T --tabsize -w --width': value,
    },
    operands: { rest: 'reads', none: '.' },
  }),
  cat: program({
    options: {
      ...everywhere,
      '-A -b -e -E -n -s -t -T -u -v': flag,
      '--show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting':
        flag,
    },
    operands: { rest: 'reads' },
  }),
  head: program({
    options: {
      ...everywhere,
      '-q -v -z --quiet --silent --verbose --zero-terminated': flag,
      '-c --bytes -n --lines': value,
    },
    operands: { rest: 'reads' },
    hasNumberOption: true,
  }),
  tail: program({
    options: {
      ...everywhere,
      '-f -F -q -r -v -z --quiet --silent --verbose --zero-terminated --retry': flag,
      '--follow': optional,
      '-c --bytes -n --lines -s --sleep-interval --pid --max-unchanged-stats': value,
    },
    operands: { rest: 'reads' },
    hasNumberOption: true,
  }),
  wc: program({
    options: {
      ...everywhere,
      '-c -l -L -m -w --bytes --chars --lines --max-line-length --words': flag,
      '--total': value,
    },
    operands: { rest: 'reads' },
  }),
  file: program({
    options: {
      ...everywhere,
      '-b -h -i -I -k -L -N -n -p -r -s -z -0 -v -E --brief --mime --mime-type --mime-encoding': flag,
      '--dereference --no-dereference --keep-going --raw --print0 --extension': flag,
      '-F --separator -e --exclude -P --parameter': value,
    },
    operands: { rest: 'reads' },
  }),
  stat: program({
    options: {
      ...everywhere,
      '-f -F -L -l -n -q -r -s -x --dereference --file-system --terse': flag,
      '-c --format --printf --cached': value,
    },
    operands: { rest: 'reads' },
  }),
  du: program({
    options: {
      ...everywhere,
      '-0 -a -A -b -c -D -h -H -k -l -L -m -P -s -S -x --all --apparent-size --bytes --total --dereference':
        flag,
      '--human-readable --si --inodes --null --one-file-system --separate-dirs --summarize --count-links':
        flag,
      '--time': optional,
      '-B --block-size -d --max-depth --exclude -t --threshold --time-style': value,
      '-X --exclude-from': reads,
    },
    operands: { rest: 'listsTree', none: '.' },
  }),
  df: program({
    options: {
      ...everywhere,
      '-a -h -H -i -k -l -m -P -T --all --human-readable --si --inodes --local --portability --print-type':
        flag,
      '--total --sync --no-sync': flag,
      '-B --block-size -t --type -x --exclude-type': value,
      '--output': optional,
    },
    operands: { rest: 'reads' },
  }),
  realpath: program({
    options: {
      ...everywhere,
      '-e -m -L -P -q -s -z --canonicalize-existing --canonicalize-missing --logical --physical': flag,
      '--quiet --no-symlinks --strip --zero': flag,
      '--relative-to --relative-base': reads,
    },
    operands: { rest: 'reads', none: '.' },
  }),
  readlink: program({
    options: {
      ...everywhere,
      '-f -e -m -n -q -s -v -z --canonicalize --canonicalize-existing --canonicalize-missing --no-newline':
        flag,
    },
    operands: { rest: 'reads' },
  }),
  cd: program({ options: { '-L -P -e -@': flag }, operands: { rest: 'reads' } }),
  rm: program({
    options: {
      ...everywhere,
      '-d -f -i -I -v --dir --force --verbose --one-file-system --no-preserve-root': flag,
      '-r -R --recursive': { takes: 'flag', operands: 'deletesTree' },
      '--interactive --preserve-root': optional,
    },
    operands: { rest: 'deletes' },
  }),
};
