import type { Word } from '../types.ts';
import { TableReading } from './table-reading.ts';
import type { NestedCommand, ProgramReading, Touch } from './table.ts';

type Reader = (words: readonly Word[]) => ProgramReading;

const FLAGS = /^[-+][ceuxvnf]+$/;
const LONG_FLAGS = new Set(['--norc', '--noprofile', '--posix', '--']);
const SETTINGS = new Set(['pipefail', 'errexit', 'nounset', 'xtrace', 'verbose']);

/**
 * `bash [-eux] [-o pipefail] [-c script [words …] | file [words …] | -s]`; -i and -l read start-up files first.
 * What other shells than bash and those of POSIX are told is looked through as if bash read it, and stays unknown.
 */
export const shells: Readonly<Record<string, Reader>> = {
  bash: (words) => readShellWords(words, { isBash: true }),
  sh: (words) => readShellWords(words, {}),
  dash: (words) => readShellWords(words, {}),
  ksh: (words) => readShellWords(words, { doubt: otherRules('ksh') }),
  // It also sources ~/.zshenv first, whatever its options are.
  zsh: (words) => readShellWords(words, { doubt: otherRules('zsh') }),
  fish: (words) => readShellWords(words, { doubt: otherRules('fish') }),
  csh: (words) => readShellWords(words, { doubt: otherRules('csh') }),
  tcsh: (words) => readShellWords(words, { doubt: otherRules('tcsh') }),
};

function otherRules(shell: string): string {
  return `${shell} reads it by other rules than bash`;
}

type Shell = { readonly isBash?: boolean; readonly doubt?: string };

function readShellWords(words: readonly Word[], { isBash = false, doubt }: Shell): ProgramReading {
  const unknowns: { about: 'option' | 'word' | 'syntax'; why: string }[] = [];
  const touches: Touch[] = [];
  let isScript = false;
  let isInput = false;
  let onlyChecks = false;
  const rest = [...words];
  for (let word = rest[0]; word !== undefined; word = rest[0]) {
    if (word.kind === 'unknown' || !/^[-+]./.test(word.value)) break;
    rest.shift();
    const { value } = word;
    if (value === '--version' || value === '--help') return new TableReading({ touches, acts: [], unknowns });
    if (/^-[a-z]*c/.test(value)) isScript = true;
    // `-n +n` runs it after all.
    if (/^\+\w*n/.test(value)) onlyChecks = false;
    if (/^-[euxv]*s$/.test(value)) isInput = true;
    else if (/^-[euxv]*n$/.test(value)) onlyChecks = true;
    else if (/^[-+][euxv]*o$/.test(value)) {
      const setting = rest.shift();
      if (setting?.kind !== 'static' || !SETTINGS.has(setting.value))
        unknowns.push({ about: 'option', why: 'a setting of the shell is not known' });
    } else if (!FLAGS.test(value) && !LONG_FLAGS.has(value))
      unknowns.push({ about: 'option', why: `what ${JSON.stringify(value)} does there is not known` });
    if (value === '--') break;
  }
  const [first] = rest;
  if (doubt !== undefined && (isScript || !onlyChecks)) unknowns.push({ about: 'syntax', why: doubt });
  const base = { touches, acts: [], unknowns };
  if (isScript) return withScript(base, first, isBash);
  if (isInput || first === undefined || (first.kind === 'static' && first.value === '-'))
    return onlyChecks ? new TableReading(base) : new TableReading({ ...base, runs: [{ kind: 'input' }] });
  return withFile(base, first, onlyChecks);
}

function withScript(base: ProgramReading, script: Word | undefined, isBash: boolean): ProgramReading {
  if (script === undefined || (script.kind === 'static' && script.value.trim() === '')) {
    return new TableReading({
      ...base,
      unknowns: [...base.unknowns, { about: 'option', why: 'it has no script' }],
    });
  }
  if (script.kind === 'unknown') {
    const why = `the script is not known: ${script.why}`;
    return new TableReading({
      ...base,
      acts: ['run-inline-code'],
      unknowns: [...base.unknowns, { about: 'word', why }],
    });
  }
  const run: NestedCommand = { kind: 'script', source: script.value, isBash };
  return new TableReading({ ...base, runs: [run] });
}

function withFile(base: ProgramReading, file: Word, onlyChecks: boolean): ProgramReading {
  const path = file.kind === 'static' ? file.value : undefined;
  const touches: Touch[] = path === undefined ? [] : [{ kind: 'read', path }];
  const unknowns =
    path === undefined
      ? [
          ...base.unknowns,
          { about: 'word' as const, why: `the file that it runs is not known: ${file.text}` },
        ]
      : base.unknowns;
  return new TableReading({ ...base, touches, unknowns, acts: onlyChecks ? [] : ['run-file'] });
}
