import type { Act, Word } from '../types.ts';
import { development } from './development.ts';
import { everyday } from './everyday.ts';
import { builtins } from './builtins.ts';
import { operations } from './operations.ts';
import type { ProgramReading } from './table.ts';
import { runners } from './runners.ts';
import { shells } from './shells.ts';

/** Reads the words after a program's name. */
export type ProgramReader = (words: readonly Word[]) => ProgramReading;

// A map, so that a program called `constructor` is none that is known.
const READERS = new Map<string, ProgramReader>(
  Object.entries<ProgramReader>({
    ...everyday,
    ...development,
    ...operations,
    ...builtins,
    ...runners,
    ...shells,
  }),
);

/** Programs of which only the worst is known. */
const ACTS: ReadonlyMap<string, Act> = new Map(
  Object.entries<Act>({
    sudo: 'privilege',
    doas: 'privilege',
    su: 'privilege',
    pkexec: 'privilege',
    run0: 'privilege',
  }),
);

/** The table of a program, or undefined when there is none. git is read apart, as its folder matters. */
export function readerOf(program: string): ProgramReader | undefined {
  // `npx leashd@latest`.
  return READERS.get(program.startsWith('leashd@') ? 'leashd' : program);
}

/** What a program without a table does at least. */
export function actsWithoutTable(program: string): readonly Act[] {
  const act = ACTS.get(program);
  return act === undefined ? [] : [act];
}
