import type { Word } from '../types.ts';
import { readAwkProgram } from './awk-program.ts';
import { program } from './program.ts';
import { flag, optional, value } from './table.ts';
import type { ProgramReading } from './table.ts';
import { effectsOf, NOTHING, notKnown, together } from './word-patterns.ts';

const PROGRAM_OPTION = /^(?:-e|--source)$/;
const PROGRAM_WITHIN = /^--source=([\s\S]*)$/;
const TAKES_VALUE = /^(?:-[Fvf]|--field-separator|--assign|--file)$/;

/** `awk [-F s] [-v x=y] 'program' [file | x=y …]` of POSIX, gawk 5, mawk and BSD. */
export function readAwk(words: readonly Word[]): ProgramReading {
  const programs: Word[] = [];
  const options: Word[] = [];
  let hasFile = false;
  let index = 0;
  // Options end at the program; gawk takes none behind it.
  for (; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined || word.kind === 'unknown') break;
    const within = PROGRAM_WITHIN.exec(word.value)?.[1];
    if (word.value === '--') {
      index += 1;
      break;
    }
    if (!word.value.startsWith('-') || word.value === '-') break;
    if (/^(?:-f|--file)/.test(word.value)) hasFile = true;
    const following = words[index + 1];
    if (
      word.value === '-W' &&
      following?.kind === 'static' &&
      /^(?:version|usage|help)$/.test(following.value)
    ) {
      return NOTHING;
    }
    if (PROGRAM_OPTION.test(word.value)) {
      index += 1;
      programs.push(words[index] ?? word);
    } else if (within !== undefined) {
      programs.push({ kind: 'static', value: within, text: within });
    } else {
      options.push(word);
      const next = words[index + 1];
      if (TAKES_VALUE.test(word.value) && next !== undefined) {
        options.push(next);
        index += 1;
      }
    }
  }
  const operands = words.slice(index);
  if (programs.length === 0 && !hasFile) programs.push(...operands.splice(0, 1));
  const files = operands.filter((word) => word.kind === 'unknown' || !ASSIGNMENT.test(word.value));
  return together(
    awkOptions(options),
    awkFiles([DASHES, ...files]),
    ...programs.map((text) => readingOf(text)),
  );
}

const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const DASHES: Word = { kind: 'static', value: '--', text: '--' };

function readingOf(text: Word): ProgramReading {
  if (text.kind === 'unknown') return notKnown('the awk program is not known');
  const { writes, seesEnvironment, doubt } = readAwkProgram(text.value);
  const touches = writes.map((path) => ({ kind: 'write', path }) as const);
  return together(
    effectsOf(touches, seesEnvironment ? ['list-environment'] : []),
    doubt === undefined ? NOTHING : notKnown(doubt),
  );
}

// Left out: -i and -l load a library, -d, -D, -o and -p write a file, -E runs one.
const awkOptions = program({
  options: {
    '-V --version -h --help -b --characters-as-bytes -c --traditional -C --copyright -n --non-decimal-data':
      flag,
    '-N --use-lc-numeric -O --optimize -P --posix -r --re-interval -s --no-optimize -S --sandbox -t': flag,
    '--lint-old -M --bignum -g --gen-pot -k --csv': flag,
    '-L --lint': optional,
    '-F --field-separator -v --assign': value,
    '-f --file': { takes: 'runsFile' },
  },
  operands: { rest: 'unlisted' },
});
const awkFiles = program({ operands: { rest: 'reads' } });
