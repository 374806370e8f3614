import { flag, value, writes } from './table.ts';
import type { Table } from './table.ts';

/** One table under several names, parted by commas as names may have blanks: `'ps, container ls'`. */
export function each(names: string, table: Table): Record<string, Table> {
  return Object.fromEntries(
    names
      .split(',')
      .filter((name) => name.trim() !== '')
      .map((name) => [name.trim(), table]),
  );
}

/** A table with more options: those that a program takes ahead of and behind its subcommands alike. */
export function withOptions(
  shared: NonNullable<Table['options']>,
  tables: Readonly<Record<string, Table>>,
): Record<string, Table> {
  const entries = Object.entries(tables).map(
    ([name, table]) => [name, { ...table, options: { ...shared, ...table.options } }] as const,
  );
  return { ...helpOfGroups(Object.keys(tables)), ...Object.fromEntries(entries) };
}

/** `docker image --help`: a word that only groups subcommands shows what these are. */
function helpOfGroups(names: readonly string[]): Record<string, Table> {
  const groups = names
    .map((name) => name.split(' '))
    .filter((words) => words.length > 1)
    .map((words) => words[0] ?? '');
  return each(groups.map((group) => `${group} --help`).join(','), { operands: { rest: 'data' } });
}

/** Options with nothing to say about them: those without a value, and those whose value is data. */
export function named(flags: string, values = ''): NonNullable<Table['options']> {
  return { ...(flags === '' ? {} : { [flags]: flag }), ...(values === '' ? {} : { [values]: value }) };
}

/** What tools that take nearly any option commonly call the file or folder they write. */
export const looseOutputs: NonNullable<Table['options']> = {
  '--output-file --outputFile --output --out --outdir --outDir --out-dir --outfile --dist-dir --junitxml':
    writes,
  '--junit-xml --report-log --log-file --result-log --coverageDirectory --cache-location --cache-dir': writes,
  '--html-report --xml-report --txt-report --cobertura-xml-report --basetemp --report-dir --metafile': writes,
};
