import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { ToolCall } from '../types.ts';
import { evaluatePolicy } from './evaluate.ts';
import { parsePolicy } from './load.ts';
import type { Policy } from './policy.ts';

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
});
afterAll(() => project.remove());

function policy(rules: string, defaultAction: Policy['defaultAction'] = 'ask'): Policy {
  const problems: string[] = [];
  const read = parsePolicy(`rules:\n${rules}`, 'test.yaml', problems);
  expect(problems).toEqual([]);
  return { files: [], rules: read?.rules ?? [], defaultAction, approvalTimeoutMs: undefined };
}

function decide(rules: Policy, call: ToolCall): string {
  const { action, rule } = evaluatePolicy(rules, project.footprint(call), project.context());
  return `${action} ${rule}`;
}

describe('evaluatePolicy', () => {
  it('lets the first rule that matches decide', () => {
    const rules = policy(
      '  - {name: one, tool: Read, action: allow}\n  - {name: two, tool: Read, action: deny}',
    );
    expect(decide(rules, project.call('Read', { file_path: 'a' }))).toBe('allow one');
    expect(decide(rules, project.call('LS', {}))).toBe('ask default-action');
  });

  it('needs both patterns where both are given', () => {
    const rules = policy(
      "  - {name: both, tool: Bash, command_patterns: ['^cat'], path_patterns: ['^src/'], action: deny}",
    );
    expect(decide(rules, project.bash('cat src/index.ts'))).toBe('deny both');
    expect(decide(rules, project.bash('cat README.md'))).toBe('ask default-action');
    expect(decide(rules, project.bash('head src/index.ts'))).toBe('ask default-action');
  });

  it('shows patterns the real path and the one from the project', () => {
    const rules = policy(
      "  - {name: below, tool: Read, path_patterns: ['^src/'], action: deny}\n  - {name: real, tool: Read, path_patterns: ['/elsewhere/'], action: deny}",
    );
    expect(decide(rules, project.call('Read', { file_path: project.path('src/index.ts') }))).toBe(
      'deny below',
    );
    expect(decide(rules, project.call('Read', { file_path: 'x/../src/a' }))).toBe('deny below');
    expect(decide(rules, project.call('Read', { file_path: 'way-out/file.txt' }))).toBe('deny real');
  });

  it('takes a loop for each of its commands', () => {
    const open = '  - {name: all, commands: [npm **, git **], action: allow}\n';
    const shape = policy(`  - {name: no-push, commands: [git push], action: deny}\n${open}`);
    const pattern = policy(
      `  - {name: no-push, tool: Bash, command_patterns: ['^git push'], action: deny}\n${open}`,
    );
    for (const rules of [shape, pattern]) {
      expect(decide(rules, project.bash('for c in log push; do git $c; done'))).toBe('deny no-push');
      expect(decide(rules, project.bash('for c in log show; do git $c; done'))).toBe('ask unknown');
    }
    for (const rules of [
      'commands: [npm run test:*]',
      "tool: Bash, command_patterns: ['^npm run test:\\w+$']",
    ]) {
      const some = policy(`  - {name: tests, ${rules}, action: allow}`);
      const run = (names: string): string =>
        decide(some, project.bash(`for t in ${names}; do npm run $t; done`));
      expect(run('test:unit test:e2e')).toBe('allow tests');
      expect(run('test:unit deploy')).toBe('ask default-action');
    }
    const many = Array.from({ length: 20 }, (_, index) => `s${index}`).join(' ');
    const vague = policy("  - {name: runs, tool: Bash, command_patterns: ['^npm run'], action: allow}");
    expect(decide(vague, project.bash(`for t in ${many}; do npm run $t; done`))).toBe('allow runs');
    const loops = `for t in ${many}; do for u in ${many}; do npm run $t $u; done; done`;
    expect(decide(vague, project.bash(loops))).toBe('ask default-action');
  });

  it('tells what stands in a text from what stands there by itself', () => {
    const direct = policy(
      '  - {name: test, commands: [npm test, timeout **], inline: false, action: allow}\n  - {name: shells, commands: [bash **, sh **, eval **], action: allow}',
    );
    for (const command of ['npm test', 'timeout 60 npm test', '(npm test)', '{ npm test; }'])
      expect(decide(direct, project.bash(command))).toBe('allow test');
    for (const text of [
      `bash -c 'npm test'`,
      `sh -c 'npm test'`,
      'eval npm test',
      `bash -c 'timeout 60 npm test'`,
      `bash -c '(npm test)'`,
      'bash -c "$(cat <<\'X\'\nnpm test\nX\n)"',
      `bash <<'X'\nnpm test\nX`,
    ])
      expect(decide(direct, project.bash(text))).not.toMatch(/^allow/);
    const inline = policy('  - {name: text, commands: [npm], inline: true, action: deny}');
    expect(decide(inline, project.bash('npm test'))).toBe('ask default-action');
    expect(decide(inline, project.bash(`bash -c 'env npm test'`))).toBe('deny text');
  });

  it('looks at each command by itself, and takes the strictest', () => {
    const rules = policy(
      "  - {name: no-b, tool: Bash, command_patterns: ['^b( |$)'], action: deny}\n  - {name: all, tool: Bash, command_patterns: ['.'], action: allow}",
    );
    for (const command of [
      'b',
      'a; b',
      'a | b',
      'echo $(b)',
      '{ b; }',
      'a && b &',
      `bash -c 'b'`,
      'sudo b x',
    ]) {
      expect([command, decide(rules, project.bash(command))]).toEqual([command, 'deny no-b']);
    }
    expect(decide(rules, project.bash('a -b'))).toBe('allow all');
    expect(decide(rules, project.bash('echo "; b"'))).toBe('allow all');
  });

  it('lets a rule vouch for a program that it names, and for nothing else that is not known', () => {
    const rules = policy("  - {name: npm, tool: Bash, command_patterns: ['^npm test'], action: allow}");
    expect(decide(rules, project.bash('npm test'))).toBe('allow npm');
    for (const command of ['npm test > x', 'NODE_OPTIONS=x npm test', 'npm test $X']) {
      expect([command, decide(rules, project.bash(command))]).toEqual([
        command,
        expect.stringMatching(/^ask (?:unknown|default-action)$/),
      ]);
    }
    expect(decide(rules, project.bash('npm test > /dev/null 2>&1'))).toBe('allow npm');
    const bare = policy('  - {name: all, tool: Bash, action: allow}');
    expect(decide(bare, project.bash('frobnicate'))).toBe('ask unknown');
    expect(decide(bare, project.bash('cat README.md'))).toBe('allow all');
  });

  it('lets a rule vouch for a tool that it names', () => {
    const rules = policy(
      '  - {name: cron, tools: [CronCreate, mcp__a__b], action: allow}\n  - {name: none, effects: [none], action: allow}',
    );
    expect(decide(rules, project.call('CronCreate', {}))).toBe('allow cron');
    expect(decide(rules, project.call('CronDelete', {}))).toBe('ask default-action');
    expect(decide(rules, project.call('mcp__a__b', {}))).toBe('allow cron');
    expect(decide(rules, project.call('mcp__a__c', {}))).toBe('ask default-action');
    expect(decide(rules, project.call('TodoWrite', {}))).toBe('allow none');
  });

  it('matches acts and effects one by one', () => {
    const rules = policy(
      '  - {name: pushes, acts: [push], action: allow}\n  - {name: reads, effects: [read, none], action: allow}',
    );
    expect(decide(rules, project.bash('git push origin main'))).toBe('allow pushes');
    expect(decide(rules, project.bash('git push -f origin main'))).toBe('ask default-action');
    expect(decide(rules, project.bash('cat README.md'))).toBe('allow reads');
    expect(decide(rules, project.bash('pwd'))).toBe('allow reads');
    expect(decide(rules, project.bash('rm README.md'))).toBe('ask default-action');
  });

  it('never lets a default action allow what is not known', () => {
    const open = policy('  - {name: x, tool: Nothing, action: deny}', 'allow');
    expect(decide(open, project.bash('pwd'))).toBe('allow default-action');
    expect(decide(open, project.bash('frobnicate'))).toBe('ask unknown');
    expect(decide(open, project.call('Frobnicate', {}))).toBe('ask unknown');
    expect(decide(open, project.call('Read', { file_path: 'x' }))).toBe('allow default-action');
  });

  it('says deny where that is the default', () => {
    const closed = policy('  - {name: x, tool: Nothing, action: allow}', 'deny');
    expect(decide(closed, project.bash('frobnicate'))).toBe('deny default-action');
  });

  it('matches commands word by word, in each command of a text', () => {
    const rules = policy(
      '  - {name: no-push, commands: [git push], action: deny}\n  - {name: logs, commands: ["git log *"], action: allow}',
    );
    for (const command of ['git push', 'git -C . push origin', 'ls; git push', '/usr/bin/git push']) {
      expect([command, decide(rules, project.bash(command))]).toEqual([command, 'deny no-push']);
    }
    expect(decide(rules, project.bash('git log HEAD'))).toBe('allow logs');
    expect(decide(rules, project.bash('git log'))).toBe('ask default-action');
    expect(decide(rules, project.bash('git commit -m push'))).toBe('ask default-action');
  });

  it('matches paths on real ones, from the project, from home and by name', () => {
    const { directory, home } = project;
    const read = parsePolicy(
      `rules:
  - {name: notes, effects: [read], paths: [~/notes.txt], action: deny}
  - {name: below, effects: [write, delete], paths: ['src/**', '!src/gen/**'], action: deny}
  - {name: names, paths: ['*.md'], action: allow}
`,
      'test.yaml',
      [],
      home,
    );
    const rules: Policy = { files: [], rules: read?.rules ?? [], defaultAction: 'ask', approvalTimeoutMs: 1 };
    expect(decide(rules, project.bash('cat ../notes.txt'))).toBe('deny notes');
    expect(decide(rules, project.call('Write', { file_path: `${directory}/src/a`, content: '' }))).toBe(
      'deny below',
    );
    expect(decide(rules, project.call('Write', { file_path: 'src/gen/a', content: '' }))).toBe(
      'ask default-action',
    );
    expect(decide(rules, project.bash('rm -r .'))).toBe('deny below');
    expect(decide(rules, project.bash('cat README.md'))).toBe('allow names');
  });

  it('lets a rule that asks about part of a tree not stand before one that denies all of it', () => {
    const rules = policy(
      `  - {name: part, effects: [delete], paths: ['src/gen/**'], action: require_approval}
  - {name: src, effects: [delete], paths: ['src/**'], action: deny}
  - {name: rest, effects: [delete], action: allow}`,
    );
    expect(decide(rules, project.bash('rm -r src/gen'))).toBe('ask part');
    expect(decide(rules, project.bash('rm -r src'))).toBe('deny src');
    const open = policy(
      `  - {name: part, effects: [delete], paths: ['lib/gen/**'], action: require_approval}
  - {name: rest, effects: [delete], action: allow}`,
    );
    expect(decide(open, project.bash('rm -r lib'))).toBe('ask part');
    expect(decide(open, project.bash('rm -r doc'))).toBe('allow rest');
  });

  it('matches hosts, and MCP servers with their tools', () => {
    const rules = policy(
      `  - {name: evil, mcp: [evil], action: deny}
  - {name: clicks, mcp: [playwright/browser_click], action: allow}
  - {name: docs, tool: WebFetch, hosts: ['*.example.com'], action: allow}
  - {name: no-net, hosts: ['*'], action: deny}`,
    );
    const fetch = (url: string): ToolCall => project.call('WebFetch', { url, prompt: '' });
    expect(decide(rules, fetch('https://docs.example.com/x'))).toBe('allow docs');
    expect(decide(rules, fetch('https://example.com.evil.org'))).toBe('deny no-net');
    expect(decide(rules, project.call('mcp__evil__Read', {}))).toBe('deny evil');
    expect(decide(rules, project.call('mcp__playwright__browser_click', {}))).toBe('allow clicks');
    expect(decide(rules, project.call('mcp__play__wright', {}))).toBe('ask default-action');
  });

  it('can refuse what is not known', () => {
    const rules = policy(
      '  - {name: vague, unknown: true, action: deny}\n  - {name: all, tool: Bash, action: allow}',
    );
    expect(decide(rules, project.bash('frobnicate'))).toBe('deny vague');
    expect(decide(rules, project.bash('ls --frobnicate'))).toBe('deny vague');
    expect(decide(rules, project.call('Frobnicate', {}))).toBe('deny vague');
    expect(decide(rules, project.bash('cat README.md'))).toBe('allow all');
  });

  it('needs all matchers that a rule has', () => {
    const rules = policy(
      "  - {name: all-three, tool: Bash, commands: [rm], effects: [delete], paths: ['build/**'], action: deny}",
    );
    expect(decide(rules, project.bash('rm -r build'))).toBe('deny all-three');
    expect(decide(rules, project.bash('rm build/x'))).toBe('deny all-three');
    expect(decide(rules, project.bash('rm src/x'))).toBe('ask default-action');
    expect(decide(rules, project.bash('cat build/x'))).toBe('ask default-action');
    expect(decide(rules, project.call('Write', { file_path: 'build/x', content: '' }))).toBe(
      'ask default-action',
    );
  });
});
