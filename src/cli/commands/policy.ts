import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { createPolicyChecker, type PolicyChecker } from '../../app/policy-check.ts';
import { PersonError } from '../../errors.ts';
import type { CliCommand, CliContext, Surroundings } from './cli-command.ts';

const optionsSchema = z.object({
  jsonl: z.boolean().default(false),
  tool: z.string().default('Bash'),
  input: z.string().optional(),
  cwd: z.string().optional(),
  home: z.string().optional(),
  approved: z.array(z.string()).default([]),
  policy: z.array(z.string()).default([]),
});
type Options = z.infer<typeof optionsSchema>;

const checkCommand: CliCommand = {
  name: 'check',
  summary: 'What the gate would say to a tool call; nothing is run and nobody is asked',
  argument: '[command]',
  options: [
    {
      flags: '--jsonl',
      summary: 'read calls from standard input, one JSON object a line, and answer each in a line',
    },
    { flags: '--tool <name>', summary: 'the tool, where it is not Bash' },
    { flags: '--input <json>', summary: "the tool's input, where it is not a command" },
    { flags: '--cwd <dir>', summary: 'where the call starts' },
    { flags: '--home <dir>', summary: 'what ~ means' },
    {
      flags: '--approved <dir>',
      summary: 'an approved directory (repeatable; default: --cwd)',
      isRepeatable: true,
    },
    {
      flags: '--policy <file>',
      summary: 'a policy file (repeatable; default: default and dev-tools)',
      isRepeatable: true,
    },
  ],
  run: async ({ options, argument, surroundings }) => {
    const given = optionsSchema.parse(options);
    const checker = checkerFor(given, surroundings);
    if (given.jsonl) {
      await answerLines(checker, surroundings);
      return 0;
    }
    const line = JSON.stringify({ tool: given.tool, input: inputOf(given, argument) });
    surroundings.output.write(`${JSON.stringify(checker.checkLine(line))}\n`);
    return 0;
  },
};

export const policyCommand: CliCommand = {
  name: 'policy',
  summary: 'See what the policies say',
  subcommands: [checkCommand],
  run: async ({ surroundings }: CliContext) => {
    surroundings.errorOutput.write(
      'leashd policy check [command]: what the gate would say. --help tells more.\n',
    );
    return 2;
  },
};

function checkerFor(given: Options, { startDirectory, homeDirectory }: Surroundings): PolicyChecker {
  const absolute = (path: string): string => resolve(startDirectory, path);
  const directory = absolute(given.cwd ?? '.');
  return createPolicyChecker({
    directory,
    home: absolute(given.home ?? homeDirectory),
    approved: given.approved.length > 0 ? given.approved.map(absolute) : [directory],
    policyFiles: given.policy.length > 0 ? given.policy : ['default.yaml', 'dev-tools.yaml'],
    startDirectory,
  });
}

function inputOf(given: Options, command: string | undefined): unknown {
  if (given.input === undefined) {
    if (command !== undefined) return { command };
    throw new PersonError('NOTHING_TO_CHECK', 'there is no command to check', {
      hint: "Write it behind: leashd policy check 'git push'. Or give --tool and --input, or --jsonl.",
    });
  }
  try {
    return JSON.parse(given.input) as unknown;
  } catch (cause) {
    throw new PersonError(
      'INPUT_NOT_JSON',
      `--input: expected a JSON object, got ${JSON.stringify(given.input)}`,
      { cause },
    );
  }
}

async function answerLines(checker: PolicyChecker, { input, output }: Surroundings): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    if (!output.write(`${JSON.stringify(checker.checkLine(line))}\n`)) await once(output, 'drain');
  }
}
