import { relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { Footprint } from '../types.ts';

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
});
afterAll(() => project.remove());

const read = (tool: string, input: unknown): Footprint => project.footprint(project.call(tool, input));

function effects(tool: string, input: unknown): string[] {
  return read(tool, input).effects.map((effect) => {
    if (effect.kind === 'act') return effect.act;
    if (effect.kind === 'network') return `network ${effect.host ?? '?'}`;
    return `${effect.kind} ${relative(`${project.base}/home`, effect.path.real)}`;
  });
}

describe('footprintOf', () => {
  it.each<[string, unknown, string[]]>([
    ['Read', { file_path: 'src/index.ts' }, ['read ada/project/src/index.ts']],
    ['Read', { file_path: '~/notes.txt' }, ['read ada/notes.txt']],
    ['Read', { file_path: 'way-out/file.txt' }, ['read elsewhere/file.txt']],
    ['Write', { file_path: 'new/a.ts', content: '' }, ['write ada/project/new/a.ts']],
    ['Edit', { file_path: 'innocent.txt', old_string: 'a', new_string: 'b' }, ['write ada/.bashrc']],
    ['MultiEdit', { file_path: 'a', edits: [{ old_string: 'a', new_string: 'b' }] }, ['write ada/project/a']],
    ['NotebookEdit', { notebook_path: 'a.ipynb', new_source: 'x' }, ['write ada/project/a.ipynb']],
    ['LS', {}, ['read ada/project']],
    ['LS', { path: '..' }, ['read ada']],
    ['Glob', { pattern: '**/*.ts' }, ['read-tree ada/project']],
    ['Glob', { pattern: '../../**' }, ['read-tree ada/project', 'read-tree ']],
    ['Glob', { pattern: 'src/*.ts' }, ['read-tree ada/project', 'read-tree ada/project/src']],
    ['Glob', { pattern: '*', path: 'way-out' }, ['read-tree elsewhere']],
    ['Grep', { pattern: '../../etc' }, ['read-tree ada/project']],
    [
      'Grep',
      { pattern: 'x', path: 'src', glob: 'deep/*.ts' },
      ['read-tree ada/project/src', 'read-tree ada/project/src/deep'],
    ],
    ['WebFetch', { url: 'https://Example.com/x', prompt: 'p' }, ['network example.com']],
    ['WebFetch', { url: 'http://0x7f.1/', prompt: 'p' }, ['network 127.0.0.1']],
    ['SandboxNetworkAccess', { host: 'Example.com' }, ['network example.com']],
    ['WebSearch', { query: 'x' }, ['network ?']],
    ['TodoWrite', { todos: [] }, []],
    ['AskUserQuestion', { questions: [] }, []],
    ['Task', { prompt: 'x' }, ['agent-task']],
    ['Agent', { prompt: 'x' }, ['agent-task']],
    ['Monitor', { command: 'cat src/index.ts | sh' }, ['read ada/project/src/index.ts', 'run-inline-code']],
    ['Monitor', { ws: { url: 'wss://example.com/x' } }, ['network example.com']],
    ['TaskStop', { task_id: 'x' }, []],
    ['KillShell', { shell_id: 'x' }, []],
    ['CronCreate', { cron: '* * * * *', prompt: 'x' }, ['persist']],
    ['ScheduleWakeup', { stop: true }, []],
    ['RemoteTrigger', { action: 'list' }, ['read-remote', 'network ?']],
    ['RemoteTrigger', { action: 'run' }, ['change-remote', 'persist', 'network ?']],
    ['ExitWorktree', { action: 'keep' }, []],
    ['EnterWorktree', { path: '../x' }, ['change-history', 'run-project-code', 'read ada/x']],
    ['Artifact', { file_path: '.env' }, ['publish', 'read ada/project/.env', 'network ?']],
    [
      'Artifact',
      { file_paths: ['a', '~/b'], action: 'upload_asset' },
      ['publish', 'read ada/project/a', 'read ada/b', 'network ?'],
    ],
    ['Artifact', { action: 'read_asset', out_dir: '..' }, ['publish', 'write ada', 'network ?']],
    [
      'Projects',
      { method: 'project_write', local_path: '~/.ssh/id_rsa' },
      ['change-remote', 'read ada/.ssh/id_rsa', 'network ?'],
    ],
    ['Projects', { method: 'project_read', path: '/x' }, ['read-remote', 'network ?']],
    ['ReadMcpResourceTool', { server: 's', uri: 'file:///etc/passwd' }, ['mcp-call']],
    ['mcp__evil__Read', { file_path: '/etc/passwd' }, ['mcp-call']],
    ['mcp__playwright__browser_snapshot', {}, ['browser-read']],
    ['mcp__playwright__browser_click', { ref: 'e1' }, ['browser-change']],
    [
      'mcp__playwright__browser_navigate',
      { url: 'http://localhost:3000' },
      ['browser-change', 'network localhost'],
    ],
    [
      'mcp__playwright__browser_file_upload',
      { paths: ['.env'] },
      ['browser-change', 'read ada/project/.env'],
    ],
    ['mcp__playwright__browser_take_screenshot', { fullPage: true }, ['browser-read']],
    [
      'mcp__playwright__browser_take_screenshot',
      { filename: 'shots/a.png' },
      ['browser-read', 'write ada/project/shots/a.png'],
    ],
    ['mcp__playwright__browser_tabs', { action: 'list' }, ['browser-read']],
    ['mcp__playwright__browser_tabs', { action: 'new', url: 'a.dev' }, ['browser-change', 'network a.dev']],
    ['mcp__playwright__browser_navigate', { url: 'about:blank' }, ['browser-change']],
    [
      'mcp__playwright__browser_run_code_unsafe',
      { code: 'async (page) => {}' },
      ['browser-change', 'run-inline-code'],
    ],
    ['mcp__other__browser_snapshot', {}, ['mcp-call']],
  ])('%s %j does', (tool, input, expected) => {
    expect(effects(tool, input)).toEqual(expected);
  });

  it.each([
    ['mcp__playwright__browser_navigate', { url: 'FILE:///etc/passwd' }],
    ['mcp__playwright__browser_tabs', { action: 'new', url: ' view-source:\tfi\nle:///etc/pass%77d' }],
    ['mcp__playwright__browser_navigate', { url: 'fil\te:///etc/passwd' }],
  ])('takes %s %j for a look into that file', (tool, input) => {
    const paths = read(tool, input).effects.flatMap((effect) => ('path' in effect ? [effect.path.real] : []));
    expect(paths).toEqual(['/etc/passwd']);
  });

  it.each<[string, unknown, RegExp]>([
    ['FrobnicateNow', {}, /the tool FrobnicateNow/],
    ['Monitor', { command: '$X' }, /can't be known/],
    ['Monitor', { command: 'ls', shell: 'zsh' }, /Monitor does with shell/],
    ['Monitor', { command: 7 }, /Monitor does with command/],
    ['Monitor', { ws: { url: 'file:///etc/passwd' } }, /no web address/],
    ['Monitor', { ws: 'ws://a' }, /Monitor does with ws/],
    ['Agent', { prompt: 'x', isolation: 'worktree' }, /isolation/],
    ['Agent', { prompt: 'x', mode: 'bypassPermissions' }, /mode "bypassPermissions"/],
    ['Agent', { prompt: 'x', cwd: '/' }, /Agent does with cwd/],
    ['Task', { prompt: 'x', isolation: 'remote' }, /Task does with isolation/],
    ['ExitPlanMode', { allowedPrompts: [{ tool: 'Bash', prompt: 'x' }] }, /allowedPrompts/],
    ['PowerShell', { command: 'ls' }, /nobody here can read/],
    ['CronCreate', { cron: '* * * * *', prompt: 'x' }, /starts work later/],
    ['CronCreate', { cron: '* * * * *', prompt: 'x', durable: true }, /durable true/],
    ['ScheduleWakeup', { delaySeconds: 60, prompt: 'x' }, /starts work later/],
    ['RemoteTrigger', { action: 'run' }, /no leash/],
    ['RemoteTrigger', {}, /no leash/],
    ['SendMessage', { to: 'other', message: 'rm it' }, /no leash/],
    ['Workflow', { script: '' }, /number of helpers/],
    ['EnterWorktree', {}, /another copy/],
    ['ExitWorktree', { action: 'remove' }, /removes a copy/],
    ['ExitWorktree', { action: 'keep', discard_changes: true }, /discard_changes/],
    ['Artifact', { file_path: ' a.html' }, /Artifact does with file_path/],
    ['toString', {}, /the tool toString/],
    ['Skill', { skill: 'x', run: 'ls' }, /Skill does with run/],
    ['Bash', { command: 'ls', shell: 'zsh' }, /Bash does with shell/],
    ['Read', { file_path: 'a', follow: true }, /Read does with follow/],
    ['Agent', { prompt: 'x', isolation: 'remote' }, /isolation/],
    ['WebFetch', { url: 'file:///etc/passwd', prompt: 'p' }, /no web address/],
    ['WebFetch', { url: '::', prompt: 'p' }, /no web address/],
    ['SandboxNetworkAccess', { host: 'a b' }, /no web address/],
    ['Glob', { pattern: '*/../../x' }, /out of its folder/],
    ['Glob', { pattern: '{a,/etc}/*' }, /out of its folder/],
    ['Bash', { command: 'ls', dangerouslyDisableSandbox: true }, /without the agent's own sandbox/],
    ['mcp__playwright__browser_navigate', { url: 'file:///etc/passwd' }, /no web address/],
    ['mcp__playwright__browser_navigate', { url: 'view-source:file:///etc/passwd' }, /no web address/],
    ['mcp__playwright__browser_navigate', { url: 5 }, /browser_navigate does with url/],
    ['mcp__playwright__browser_take_screenshot', { filename: '~/x.png' }, /~\/x\.png leads/],
    ['mcp__playwright__browser_take_screenshot', { filename: ['a'], raw: 1 }, /does with raw/],
    ['mcp__playwright__browser_run_code_unsafe', { code: 'x' }, /outside of the page.*does with code/],
    ['mcp__playwright__browser_run_code_unsafe', { filename: 'x.js' }, /does with filename/],
  ])('%s %j is in doubt', (tool, input, why) => {
    expect(
      read(tool, input)
        .unknowns.map((unknown) => unknown.why)
        .join(),
    ).toMatch(why);
  });

  it.each<[string, unknown, RegExp]>([
    ['Read', {}, /file_path/],
    ['Read', null, /the input/],
    ['Read', [], /the input/],
    ['Read', { file_path: 7 }, /file_path/],
    ['Read', { file_path: '' }, /file_path/],
    ['Read', { file_path: ' /etc/passwd' }, /white space/],
    ['Read', { file_path: '/etc/passwd\u00A0' }, /white space/],
    ['Read', { file_path: 'file:///etc/passwd' }, /not an address/],
    ['Read', { file_path: 'a\0b' }, /NUL/],
    ['Read', { file_path: 'way-out/../x' }, /depending on who reads it/],
    ['Write', { file_path: 'a' }, /content/],
    ['Edit', { file_path: 'a', old_string: 'x' }, /new_string/],
    ['MultiEdit', { file_path: 'a', edits: [] }, /edits/],
    ['Bash', { command: ['ls'] }, /command/],
    ['mcp__playwright__browser_navigate', { url: 'view-source:file://far/x' }, /can't be placed/],
    ['Glob', { pattern: ' /etc/*' }, /white space/],
  ])('refuses %s %j', (tool, input, why) => {
    expect(() => read(tool, input)).toThrow(why);
  });

  it.each([
    ['Skill', { skill: 'x', args: 'y' }],
    ['AskUserQuestion', { questions: [] }],
    ['TaskStop', { task_id: 'x' }],
    ['Agent', { prompt: 'x', run_in_background: true, subagent_type: 'fork' }],
    ['Monitor', { description: 'd', timeout_ms: 1, command: 'ls' }],
    ['ScheduleWakeup', { stop: true }],
    ['ExitWorktree', { action: 'keep', discard_changes: false }],
    ['Grep', { pattern: 'x', '-n': true, output_mode: 'content' }],
    ['Bash', { command: 'ls', timeout: 5, description: 'd', run_in_background: true }],
  ])('%s %j leaves no doubt', (tool, input) => {
    expect(read(tool, input).unknowns).toEqual([]);
  });

  it('parts server and tool where Claude Code does', () => {
    expect(read('mcp__a__b__c', {}).mcp).toEqual({ server: 'a', tool: 'b__c' });
    expect(read('mcp__a', {}).mcp).toBeUndefined();
  });

  it('gives the same digest for the same call, whatever the order of its fields, and another for any other', () => {
    const digests = [
      read('Write', { file_path: 'a', content: 'b' }),
      read('Write', { content: 'b', file_path: 'a' }),
      read('Write', { file_path: 'a', content: 'c' }),
      project.footprint(project.call('Write', { file_path: 'a', content: 'b' }, project.path('src'))),
      read('Edit', { file_path: 'a', content: 'b', old_string: '', new_string: '' }),
    ].map(({ digest }) => digest);
    expect(digests[0]).toBe(digests[1]);
    expect(new Set(digests).size).toBe(4);
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});
