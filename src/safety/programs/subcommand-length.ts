import type { Word } from '../types.ts';
import type { ProgramReading, Table } from './table.ts';

type Reader = (words: readonly Word[]) => ProgramReading;

/** What readers were made of. */
const TABLES = new WeakMap<Reader, Table>();

/** Remembers which table a reader reads by. */
export function withTable(reader: Reader, table: Table): Reader {
  TABLES.set(reader, table);
  return reader;
}

/**
 * How many of the first words name a subcommand: 2 for `pr create -t x`, 0 for a program that has none. Undefined
 * where no table says, or an option or something that is not listed comes first.
 */
export function subcommandLength(reader: Reader, words: readonly Word[]): number | undefined {
  let table = TABLES.get(reader);
  if (table === undefined) return undefined;
  let length = 0;
  while (table !== undefined) {
    const subcommands: NonNullable<Table['subcommands']> = table.subcommands ?? {};
    const names = words.slice(length, length + 3).map((word) => (word.kind === 'static' ? word.value : ''));
    const { count, nested } = longest(subcommands, names);
    if (count === 0 && Object.keys(subcommands).length > 0) return undefined;
    length += count;
    table = nested;
  }
  return length;
}

function longest(
  subcommands: NonNullable<Table['subcommands']>,
  names: readonly string[],
): { readonly count: number; readonly nested: Table | undefined } {
  for (let count = names.length; count > 0; count -= 1) {
    const name = names.slice(0, count).join(' ');
    if (Object.hasOwn(subcommands, name)) return { count, nested: subcommands[name] };
  }
  return { count: 0, nested: undefined };
}
