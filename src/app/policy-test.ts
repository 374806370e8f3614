import { brokenExamples, brokenTests, EXAMPLE_HOME } from '../safety/policy/examples.ts';
import { BUILT_IN_POLICIES, loadPolicies } from '../safety/policy/load.ts';
import type { RuleExample } from '../safety/policy/schema.ts';
import { builtInPolicies } from './paths.ts';

/** How a policy file keeps its examples and tests. */
export type PolicyTestReport = {
  readonly file: string;
  readonly kept: number;
  /** `default.yaml:12:5 …`, one line each. */
  readonly broken: readonly string[];
};

/**
 * Looks at the examples and tests of each file by itself; of all built-in policies when none is named.
 * @throws PersonError for policies that can't be used.
 */
export function testPolicies(files: readonly string[], startDirectory: string): PolicyTestReport[] {
  const options = { startDirectory, builtInDirectory: builtInPolicies, home: EXAMPLE_HOME };
  return (files.length > 0 ? files : BUILT_IN_POLICIES).map((file) => {
    const policy = loadPolicies([file], options);
    const total = policy.rules.reduce(
      (sum, { examples }) => sum + examples.match.length + examples.notMatch.length,
      policy.tests?.length ?? 0,
    );
    const examples = brokenExamples(policy).map(
      ({ place, rule, expected, example }) =>
        `${place} ${inWords(example)}: ${rule} should ${expected === 'match' ? 'match it, and does not' : 'not match it, and does'}`,
    );
    const tests = brokenTests(policy).map(({ test: { place, call, decision, rule }, got }) => {
      const wanted = rule === undefined ? decision : `${decision} by ${rule}`;
      return `${place} ${inWords(call)}: expected ${wanted}, got ${got.action} by ${got.rule}`;
    });
    const broken = [...examples, ...tests];
    return { file, kept: total - broken.length, broken };
  });
}

function inWords(example: RuleExample): string {
  return typeof example === 'string' ? example : `${example.tool} ${JSON.stringify(example.input)}`;
}
