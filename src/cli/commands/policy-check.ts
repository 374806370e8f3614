import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { PolicyChecker } from '../../app/policy-check.ts';
import type { CliCommand, Surroundings } from './cli-command.ts';
import { CALL_OPTIONS, callFrom, SETTING_OPTIONS, settingOfCall } from './policy-options.ts';

export const policyCheckCommand: CliCommand = {
  name: 'check',
  summary: 'What the gate would say to a tool call; nothing is run and nobody is asked',
  argument: '[command]',
  options: [
    {
      flags: '--jsonl',
      summary: 'read calls from standard input, one JSON object a line, and answer each in a line',
    },
    ...CALL_OPTIONS,
    ...SETTING_OPTIONS,
  ],
  run: async (context) => {
    // Loaded late: the rest of the command line need not wait for it.
    const { createPolicyChecker } = await import('../../app/policy-check.ts');
    const { options, surroundings } = context;
    const call = options['jsonl'] === true ? undefined : callFrom(context);
    const checker = createPolicyChecker(settingOfCall(context));
    if (call === undefined) await answerLines(checker, surroundings);
    else surroundings.output.write(`${JSON.stringify(checker.checkLine(JSON.stringify(call)))}\n`);
    return 0;
  },
};

async function answerLines(checker: PolicyChecker, { input, output }: Surroundings): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    if (!output.write(`${JSON.stringify(checker.checkLine(line))}\n`)) await once(output, 'drain');
  }
}
