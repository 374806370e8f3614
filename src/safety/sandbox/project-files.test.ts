import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModeGate } from '../../../test/fixtures/mode-gate.ts';
import { builtInPolicy, SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { ModeRules } from '../types.ts';

const SESSION = '.leashd/test-session.md';

let project: SafetyProject;
let mode: Partial<ModeRules>;
beforeEach(() => {
  project = new SafetyProject();
  mode = {
    writes: [project.path(SESSION)],
    rules: [
      {
        words: `edits of ${SESSION}`,
        rules: [
          {
            name: 'session',
            action: 'allow',
            tools: ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'],
            effects: ['write'],
            paths: ['./.leashd/**'],
          },
        ],
      },
    ],
  };
});
afterEach(() => project.remove());

// leashd was started in the project: its own files lie in the folder that these are in.
async function said(tool: string, input: unknown, changes: Partial<ModeRules> = {}): Promise<string> {
  const { layer, rule, action } = await new ModeGate(project).decide(project.call(tool, input), {
    ...mode,
    ...changes,
  });
  return action === 'allow' && layer === 'policy' ? 'allow' : `${action} ${layer} ${rule}`;
}
const write = (path: string): unknown => ({ file_path: path, content: 'x' });
const edit = (path: string): unknown => ({ file_path: path, old_string: 'a', new_string: 'b' });
const read = (path: string): unknown => ({ file_path: path });
const OWN = 'deny sandbox own-files';

describe('the session file of a test run', () => {
  it('may be written, changed and read by the file tools, also before it is there', async () => {
    const granted = `allow mode mode:test edits of ${SESSION}`;
    expect(await said('Write', write(SESSION))).toBe(granted);
    expect(await said('Write', write(project.path(SESSION)))).toBe(granted);
    project.write(SESSION, 'a');
    expect(await said('Edit', edit(`./${SESSION}`))).toBe(granted);
    expect(await said('Read', read(SESSION))).toBe('allow');
  });

  it('is opened by the mode, and still asked about where no rule covers it', async () => {
    project.write(SESSION, 'a');
    for (const [tool, input] of [
      ['Write', write(SESSION)],
      ['Read', read(SESSION)],
    ] as const)
      expect(await said(tool, input, { writes: [] })).toBe(OWN);
    expect(await said('Write', write(SESSION), { rules: [] })).toMatch(/^ask policy/);
    expect(await said('Write', write(SESSION), { mayChange: false, name: 'plan' })).toBe(OWN);
  });

  it.each<[string, () => [string, unknown]]>([
    ['another file there', () => ['Write', write('.leashd/audit.jsonl')]],
    ['the settings there', () => ['Write', write('.leashd/test.yaml')]],
    ['a name with more to it', () => ['Write', write(`${SESSION}.new`)]],
    ['the folder', () => ['Write', write('.leashd')]],
    ['a way round', () => ['Write', write('.leashd/x/../audit.jsonl')]],
    ['other capitals', () => ['Write', write('.leashd/Test-Session.md')]],
    ['MultiEdit', () => ['MultiEdit', { file_path: SESSION, edits: [{ old_string: 'a', new_string: 'b' }] }]],
    ['NotebookEdit', () => ['NotebookEdit', { notebook_path: SESSION, new_source: 'x' }]],
    ['a command', () => ['Bash', { command: `echo x > ${SESSION}` }]],
    ['a command that moves', () => ['Bash', { command: `mv README.md ${SESSION}` }]],
    ['a command that deletes', () => ['Bash', { command: `rm ${SESSION}` }]],
    ['a command that reads', () => ['Bash', { command: `cat ${SESSION}` }]],
  ])('does not let %s pass', async (_name, make) => {
    expect(await said(...make())).toMatch(/^deny sandbox/);
  });

  it('is no link, nor reached by one', async () => {
    symlinkSync(project.path('src/index.ts'), project.path(SESSION));
    expect(await said('Write', write(SESSION))).toMatch(/^ask policy/);
    rmSync(project.path(SESSION));
    symlinkSync(project.path('.leashd/audit.jsonl'), project.path(SESSION));
    expect(await said('Write', write(SESSION))).toBe(OWN);
    expect(await said('Read', read(SESSION))).toBe(OWN);
    rmSync(project.path(SESSION));
    symlinkSync(join(project.home, 'gone.md'), project.path(SESSION));
    expect(await said('Write', write(SESSION))).toMatch(/^deny sandbox/);
    rmSync(project.path(SESSION));
    symlinkSync('.leashd', project.path('link'));
    expect(await said('Write', write('link/test-session.md'))).toBe(OWN);
    symlinkSync(project.path(SESSION), project.path('notes.md'));
    expect(await said('Write', write('notes.md'))).toBe(OWN);
    mkdirSync(project.path(SESSION));
    expect(await said('Write', write(SESSION))).toBe(OWN);
  });

  it('is not opened in a folder that is a link', async () => {
    renameSync(project.path('.leashd'), project.path('elsewhere'));
    symlinkSync('elsewhere', project.path('.leashd'));
    expect(await said('Write', write(SESSION))).not.toMatch(/^allow/);
  });

  it('is none outside the session’s own directory, whatever a mode says', async () => {
    project.write('web/.leashd/x', '');
    const file = project.path(`web/${SESSION}`);
    expect(await said('Write', write(file), { writes: [file] })).toMatch(/^ask/);
    const other = project.path('.leashd/audit.jsonl');
    expect(await said('Write', write(other), { writes: [other] })).toBe(OWN);
  });

  it('stays shut where that very file is one of leashd’s own', async () => {
    const untouchable = [project.path('.leashd'), project.path(SESSION)];
    Object.assign(project.sandbox, { ownPaths: { untouchable, unwritable: [] } });
    expect(await said('Write', write(SESSION))).toBe(OWN);
  });

  it('is not written where a policy denies it', async () => {
    const policy = builtInPolicy('default');
    const [first] = policy.rules.filter(({ action }) => action === 'deny');
    if (first === undefined) throw new Error('the policy denies nothing');
    const rule = { ...first, acts: undefined, effects: new Set(['write'] as const), commands: undefined };
    const none = { tools: undefined, commandPatterns: undefined, paths: undefined, pathPatterns: undefined };
    const strict = {
      ...policy,
      rules: [{ ...rule, ...none, hosts: undefined, mcp: undefined, flows: undefined }],
    };
    const call = project.call('Write', write(SESSION));
    expect(await new ModeGate(project, strict).decide(call, mode)).toMatchObject({
      action: 'deny',
      layer: 'policy',
    });
  });
});

describe('the test settings of a project', () => {
  const FILE = '.leashd/test.yaml';

  it('may be read in any mode, and written in none', async () => {
    project.write(FILE, 'url: x\n');
    expect(await said('Read', read(FILE), { writes: [], rules: [] })).toBe('allow');
    expect(await said('Read', read(project.path(FILE)), { name: 'plan', mayChange: false })).toBe('allow');
    for (const [tool, input] of [
      ['Write', write(FILE)],
      ['Edit', edit(FILE)],
      ['Bash', { command: `echo x > ${FILE}` }],
      ['Bash', { command: `rm ${FILE}` }],
    ] as const)
      expect(await said(tool, input, { writes: [project.path(FILE)], grants: ['edit-files'] })).toMatch(
        /^deny sandbox/,
      );
  });

  it('are no link', async () => {
    symlinkSync(project.path('.leashd/audit.jsonl'), project.path(FILE));
    expect(await said('Read', read(FILE))).toBe(OWN);
  });

  it('are all that may be read there', async () => {
    expect(await said('Read', read('.leashd/audit.jsonl'))).toBe(OWN);
    expect(await said('Grep', { pattern: 'x', path: '.leashd' })).toMatch(/^deny sandbox/);
  });
});
