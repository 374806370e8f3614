import type { Word } from '../types.ts';
import { program } from './program.ts';
import type { ProgramReading, Table } from './table.ts';

export type Reader = (words: readonly Word[]) => ProgramReading;

/**
 * A program that runs what it is given: a file, a text, or else its standard input. `shows` are options with which
 * it runs nothing.
 */
export function interpreter(table: Table, shows: string): Reader {
  const read = program({ stopsAtOperand: true, ...table });
  const harmless = new Set(shows.split(' '));
  return (words) => {
    const reading = read(words);
    const runsNothing = words.some((word) => word.kind === 'static' && harmless.has(word.value));
    if (runsNothing || reading.acts.length > 0 || (reading.runs ?? []).length > 0) return reading;
    const { touches, hosts, runs, directory, unknowns } = reading;
    return { touches, hosts, runs, directory, unknowns, acts: ['run-inline-code'] };
  };
}

/** The same reading, of a program that is the project's own. */
export function runningProjectCode(read: Reader): Reader {
  return (words) => {
    const { touches, hosts, runs, directory, acts, unknowns } = read(words);
    return {
      touches,
      hosts,
      runs,
      directory,
      unknowns,
      acts: [...new Set([...acts, 'run-project-code'] as const)],
    };
  };
}
