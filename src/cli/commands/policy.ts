import type { CliCommand } from './cli-command.ts';
import { policyCheckCommand } from './policy-check.ts';
import { policyExplainCommand } from './policy-explain.ts';
import { policyReplayCommand } from './policy-replay.ts';
import { policyTestCommand } from './policy-test.ts';

const subcommands: readonly CliCommand[] = [
  policyCheckCommand,
  policyExplainCommand,
  policyTestCommand,
  policyReplayCommand,
];

export const policyCommand: CliCommand = {
  name: 'policy',
  summary: 'See what the policies say',
  subcommands,
  run: async ({ surroundings }) => {
    for (const { name, summary } of subcommands)
      surroundings.errorOutput.write(`leashd policy ${name}: ${summary}\n`);
    return 2;
  },
};
