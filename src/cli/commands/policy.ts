import { commandGroup } from './command-group.ts';
import { policyCheckCommand } from './policy-check.ts';
import { policyExplainCommand } from './policy-explain.ts';
import { policyReplayCommand } from './policy-replay.ts';
import { policyTestCommand } from './policy-test.ts';

export const policyCommand = commandGroup('policy', 'See what the policies say', [
  policyCheckCommand,
  policyExplainCommand,
  policyTestCommand,
  policyReplayCommand,
]);
