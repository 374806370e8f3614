import type { Word } from '../types.ts';
import { program } from './program.ts';
import { withTable } from './subcommand-length.ts';
import { TableReading } from './table-reading.ts';
import type { ProgramReading, Table } from './table.ts';

type Reader = (words: readonly Word[]) => ProgramReading;

/**
 * A program that a table says nearly all about: `doubtOf` gets its words, those that can't be known as the empty
 * text, and answers why one more thing is not known.
 */
export function checked(table: Table, doubtOf: (words: readonly string[]) => string | undefined): Reader {
  const read = program(table);
  return withTable((words) => {
    const reading = read(words);
    const why = doubtOf(words.map((word) => (word.kind === 'static' ? word.value : '')));
    if (why === undefined) return reading;
    return new TableReading({ ...reading, unknowns: [...reading.unknowns, { about: 'option', why }] });
  }, table);
}
