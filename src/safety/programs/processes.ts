import type { Word } from '../types.ts';
import { isOwnProcess, orLeashd } from './leashd.ts';
import { program } from './program.ts';
import { flag, onlyShows, optional, reads, value } from './table.ts';
import type { ProgramReading, Table } from './table.ts';

const help = { '--help': onlyShows, '-V --version': onlyShows };
const data: Table['operands'] = { rest: 'data' };
const none: Table['operands'] = { rest: 'unlisted' };

/** ps(1): options with a dash, and BSD's without one (`aux`). With `e` among these it shows environments. */
function ps(words: readonly Word[]): ProgramReading {
  const reading = readPs(words);
  const shows = words.some((word, index) => {
    if (word.kind === 'unknown') return false;
    if (/environ/i.test(word.value)) return true;
    const before = words[index - 1];
    const isValue = before?.kind === 'static' && PS_VALUE.test(before.value);
    return !isValue && /^[a-zA-Z]*e[a-zA-Z]*$/i.test(word.value);
  });
  return shows ? { ...reading, acts: [...reading.acts, 'list-environment'] } : reading;
}

const PS_VALUE =
  /^(?:-[a-zA-Z]*[oOCGgpqstUu]|--(?:format|sort|pid|ppid|user|User|group|tty|cols|columns|width|rows|lines))$/;

const readPs = program({
  options: {
    ...help,
    '-A -a -c -d -e -f -F -H -h -j -l -L -m -M -N -P -r -S -T -v -w -x -X -y -Z': flag,
    '--forest --headers --no-headers --no-heading --deselect --cumulative': flag,
    '-E': { takes: 'flag', acts: ['list-environment'] },
    '-o -O -C -G -g -p -q -s -t -U -u --format --sort --pid --ppid --user --User --group --tty --cols': value,
    '--columns --width --rows --lines': value,
  },
  operands: data,
});

/** top(1), htop(1), vmstat(8) and such: they only look, whether they end or not. */
const monitor: Table = {
  options: {
    ...help,
    '-h -v': onlyShows,
    '-b -c -i -H -S -1 -B -E -e -w -a -A -C -t -f -m -M -R -r': flag,
    '-d -n -p -u -U -o -s -l -stats -pid -user -ncols': value,
    '--sort-key --delay --user --pid --no-color --tree --max-iterations': value,
  },
  operands: data,
};

/** pgrep(1) looks, pkill(1) ends what it finds. */
const finds: Table = {
  options: {
    ...help,
    '-h': onlyShows,
    '-a -c -f -i -l -n -o -v -w -x -L -q': flag,
    '--list-name --list-full --full --exact --newest --oldest --count --inverse --ignore-case': flag,
    '-d -g -G -P -s -t -u -U -F -r --delimiter --pgroup --group --parent --session --terminal --euid --uid':
      value,
  },
  operands: data,
};

/** `kill -9 1234`: any number or name of a signal is an option; `-l` ahead of all lists them. */
function kill(words: readonly Word[]): ProgramReading {
  return killing(words, /^(?:-l|-L|--list|--table)$/);
}

/** pkill(1) and killall(1): what is called `-l` there may list the signals, or say what is killed. */
function killAll(words: readonly Word[]): ProgramReading {
  return killing(words.length === 1 ? words : [], /^(?:-l|--list)$/);
}

function killing([first, ...others]: readonly Word[], lists: RegExp): ProgramReading {
  const text = first?.kind === 'static' ? first.value : '';
  const shows = lists.test(text) || (others.length === 0 && /^--(?:help|version)$/.test(text));
  return { touches: [], acts: shows ? [] : ['kill'], unknowns: [] };
}

export const processes = {
  ps,
  pgrep: program(finds),
  pidof: program({ options: { ...help, '-s -c -q -w -x': flag, '-o -S': value }, operands: data }),
  pstree: program({
    options: { ...help, '-a -A -c -g -G -h -k -l -n -p -s -S -t -T -u -U -w': flag, '-H -N -f': value },
    operands: data,
  }),
  pwdx: program({ options: help, operands: data }),
  pmap: program({ options: { ...help, '-x -X -d -q -p': flag }, operands: data }),
  top: program(monitor),
  htop: program(monitor),
  iotop: program(monitor),
  mpstat: program({ ...monitor, options: { ...monitor.options, '-P': value, '-A': flag } }),
  modinfo: program({ options: { ...help, '-a -d -l -n -p': flag, '-F': value }, operands: data }),
  kill,
  killall: orLeashd(killAll, isOwnProcess),
  killall5: killAll,
  skill: orLeashd(killAll, isOwnProcess),
  xkill: killAll,
  pkill: orLeashd(killAll, isOwnProcess),
  fuser: program({
    options: {
      '-V --version': onlyShows,
      '-a -c -f -I -l -s -u -v -4 -6 --all --verbose --user': flag,
      '-m --mount -n --namespace': value,
      '-k --kill': { takes: 'flag', acts: ['kill'] },
    },
    operands: data,
  }),
  renice: program({ options: { ...help, '-n -g -p -u': value }, operands: data, acts: ['change-system'] }),
  dmesg: program({
    options: {
      ...help,
      '-h': onlyShows,
      '-d -e -H -J -k -L -P -p -r -S -t -T -u -w -W -x --ctime --human --follow --follow-new --decode': flag,
      '--raw --notime --kernel --userspace --reltime --nopager --noescape --show-delta --json --force-prefix':
        flag,
      '--color': optional,
      '-f --facility -l --level -s --buffer-size --since --until --time-format': value,
      '-c -C -D -E --clear --read-clear --console-on --console-off': {
        takes: 'flag',
        acts: ['change-system'],
      },
      '-n --console-level': { takes: 'data', acts: ['change-system'] },
      '-F --file -K --kmsg-file': reads,
    },
    operands: none,
  }),
  sysctl: (words: readonly Word[]) => setsOrShows(words),
  screencapture: program({
    options: { '-x -c -i -m -w -C -o -S': flag, '-t -T -l': value },
    operands: { rest: 'writes' },
  }),
};

/** sysctl(8): `name=value` sets, wherever it stands. */
function setsOrShows(words: readonly Word[]): ProgramReading {
  const reading = readSysctl(words);
  const sets = words.some(
    (word) => word.kind === 'static' && !word.value.startsWith('-') && word.value.includes('='),
  );
  return sets ? { ...reading, acts: [...reading.acts, 'change-system'] } : reading;
}

const readSysctl = program({
  options: {
    '-h --help': onlyShows,
    '-V --version': onlyShows,
    '-a -A -b -d -e -i -l -N -n -o -q -X -x --all --names --values --ignore --quiet': flag,
    '-r --pattern': value,
    '-w --write': { takes: 'flag', acts: ['change-system'] },
  },
  operands: data,
});
