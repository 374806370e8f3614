import { relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SafetyProject } from '../../test/fixtures/safety-project.ts';
import type { Footprint } from './types.ts';

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
    ['WebSearch', { query: 'x' }, ['network ?']],
    ['TodoWrite', { todos: [] }, []],
    ['AskUserQuestion', { questions: [] }, []],
    ['Task', { prompt: 'x' }, ['agent-task']],
    ['Agent', { prompt: 'x' }, ['agent-task']],
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
    ['mcp__other__browser_snapshot', {}, ['mcp-call']],
  ])('%s %j does', (tool, input, expected) => {
    expect(effects(tool, input)).toEqual(expected);
  });

  it.each<[string, unknown, RegExp]>([
    ['FrobnicateNow', {}, /the tool FrobnicateNow/],
    ['Monitor', { command: 'ls' }, /the tool Monitor/],
    ['Agent', { prompt: 'x', isolation: 'remote' }, /isolation/],
    ['WebFetch', { url: 'file:///etc/passwd', prompt: 'p' }, /no web address/],
    ['WebFetch', { url: '::', prompt: 'p' }, /no web address/],
    ['Glob', { pattern: '*/../../x' }, /out of its folder/],
    ['Glob', { pattern: '{a,/etc}/*' }, /out of its folder/],
    ['Bash', { command: 'ls', dangerouslyDisableSandbox: true }, /without the agent's own sandbox/],
    ['mcp__playwright__browser_navigate', { url: 'file:///etc/passwd' }, /no web address/],
    ['mcp__playwright__browser_take_screenshot', { filename: '../../x.png' }, /saved as/],
    ['mcp__playwright__browser_navigate', { url: 5 }, /not what the browser takes/],
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
    ['Glob', { pattern: ' /etc/*' }, /white space/],
  ])('refuses %s %j', (tool, input, why) => {
    expect(() => read(tool, input)).toThrow(why);
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
