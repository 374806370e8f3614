import type { OptionRule, Table } from './table.ts';

/** A table with each name of an option in a map of its own. */
type CompiledTable = {
  readonly table: Table;
  readonly options: ReadonlyMap<string, OptionRule>;
};

const compiledTables = new WeakMap<Table, CompiledTable>();

/** Compiled when it is first needed: of thousands of tables a week's work meets a few, and memory is for those. */
export function compileTable(table: Table): CompiledTable {
  const known = compiledTables.get(table);
  if (known !== undefined) return known;
  const options = new Map<string, OptionRule>();
  for (const [names, rule] of Object.entries(table.options ?? {})) {
    for (const name of names.split(' ')) options.set(name, rule);
  }
  const compiled = { table, options };
  compiledTables.set(table, compiled);
  return compiled;
}

/** The table of a subcommand; `constructor` is none unless the table lists it. */
export function subcommandOf({ subcommands = {} }: Table, name: string): Table | undefined {
  return Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
}
