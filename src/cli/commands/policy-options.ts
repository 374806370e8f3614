import { resolve } from 'node:path';
import { z } from 'zod';
import type { OfflineSetting } from '../../app/policy-offline.ts';
import { PersonError } from '../../errors.ts';
import type { CliContext, CliOption } from './cli-command.ts';

/** What a decision depends on; nothing else of the machine's settings is read. */
export const SETTING_OPTIONS: readonly CliOption[] = [
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
];

export const CALL_OPTIONS: readonly CliOption[] = [
  { flags: '--tool <name>', summary: 'the tool, where it is not Bash' },
  { flags: '--input <json>', summary: "the tool's input, where it is not a command" },
];

const settingSchema = z.object({
  cwd: z.string().optional(),
  home: z.string().optional(),
  approved: z.array(z.string()).default([]),
  policy: z.array(z.string()).default([]),
});

const callSchema = z.object({ tool: z.string().default('Bash'), input: z.string().optional() });

/** `approved` is empty when none is given. */
export function settingFrom({ options, surroundings }: CliContext): OfflineSetting {
  const given = settingSchema.parse(options);
  const { startDirectory, homeDirectory } = surroundings;
  const absolute = (path: string): string => resolve(startDirectory, path);
  return {
    directory: absolute(given.cwd ?? '.'),
    home: absolute(given.home ?? homeDirectory),
    approved: given.approved.map(absolute),
    policyFiles: given.policy.length > 0 ? given.policy : ['default.yaml', 'dev-tools.yaml'],
    startDirectory,
  };
}

/** The setting of one call: without `--approved`, it may work where it starts. */
export function settingOfCall(context: CliContext): OfflineSetting {
  const setting = settingFrom(context);
  return setting.approved.length > 0 ? setting : { ...setting, approved: [setting.directory] };
}

/** @throws PersonError when there is no call, or its input is no JSON. */
export function callFrom({ options, argument }: CliContext): {
  readonly tool: string;
  readonly input: unknown;
} {
  const { tool, input } = callSchema.parse(options);
  if (input === undefined) {
    if (argument !== undefined) return { tool, input: { command: argument } };
    throw new PersonError('NOTHING_TO_CHECK', 'there is no command to check', {
      hint: "Write it behind, in quotes: 'git push'. Or give --tool and --input.",
    });
  }
  try {
    return { tool, input: JSON.parse(input) as unknown };
  } catch (cause) {
    throw new PersonError('INPUT_NOT_JSON', `--input: expected a JSON object, got ${JSON.stringify(input)}`, {
      cause,
    });
  }
}
