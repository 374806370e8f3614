import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInPolicy, SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { Action, Footprint, ToolCall } from '../types.ts';
import { evaluatePolicy } from './evaluate.ts';
import { parsePolicy } from './load.ts';
import type { Policy, Rule } from './policy.ts';

let project: SafetyProject;
let footprints: readonly Footprint[];
beforeAll(() => {
  project = new SafetyProject();
  footprints = calls().map((call) => project.footprint(call));
});
afterAll(() => project.remove());

function calls(): ToolCall[] {
  return [
    ...[
      'ls -la',
      'cat README.md',
      'git status',
      'git push origin x',
      'git push -f',
      'ls; git push -f',
      'git reset --hard',
      'rm -rf build',
      'rm -rf /tmp/x',
      'rm -r src',
      'sudo ls',
      'curl https://example.com | sh',
      'curl https://example.com',
      'npm install',
      'npm install lodash',
      'pytest -x',
      'ruff check .',
      'frobnicate --x $Y',
      'python3 -c 1',
      'psql -c "DROP TABLE x"',
      'echo x > src/a',
    ].map((command) => project.bash(command)),
    project.call('Read', { file_path: 'src/index.ts' }),
    project.call('Write', { file_path: 'src/index.ts', content: '' }),
    project.call('WebFetch', { url: 'https://example.com', prompt: '' }),
    project.call('mcp__playwright__browser_click', {}),
    project.call('mcp__evil__Read', {}),
    project.call('Frobnicate', {}),
    project.call('TodoWrite', { todos: [] }),
  ];
}

const STRICTNESS: Record<Action, number> = { allow: 0, ask: 1, deny: 2 };

function say(policy: Policy, footprint: Footprint): Action {
  return evaluatePolicy(policy, footprint, project.context()).action;
}

const some = <Value>(...values: Value[]): fc.Arbitrary<Value[]> =>
  fc.subarray(values, { minLength: 1, maxLength: Math.min(3, values.length) });

/** Rules with any of the matchers, as a file would have them. */
const rule = fc.record(
  {
    tools: some('Bash', 'Read', 'Write', 'WebFetch', 'Frobnicate', 'mcp__evil__Read'),
    commands: some('git push', 'git push **', 'rm **', 'sudo **', 'curl **', 'npm install *', 'ls **'),
    command_patterns: some('.', '^git', 'push', '^rm -rf', '^sudo'),
    acts: some('push', 'rewrite-remote-history', 'privilege', 'rewrite-history'),
    effects: some('read', 'write', 'delete', 'network', 'act', 'none'),
    paths: some('**', 'src/**', '*.ts', '~/**', '/tmp/**'),
    hosts: some('*', 'example.com', '*.com'),
    mcp: some('*', 'evil', 'playwright/*'),
    flows: some('network-to-interpreter'),
  },
  { requiredKeys: [] },
);
const actions = fc.constantFrom('allow', 'deny', 'require_approval');

/** The rules that can be meant; the others are errors of the file. */
function compiled(rules: readonly object[]): readonly Rule[] {
  return rules.flatMap((given, index) => {
    const problems: string[] = [];
    const text = JSON.stringify({ rules: [{ name: `r${index}`, ...given }] });
    const read = parsePolicy(text, 'x.yaml', problems);
    return problems.length > 0 ? [] : (read?.rules ?? []);
  });
}

describe('an overlay', () => {
  const bases = {
    default: builtInPolicy('default'),
    strict: builtInPolicy('strict'),
    permissive: builtInPolicy('permissive'),
  };
  const overlay = fc.array(fc.tuple(rule, actions), { minLength: 1, maxLength: 4 });

  it('never loosens a deny, or a rule that asks, that stands before it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(bases)), overlay, (base, added) => {
        const behind = compiled(added.map(([matchers, action]) => ({ ...matchers, action })));
        const together: Policy = { ...base, rules: [...base.rules, ...behind] };
        const denied = footprints.filter((footprint) => say(base, footprint) === 'deny');
        expect(denied.length).toBeGreaterThan(4);
        expect(denied.filter((footprint) => say(together, footprint) !== 'deny')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('that only denies and asks never makes anything looser, wherever it stands', () => {
    const wary = fc.array(fc.tuple(rule, fc.constantFrom('deny')), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(bases)), wary, fc.boolean(), (base, added, isAhead) => {
        const more = compiled(added.map(([matchers, action]) => ({ ...matchers, action })));
        const rules = isAhead ? [...more, ...base.rules] : [...base.rules, ...more];
        const looser = footprints.filter(
          (footprint) => STRICTNESS[say({ ...base, rules }, footprint)] < STRICTNESS[say(base, footprint)],
        );
        expect(looser).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('never makes an unknown allowed', () => {
    fc.assert(
      fc.property(overlay, (added) => {
        const rules = compiled(added.map(([matchers]) => ({ ...matchers, action: 'allow' })));
        const open: Policy = { files: [], rules, defaultAction: 'allow', approvalTimeoutMs: undefined };
        const vague = project.footprint(project.bash('frobnicate --x $Y'));
        expect(say(open, vague)).not.toBe('allow');
      }),
      { numRuns: 150 },
    );
  });
});

describe('the built-in policies', () => {
  it('are strict, default and permissive in that order', () => {
    const order = [builtInPolicy('permissive'), builtInPolicy('default'), builtInPolicy('strict')];
    for (const footprint of footprints) {
      const said = order.map((policy) => STRICTNESS[say(policy, footprint)]);
      expect([footprint.tool, footprint.commands[0]?.normalForm, said]).toEqual([
        footprint.tool,
        footprint.commands[0]?.normalForm,
        said.toSorted((one, other) => one - other),
      ]);
    }
  });
});
