import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SafetyProject } from '../../test/fixtures/safety-project.ts';
import { describeCall } from './describe.ts';
import { secondTap } from './second-tap.ts';
import type { Decision, ToolCall } from './types.ts';

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
});
afterAll(() => project.remove());

const said = (call: ToolCall): string => describeCall(call, project.footprint(call), project.directory);

describe('one line on what a call does', () => {
  it.each([
    ['ls -la', 'Runs ls -la · reads .'],
    ['git status', 'Runs git status'],
    ['rm a.txt', 'Deletes a.txt'],
    ['rm -r build', 'Deletes all of build'],
    ['rm build/a build/b build/c', 'Deletes 3 files in build/'],
    ['rm build/a build/b src/c', 'Deletes 3 files in build/, src/'],
    ['rm a b c; git push', 'Deletes 3 files in ./ · runs 2 commands: rm, git · goes online · pushes'],
    ['npm publish', 'Publishes · runs npm publish'],
    [
      'npm publish && curl https://example.com',
      'Publishes · runs 2 commands: npm, curl · contacts example.com',
    ],
    ['mkdir build', 'Runs mkdir build · writes build'],
    ['sudo -n true', "Takes another user's rights · runs 2 commands: sudo, true"],
    ['', 'Runs no command that is known'],
  ])('%s', (command, line) => {
    expect(said(project.bash(command))).toBe(line);
  });

  it.each<[string, unknown, string]>([
    ['Edit', { file_path: 'src/index.ts', old_string: '4', new_string: '5' }, 'Edits src/index.ts'],
    ['WebFetch', { url: 'https://example.com/x', prompt: '' }, 'WebFetch · contacts example.com'],
    ['mcp__github__create_issue', {}, 'Uses create_issue of the MCP server github'],
    ['Frobnicate', {}, 'Frobnicate'],
  ])('%s %j', (tool, input, line) => {
    expect(said(project.call(tool, input))).toBe(line);
  });

  it('says the worst however much else there is, in 120 characters', () => {
    const many = Array.from({ length: 40 }, (_, index) => `curl https://host${index}.example.com`).join('; ');
    const line = said(project.bash(`${many}; rm -r src; npm publish; git push; touch x`));
    expect(line).toMatch(/^Deletes all of src · publishes · /);
    expect(line).toMatch(/ · and \d+ more$/);
    expect(line.length).toBeLessThanOrEqual(120);
    expect(said(project.call('Write', { file_path: `${'x/'.repeat(90)}end.ts`, content: '' }))).toMatch(
      /^Writes ….+end\.ts$/,
    );
  });
});

describe('the words of the second tap', () => {
  const critical: Decision = { action: 'ask', layer: 'policy', rule: 'x', reason: 'x', risk: 'critical' };
  it.each([
    ['git push --force origin main', 'Yes, force-push main'],
    ['git push origin +main', 'Yes, force-push main'],
    ['git push -f', 'Yes, force-push'],
    [`git push -f origin ${'x'.repeat(40)}`, 'Yes, force-push'],
    ['rm -r build', 'Yes, delete all of build'],
    [`rm -r ${'x'.repeat(40)}`, 'Yes, delete all of it'],
    ['rm a', 'Yes, delete it'],
    ['npm publish', 'Yes, publish it'],
    ['sudo ls', 'Yes, as another user'],
    ['ls', 'Yes, do it'],
    ['rm -r ünïcode', 'Yes, delete all of it'],
  ])('%s', (command, words) => {
    const footprint = project.footprint(project.bash(command));
    expect(secondTap(footprint, critical, project.directory, 'critical')).toBe(words);
    expect(words.length).toBeLessThanOrEqual(30);
    expect(
      secondTap(footprint, { ...critical, risk: 'high' }, project.directory, 'critical'),
    ).toBeUndefined();
  });
});
