import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, optional, reads, value } from './table.ts';
import type { OptionRule, ProgramReading } from './table.ts';

const recursively: OptionRule = { takes: 'flag', operands: 'listsTree' };
const everywhere = { '--help --version': flag };

/** Programs that list, show and measure files. GNU coreutils 9, and what macOS and BSD share with them. */
export const files = {
  ls: list(),
  dir: list(),
  vdir: list(),
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
  tail: fromLine(
    program({
      options: {
        ...everywhere,
        '-f -F -q -r -v -z --quiet --silent --verbose --zero-terminated --retry': flag,
        '--follow': optional,
        '-c --bytes -n --lines -s --sleep-interval --pid --max-unchanged-stats': value,
      },
      operands: { rest: 'reads' },
      hasNumberOption: true,
    }),
  ),
  // Of what it reads it shows nothing but numbers.
  wc: program({
    options: {
      ...everywhere,
      '-c -l -L -m -w --bytes --chars --lines --max-line-length --words': flag,
      '--total': value,
    },
    operands: { rest: 'sees' },
  }),
  // Of what it reads it shows nothing but the kind.
  file: program({
    options: {
      ...everywhere,
      '-b -d -h -i -I -k -l -L -N -n -p -r -s -S -z -Z -0 -v -E --brief --mime --mime-type --mime-encoding':
        flag,
      '--apple --no-pad --no-buffer --list --uncompress --uncompress-noreport --special-files --no-sandbox':
        flag,
      '--preserve-date --debug --exclude-quiet': flag,
      '--dereference --no-dereference --keep-going --raw --print0 --extension': flag,
      '-F --separator -e --exclude -P --parameter': value,
    },
    operands: { rest: 'sees' },
  }),
  stat: program({
    options: {
      ...everywhere,
      '-F -L -l -n -q -r -s -x --dereference --file-system --terse': flag,
      // GNU: of the file system; BSD: a format, which then is looked for as a file.
      '-f': flag,
      '-t': optional,
      '-c --format --printf --cached': value,
    },
    operands: { rest: 'sees' },
  }),
  du: program({
    options: {
      ...everywhere,
      '-0 -a -A -b -c -D -h -H -k -l -L -m -P -s -S -x --all --apparent-size --bytes --total --dereference':
        flag,
      '--dereference-args --no-dereference --human-readable --si --inodes --null --one-file-system --separate-dirs --summarize --count-links':
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
      '-b -c -g -n --total --sync --no-sync -v': flag,
      '-B --block-size -t --type -x --exclude-type': value,
      '--output': optional,
    },
    operands: { rest: 'sees' },
  }),
  realpath: program({
    options: {
      ...everywhere,
      '-e -E -m -L -P -q -s -z --canonicalize-existing --canonicalize-missing --logical --physical': flag,
      '--quiet --no-symlinks --strip --zero': flag,
      '--relative-to --relative-base': reads,
    },
    operands: { rest: 'sees', none: '.' },
  }),
  readlink: program({
    options: {
      ...everywhere,
      '-f -e -m -n -q -s -v -z --quiet --silent --verbose --zero --canonicalize --canonicalize-existing --canonicalize-missing --no-newline':
        flag,
    },
    operands: { rest: 'sees' },
  }),
};

function list(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-a -A -b -B -c -C -d -D -e -f -F -g -G -h -H -i -k -l -L -m -n -N -o -O -p -P -q -Q -r -s -S -t -u -U -v -W':
        flag,
      '-x -X -Z -1 -@ -% --all --almost-all --author --escape --directory --dired --file-type --full-time':
        flag,
      '--group-directories-first --human-readable --inode --ignore-backups --size --zero --context': flag,
      '--si --literal --no-group --numeric-uid-gid --reverse --dereference --kibibytes --quote-name': flag,
      '--hide-control-chars --show-control-chars --dereference-command-line': flag,
      '--dereference-command-line-symlink-to-dir': flag,
      '-R --recursive': recursively,
      '--color --classify --hyperlink': optional,
      '-I --ignore --hide --block-size --format --indicator-style --quoting-style --sort --time --time-style':
        value,
      '-T --tabsize -w --width': value,
    },
    operands: { rest: 'sees', none: '.' },
  });
}

/** `tail +5 file` is the old way to say `-n +5`. */
function fromLine(
  reader: (words: readonly Word[]) => ProgramReading,
): (words: readonly Word[]) => ProgramReading {
  return ([first, ...rest]) => {
    const isCount = first?.kind === 'static' && /^\+\d+[bcl]?f?$/.test(first.value);
    return reader(first === undefined || isCount ? rest : [first, ...rest]);
  };
}
