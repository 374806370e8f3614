import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUILT_IN_DIRECTORY } from '../../../test/fixtures/safety-project.ts';
import { PersonError } from '../../errors.ts';
import { loadPolicies } from './load.ts';
import type { Policy } from './policy.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leashd-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (...names: string[]): Policy =>
  loadPolicies(names, { startDirectory: folder, builtInDirectory: BUILT_IN_DIRECTORY });

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function faults(text: string): string[] {
  try {
    load(write('p.yaml', text));
  } catch (error) {
    if (error instanceof PersonError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('loadPolicies', () => {
  it('reads a file as leashd 0.4 wrote it', () => {
    const policy = load(
      write(
        'old.yaml',
        String.raw`version: "1.0"
name: old
rules:
  - name: destructive-bash
    tool: Bash
    command_patterns: ["(?i)rm\\s+-rf", '\b(DROP|TRUNCATE)\s+TABLE\b']
    action: deny
    reason: "Destructive"
    risk_level: critical
  - name: reads
    tools: [Read, Glob]
    path_patterns: ['^src/']
    action: allow
    description: Reading
settings:
  default_action: deny
  approval_timeout_seconds: 90
`,
      ),
    );
    expect(policy.defaultAction).toBe('deny');
    expect(policy.approvalTimeoutMs).toBe(90_000);
    expect(policy.rules.map(({ name, action, risk, reason }) => [name, action, risk, reason])).toEqual([
      ['destructive-bash', 'deny', 'critical', 'Destructive'],
      ['reads', 'allow', 'medium', 'Reading'],
    ]);
    expect(policy.rules[0]?.commandPatterns?.map(({ test }) => test('x RM  -rf y'))).toEqual([true, false]);
  });

  it('joins files in order; later settings win, where they say anything', () => {
    write('a.yaml', 'settings: {default_action: deny, approval_timeout_seconds: 10}\nrules: []\n');
    write(
      'b.yaml',
      'settings: {approval_timeout_seconds: 20}\nrules: [{name: b, tool: Bash, action: allow}]\n',
    );
    const policy = load('a.yaml', 'b.yaml', 'default');
    expect(policy.defaultAction).toBe('ask');
    expect(policy.approvalTimeoutMs).toBe(300_000);
    expect(policy.rules[0]?.name).toBe('b');
    expect(load('a.yaml', 'b.yaml')).toMatchObject({ defaultAction: 'deny', approvalTimeoutMs: 20_000 });
  });

  it.each(['default', 'default.yaml'])('takes no file of a project for the built-in %s', (name) => {
    write('default.yaml', 'rules: [{name: anything, tool: Bash, action: allow}]\n');
    write('default', 'rules: [{name: anything, tool: Bash, action: allow}]\n');
    expect(load(name).files).toEqual([join(BUILT_IN_DIRECTORY, 'default.yaml')]);
    expect(load('./default.yaml').rules.map((rule) => rule.name)).toEqual(['anything']);
  });

  it.each(['strict', 'strict.yaml', 'policies/strict.yaml', './policies/strict.yaml'])(
    'finds the built-in policy as %s',
    (name) => {
      expect(load(name).files).toEqual([join(BUILT_IN_DIRECTORY, 'strict.yaml')]);
    },
  );

  it("prefers the person's own file of that name", () => {
    mkdirSync(join(folder, 'policies'));
    write('policies/strict.yaml', 'rules: [{name: mine, tool: Bash, action: deny}]\n');
    expect(load('policies/strict.yaml').rules.map(({ name }) => name)).toEqual(['mine']);
  });

  it('tells every fault of every file at once, with its place', () => {
    write('one.yaml', 'rules:\n  - name: a\n    tool: Bash\n    action: denny\n    path_patterns: ["["]\n');
    write('two.yaml', 'rules:\n  - nmae: b\n    tool: Bash\n    action: allow\n');
    expect(() => load('one.yaml', 'two.yaml', 'stict', 'gone/x.yaml')).toThrow(
      [
        'one.yaml:4:13 action: expected allow, deny or require_approval, got "denny"; did you mean "deny"?',
        'one.yaml:5:21 path_patterns[0]: expected a regular expression that RE2 takes (missing closing ]: `[`), got "["',
        'two.yaml:2:5 name: expected a text, got nothing',
        'two.yaml:2:5 nmae: expected a key that is known here, got "nmae"; did you mean "name"?',
        `stict: expected a policy file in ${folder} or one of default, strict, permissive, dev-tools, got neither; did you mean "strict"?`,
        `gone/x.yaml: expected a policy file in ${folder} or one of default, strict, permissive, dev-tools, got neither`,
      ].join('\n'),
    );
  });

  it.each([
    [
      'rules:\n  - {name: a, tool: Bash, action: deny, command_patterns: ["(?!x)"]}\n',
      /^p\.yaml:2:\d+ command_patterns\[0\]: expected a pattern without look-ahead/,
    ],
    [
      'rules:\n  - {name: a, tool: Bash, action: deny, path_patterns: ["ok", "[a"]}\n',
      /path_patterns\[1\]: expected a regular expression that RE2 takes \(missing closing \]/,
    ],
    [
      'rules:\n  - {name: a, acts: [pussh], action: deny}\n',
      /acts\[0\]: expected .*, got "pussh"; did you mean "push"/,
    ],
    [
      'rules:\n  - {name: a, action: deny}\n',
      /p\.yaml:2:5 .*expected tool or tools in the rule a, got neither/,
    ],
    ['rules:\n  - {name: a, tools: Bash, action: deny}\n', /tools: expected a list, got "Bash"/],
    ['rules:\n  - {name: a, tools: [], action: deny}\n', /tools: expected at least one, got \[\]/],
    [
      'rules:\n  - {name: a, comands: [git push], action: deny}\n',
      /p\.yaml:2:15 comands: expected a key that is known here, got "comands"; did you mean "commands"/,
    ],
    ['rules:\n  - {name: a, efects: [read], action: deny}\n', /efects: .*did you mean "effects"/],
    [
      'rules:\n  - {name: a, effects: [raed], action: deny}\n',
      /p\.yaml:2:25 effects\[0\]: expected .*, got "raed"; did you mean "read"/,
    ],
    [
      'rules:\n  - {name: a, commands: [git ** push], action: deny}\n',
      /p\.yaml:2:26 commands\[0\]: expected \*\* only at the end, got "git \*\* push"/,
    ],
    [
      'rules:\n  - {name: a, commands: ["* push"], action: allow}\n',
      /p\.yaml:2:26 commands\[0\]: expected the name of a program first/,
    ],
    [
      'rules:\n  - {name: a, paths: [../x], action: deny}\n',
      /2:23 paths\[0\]: expected a pattern without \.\./,
    ],
    ['rules:\n  - {name: a, hosts: ["https://x.y"], action: deny}\n', /hosts\[0\]: expected a host such as/],
    ['rules:\n  - {name: a, mcp: [a/b/c], action: deny}\n', /mcp\[0\]: expected server or server\/tool/],
    [
      'rules:\n  - {name: a, unknown: true, action: allow}\n',
      /expected deny or require_approval in the rule a/,
    ],
    ['rules:\n  - {name: a, unknown: maybe, action: deny}\n', /unknown: expected true, got "maybe"/],
    [
      'rules:\n  - {name: a, acts: [push], hosts: [x.y], action: deny}\n',
      /expected acts alone in the rule a/,
    ],
    [
      'rules:\n  - {name: a, paths: [x/y], hosts: [x.y], action: deny}\n',
      /expected paths or hosts in the rule a/,
    ],
    [
      'rules:\n  - {name: a, commands: [x], inline: true, action: allow}\n',
      /expected inline: false in the rule a/,
    ],
    ['rules:\n  - {name: a, commands: [x], inline: false, action: deny}\n', /as bash -c would get round it/],
    ['rules:\n  - {name: a, paths: ["!x/y"], action: deny}\n', /expected a path that does not begin with !/],
    ['tests:\n  - {call: ls, decision: alow}\n', /2:26 decision: expected allow, ask or deny, got "alow"/],
    [
      'settings:\n  approval_timeout_seconds: soon\n',
      /p\.yaml:2:\d+ approval_timeout_seconds: expected a number/,
    ],
    ['settings:\n  approval_timeout_seconds: 0\n', /expected more than 0, got 0/],
    ['rules:\n  - name: a\n    tool: Bash\n   action: deny\n', /^p\.yaml:4:\d+ /],
    ['a: &a [*a]\n', /./],
    ['- just\n- a list\n', /expected keys and values, got/],
    ['rules:\n  - {name: a, tool: Bash, action: deny, name: b}\n', /unique/i],
  ])('complains about %j', (text, complaint) => {
    expect(faults(text).join('\n')).toMatch(complaint);
  });

  it('takes an empty file for a policy without rules', () => {
    expect(load(write('p.yaml', '')).rules).toEqual([]);
  });
});
