import type { Word } from '../types.ts';
import { checked } from './checked.ts';
import { program } from './program.ts';
import { flag, optional, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading } from './table.ts';
import { notKnown } from './word-patterns.ts';

const everywhere = { '--help --version': flag };
const anywhere: OptionRule = { takes: 'flag', operands: 'listsTree' };

/** Programs that show files and folders, beyond coreutils. */
export const viewers = {
  tree: checked(
    {
      options: {
        ...everywhere,
        '-a -d -l -f -x -p -u -g -s -h -D -F -q -N -v -t -c -U -r -X -J -i -A -S -n -C -Q --si --du --inodes':
          flag,
        '--device --noreport --dirsfirst --filesfirst --gitignore --prune --matchdirs --ignore-case --nolinks':
          flag,
        '--metafirst --info --opt-toggle --caseinsensitive': flag,
        '-L -P -I -H -T --filelimit --charset --timefmt --sort --scheme --authority': value,
        '--gitfile --infofile': reads,
        '-o': writes,
      },
      operands: { rest: 'listsTree', none: '.' },
    },
    // Here the value is always the next word, and the letters behind are options.
    (words) => {
      const odd = words.find((word) => /^-[a-zA-Z]*(?:[PIHTo]|L(?!\d+$))[a-zA-Z]/.test(word));
      return odd === undefined ? undefined : `which word belongs to which letter of ${odd} is not known`;
    },
  ),
  exa: eza(),
  eza: eza(),
  lsd: program({
    options: {
      ...everywhere,
      '-a -A -F -l -1 -r -t -S -X -G -v -i -g -L -Z -V --all --almost-all --classify --long --oneline': flag,
      '--human-readable --directory-only -d --reverse --timesort --sizesort --extensionsort --gitsort': flag,
      '--versionsort --no-sort -U --inode --git --dereference --context --header --hyperlink --total-size':
        flag,
      '--ignore-config --no-symlink --group-dirs-first --classic --hide-header': flag,
      '-R --recursive --tree': anywhere,
      '--color --icon --icon-theme --date --size --blocks --permission --group-dirs --sort --depth -I': value,
      '--ignore-glob --icon-separator --truncate-owner-after': value,
    },
    operands: { rest: 'reads', none: '.' },
  }),
  // --pager is left out: it names a program; so are --config-file and --diff.
  bat: bat(),
  batcat: bat(),
  // -p and -t are left out, as they can hold commands, and -k, which reads keys.
  less: pager(
    program({
      options: {
        ...everywhere,
        '-a -A -B -c -C -e -E -f -F -g -G -i -I -J -K -L -m -M -n -N -q -Q -r -R -s -S -u -U -V -w -W -X -?':
          flag,
        '--quit-if-one-file --RAW-CONTROL-CHARS --chop-long-lines --LINE-NUMBERS --no-init --ignore-case':
          flag,
        '-b -h -j -x -y -z': value,
        '-o -O --log-file': writes,
      },
      operands: { rest: 'reads' },
    }),
  ),
  more: pager(
    program({
      options: {
        ...everywhere,
        '-d -f -l -c -s -u -e --silent --logical --no-pause --squeeze --plain': flag,
        '-n --lines': value,
      },
      operands: { rest: 'reads' },
      hasNumberOption: true,
    }),
  ),
  locate: locate(),
  plocate: locate(),
  mlocate: locate(),
  whereis: program({
    options: { '-b -m -s -u -l -h -V --help --version': flag },
    operands: { rest: 'data' },
  }),
  mdfind: program({
    options: { '-0 -count -name': flag, '-onlyin': { takes: 'listsTree' } },
    operands: { rest: 'data' },
  }),
  namei: program({
    options: {
      ...everywhere,
      '-h -x -m -o -l -n -v -V --mountpoints --modes --owners --long --nosymlinks': flag,
    },
    operands: { rest: 'reads' },
  }),
  // macOS: -w, -d and -c change.
  xattr: program({
    options: {
      '-l -x -h -s -v': flag,
      '-lx -lxs': flag,
      '-r': { takes: 'flag', operands: 'listsTree' },
      '-p -pl -px -plx': value,
    },
    operands: { rest: 'reads' },
  }),
  lsattr: program({
    options: { '-a -d -v -l -p -V': flag, '-R': anywhere },
    operands: { rest: 'reads', none: '.' },
  }),
  getfacl: program({
    options: {
      ...everywhere,
      '-a -d -c -e -E -s -L -P -t -p -n --access --default --omit-header --numeric --absolute-names': flag,
      '-R --recursive': anywhere,
    },
    operands: { rest: 'reads' },
  }),
  // Counters of lines of code.
  cloc: program({
    options: {
      ...everywhere,
      '--json --csv --yaml --md --by-file --quiet --hide-rate --by-percent': flag,
      '--exclude-dir --include-lang --exclude-lang --include-ext --exclude-ext': value,
    },
    operands: { rest: 'readsTree' },
  }),
  tokei: codeCounter(),
  scc: program({
    options: {
      '-h --help --version --by-file -w --wide -c --no-complexity --no-cocomo -a --dryness': flag,
      '-f --format -s --sort -i --include-ext -x --exclude-ext --exclude-dir': value,
      '-o --output': writes,
    },
    operands: { rest: 'readsTree', none: '.' },
  }),
};

function codeCounter(): ReturnType<typeof program> {
  return program({
    options: {
      '-h --help -V --version -f --files -C --compact -l --languages --hidden --no-ignore -v --verbose': flag,
      '-e --exclude -t --type -o --output -s --sort -r --rsort -c --columns -n --num-format': value,
    },
    operands: { rest: 'readsTree', none: '.' },
  });
}

function eza(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-1 -l -G -x -F -a -A -d -f -r -b -B -g -h -H -i -m -n -S -u -U -@ -M -Z -v -X -o -w --oneline --long':
        flag,
      '--grid --across --all --almost-all --list-dirs --only-dirs --only-files --reverse --binary --bytes':
        flag,
      '--group --header --links --inode --modified --numeric --blocksize --accessed --created --extended':
        flag,
      '--git --git-ignore --git-repos --no-git --no-permissions --no-filesize --no-user --no-time --no-quotes':
        flag,
      '--group-directories-first --octal-permissions --total-size --dereference --changed --icons-always':
        flag,
      '-R --recurse -T --tree': anywhere,
      '--color --colour --icons --classify --hyperlink --color-scale': optional,
      '-L --level -s --sort -I --ignore-glob -t --time --time-style --width': value,
    },
    operands: { rest: 'reads', none: '.' },
  });
}

function bat(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-A -p -pp -n -d -f -h -V -u -S -s -P -L --show-all --plain --number --force-colorization --no-pager':
        flag,
      '--list-languages --list-themes --unbuffered --chop-long-lines --squeeze-blank --no-config': flag,
      '-l --language -H --highlight-line -r --line-range --style --color --theme --paging --decorations':
        value,
      '--tabs --wrap --terminal-width --file-name -m --map-syntax --italic-text --ignored-suffix': value,
      '--nonprintable-notation --strip-ansi --diff-context --squeeze-limit --theme-dark --theme-light': value,
    },
    operands: { rest: 'reads' },
  });
}

function locate(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-A -b -c -e -i -L -N -p -P -q -S -w -r -0 -s -H --all --basename --count --existing --ignore-case':
        flag,
      '--null --quiet --statistics --wholename --regexp --regex': flag,
      '-l -n --limit': value,
    },
    operands: { rest: 'data' },
  });
}

/** `+…` is a command of the pager's own, `+!…` one for the shell. */
function pager(
  reader: (words: readonly Word[]) => ProgramReading,
): (words: readonly Word[]) => ProgramReading {
  return (words) => {
    const others = words.filter((word) => word.kind === 'unknown' || !/^\+(?:F|G|\d+)$/.test(word.value));
    if (!others.some((word) => word.kind === 'static' && word.value.startsWith('+'))) return reader(others);
    return notKnown('it gives the pager a command');
  };
}
