import type { Word } from '../types.ts';
import { program } from './program.ts';
import { TableReading } from './table-reading.ts';
import { flag, optional, value, writes } from './table.ts';
import type { NestedCommand, OptionRule, ProgramReading } from './table.ts';

type Reader = (words: readonly Word[]) => ProgramReading;

const everywhere = { '--help --version': flag };
const folder: OptionRule = { takes: 'directory' };

/** Programs whose words are another command: util-linux 2.38, coreutils 9, findutils 4.9, sudo 1.9. */
export const runners: Readonly<Record<string, Reader>> = {
  nohup: program({ options: everywhere, operands: { rest: 'command' } }),
  setsid: program({
    options: { ...everywhere, '-c -f -w --ctty --fork --wait': flag },
    operands: { rest: 'command' },
  }),
  nice: program({
    options: { ...everywhere, '-n --adjustment': value },
    operands: { rest: 'command' },
    hasNumberOption: true,
  }),
  // -p changes programs that run already.
  ionice: program({
    options: { ...everywhere, '-t --ignore': flag, '-c --class -n --classdata': value },
    operands: { rest: 'command' },
  }),
  stdbuf: program({
    options: { ...everywhere, '-i --input -o --output -e --error': value },
    operands: { rest: 'command' },
  }),
  timeout: program({
    options: {
      ...everywhere,
      '--foreground --preserve-status -v --verbose': flag,
      '-s --signal -k --kill-after': value,
    },
    operands: { first: ['data'], rest: 'command' },
  }),
  gtimeout: program({
    options: { '--foreground --preserve-status': flag, '-s --signal -k --kill-after': value },
    operands: { first: ['data'], rest: 'command' },
  }),
  time: program({
    options: {
      ...everywhere,
      '-a -l -p -q -v --append --portability --verbose --quiet': flag,
      '-f --format': value,
      '-o --output': writes,
    },
    operands: { rest: 'command' },
  }),
  caffeinate: program({
    options: { '-d -i -m -s -u': flag, '-t -w': value },
    operands: { rest: 'command' },
  }),
  busybox: program({ operands: { rest: 'command' } }),
  // -e, -i, -l and -s edit files and open shells.
  sudo: program({
    options: {
      '-A -b -E -H -k -K -n -P -S -v -V --askpass --background --non-interactive --preserve-groups': flag,
      '--reset-timestamp --set-home --stdin --validate --version --help': flag,
      '--preserve-env': optional,
      '-u --user -g --group -p --prompt -C --close-from -T --command-timeout -h --host': value,
      '-D --chdir': folder,
    },
    operands: { rest: 'command' },
    acts: ['privilege'],
  }),
  doas: program({
    options: { '-L -n': flag, '-u': value },
    operands: { rest: 'command' },
    acts: ['privilege'],
  }),
  env: readEnv,
  xargs: readXargs,
  watch: throughShell(
    program({
      options: {
        ...everywhere,
        '-b -c -d -e -g -p -t -w --beep --color --differences --errexit --chgexit --precise --no-title --no-wrap':
          flag,
        '-n --interval -q --equexit': value,
      },
      operands: { rest: 'command' },
    }),
  ),
  flock: readFlock,
  script: readScript,
};

const scriptTable = program({
  options: {
    '-a -e -f -q --append --return --flush --quiet': flag,
    '-c --command': { takes: 'script' },
    '-E --echo -o --output-limit': value,
  },
  // On macOS a command may follow; elsewhere options may, which are not looked for there.
  operands: { first: ['writes'], rest: 'command' },
});

/** Without a command it opens a shell, and writes `typescript`. What it runs believes that a person sits there. */
function readScript(words: readonly Word[]): ProgramReading {
  const reading = scriptTable(words);
  const [run] = reading.runs ?? [];
  const isClear =
    run?.kind !== 'words' || run.argv.every((word) => staticValue(word)?.startsWith('-') !== true);
  if (run !== undefined && isClear) {
    const source = run.kind === 'words' ? joined(run.argv) : undefined;
    const isPlain = source !== undefined && /^[\w./=: -]+$/.test(source);
    return isPlain ? new TableReading({ ...reading, runs: [{ kind: 'script', source }] }) : reading;
  }
  const why = 'it opens a shell';
  return new TableReading({ ...reading, unknowns: [...reading.unknowns, { about: 'option', why }] });
}

/** The words are joined and given to `sh -c`. */
function throughShell(read: Reader): Reader {
  return (words) => {
    const reading = read(words);
    const runs = (reading.runs ?? []).map((run): NestedCommand => {
      const source = run.kind === 'words' ? joined(run.argv) : undefined;
      return source === undefined ? run : { kind: 'script', source };
    });
    return new TableReading({ ...reading, runs });
  };
}

function joined(words: readonly Word[]): string | undefined {
  const values = words.map((word) => (word.kind === 'static' ? word.value : undefined));
  return values.includes(undefined) ? undefined : values.join(' ');
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;

/** `env [-i] [-u NAME] [-C folder] [-S words] [NAME=value …] [command …]` (coreutils 9). */
function readEnv(words: readonly Word[]): ProgramReading {
  const unknowns: { about: 'option' | 'word'; why: string }[] = [];
  const assignments: { name: string; value: Word }[] = [];
  let directory: string | undefined;
  let ahead = [...words];
  let hasOptions = true;
  for (let word = ahead.shift(); word !== undefined; word = ahead.shift()) {
    const text = word.kind === 'static' ? word.value : (word.prefix ?? '');
    const name = ASSIGNMENT.exec(text)?.[1];
    if (name !== undefined && (word.kind === 'static' || word.isOne === true)) {
      hasOptions = false;
      const assigned: Word =
        word.kind === 'static'
          ? { ...word, value: text.slice(name.length + 1) }
          : { ...word, prefix: undefined };
      assignments.push({ name, value: assigned });
      continue;
    }
    const option = hasOptions && word.kind === 'static' ? text : '';
    if (/^(?:-|-i|-0|-v|-i0|--ignore-environment|--null|--debug|--unset=\w+|-u\w+)$/.test(option)) continue;
    if (option === '--') hasOptions = false;
    else if (option === '-u' || option === '--unset') ahead.shift();
    else if (option === '-C' || option === '--chdir') directory = staticValue(ahead.shift()) ?? '/unknown';
    else if (option.startsWith('--chdir=')) directory = option.slice('--chdir='.length);
    else if (/^(?:-v?S|--split-string(?:=|$))/.test(option)) {
      const split = splitString(
        option.replace(/^(?:-v?S|--split-string=?)/, '') || staticValue(ahead.shift()),
      );
      if (split === undefined) unknowns.push({ about: 'option', why: 'what env makes of -S is not known' });
      else ahead = [...split, ...ahead];
    } else if (option.startsWith('-')) {
      unknowns.push({ about: 'option', why: `what env does with ${JSON.stringify(option)} is not known` });
    } else {
      const runs: NestedCommand[] = [{ kind: 'words', argv: [word, ...ahead], assignments }];
      return new TableReading({ touches: [], acts: [], unknowns, runs, directory });
    }
  }
  const isHelp = words.length === 1 && /^--(?:help|version)$/.test(staticValue(words[0]) ?? '');
  return new TableReading({
    touches: [],
    acts: isHelp ? [] : ['list-environment'],
    unknowns: isHelp ? [] : unknowns,
  });
}

/** `-S` has quotes and escapes of its own; only plain words are taken apart here. */
function splitString(text: string | undefined): readonly Word[] | undefined {
  if (text === undefined || !/^[\w ./=:@%+,-]*$/.test(text)) return undefined;
  return text
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => ({ kind: 'static', value: part, text: part }));
}

function staticValue(word: Word | undefined): string | undefined {
  return word?.kind === 'static' ? word.value : undefined;
}

const xargsTable = program({
  options: {
    ...everywhere,
    '-0 -o -r -t -x --null --no-run-if-empty --verbose --exit --open-tty': flag,
    '-d --delimiter -E -I -J -L --max-lines -n --max-args -P --max-procs -R -s --max-chars': value,
    '--replace': optional,
    '-a --arg-file': { takes: 'reads' },
  },
  operands: { rest: 'command' },
});

/** More words come over its input: behind those given, or wherever the text of `-I` stands. */
function readXargs(words: readonly Word[]): ProgramReading {
  const reading = xargsTable(words);
  const [run = { kind: 'words' as const, argv: [ECHO] }] = reading.runs ?? [];
  if (run.kind !== 'words') return reading;
  const argv = run.argv.length > 0 ? run.argv : [ECHO];
  const own = words.slice(0, words.length - (reading.runs?.length ? run.argv.length : 0));
  const texts = own.map((word) => staticValue(word) ?? '');
  const doubt = doubtOfPlaces(texts);
  if (doubt !== undefined)
    return new TableReading({ ...reading, unknowns: [...reading.unknowns, { about: 'option', why: doubt }] });
  const place = texts.findIndex((text) => /^-[0rtxo]*[IJ]$/.test(text));
  const attached = texts
    .map((text) => /^-[0rtxo]*I(.+)$|^--replace=(.+)$/.exec(text))
    .find((match) => match !== null);
  const isDefault = texts.includes('--replace');
  const replacing =
    place >= 0 ? texts[place + 1] : (attached?.[1] ?? attached?.[2] ?? (isDefault ? '{}' : undefined));
  const isNulSeparated = texts.some((text) => text === '--null' || /^-[rtxo]*0/.test(text));
  return new TableReading({
    ...reading,
    runs: [{ kind: 'words', argv, fed: { isNulSeparated, replacing } }],
  });
}

/** Where its words come from and go to is only read when it is said once. */
function doubtOfPlaces(texts: readonly string[]): string | undefined {
  if (texts.some((text) => /^-[0rtxo]*a|^--arg-file/.test(text))) return 'its words come from a file';
  const replaces = texts.flatMap((text, index) => (/^-[0rtxo]*[IJ]|^--replace/.test(text) ? [index] : []));
  const [first, ...others] = replaces;
  // What stands last counts: with -n or -L behind it the words are put at the end after all.
  const isUndone =
    first !== undefined &&
    texts.slice(first + 1).some((text) => /^-[0rtxo]*[nL]|^--max-(?:args|lines)/.test(text));
  return others.length > 0 || isUndone ? 'where its words go is said twice' : undefined;
}

const ECHO: Word = { kind: 'static', value: 'echo', text: 'echo' };

const flockTable = program({
  options: {
    ...everywhere,
    '-e -F -n -o -s -u -x --exclusive --nb --nonblock --no-fork --close --shared --unlock --verbose': flag,
    '-E --conflict-exit-code -w --timeout --wait': value,
    '-c --command': { takes: 'script' },
  },
  operands: { first: ['writes'], rest: 'command' },
});

/** `flock file command …`, `flock file -c 'script'`, `flock 9`. */
function readFlock(words: readonly Word[]): ProgramReading {
  const reading = flockTable(words);
  const [run] = reading.runs ?? [];
  if (run?.kind !== 'words') return reading;
  const [first, script, ...others] = run.argv;
  if (first?.kind !== 'static' || !/^(?:-c|--command)$/.test(first.value)) return reading;
  const source = staticValue(script);
  if (source === undefined || others.length > 0) return reading;
  return new TableReading({ ...reading, runs: [{ kind: 'script', source }] });
}
