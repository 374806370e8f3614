import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { describeCall } from './describe.ts';
import { secondTap } from './second-tap.ts';
import type { Decision, ToolCall } from '../types.ts';

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
});
afterAll(() => project.remove());

const said = (call: ToolCall): string =>
  describeCall(call, project.footprint(call), project.directory, (path) => !existsSync(path));

describe('one line on what a call does', () => {
  it.each([
    ['ls -la', 'Runs ls -la · reads this project'],
    ['git status', 'Runs git status'],
    ['rm a.txt', 'Deletes a.txt'],
    ['rm -r build', 'Deletes all of build'],
    ['rm build/a build/b build/c', 'Deletes 3 files in build/'],
    ['rm build/a build/b src/c', 'Deletes 3 files in build/, src/'],
    [
      'rm a b c; git push',
      'Deletes 3 files in this project · runs 2 commands: rm, git push · goes online · pushes',
    ],
    ['npm publish', 'Publishes · runs npm publish'],
    [
      'npm publish && curl https://example.com',
      'Publishes · runs 2 commands: npm publish, curl · contacts example.com',
    ],
    ['mv a.txt b.txt', 'Moves a.txt · runs mv a.txt b.txt · writes b.txt'],
    ['touch a a/b', 'Runs touch a a/b · writes a, a/b'],
    ['cp a.txt b.txt', 'Runs cp a.txt b.txt · writes b.txt · reads a.txt'],
    ['git clean -fd', 'Rewrites or throws away work in git · runs git clean -fd'],
    [
      'git add . && git push --tags',
      'Runs 2 commands: git add, git push · goes online · changes the git history · pushes · reads this project',
    ],
    ['rm -r .', 'Deletes all of this project'],
    ['mkdir build', 'Runs mkdir build · writes build'],
    ['sudo -n true', "Takes another user's rights · runs 2 commands: sudo, true"],
    ['', 'Runs no command that is known'],
  ])('%s', (command, line) => {
    expect(said(project.bash(command))).toBe(line);
  });

  it.each<[string, unknown, string]>([
    ['Edit', { file_path: 'src/index.ts', old_string: '4', new_string: '5' }, 'Edits src/index.ts'],
    ['WebFetch', { url: 'https://example.com/x', prompt: '' }, 'Fetches a web page · contacts example.com'],
    ['mcp__github__create_issue', {}, 'Uses create_issue of the MCP server github'],
    [
      'mcp__playwright__browser_navigate',
      { url: 'http://localhost:3000/cart' },
      'Opens http://localhost:3000/cart in the browser · contacts localhost',
    ],
    [
      'mcp__playwright__browser_click',
      { element: 'Add\n✅ Approved\u202E', target: 'e3' },
      'Clicks “Add ✅ Approved” in the browser',
    ],
    ['mcp__playwright__browser_click', { target: 'e3' }, 'Clicks something in the browser'],
    [
      'mcp__playwright__browser_type',
      { element: 'Password', target: 'e1', text: 'hunter2' },
      'Types into “Password” in the browser',
    ],
    ['mcp__playwright__browser_emulate_media', {}, 'Uses browser_emulate_media in the browser'],
    ['mcp__playwright__browser_take_screenshot', { filename: 'a.png' }, 'Takes a screenshot · writes a.png'],
    ['mcp__other__browser_click', {}, 'Uses browser_click of the MCP server other'],
    ['Frobnicate', {}, 'Uses the tool Frobnicate'],
    ['Agent', { prompt: 'x', description: 'y' }, 'Starts a subagent'],
    ['Write', { file_path: 'src/index.ts', content: '' }, 'Overwrites src/index.ts'],
    ['Write', { file_path: 'src/new.ts', content: '' }, 'Creates src/new.ts'],
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
      /^Creates ….+end\.ts$/,
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
    ['git -C sub push -f', 'Yes, force-push'],
    ['git push -f origin main dev', 'Yes, force-push 2 branches'],
    ['git push origin --delete main', 'Yes, delete main'],
    ['git push origin :main', 'Yes, delete main'],
    [`git push -d origin ${'x'.repeat(40)}`, 'Yes, delete it there'],
    ['git reset --hard', 'Yes, rewrite or drop work'],
    ['git push origin dev; git push -f origin main', 'Yes, force-push main'],
    ['git push -f origin dev; git push -f origin main', 'Yes, force-push'],
    ['git push -f -o origin main', 'Yes, force-push'],
    ['rm -r build && git push -f origin main', 'Yes, force-push main'],
    ['rm -r build src', 'Yes, delete all of it'],
    ['rm -r .', 'Yes, delete all of the project'],
    ['rm -r build', 'Yes, delete all of build'],
    [`rm -r ${'x'.repeat(40)}`, 'Yes, delete all of it'],
    ['rm a', 'Yes, delete it'],
    ['npm publish', 'Yes, publish it'],
    ['sudo ls', 'Yes, run as another user'],
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
