import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, optional, reads, value } from './table.ts';
import type { Table } from './table.ts';

const everywhere = { '--help --version': flag };

/**
 * Programs that say something about the machine, the time and the person: coreutils 9,
 * procps 4, util-linux 2. Where operands would change something they are unlisted.
 */
export const machine = {
  pwd: program({
    options: { ...everywhere, '-L -P -W --logical --physical': flag },
    operands: { rest: 'data' },
  }),
  help: program({ options: { '-d -m -s': flag }, operands: { rest: 'data' } }),
  whoami: shows('', 'unlisted'),
  logname: shows('', 'unlisted'),
  tty: shows('-s --silent --quiet', 'unlisted'),
  hostid: shows('', 'unlisted'),
  who: shows(
    '-a -b -d -H -l -m -p -q -r -s -t -T -u -w --all --boot --heading --count --short --users --lookup',
    'reads',
  ),
  w: shows('-h -s -f -i -o -u -V --no-header --short --from --ip-addr --old-style'),
  users: shows('', 'reads'),
  last: program({
    options: {
      ...everywhere,
      '-a -d -F -i -R -w -x --hostlast --dns --fulltimes --ip --nohostname --fullnames --system': flag,
      '-n --limit -p --present -s --since -t --until --time-format': value,
      '-f --file': reads,
    },
    operands: { rest: 'data' },
    hasNumberOption: true,
  }),
  groups: shows(''),
  id: shows('-a -A -c -F -g -G -n -p -P -r -u -z -Z --context --group --groups --name --real --user --zero'),
  // An operand, -F and -b set the name.
  hostname: shows(
    '-a -A -d -f -i -I -s -y -V --alias --all-fqdns --all-ip-addresses --domain --fqdn --long --ip-address --short',
    'unlisted',
  ),
  domainname: shows('', 'unlisted'),
  uname: shows(
    `-a -i -m -n -o -p -r -s -v --all --kernel-name --nodename --kernel-release --kernel-version --machine
     --processor --hardware-platform --operating-system`,
    'unlisted',
  ),
  uptime: shows('-p -s -h -V --pretty --since', 'unlisted'),
  nproc: program({
    options: { ...everywhere, '--all': flag, '--ignore': value },
    operands: { rest: 'unlisted' },
  }),
  sw_vers: shows('-productName -productVersion -buildVersion --productName --productVersion --buildVersion'),
  lsb_release: shows(
    '-a -c -d -i -r -s -v --all --codename --description --id --release --short',
    'unlisted',
  ),
  free: program({
    options: {
      ...everywhere,
      '-b -k -m -g -h -l -t -v -w -L --bytes --kibi --mebi --gibi --tebi --kilo --mega --giga --human --si':
        flag,
      '--lohi --total --wide --line --committed': flag,
      '-s --seconds -c --count': value,
    },
    operands: { rest: 'unlisted' },
  }),
  vmstat: program({
    options: {
      ...everywhere,
      '-a -d -D -f -m -n -s -t -w -y -V --active --disk --disk-sum --forks --slabs --one-header --stats':
        flag,
      '--timestamp --wide --no-first': flag,
      '-p --partition -S --unit': value,
    },
    operands: { rest: 'data' },
  }),
  iostat: program({
    options: {
      '-c -d -h -k -m -N -p -s -t -V -x -y -z --human --pretty --compact': flag,
      '-w -n -o -j': value,
    },
    operands: { rest: 'data' },
  }),
  lscpu: program({
    options: {
      ...everywhere,
      '-a -b -c -B -J -h -V -x -y -r --all --online --offline --bytes --json --hex --physical --raw': flag,
      '-e --extended -p --parse -C --caches --output-all': optional,
    },
    operands: { rest: 'unlisted' },
  }),
  lsblk: program({
    options: {
      ...everywhere,
      '-a -A -b -d -D -f -i -J -l -m -M -N -n -O -P -p -r -s -S -t -v -V -z -h -y --all --bytes --nodeps':
        flag,
      '--fs --ascii --json --list --perms --noheadings --output-all --pairs --paths --raw --topology': flag,
      '--inverse --scsi --discard --zoned --noempty --merge --nvme --virtio --shell': flag,
      '-o --output -e --exclude -I --include -x --sort -E --dedup -w --width --filter -Q': value,
      '-T --tree': optional,
    },
    operands: { rest: 'data' },
  }),
  lsmem: shows('-a -b -J -n -P -r -S -h -V --all --bytes --json --noheadings --pairs --raw'),
  lspci: shows('-v -vv -vvv -k -n -nn -m -mm -t -D -P -PP -x -b'),
  lsusb: shows('-v -t -V --verbose --tree'),
  lsmod: shows('', 'unlisted'),
  arch: readArch,
  getconf: shows('-a', 'data'),
  locale: shows('-a -m -c -k -v --all-locales --charmaps --category-name --keyword-name --verbose'),
  cal: calendar(),
  ncal: calendar(),
  tput: shows('', 'data', { '-T': value, '-V -x': flag }),
  dircolors: program({
    options: {
      ...everywhere,
      '-b -c -p --sh --bourne-shell --csh --c-shell --print-database --print-ls-colors': flag,
    },
    operands: { rest: 'reads' },
  }),
  printenv: readPrintenv,
  which: shows('-a -s --all --skip-alias --skip-functions --skip-dot --skip-tilde --show-dot --show-tilde'),
  // --html, --pager, -P and -H run a program; -l and -C read files; -K searches.
  man: program({
    options: {
      ...everywhere,
      '-a -f -k -w -W -V -u -i -I --all --whatis --apropos --where --path --location --no-hyphenation': flag,
      '-s -S --sections -L --locale -e --extension -m --systems': value,
    },
    // A name with a slash is a file, which man formats.
    operands: { rest: 'reads' },
  }),
  // A name with a slash is a file, which info shows as it is.
  info: shows('-w --where --location -a --all', 'reads'),
  apropos: shows('-a -d -e -l -r -v -w --and --exact --long --regex --wildcard'),
  whatis: shows('-d -l -r -v -w --long --regex --wildcard'),
  tldr: shows('-l --list -v --version -h --color -q --quiet'),
  date: (words: readonly Word[]) => setsOrShows(words.filter((word) => !isForm(word))),
};

function shows(
  flags: string,
  rest: 'data' | 'reads' | 'unlisted' = 'data',
  more: NonNullable<Table['options']> = {},
): ReturnType<typeof program> {
  const own = flags.trim().split(/\s+/).join(' ');
  return program({
    options: { ...everywhere, ...(own !== '' && { [own]: flag }), ...more },
    operands: { rest },
  });
}

function calendar(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-1 -3 -b -B -C -e -h -j -J -m -M -N -o -p -s -S -V -w -y -Y --one --three --sunday --monday --julian':
        flag,
      '--year --twelve --iso --reform': flag,
      '-A -d -n --months -c --color': value,
      '-H': value,
    },
    operands: { rest: 'data' },
  });
}

/** With names it shows what `echo $NAME` does, without any the whole environment. */
function readPrintenv(words: readonly Word[]): ReturnType<ReturnType<typeof program>> {
  const isNamed =
    words.length > 0 && words.every((word) => word.kind === 'static' && /^[A-Za-z_]\w*$/.test(word.value));
  return (isNamed ? printsSome : printsAll)(words);
}

const printsSome = program({ operands: { rest: 'data' } });
const printsAll = program({
  options: { ...everywhere, '-0 --null': flag },
  operands: { rest: 'data' },
  acts: ['list-environment'],
});

const setsOrShows = program({
  options: {
    ...everywhere,
    '-j -n -R -u --rfc-email --utc --universal --debug --resolution': flag,
    '-I --iso-8601': optional,
    '-d --date --rfc-3339 -v': value,
    '-r --reference': reads,
    '-f --file': reads,
  },
  operands: { rest: 'unlisted' },
});

/** `+%Y-%m-%d` says how to show the time; any other operand would set the clock. */
function isForm(word: Word): boolean {
  return (word.kind === 'static' ? word.value : (word.isOne === true && word.prefix) || '').startsWith('+');
}

/** Alone it names the machine; on macOS `arch -x86_64 command` runs one. */
function readArch(words: readonly Word[]): ReturnType<ReturnType<typeof program>> {
  const isOption = (word: Word | undefined): boolean =>
    word?.kind === 'static' && /^-(?:32|64|arm64e?|x86_64h?|i386|h|c)$/.test(word.value);
  let start = 0;
  while (start < words.length && (isOption(words[start]) || isArchName(words, start))) {
    start += isOption(words[start]) ? 1 : 2;
  }
  const rest = words.slice(start);
  return start > 0 && rest.length > 0 ? runsRest(rest) : nothingElse(rest);
}

function isArchName(words: readonly Word[], at: number): boolean {
  const word = words[at];
  return word?.kind === 'static' && /^--?arch$/.test(word.value);
}

const runsRest = program({ operands: { rest: 'command' } });
const nothingElse = program({ options: everywhere, operands: { rest: 'unlisted' } });
