import type { FileView } from '../file-view.ts';
import { footprintOf } from '../footprint.ts';
import type { Footprint, GateContext, ToolCall } from '../types.ts';
import { ruleMatches } from './evaluate.ts';
import type { Policy } from './policy.ts';
import type { RuleExample } from './schema.ts';

/** An example that a rule does not keep. */
export type BrokenExample = {
  readonly rule: string;
  /** Where the rule stands: `default.yaml:12:5`. */
  readonly place: string;
  readonly expected: 'match' | 'not_match';
  readonly example: RuleExample;
};

/** Examples are looked at in an empty project, so that they say the same on every machine. */
const EMPTY: FileView = {
  kind: () => undefined,
  linkTarget: () => '',
  real: () => undefined,
  read: () => undefined,
  list: () => [],
};
const HOME = '/home/person';
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
    const broken = (examples: readonly RuleExample[], expected: BrokenExample['expected']): BrokenExample[] =>
      examples
        .filter(
          (example) => ruleMatches(rule, footprintOfExample(example), CONTEXT) !== (expected === 'match'),
        )
        .map((example) => ({ rule: rule.name, place: rule.place, expected, example }));
    return [...broken(match, 'match'), ...broken(notMatch, 'not_match')];
  });
}

function footprintOfExample(example: RuleExample): Footprint {
  const call: Pick<ToolCall, 'tool' | 'input'> =
    typeof example === 'string' ? { tool: 'Bash', input: { command: example } } : example;
  return footprintOf({ id: 'example', directory: DIRECTORY, ...call }, { view: EMPTY, home: HOME });
}
