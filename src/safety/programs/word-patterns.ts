import type { Act, Word } from '../types.ts';
import { program } from './program.ts';
import { TableReading } from './table-reading.ts';
import type { Meaning, ProgramReading, Table, Touch } from './table.ts';

/**
 * Makes a reader for programs whose words are not options and operands as usual (`dd if=a of=b`, `7z l -slt a`):
 * the first pattern that fits a word says what it means, or what its group means where it has one. A word that fits
 * none is unknown.
 */
export function programOfWords(
  patterns: readonly (readonly [RegExp, Meaning])[],
  acts: Table['acts'] = [],
): (words: readonly Word[]) => ProgramReading {
  const one = new Map(
    [...patterns.map(([, meaning]) => meaning), 'unlisted' as const].map((meaning) => [
      meaning,
      program({ operands: { rest: meaning }, stopsAtOperand: true }),
    ]),
  );
  return (words) => {
    const readings = words.map((word) => {
      if (word.kind === 'unknown') return program({ operands: { rest: 'unlisted' } })([DASHES, word]);
      for (const [pattern, meaning] of patterns) {
        const match = pattern.exec(word.value);
        if (match === null) continue;
        const value = match[1] ?? word.value;
        return one.get(meaning)?.([DASHES, { kind: 'static', value, text: value }]) ?? NOTHING;
      }
      return one.get('unlisted')?.([DASHES, word]) ?? NOTHING;
    });
    return together(new TableReading({ touches: [], acts, unknowns: [] }), ...readings);
  };
}

const DASHES: Word = { kind: 'static', value: '--', text: '--' };

export const NOTHING: ProgramReading = new TableReading({ touches: [], acts: [], unknowns: [] });

/** All that several readings of one command say; each must have looked at the words that can't be known. */
export function together(...readings: readonly ProgramReading[]): ProgramReading {
  const all: ProgramReading = {
    touches: readings.flatMap(({ touches }) => touches),
    hosts: readings.flatMap(({ hosts }) => hosts ?? []),
    runs: readings.flatMap(({ runs }) => runs ?? []),
    directory: readings.find(({ directory }) => directory !== undefined)?.directory,
    acts: readings.flatMap(({ acts }) => acts),
    unknowns: readings.flatMap(({ unknowns }) => unknowns),
  };
  return readings.every((reading) => reading instanceof TableReading) ? new TableReading(all) : all;
}

/** A reading of which only this can be said. */
export function notKnown(why: string): ProgramReading {
  return new TableReading({ touches: [], acts: [], unknowns: [{ about: 'option', why }] });
}

/** A reading of nothing but these effects. */
export function effectsOf(touches: readonly Touch[], acts: readonly Act[] = []): ProgramReading {
  return new TableReading({ touches, acts, unknowns: [] });
}
