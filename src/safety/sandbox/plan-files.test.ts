import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtInPolicy, SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { diskView, rememberingView } from '../file-view.ts';
import { createJudge, type Judge } from '../gate/judge.ts';
import type { ModeRules } from '../types.ts';
import { PlanFiles } from './plan-files.ts';
import { createSandbox } from './sandbox.ts';

const planning: ModeRules = { name: 'plan', mayChange: false, writesPlan: true, grants: [] };
const changing: ModeRules = { name: 'auto', mayChange: true, grants: ['edit-files'] };

let project: SafetyProject;
let folder: string;
let judge: Judge;
beforeEach(() => {
  project = new SafetyProject();
  folder = join(project.home, '.claude/plans');
  judge = freshJudge();
});
afterEach(() => project.remove());

/** As after a restart of leashd. */
function freshJudge(policy = builtInPolicy('default', 'dev-tools')): Judge {
  const plans = new PlanFiles({ folder, home: project.home });
  const sandbox = createSandbox({ ...project.sandbox, plans }, diskView);
  return createJudge({ policy, sandbox, toolFilter: { allowed: [], disallowed: [] }, plans });
}

function decide(tool: string, input: unknown, mode = planning, session = 's1'): string {
  const footprint = project.footprint(project.call(tool, input));
  const context = { ...project.context(mode), session };
  const { action, layer, rule } = judge(footprint, context, rememberingView(diskView));
  return `${action} ${layer} ${rule}`;
}

const write = (path: string): unknown => ({ file_path: path, content: '# Plan' });
const edit = (path: string): unknown => ({ file_path: path, old_string: 'a', new_string: 'b' });

describe('the plan of a session in plan mode', () => {
  it('may be written, changed and read, also before its folder is there', () => {
    const path = join(folder, 'calm-river.md');
    expect(decide('Read', { file_path: path })).toBe('ask sandbox earlier-plan');
    expect(decide('Write', write(path))).toBe('allow mode plan-file');
    project.write('../.claude/plans/calm-river.md', '# Plan');
    expect(decide('Edit', edit(path))).toBe('allow mode plan-file');
    expect(decide('Read', { file_path: path })).toMatch(/^allow/);
    // Once it is accepted, it is still to be looked up, and nothing more.
    expect(decide('Read', { file_path: path }, changing)).toMatch(/^allow/);
    expect(decide('Write', write(path), changing)).toBe('deny sandbox outside-directories');
  });

  it('is asked about when it was there before: another session’s, or from before a restart', () => {
    const path = join(folder, 'calm-river.md');
    decide('Write', write(path));
    project.write('../.claude/plans/calm-river.md', '# Plan');
    expect(decide('Write', write(path), planning, 's2')).toBe('ask sandbox earlier-plan');
    expect(decide('Read', { file_path: path }, planning, 's2')).toBe('ask sandbox earlier-plan');
    expect(decide('Read', { file_path: path }, changing, 's2')).toBe('deny sandbox outside-directories');
    judge = freshJudge();
    expect(decide('Edit', edit(path))).toBe('ask sandbox earlier-plan');
  });

  it.each<[string, (at: string) => [string, unknown]]>([
    ['a file of another kind', (at) => ['Write', write(`${at}/calm.sh`)]],
    ['a hidden file', (at) => ['Write', write(`${at}/.md`)]],
    ['a folder below', (at) => ['Write', write(`${at}/deeper/calm.md`)]],
    ['a way out', (at) => ['Write', write(`${at}/../calm.md`)]],
    ['the settings beside it', (at) => ['Write', write(`${at}/../settings.json`)]],
    ['a link to something else', (at) => ['Write', write(`${at}/link.md`)]],
    ['a link from elsewhere', () => ['Write', write('plan.md')]],
    ['a notebook', (at) => ['NotebookEdit', { notebook_path: `${at}/calm.md`, new_source: 'x' }]],
    ['a command', (at) => ['Bash', { command: `echo x > ${at}/calm.md` }]],
    ['a search', (at) => ['Grep', { pattern: 'x', path: at }]],
  ])('does not let %s pass', (_name, make) => {
    mkdirSync(join(folder, 'deeper'), { recursive: true });
    symlinkSync(project.path('src/index.ts'), join(folder, 'link.md'));
    symlinkSync(join(folder, 'calm.md'), project.path('plan.md'));
    expect(decide(...make(folder))).toMatch(/^deny (?:sandbox|mode)/);
    expect(readFileSync(project.path('src/index.ts'), 'utf8')).toContain('42');
  });

  it('is not written where a policy denies it, or in a mode that writes none', () => {
    const path = join(folder, 'calm-river.md');
    const silent: ModeRules = { ...planning, writesPlan: false };
    expect(decide('Write', write(path), silent)).toBe('deny sandbox outside-directories');
    expect(decide('Write', write(path), changing)).toBe('deny sandbox outside-directories');
  });

  it('is found behind a folder that is a link', () => {
    mkdirSync(join(project.home, 'dotfiles/plans'), { recursive: true });
    symlinkSync(join(project.home, 'dotfiles'), join(project.home, '.claude'));
    expect(decide('Write', write(join(folder, 'calm-river.md')))).toBe('allow mode plan-file');
  });
});
