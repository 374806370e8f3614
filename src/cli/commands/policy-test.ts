import type { CliCommand } from './cli-command.ts';

export const policyTestCommand: CliCommand = {
  name: 'test',
  summary: 'Whether policy files keep their own examples and tests; the built-in ones without a file',
  argument: '[files...]',
  run: async ({ operands, surroundings }) => {
    const { testPolicies } = await import('../../app/policy-test.ts');
    const { output, startDirectory } = surroundings;
    const reports = testPolicies(operands, startDirectory);
    for (const { file, kept, broken } of reports) {
      const failed = broken.length === 0 ? '' : `, ${broken.length} not`;
      const isWithout = kept + broken.length === 0;
      output.write(
        `${file}: ${isWithout ? 'reads well, and has no examples or tests' : `${kept} kept${failed}`}\n`,
      );
      for (const line of broken) output.write(`  ${line}\n`);
    }
    return reports.every(({ broken }) => broken.length === 0) ? 0 : 1;
  },
};
