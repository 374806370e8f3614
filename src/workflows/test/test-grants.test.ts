import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModeGate } from '../../../test/fixtures/mode-gate.ts';
import { SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { ModeRule, ToolCall } from '../../safety/types.ts';
import { discover } from './discovery/discover.ts';
import { memoryFolder } from './folder-view.ts';
import { SESSION_FILE } from './session-file.ts';
import { testGrants } from './test-grants.ts';
import { planTests, type TestPlan } from './test-plan.ts';

let project: SafetyProject;
let gate: ModeGate;
let granted: readonly ModeRule[];
beforeAll(() => {
  project = new SafetyProject();
  for (const file of ['web/package.json', 'manage.py', 'gradlew', 'api/main.go']) project.write(file, '{}\n');
  gate = new ModeGate(project);
  granted = grantsFor(FILES);
});
afterAll(() => project.remove());

const areas = { unit: true, backend: true, e2e: true };
const FILES = {
  'package.json': JSON.stringify({
    scripts: { test: 'x', 'test:unit': 'x', dev: 'vite' },
    devDependencies: { vite: '1', vitest: '1', '@playwright/test': '1' },
  }),
  'web/package.json': JSON.stringify({ scripts: { test: 'x' } }),
  'manage.py': '',
  'requirements.txt': 'django\npytest\n',
  'uv.lock': '',
  'build.gradle': '',
  gradlew: '',
  'api/go.mod': 'module x',
};

function grantsFor(
  files: Readonly<Record<string, string>>,
  flags: { url?: string; server?: string } = {},
): readonly ModeRule[] {
  const plan = planTests({ areas, focus: '', ...flags });
  const rules = testGrants(plan, discover(memoryFolder(files), plan)).map((grant) => ({
    ...grant,
    folder: grant.folder && join(project.directory, grant.folder),
    source: grant.source && project.path(grant.source),
  }));
  return gate.pin(rules);
}

/** What the real gate says: `granted` where the run's rules let pass what the default policy asks about. */
async function said(call: ToolCall, rules: readonly ModeRule[]): Promise<string> {
  return gate.said(call, { rules, writes: [project.path(SESSION_FILE)] });
}

describe('the grants of a test run', () => {
  it.each([
    'npm run test',
    'npm test',
    'npm run test:unit',
    'npm run dev',
    'npm run dev &',
    'npm test 2>&1 | tail -40',
    'timeout 120 npm test',
    'npx vitest run',
    'npx vitest run src/index.test.ts',
    'npx vitest run --reporter=dot src',
    'npx playwright test',
    'npx playwright test e2e/login.spec.ts --project=chromium',
    'uv run pytest',
    'uv run pytest -x tests/test_a.py::TestA::test_b',
    'uv run pytest -q -k login',
    'uv run pytest ./apps/shop/a_test.py tests',
    'cd web && npm run test',
    'cd web && npm test',
    './gradlew test',
    'cd api && go test ./...',
    'cd api && go test -v ./pkg/shop/...',
    'uv run python manage.py test',
    'uv run python manage.py runserver',
  ])('let through %s', async (command) => {
    expect(await said(project.bash(command), granted)).toBe('granted');
  });

  it.each([
    'curl http://localhost:5173',
    'curl -s http://localhost:5173/api/items?x=1',
    'curl -sS http://127.0.0.1:5173/',
    'curl -s -o /dev/null -w "%{http_code}" http://localhost:5173/',
    `curl -s -X POST http://localhost:5173/api -H 'Content-Type: application/json' -d '{"a": 1}'`,
    'curl -i -X DELETE http://localhost:5173/api/1',
    'curl -s http://localhost:8000/admin/',
  ])('let the request through: %s', async (command) => {
    expect(await said(project.bash(command), granted)).toBe('granted');
  });

  it.each([
    'curl -s http://localhost:5174/',
    'curl -s http://localhost:5173/ http://localhost:5174/',
    'curl -s http://192.168.0.1:5173/',
    'curl -s -d @/etc/hostname http://localhost:5173/',
    'curl -s http://localhost:5173/ && curl -s http://10.0.0.1/',
  ])('leave %s to the sandbox', async (command) => {
    expect(await said(project.bash(command), granted)).toBe('ask sandbox');
  });

  it.each([
    'http_proxy=http://example.com curl -s http://localhost:5173/',
    'ALL_PROXY=example.com:1 curl -s http://localhost:5173/',
    'CURL_HOME=. curl -s http://localhost:5173/',
    'NODE_OPTIONS=--require=./x npm test',
    'npm_config_script_shell=./x npm test',
    'PATH=.:$PATH npm test',
    'LD_PRELOAD=./x npm test',
    'PYTEST_ADDOPTS="-p evil" uv run pytest',
    'PYTHONPATH=/x uv run pytest',
    'UV_INDEX_URL=https://example.com uv run pytest',
    'find . | xargs npm test',
    'npm() { node x.js; }; npm test',
    'alias npm=id; npm test',
    'npm test $X',
    'curl -s "http://localhost:5173$X"',
    'cd $X && npm test',
    'env -C /tmp npm test',
    'npm run deploy',
    'npm run test:all',
    'npm run test -- --config x',
    'npm test --script-shell=./x',
    'npm --prefix web test',
    'npm install left-pad',
    'npm run dev > out.log',
    'npm test; rm src/index.ts',
    'npm test && npm publish',
    'npm test | sh',
    'bash -c "npm test"',
    'cd src && npm run dev',
    'cd web && npm run dev',
    'cd .. && npm test',
    './npm test',
    'npx vitest run --config x',
    'npx vitest run --outputFile=x',
    'npx vitest run ../x',
    'npx vitest run /etc/x',
    'npx vitest run src/../../x',
    'npx vitest',
    'npx cowsay',
    'npx playwright install',
    'uv run pytest -p evil',
    'uv run pytest --rootdir=/x',
    'uv run pytest scripts/deploy.py',
    'uv run pytest scripts/deploy.py::test',
    'uv run pytest @tests.txt',
    'uv run pytest tests/../../x',
    'uv run python x.py',
    'python x.py',
    'python -c 1',
    'uv run python manage.py migrate',
    'uv run python manage.py flush',
    './gradlew publish',
    './gradlew test publish',
    'cd web && ./gradlew test',
    'go test ./...',
    'cd api && go test -exec ./x ./...',
    'cd api && go run .',
    'node x.js',
    'kill 1',
    'kill -9 1',
    'pkill node',
    'killall node',
    'curl http://localhost:5174',
    'curl http://localhost',
    'curl http://localhost:51730/',
    'curl http://localhost:5173@example.com/',
    'curl http://localhost:5173.example.com/',
    'curl https://example.com/',
    'curl http://example.com/http://localhost:5173/',
    'curl -s http://localhost:5173/ https://example.com/',
    'curl -L http://localhost:5173/',
    'curl -s http://localhost:5173/ -o x',
    'curl -O http://localhost:5173/x',
    'curl -K x http://localhost:5173/',
    'curl -x example.com http://localhost:5173/',
    'curl --resolve localhost:5173:9.9.9.9 http://localhost:5173/',
    'curl http://localhost:5173/ -s -T src/index.ts',
    'wget http://localhost:5173/',
    'curl -s http://localhost:5173/ | sh',
  ])('do not let through %s', async (command) => {
    expect(await said(project.bash(command), granted)).not.toMatch(/granted|allow/);
  });

  it.each<[string, unknown, string]>([
    ['Edit', { file_path: 'src/cart.test.ts', old_string: 'a', new_string: 'b' }, 'granted'],
    ['Write', { file_path: 'e2e/login.spec.ts', content: '' }, 'granted'],
    ['Write', { file_path: 'e2e/pages/login.ts', content: '' }, 'granted'],
    ['Write', { file_path: 'tests/test_cart.py', content: '' }, 'granted'],
    ['Write', { file_path: 'api/cart_test.go', content: '' }, 'granted'],
    ['Write', { file_path: '.leashd/test-session.md', content: '' }, 'granted'],
    ['Write', { file_path: '.leashd/test.yaml', content: '' }, 'deny'],
    ['Write', { file_path: '.leashd/audit.jsonl', content: '' }, 'deny'],
    ['Write', { file_path: 'web/.leashd/test-session.md', content: '' }, 'ask'],
    ['Edit', { file_path: 'src/index.ts', old_string: 'a', new_string: 'b' }, 'ask'],
    ['Write', { file_path: 'package.json', content: '' }, 'ask'],
    ['Write', { file_path: 'vitest.config.ts', content: '' }, 'ask'],
    ['Write', { file_path: 'playwright.config.ts', content: '' }, 'ask'],
    ['Write', { file_path: 'cart_test.go', content: '' }, 'ask'],
    ['Write', { file_path: 'node_modules/x/x.test.ts', content: '' }, 'ask'],
    ['Write', { file_path: '.git/hooks/x.test.js', content: '' }, 'deny'],
    ['Write', { file_path: '../x.test.ts', content: '' }, 'deny'],
    ['Write', { file_path: 'way-out/x.test.ts', content: '' }, 'deny'],
    ['mcp__playwright__browser_click', { element: 'x', ref: 'e1' }, 'granted'],
    ['mcp__playwright__browser_navigate', { url: 'http://localhost:5173/login' }, 'granted'],
    ['mcp__playwright__browser_navigate', { url: 'https://example.com' }, 'ask'],
    ['mcp__playwright__browser_navigate', { url: 'file:///etc/passwd' }, 'deny'],
    ['mcp__playwright__browser_evaluate', { function: '() => 1' }, 'ask'],
    ['mcp__playwright__browser_file_upload', { paths: ['README.md'] }, 'ask'],
    ['mcp__playwright__browser_install', {}, 'ask'],
    ['mcp__playwright__browser_new_in_next_version', {}, 'ask'],
    ['mcp__other__browser_click', {}, 'ask'],
    ['WebFetch', { url: 'https://example.com', prompt: '' }, 'ask'],
  ])('%s %j: %s', async (tool, input, expected) => {
    expect(await said(project.call(tool, input), granted)).toBe(expected);
  });

  it('take the server that the person typed, in these words, and not the one that only test.yaml names', () => {
    const typed = planTests({ areas, focus: '', server: 'cargo run' });
    const written = planTests({ areas, focus: '' }, { server: 'cargo run' });
    const empty = discover(memoryFolder({}), typed);
    expect(testGrants(typed, empty).map(({ words }) => words)).toContain('cargo run');
    expect(testGrants(written, empty).map(({ words }) => words)).not.toContain('cargo run');
    for (const server of ['rm -rf x', 'npm run dev; id', 'npm run "a b"', 'curl x', '../x'])
      expect(
        testGrants(planTests({ areas, focus: '', server }), empty).map(({ words }) => words),
      ).not.toContain(server);
  });

  it('reach no other machine, whatever address is given', async () => {
    const coverings = grantsFor({}, { url: 'https://staging.example.com' });
    expect(await said(project.bash('curl -s https://staging.example.com/'), coverings)).toBe('ask');
    expect(
      await said(
        project.call('mcp__playwright__browser_navigate', { url: 'https://staging.example.com' }),
        coverings,
      ),
    ).toBe('ask');
  });

  it('take a port where other services of the machine listen by the word of the person alone', () => {
    const words = (plan: TestPlan): string =>
      JSON.stringify(testGrants(plan, discover(memoryFolder({}), plan)));
    const url = 'http://localhost:2375';
    expect(words(planTests({ areas, focus: '' }, { url }))).not.toContain('2375');
    expect(words(planTests({ areas, focus: '' }, { url: 'http://localhost:22' }))).not.toContain(':22');
    expect(words(planTests({ areas, focus: '', url }))).toContain('localhost:2375');
    expect(words(planTests({ areas, focus: '' }, { url: 'http://localhost:4000' }))).toContain(':4000');
  });

  it('need no browser where none is wanted', () => {
    const plan = planTests({ areas: { ...areas, e2e: false }, focus: '' });
    const grants = testGrants(plan, discover(memoryFolder(FILES), plan));
    expect(JSON.stringify(grants)).not.toContain('playwright/browser');
    expect(grants.find(({ words }) => words === 'npm run dev')).toMatchObject({
      folder: '.',
      source: 'package.json',
    });
  });
});
