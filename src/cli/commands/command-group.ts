import type { CliCommand } from './cli-command.ts';

/** A command that does nothing but hold others; alone it lists them, which is a usage error. */
export function commandGroup(name: string, summary: string, subcommands: readonly CliCommand[]): CliCommand {
  return {
    name,
    summary,
    subcommands,
    run: async ({ surroundings }) => {
      const shown = subcommands.filter(({ isHidden }) => isHidden !== true);
      for (const nested of shown)
        surroundings.errorOutput.write(`leashd ${name} ${nested.name}: ${nested.summary}\n`);
      return 2;
    },
  };
}
