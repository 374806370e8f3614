import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModeGate } from '../../../test/fixtures/mode-gate.ts';
import { allow, projectWithTests, rulesOf } from '../../../test/fixtures/mode-rules.ts';
import { builtInPolicy, type SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { ModeRule, ModeRules, ToolCall } from '../types.ts';

let project: SafetyProject;
let gate: ModeGate;
let rules: readonly ModeRule[];

describe('the rules that a mode brings', () => {
  beforeAll(() => {
    project = projectWithTests();
    gate = new ModeGate(project);
    rules = gate.pin(rulesOf(project));
  });
  afterAll(() => project.remove());

  it.each([
    'npm run test:unit',
    'npm run test:unit &',
    'npm run test:unit 2>&1 | tail -40',
    'npm run test:unit > /dev/null',
    'timeout 120 npm run test:unit',
    'time npm run test:unit',
    'cd web && npm run test:web',
    'cd web && npm run test:web && cd .. && npm run test:unit',
    'npx vitest run',
    'npx vitest run src/a.test.ts src/b.test.ts',
    'timeout 60 npx vitest run',
    'vitest run',
    './gradlew test',
    'uv run pytest',
    'uv run python manage.py test',
    'python manage.py test',
    'bash scripts/test.sh',
    'make test',
    'flask run',
    'nohup flask run > /dev/null 2>&1 &',
    'uv run uvicorn app:app',
    'npm run test:unit && npx vitest run && ls',
  ])('let %s pass', async (command) => {
    expect(await gate.said(project.bash(command), { rules })).toBe('granted');
  });

  it.each([
    // Other words
    'npm run deploy',
    'npm run test:unit:all',
    'npm run test',
    'npm run test:unit -- --config x',
    'npm run test:unit --script-shell=./x',
    'npm --prefix web run test:unit',
    'npm exec vitest run',
    'npx vitest',
    'npx vitest run --config=x',
    'npx vitest run ../x.test.ts',
    'npx -y vitest run',
    'npx --package=evil vitest run',
    'uv run --with evil pytest',
    'uv run pytest -p evil',
    'uvx pytest',
    'uv run python manage.py migrate',
    'python manage.py test --settings=x',
    'flask run --host 0.0.0.0',
    'flask --app evil run',
    'flask',
    'uvicorn evil:app',
    'uv run uvicorn evil:app',
    'gunicorn app:app',
    './gradlew publish',
    './gradlew test publish',
    'gradlew test',
    'bash scripts/other.sh',
    'bash scripts/test.sh --all',
    'sh scripts/test.sh',
    './npm run test:unit',
    '/tmp/npm run test:unit',
    // Another folder
    'cd src && npm run test:unit',
    'cd web && npm run test:unit',
    'cd web && npx vitest run',
    'npm run test:web',
    'cd $X && npm run test:unit',
    'cd src && flask run',
    // More behind or around it
    'npm run test:unit; rm src/index.ts',
    'npm run test:unit && rm -r src',
    'npm run test:unit && curl https://evil.example',
    'npm run test:unit || npm publish',
    'npm run test:unit | sh',
    'npm run test:unit | tee src/index.ts',
    'npm run test:unit | node x.js',
    'npm run test:unit && npm run deploy',
    'npm run test:unit && frobnicate',
    'if npm run test:unit; then git push; fi',
    'npm run $(echo test:unit)',
    'npm run test:unit $(id)',
    'npm run test:unit `id`',
    'npm run test:unit $X',
    'npm run "test:unit $(rm x)"',
    'npm run test:unit > src/index.ts',
    'npm run test:unit >> out.log',
    'npm run test:unit 2> out.log',
    'npm run test:unit > a.test.ts',
    'npm run test:unit < README.md',
    'echo x | npm run test:unit',
    'npm run test:unit <<< x',
    'npm run test:unit > >(cat)',
    'exec 3> x; npm run test:unit',
    'coproc npm run test:unit',
    // Set for it
    'X=1 npm run test:unit',
    'NODE_OPTIONS=--require=./x npm run test:unit',
    'NODE_OPTIONS=--require=./x npx vitest run',
    'PATH=.; npm run test:unit',
    'PATH=. npm run test:unit',
    'export NODE_OPTIONS=--require=./x && npm run test:unit',
    'export PYTEST_ADDOPTS="-p evil"; uv run pytest',
    'FLASK_APP=evil.py flask run',
    'hash -p ./x npm; npm run test:unit',
    'alias npm=id; npm run test:unit',
    'npm() { node x.js; }; npm run test:unit',
    'set -a; FOO=1; npm run test:unit',
    'source scripts/test.sh; npm run test:unit',
    // Run by something else
    'sudo npm run test:unit',
    'env npm run test:unit',
    'env X=1 npm run test:unit',
    'env -C web npm run test:web',
    'bash -c "npm run test:unit"',
    'sh -c "npx vitest run"',
    'eval npm run test:unit',
    'bash <<< "npm run test:unit"',
    'echo a | xargs npm run test:unit',
    'xargs -I{} npx vitest run',
    'find . -exec npm run test:unit \\;',
    'exec npm run test:unit',
    'nice env npm run test:unit',
    'npx bash -c "vitest run"',
    'npx env vitest run',
    'npx npx vitest run',
    'pnpm exec vitest run',
    'uv run npx vitest run',
    'uv run env pytest',
    'sudo npx vitest run',
    'xargs npx vitest run',
    'trap "npm run test:unit" EXIT',
    'git -c alias.x=!npm x && npm run test:unit',
  ])('leave %s to the person', async (command) => {
    expect(await gate.said(project.bash(command), { rules })).not.toMatch(/granted|allow/);
  });

  it.each<[string, unknown, string]>([
    ['Write', { file_path: 'src/a.test.ts', content: '' }, 'granted'],
    ['Write', { file_path: 'src/a.ts', content: '' }, 'ask'],
    ['NotebookEdit', { notebook_path: 'src/a.test.ts', new_source: '' }, 'ask'],
    ['Write', { file_path: '.leashd/x.test.ts', content: '' }, 'deny'],
    ['Write', { file_path: 'web/.leashd/x.test.ts', content: '' }, 'ask'],
    ['mcp__playwright__browser_navigate', { url: 'http://localhost:3000/' }, 'granted'],
    ['mcp__playwright__browser_navigate', { url: 'https://example.com/' }, 'ask'],
    ['mcp__playwright__browser_drop', {}, 'ask'],
    ['mcp__other__browser_click', {}, 'ask'],
  ])('%s %j: %s', async (tool, input, expected) => {
    expect(await gate.said(project.call(tool, input), { rules })).toBe(expected);
  });

  it('hold for subagents, whose calls come to the same gate', async () => {
    const call = { ...project.bash('npx vitest run'), subagent: 'healer' };
    expect(await gate.said(call, { rules })).toBe('granted');
  });

  it('count for nothing in plan mode, in another mode without them, or when they were never pinned', async () => {
    const plan: Partial<ModeRules> = { name: 'plan', mayChange: false, writesPlan: true, rules };
    expect(await gate.said(project.bash('npm run test:unit'), plan)).toBe('deny');
    expect(await gate.said(project.bash('npm run test:unit'), {})).toBe('ask');
    for (const command of ['npm run test:unit', 'flask run'])
      expect(await gate.said(project.bash(command), { rules: rulesOf(project) })).toBe('ask');
  });

  it('answer nothing in plan mode, not even about what only looks', async () => {
    const page = project.call('WebFetch', { url: 'https://example.com/x', prompt: '' });
    const pages = [
      { words: 'pages', rules: [allow('pages', { tools: ['WebFetch'], hosts: ['example.com'] })] },
    ];
    expect(await gate.said(page, { rules: pages })).toBe('granted');
    expect(await gate.said(page, { name: 'plan', mayChange: false, rules: pages })).toBe('ask');
  });

  it('know a program without a table by all its words alone, and a folder for commands alone', async () => {
    const said = async (call: ToolCall, matchers: object): Promise<string> =>
      gate.said(call, {
        rules: gate.pin([{ words: 'x', folder: project.directory, rules: [allow('x', matchers)] }]),
      });
    const unknown = project.bash('frobnicate a');
    expect(await said(unknown, { tools: ['Bash'], command_patterns: [String.raw`^frobnicate \w+$`] })).toBe(
      'ask',
    );
    expect(await said(unknown, { commands: ['frobnicate *'] })).toBe('ask');
    expect(await said(unknown, { tools: ['Bash'], command_patterns: ['^frobnicate a$'] })).toBe('granted');
    const edit = project.call('Write', { file_path: 'src/a.ts', content: '' });
    expect(await said(edit, { tools: ['Write'], effects: ['write'], paths: ['./src/**'] })).toBe('ask');
  });

  it('do nothing for what a policy denies, and answer what the strict one asks', async () => {
    const call = project.bash('npm run test:unit');
    const strict = new ModeGate(project, builtInPolicy('strict'));
    expect(await strict.said(call, {})).toBe('ask');
    expect(await strict.said(call, { rules: strict.pin(rulesOf(project)) })).toBe('granted');
    const deny = [
      { words: 'x', folder: project.directory, rules: [allow('sudo', { commands: ['sudo npm test'] })] },
    ];
    expect(await gate.said(project.bash('sudo npm test'), { rules: gate.pin(deny) })).toBe('deny');
  });

  it.each<[string, object]>([
    ['a rule for every command', { tools: ['Bash'] }],
    ['one about effects alone', { tools: ['Bash'], effects: ['act'], acts: ['run-project-code'] }],
    ['a pattern found anywhere', { tools: ['Bash'], command_patterns: ['run'] }],
    ['half a pattern', { tools: ['Bash'], command_patterns: ['^x|deploy$'] }],
    ['a rule that denies', { commands: ['npm run deploy'], action: 'deny' }],
    ['a rule that nobody can read', { commands: ['npm run deploy'], command: 1 }],
  ])('let nothing pass by %s', async (_name, matchers) => {
    const loose = gate.pin([
      { words: 'loose', folder: project.directory, rules: [allow('loose', matchers)] },
    ]);
    expect(await gate.said(project.bash('npm run deploy'), { rules: loose })).toBe('ask');
  });

  it('are told of by the audit log, each by its words', async () => {
    await gate.decide(project.bash('npm run test:unit && npx vitest run'), {
      name: 'auto',
      rulesFrom: 'test',
      rules,
    });
    expect(gate.audited.at(-1)).toMatchObject({
      event: 'tool_decided',
      decision: {
        action: 'allow',
        layer: 'mode',
        rule: 'mode:test npm run test:unit, npx vitest run',
        reason: expect.stringContaining('npm run test:unit') as unknown,
      },
    });
  });

  it.each([
    ['curl -s http://localhost:3000/items', 'granted'],
    ['curl -s -X DELETE http://localhost:3000/items/1', 'granted'],
    ['curl -s http://localhost:3001/items', 'ask sandbox'],
    ['curl -s http://192.168.1.2:3000/items', 'ask sandbox'],
    ['curl -s http://localhost:3000/items http://192.168.1.2/', 'ask sandbox'],
    ['curl -s http://localhost:3000/items && curl -s http://10.0.0.1/', 'ask sandbox'],
    // What else the sandbox has against it is not answered with it.
    ['curl -s -d @/etc/hostname http://localhost:3000/items', 'ask sandbox'],
    ['cat /etc/hostname && curl -s http://localhost:3000/items', 'ask sandbox'],
    ['curl -s http://169.254.169.254/ http://localhost:3000/', 'deny'],
  ])('answer what the sandbox asks about this machine, and nothing else of it: %s', async (command, said) => {
    expect(await gate.said(project.bash(command), { rules })).toBe(said);
  });
});
