import { describe, expect, it } from 'vitest';
import { toolSummary } from './tool-summary.ts';

describe('toolSummary', () => {
  it.each<[string, unknown, string]>([
    ['Bash', { command: '\n  npm test\nrm -rf x', description: 'd' }, 'npm test'],
    ['Read', { file_path: '/project/src/a.ts' }, 'src/a.ts'],
    ['Write', { file_path: '/project', content: 'x' }, '.'],
    ['Edit', { file_path: '/workshop/a.ts' }, '/workshop/a.ts'],
    ['Read', { file_path: '/etc/passwd' }, '/etc/passwd'],
    ['Read', { file_path: 'src/a.ts' }, 'src/a.ts'],
    ['NotebookEdit', { notebook_path: '/project/n.ipynb', new_source: '' }, 'n.ipynb'],
    ['Grep', { pattern: 'TODO', path: '/project/src' }, 'TODO in src'],
    ['Glob', { pattern: '**/*.ts' }, '**/*.ts'],
    ['WebFetch', { url: 'https://example.org', prompt: 'p' }, 'https://example.org'],
    ['Agent', { description: 'find it', prompt: 'long' }, 'find it'],
    ['mcp__browser__click', { element: 'the button', ref: 'e1' }, 'the button'],
    ['TodoWrite', { todos: [] }, ''],
    ['Bash', {}, ''],
    ['Bash', 'text', ''],
    ['Bash', null, ''],
  ])('%s %j', (tool, input, summary) => {
    expect(toolSummary(tool, input, '/project')).toBe(summary);
  });

  it('is never longer than 120 characters and ends in a whole one', () => {
    const summary = toolSummary('Bash', { command: `${'x'.repeat(118)}😀${'y'.repeat(50)}` }, '/');
    expect(summary).toBe(`${'x'.repeat(118)}…`);
    expect(toolSummary('Bash', { command: 'x'.repeat(120) }, '/')).toHaveLength(120);
  });

  it('shows nothing that could hide the rest of the line', () => {
    const summary = toolSummary('Bash', { command: 'a\u202Eb\u001B[2Kc\u2028d' }, '/');
    expect(summary).toBe('a b [2Kc d');
  });
});
