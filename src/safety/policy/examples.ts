import { posix } from 'node:path';
import type { FileView } from '../file-view.ts';
import { footprintOf } from '../footprint/footprint.ts';
import { createJudge } from '../gate/judge.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import type { Decision, Footprint, GateContext, ToolCall } from '../types.ts';
import { ruleMatches } from './evaluate.ts';
import type { PlacedExample, Policy, PolicyTest } from './policy.ts';
import type { RuleExample } from './schema.ts';

/** An example that a rule does not keep. */
export type BrokenExample = {
  readonly rule: string;
  /** Where the example stands: `default.yaml:12:5`. */
  readonly place: string;
  readonly expected: 'match' | 'not_match';
  readonly example: RuleExample;
};

/** A test that comes out otherwise. */
export type BrokenTest = { readonly test: PolicyTest; readonly got: Decision };

/** Examples are looked at in an empty project, so that they say the same on every machine. */
const EMPTY: FileView = {
  kind: () => undefined,
  linkTarget: () => '',
  real: () => undefined,
  read: () => undefined,
  bytes: () => undefined,
  list: () => [],
};
/** What `~` means in the paths of a policy that is tested. */
export const EXAMPLE_HOME = '/home/person';
const DIRECTORY = '/home/person/project';

const CONTEXT: GateContext = {
  chat: 'examples',
  session: 'examples',
  turn: 'examples',
  directories: [DIRECTORY],
  mode: { name: 'default', mayChange: true, grants: [] },
};

/** Every example whose rule does not say what it promises; none for a policy that keeps its word. */
export function brokenExamples(policy: Policy): BrokenExample[] {
  return policy.rules.flatMap((rule) => {
    const { match, notMatch } = rule.examples;
    const broken = (
      examples: readonly PlacedExample[],
      expected: BrokenExample['expected'],
    ): BrokenExample[] =>
      examples
        .filter(({ call }) => ruleMatches(rule, footprintOfExample(call), CONTEXT) !== (expected === 'match'))
        .map(({ call, place }) => ({ rule: rule.name, place, expected, example: call }));
    return [...broken(match, 'match'), ...broken(notMatch, 'not_match')];
  });
}

/** Every test of a policy that comes out otherwise, decided by the sandbox and the policy together. */
export function brokenTests(policy: Policy): BrokenTest[] {
  const sandbox = createSandbox({ home: EXAMPLE_HOME, ownPaths: { untouchable: [], unwritable: [] } }, EMPTY);
  const judge = createJudge({ policy, sandbox, toolFilter: { allowed: [], disallowed: [] } });
  return (policy.tests ?? []).flatMap((test) => {
    const got = judge(footprintOfExample(test.call, test.cwd), CONTEXT, EMPTY);
    const isKept = got.action === test.decision && (test.rule === undefined || test.rule === got.rule);
    return isKept ? [] : [{ test, got }];
  });
}

function footprintOfExample(example: RuleExample, folder = '.'): Footprint {
  const call: Pick<ToolCall, 'tool' | 'input'> =
    typeof example === 'string' ? { tool: 'Bash', input: { command: example } } : example;
  const directory = posix.resolve(DIRECTORY, folder);
  return footprintOf({ id: 'example', directory, ...call }, { view: EMPTY, home: EXAMPLE_HOME });
}
