import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Places } from '../../config/origin.ts';
import { BUILT_IN_POLICIES } from '../../safety/policy/load.ts';

/** What three plain answers say; a later one is asked only where the earlier ones left it open. */
export type PolicyAnswers = {
  /** Nothing may go wrong here. */
  readonly isDelicate: boolean;
  readonly mayRunTests?: boolean | undefined;
  readonly mayEdit?: boolean | undefined;
};

export type PolicyChoice = {
  /** What `--policy` calls it. */
  readonly name: string;
  readonly files: readonly string[];
  /** One line: what it means from day to day. */
  readonly meaning: string;
};

/** From the most taps to the fewest. */
const POLICY_CHOICES = [
  {
    name: 'strict',
    files: ['strict.yaml'],
    meaning: 'Only reading files is free. Every command and every change asks you.',
  },
  {
    name: 'looks-only',
    files: ['default.yaml'],
    meaning: 'Looking around is free. Tests, installs and changes ask you.',
  },
  {
    name: 'default',
    files: ['default.yaml', 'dev-tools.yaml'],
    meaning: 'Looking, tests, linters and builds are free. Changes and commits ask you.',
  },
  {
    name: 'permissive',
    files: ['permissive.yaml'],
    meaning: 'Edits, tests, packages and commits are free. Pushes, the network and deletions ask you.',
  },
] as const satisfies readonly PolicyChoice[];

type PolicyName = (typeof POLICY_CHOICES)[number]['name'];

export function policyFor({ isDelicate, mayRunTests, mayEdit }: PolicyAnswers): PolicyChoice {
  if (isDelicate) return choiceNamed('strict');
  if (mayRunTests !== true) return choiceNamed('looks-only');
  return choiceNamed(mayEdit === true ? 'permissive' : 'default');
}

function choiceNamed(name: PolicyName): PolicyChoice {
  // The names are those of the table.
  return POLICY_CHOICES.find((choice) => choice.name === name) as PolicyChoice;
}

/** The choice that these files are, with or without `.yaml`; undefined for the person's own. */
export function choiceOf(files: readonly string[]): PolicyChoice | undefined {
  const bare = (names: readonly string[]): string =>
    names.map((name) => name.replace(/\.ya?ml$/, '')).join(',');
  return POLICY_CHOICES.find((choice) => bare(choice.files) === bare(files));
}

/**
 * A name of a choice, or files of the person's own with commas between them: absolute, since leashd may be started
 * from anywhere. The names of built-in policies stay names.
 */
export function readPolicyWord(word: string, { startDirectory, homeDirectory }: Places): readonly string[] {
  const choice = POLICY_CHOICES.find(({ name }) => name === word.trim());
  if (choice !== undefined) return choice.files;
  const files = word.split(',').map((file) => file.trim());
  return files
    .filter((file) => file !== '')
    .map((file) => {
      if (BUILT_IN_POLICIES.some((name) => file === name || file === `${name}.yaml`)) return file;
      const own = file.startsWith('~/') ? join(homeDirectory, file.slice(2)) : resolve(startDirectory, file);
      return existsSync(own) ? own : file;
    });
}
