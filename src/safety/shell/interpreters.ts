import type { Word } from '../types.ts';
import type { ParsedCommand } from './reading.ts';

/** Programs that run what they are given as text. */
export const INTERPRETERS =
  /^(?:(?:ba|z|da|k|fi|tc|c|a)?sh|eval|source|\.|python[\d.]*|node|deno|bun|perl|ruby|php|lua|osascript|pwsh)$/;

export type ProgramSource = 'its input' | 'a word' | 'an unknown word';

/** `bash` and `bash -s x` read their program; `bash x`, `python -m x` and `node -e x` are given it. */
export function programSource(argv: readonly Word[], name: string): ProgramSource {
  const words = argv.slice(1);
  if (name === 'eval') return words.some((word) => word.kind === 'unknown') ? 'an unknown word' : 'a word';
  for (const [index, word] of words.entries()) {
    if (word.kind === 'unknown') return 'an unknown word';
    if (/^-[a-zA-Z]*s[a-zA-Z]*$/.test(word.value) && name.endsWith('sh')) return 'its input';
    if (/^-[a-zA-Z]*[cepmr]$|^--eval$|^--print$/.test(word.value)) {
      return words[index + 1]?.kind === 'unknown' ? 'an unknown word' : 'a word';
    }
    // node's test runner looks for files, and takes nothing from its input.
    if (name === 'node' && word.value === '--test') return 'a word';
    if (/^-(?:-version|-help|V|h|v)$/.test(word.value)) return 'a word';
    if (!word.value.startsWith('-')) return 'a word';
  }
  return 'its input';
}

const SHELLS = /sh$|^(?:eval|source|\.)$/;

/** An interpreter whose program is what it is fed: `python3 <<EOF`, `… | node -`. Shells are read by themselves. */
export function readsProgramFromInput({ argv, stdin }: ParsedCommand, name: string): boolean {
  if (!INTERPRETERS.test(name) || programSource(argv, name) !== 'its input') return false;
  return stdin.kind === 'inherit' ? !SHELLS.test(name) : stdin.kind !== 'text' || !SHELLS.test(name);
}
