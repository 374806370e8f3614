import { notKnown } from '../shell/not-known.ts';
import { doubtOfAssignment } from '../shell/assignments.ts';
import type { AssignmentWay } from '../shell/assignments.ts';
import type { Word } from '../types.ts';
import { program } from './program.ts';
import { TableReading } from './table-reading.ts';
import { flag, onlyShows, value } from './table.ts';
import type { NestedCommand, ProgramReading, Table } from './table.ts';

type Reader = (words: readonly Word[]) => ProgramReading;

/** Whatever its words are, it does nothing but print, count or wait. */
const anyWords: Reader = () => new TableReading({ touches: [], acts: [], unknowns: [] });

const NAME = /^[A-Za-z_]\w*$/;

/** Commands of bash itself (bash(1), SHELL BUILTIN COMMANDS), and small programs that do as little. */
export const builtins: Readonly<Record<string, Reader>> = {
  ':': anyWords,
  echo: anyWords,
  true: anyWords,
  false: anyWords,
  basename: anyWords,
  dirname: anyWords,
  sleep: anyWords,
  expr: anyWords,
  seq: anyWords,
  exit: anyWords,
  return: anyWords,
  break: anyWords,
  continue: anyWords,
  shift: anyWords,
  // -x runs a command.
  jobs: program({ options: { '-l -n -p -r -s': flag }, operands: { rest: 'data' } }),
  bg: anyWords,
  fg: anyWords,
  disown: anyWords,
  dirs: anyWords,
  ulimit: program({ options: { '-a -H -S -c -d -f -n -s -t -u -v': flag }, operands: { rest: 'data' } }),
  umask: program({ options: { '-p -S': flag }, operands: { rest: 'data' } }),
  wait: program({ options: { '-n -f': flag }, operands: { rest: 'data' } }),
  cd: program({ options: { '-L -P -e -@': flag }, operands: { rest: 'reads' } }),
  pushd: program({ operands: { rest: 'reads' } }),
  popd: program({ operands: { rest: 'unlisted' } }),
  type: program({ options: { '-a -f -p -P -t': flag }, operands: { rest: 'data' } }),
  hash: program({ options: { '-r -t -l': flag }, operands: { rest: 'data' } }),
  // -v NAME evaluates a subscript.
  printf: program({ operands: { rest: 'data' }, stopsAtOperand: true }),
  test: readTest,
  '[': readTest,
  read: namesOnly({ '-r -s -e': flag, '-p -t -n -N -d -u -i': value }, '-a'),
  // -C runs code.
  mapfile: namesOnly({ '-t': flag, '-n -s -d -O -u': value }),
  readarray: namesOnly({ '-t': flag, '-n -s -d -O -u': value }),
  unset: namesOnly({ '-f -v': flag }),
  getopts: readGetopts,
  export: declares(['-p', '-n'], 'given'),
  readonly: declares(['-p', '-r', '-a']),
  local: declares(['-r', '-a', '-A', '-x']),
  // -i calculates, -n names another variable.
  declare: declares(['-p', '-r', '-a', '-A', '-x', '-g', '-f', '-F', '-l', '-u']),
  typeset: declares(['-p', '-r', '-a', '-A', '-x', '-g', '-f', '-F', '-l', '-u']),
  set: readSet,
  // -s and -u change what patterns and words become.
  shopt: program({ options: { '-p -q -o': flag }, operands: { rest: 'data' } }),
  times: anyWords,
  trap: readTrap,
  eval: readEval,
  source: program({ operands: { first: ['runsFile'], rest: 'data' }, stopsAtOperand: true }),
  '.': program({ operands: { first: ['runsFile'], rest: 'data' }, stopsAtOperand: true }),
  builtin: program({ operands: { rest: 'command' } }),
  command: program({
    options: { '-p': flag, '-v -V': onlyShows },
    operands: { rest: 'command' },
  }),
  exec: program({ options: { '-c -l': flag, '-a': value }, operands: { rest: 'command' } }),
};

/** Operands are names of variables; a subscript would be evaluated. */
function namesOnly(options: NonNullable<Table['options']>, array = ''): Reader {
  const read = program({
    options: array === '' ? options : { ...options, [array]: value },
    operands: { rest: 'data' },
  });
  return (words) => {
    const reading = read(words);
    const odd = words.find((word) => word.kind === 'unknown' || /^[^-].*\[/.test(word.value));
    if (odd !== undefined) return doubtful(reading, odd);
    const doubts = words.flatMap((word) => {
      const why =
        word.kind === 'static' && NAME.test(word.value)
          ? doubtOfAssignment(word.value, 'set', '')
          : undefined;
      return why === undefined ? [] : [{ about: 'syntax' as const, why }];
    });
    return doubts.length === 0
      ? reading
      : new TableReading({ ...reading, unknowns: [...reading.unknowns, ...doubts] });
  };
}

/** `export`: programs get to see it; the others only set a variable of the shell. */
function declares(options: readonly string[], way: AssignmentWay = 'set'): Reader {
  return (words) => {
    const reading = anyWords(words);
    const isArray = words.some((word) => word.kind === 'static' && /^-\w*[aA]/.test(word.value));
    if (words.every((word) => word.kind === 'static' && options.includes(word.value)))
      return new TableReading({ ...reading, acts: ['list-environment'] });
    const isGiven = words.some((word) => word.kind === 'static' && /^-\w*x/.test(word.value));
    for (const word of words) {
      if (word.kind === 'static' && options.includes(word.value)) continue;
      const text = word.kind === 'static' ? word.value : word.isOne === true ? (word.prefix ?? '') : '';
      const name = /^([A-Za-z_]\w*)(?:\+?=|$)/.exec(text)?.[1];
      if (name === undefined || (word.kind === 'unknown' && !text.includes('=')))
        return doubtful(reading, word);
      // A value in parentheses is a list, whose words bash expands once more.
      if (/=\([^]*[$`[]/.test(text) || (word.kind === 'unknown' && (isArray || text.includes('=('))))
        return doubtful(reading, word);
      const why = doubtOfAssignment(name, isGiven ? 'given' : way, '');
      if (why !== undefined) return new TableReading({ ...reading, unknowns: [{ about: 'syntax', why }] });
    }
    return reading;
  };
}

/** `getopts ab: name`: sets the name, and OPTARG. */
function readGetopts(words: readonly Word[]): ProgramReading {
  const reading = optionWords(words);
  const [, name] = words;
  if (name === undefined) return reading;
  if (name.kind === 'unknown' || !NAME.test(name.value)) return doubtful(reading, name);
  const why = doubtOfAssignment(name.value, 'set', '');
  return why === undefined ? reading : new TableReading({ ...reading, unknowns: [{ about: 'syntax', why }] });
}

const optionWords = program({ operands: { rest: 'data' }, stopsAtOperand: true });

const SETTINGS = new Set(['errexit', 'nounset', 'pipefail', 'xtrace', 'verbose']);

/** `set -euo pipefail`, `set -- a b`; others change how the rest is read. */
function readSet(words: readonly Word[]): ProgramReading {
  const reading = anyWords(words);
  if (words.length === 0) return new TableReading({ ...reading, acts: ['list-environment'] });
  for (const [index, word] of words.entries()) {
    if (word.kind === 'unknown') return doubtful(reading, word);
    if (word.value === '--') return reading;
    const before = words[index - 1];
    const isSetting = before?.kind === 'static' && /^[-+][euxv]*o$/.test(before.value);
    if (!(isSetting ? SETTINGS.has(word.value) : /^[-+][euxv]*o?$/.test(word.value)))
      return doubtful(reading, word);
  }
  return reading;
}

/** Operators that take a variable's name, and evaluate a subscript in it. */
const LOOKS_AT_VARIABLE = new Set(['-v', '-R']);
const OPERATOR = /^(?:=|==|!=|<|>|=~|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef)|-[a-hknoprstuwxzGLNOS])$/;

const SUBSCRIPT = /^[A-Za-z_]\w*\[/;

/** `test` and `[`: a word that can't be known could be an operator, unless it stands next to one. */
function readTest(words: readonly Word[]): ProgramReading {
  const reading = anyWords(words);
  for (const [index, word] of words.entries()) {
    const before = words[index - 1];
    // -a and -o join two tests, as a rule.
    const isBehindOperator =
      before?.kind === 'static' && OPERATOR.test(before.value) && !/^-[ao]$/.test(before.value);
    if (word.kind === 'static') {
      const operand = words[index + 1];
      if (!LOOKS_AT_VARIABLE.has(word.value) || isBehindOperator) continue;
      if (operand?.kind === 'static' && (NAME.test(operand.value) || operand.value === ']')) continue;
      return doubtful(reading, operand ?? word);
    }
    if (word.isOne !== true) return doubtful(reading, word);
    const next = words[index + 1];
    const canBeSubscript = next?.kind === 'unknown' || (next !== undefined && SUBSCRIPT.test(next.value));
    if (!isBehindOperator && canBeSubscript) return doubtful(reading, word);
  }
  return reading;
}

function readTrap(words: readonly Word[]): ProgramReading {
  const reading = anyWords(words);
  const odd = words.find((word) => word.kind === 'unknown');
  if (odd !== undefined) return doubtful(reading, odd);
  const [first] = words.filter((word) => word.kind === 'static' && word.value !== '--');
  if (first?.kind !== 'static' || words.length < 2 || /^-[lp]?$/.test(first.value)) return reading;
  return running(reading, { kind: 'script', source: first.value, isLater: true, isBash: true });
}

function readEval(words: readonly Word[]): ProgramReading {
  const reading = anyWords(words);
  const values: string[] = [];
  for (const word of words) {
    if (word.kind === 'unknown') return doubtful(reading, word);
    values.push(word.value);
  }
  return running(reading, { kind: 'script', source: values.join(' '), isBash: true });
}

function running(reading: ProgramReading, run: NestedCommand): ProgramReading {
  return new TableReading({ ...reading, runs: [run] });
}

function doubtful(reading: ProgramReading, word: Word): ProgramReading {
  const why =
    word.kind === 'unknown'
      ? notKnown(word.text, word.why)
      : `what ${word.text.slice(0, 60)} does there is not known`;
  const about = word.kind === 'unknown' ? 'word' : 'option';
  return new TableReading({ ...reading, unknowns: [...reading.unknowns, { about, why }] });
}
