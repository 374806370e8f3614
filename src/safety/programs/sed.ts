import type { Word } from '../types.ts';
import { program } from './program.ts';
import { readSedScript } from './sed-script.ts';
import type { SedScript } from './sed-script.ts';
import { flag } from './table.ts';
import type { ProgramReading } from './table.ts';
import { effectsOf, NOTHING, notKnown, together } from './word-patterns.ts';

const SCRIPT_OPTION = /^(?:-[nErszu]*e|--expression)$/;
const SCRIPT_WITHIN = /^(?:-[nErszu]*e|--expression=)([\s\S]+)$/;
const IN_PLACE = /^(?:-[nErszu]*[iI]([\s\S]*)|--in-place(?:=[\s\S]*)?)$/;

/** `sed [options] script [file …]` of GNU sed 4.9 and BSD: prints, unless `-i` or the script writes. */
export function readSed(words: readonly Word[]): ProgramReading {
  const { scripts, others, inPlace } = sortOut(words);
  const behindDashes = others.findIndex((word) => word.kind === 'static' && word.value === '--');
  const isOperand = (word: Word, index: number): boolean =>
    (behindDashes >= 0 && index > behindDashes) || word.kind === 'unknown' || !word.value.startsWith('-');
  const hasFile = others.some((word) => word.kind === 'static' && /^(?:-[nErszu]*f|--file)/.test(word.value));
  const at = others.findIndex((word, index) => index !== behindDashes && isOperand(word, index));
  const rest = [...others];
  if (scripts.length === 0 && !hasFile && at >= 0) scripts.push(...rest.splice(at, 1));
  const files = inPlace ? writingFiles(rest) : readingFiles(rest);
  if (scripts.some(({ kind }) => kind === 'unknown'))
    return together(files, notKnown('the sed script is not known'));
  const source = scripts.map((script) => (script.kind === 'static' ? script.value : '')).join('\n');
  return together(files, readingOf(readSedScript(source)));
}

/** Takes the scripts behind `-e` and every `-i` out of the words. */
function sortOut(words: readonly Word[]): { scripts: Word[]; others: readonly Word[]; inPlace: boolean } {
  const scripts: Word[] = [];
  const others: Word[] = [];
  let inPlace = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) continue;
    const text = word.kind === 'static' ? word.value : '';
    if (text === '--') {
      others.push(...words.slice(index));
      break;
    }
    const within = SCRIPT_WITHIN.exec(text)?.[1];
    const suffix = IN_PLACE.exec(text);
    if (SCRIPT_OPTION.test(text)) {
      index += 1;
      const script = words[index];
      if (script !== undefined) scripts.push(script);
    } else if (within !== undefined) {
      scripts.push({ kind: 'static', value: within, text: within });
    } else if (suffix !== null) {
      inPlace = true;
      // `-i 'x/*'` puts the old file into another folder.
      if (/[*/]/.test(text)) others.push({ kind: 'static', value: '--in-place-elsewhere', text });
      // BSD: the suffix is a word of its own, and may be empty.
      const next = words[index + 1];
      if (suffix[1] === '' && next?.kind === 'static' && /^(?:\.\w+)?$/.test(next.value)) index += 1;
    } else {
      others.push(word);
    }
  }
  return { scripts, others, inPlace };
}

function readingOf({ reads, writes, doubt }: SedScript): ProgramReading {
  const touches = [
    ...reads.filter((path) => path !== '/dev/stdin').map((path) => ({ kind: 'read', path }) as const),
    ...writes.map((path) => ({ kind: 'write', path }) as const),
  ];
  return together(effectsOf(touches), doubt === undefined ? NOTHING : notKnown(doubt));
}

// -l and --line-length are left out: GNU's take a number behind them, BSD's -l does not.
const options = {
  '--help --version -n --quiet --silent -E -r --regexp-extended -s --separate -z --null-data -u --unbuffered':
    flag,
  '-a --posix --debug --sandbox --follow-symlinks --binary -b': flag,
  '-f --file': { takes: 'runsFile' },
} as const;
const readingFiles = program({ options, operands: { rest: 'reads' } });
const writingFiles = program({ options, operands: { rest: 'writes' } });
