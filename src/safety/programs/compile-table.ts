import type { OptionRule, Table } from './table.ts';

/** A table with each name of an option and a subcommand in a map of its own. */
export type CompiledTable = {
  readonly table: Table;
  readonly options: ReadonlyMap<string, OptionRule>;
  readonly subcommands: ReadonlyMap<string, CompiledTable>;
};

export function compileTable(table: Table): CompiledTable {
  const options = new Map<string, OptionRule>();
  for (const [names, rule] of Object.entries(table.options ?? {})) {
    for (const name of names.split(' ')) options.set(name, rule);
  }
  const subcommands = Object.entries(table.subcommands ?? {}).map(
    ([name, nested]) => [name, compileTable(nested)] as const,
  );
  return { table, options, subcommands: new Map(subcommands) };
}
