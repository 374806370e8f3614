import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInPolicy, SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { loadPolicies } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import type { ModeRules } from '../types.ts';

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
});
afterAll(() => project.remove());

const plan: ModeRules = { name: 'plan', mayChange: false, grants: [] };
const auto: ModeRules = { name: 'auto', mayChange: true, grants: ['edit-files'] };
const withTools = builtInPolicy('default', 'dev-tools');

function decide(tool: string, input: unknown, mode: ModeRules, policy: Policy = withTools): string {
  const { action, layer, rule } = project.judge(policy, project.call(tool, input), mode);
  return `${action} ${layer} ${rule}`;
}

describe('a mode in which nothing may be changed', () => {
  it.each<[string, unknown]>([
    ['Read', { file_path: 'a' }],
    ['Grep', { pattern: 'x', path: 'src' }],
    ['Bash', { command: 'git log' }],
    ['WebSearch', { query: 'x' }],
    ['TodoWrite', {}],
    ['ExitPlanMode', { plan: 'x' }],
    ['Task', { prompt: 'x' }],
    ['mcp__playwright__browser_snapshot', {}],
  ])('lets %s %j through', (tool, input) => {
    expect(decide(tool, input, plan)).toMatch(/^allow policy/);
  });

  it.each<[string, unknown]>([
    ['Write', { file_path: 'a', content: '' }],
    ['Bash', { command: 'npm test' }],
    ['Bash', { command: 'git commit -m x' }],
    ['Bash', { command: 'rm a' }],
    ['Bash', { command: 'ls; touch x' }],
    ['Frobnicate', {}],
    ['mcp__a__b', {}],
    ['mcp__playwright__browser_click', {}],
  ])('denies %s %j', (tool, input) => {
    expect(decide(tool, input, plan)).toBe('deny mode plan');
  });

  it('still asks and denies what the policy does', () => {
    expect(decide('WebFetch', { url: 'https://example.com', prompt: '' }, plan)).toBe('ask policy web-pages');
    expect(decide('Read', { file_path: '.env' }, plan)).toBe('deny sandbox secret-files');
  });
});

describe('a mode that grants edits', () => {
  it.each<[string, unknown]>([
    ['Write', { file_path: 'a', content: '' }],
    ['Edit', { file_path: 'src/index.ts', old_string: '4', new_string: '5' }],
    ['MultiEdit', { file_path: 'src/index.ts', edits: [{ old_string: '4', new_string: '5' }] }],
    ['NotebookEdit', { notebook_path: 'a.ipynb', new_source: '' }],
  ])('allows %s %j', (tool, input) => {
    expect(decide(tool, input, auto)).toBe('allow grant edit-files');
  });

  it.each<[string, unknown, string]>([
    ['Write', { file_path: '.gitattributes', content: '' }, 'ask sandbox git-attributes'],
    ['Write', { file_path: '.env', content: '' }, 'deny sandbox secret-files'],
    ['Write', { file_path: '../x', content: '' }, 'deny sandbox outside-directories'],
    ['Write', { file_path: '.git/config', content: '' }, 'deny sandbox git-internals'],
    ['Bash', { command: 'rm a' }, 'ask policy deletions'],
    ['Bash', { command: 'echo x > a' }, 'ask policy default-action'],
  ])('does not loosen %s %j', (tool, input, expected) => {
    expect(decide(tool, input, auto)).toBe(expected);
  });

  it('does not loosen what a policy denies', () => {
    const path = project.write(
      'deny.yaml',
      'rules: [{name: no-docs, tool: Write, path_patterns: ["^docs/"], action: deny}]',
    );
    const policy = loadPolicies([path], { startDirectory: '/', builtInDirectory: '/' });
    expect(decide('Write', { file_path: 'docs/a', content: '' }, auto, policy)).toBe('deny policy no-docs');
    expect(decide('Write', { file_path: 'a', content: '' }, auto, policy)).toBe('allow grant edit-files');
  });
});

it('leaves a question of the sandbox to the person, also where the policy thinks worse of the call', () => {
  const said = project.judge(withTools, project.bash('git push origin main && cat /opt/x'));
  expect(said).toMatchObject({ action: 'ask', layer: 'sandbox', rule: 'outside-directories', risk: 'high' });
  expect(said.reason).toContain('It sends commits to others');
});
