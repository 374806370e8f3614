import { describe, expect, it } from 'vitest';
import { memoryFolder } from '../folder-view.ts';
import { planTests } from '../test-plan.ts';
import { discover } from './discover.ts';
import type { Discovery } from './discovery.ts';

type Files = Readonly<Record<string, string>>;
const all = { unit: true, backend: true, e2e: true };

function look(files: Files, flags: { framework?: string; directory?: string } = {}): Discovery {
  return discover(memoryFolder(files), planTests({ areas: all, focus: '', ...flags }));
}

/** `unit: npm run test (sure)`, `server: npm run dev @web :3000 (sure)`. */
function inShort({ commands }: Discovery): string[] {
  return commands.map(({ purpose, argv, folder, port, sureness }) =>
    [
      `${purpose}:`,
      ...argv,
      ...(folder === '.' ? [] : [`@${folder}`]),
      ...(port === undefined ? [] : [`:${port}`]),
      `(${sureness})`,
    ].join(' '),
  );
}

const json = (value: unknown): string => JSON.stringify(value);

const NODE = json({
  name: 'shop',
  scripts: {
    dev: 'vite',
    test: 'vitest',
    'test:e2e': 'playwright test',
    'test:watch': 'vitest -w',
    build: 'vite build',
    'test:web': 'x',
  },
  devDependencies: { vite: '1', vitest: '1', '@playwright/test': '1' },
});

describe('discovery finds', () => {
  it.each<[string, Files, string[]]>([
    [
      'node with npm',
      { 'package.json': NODE, 'package-lock.json': '' },
      [
        'unit: npm run test (sure)',
        'e2e: npm run test:e2e (sure)',
        'server: npm run dev :5173 (sure)',
        'unit: npm run test:web (sure)',
        'unit: npx vitest run (guess)',
        'e2e: npx playwright test (guess)',
      ],
    ],
    [
      'pnpm by its lock file, and a port of vite',
      {
        'package.json': NODE,
        'pnpm-lock.yaml': '',
        'vite.config.ts': 'export default { server: { open: true, port: 4321 } }',
      },
      [
        'unit: pnpm run test (sure)',
        'e2e: pnpm run test:e2e (sure)',
        'server: pnpm run dev :4321 (sure)',
        'unit: pnpm run test:web (sure)',
        'unit: pnpm exec vitest run (guess)',
        'e2e: pnpm exec playwright test (guess)',
      ],
    ],
    [
      'yarn, express and jest without a script',
      {
        'package.json': json({
          scripts: { start: 'PORT=4000 node .', test: 'echo "Error: no test specified" && exit 1' },
          dependencies: { express: '4' },
          devDependencies: { jest: '1', cypress: '1' },
        }),
        'yarn.lock': '',
      },
      [
        'server: yarn run start :4000 (sure)',
        'unit: yarn run jest (likely)',
        'e2e: yarn run cypress run (likely)',
      ],
    ],
    [
      'bun',
      { 'package.json': json({ scripts: { test: 'bun test' } }), 'bun.lockb': '' },
      ['unit: bun run test (sure)'],
    ],
    [
      'the package manager by its field',
      { 'package.json': json({ packageManager: 'pnpm@9.1.0', scripts: { test: 'node --test' } }) },
      ['unit: pnpm run test (sure)'],
    ],
    [
      'a byte order mark, and the last of two keys',
      { 'package.json': '\uFEFF{"scripts":{"test":"a"},"scripts":{"e2e":"b"}}\r\n' },
      ['e2e: npm run e2e (sure)'],
    ],
    [
      'pytest under uv, and fastapi',
      {
        'pyproject.toml':
          '[project]\nname = "api"\r\ndependencies = [\n  "fastapi>=0.1",\n]\n[tool.pytest.ini_options]\n',
        'uv.lock': '',
        'app/main.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
      },
      ['unit: uv run pytest (sure)', 'server: uv run uvicorn app.main:app :8000 (likely)'],
    ],
    [
      'pytest of poetry',
      {
        'pyproject.toml': '[tool.poetry]\nname = "x"\n[tool.poetry.group.dev.dependencies]\npytest = "^8"\n',
      },
      ['unit: poetry run pytest (sure)'],
    ],
    [
      'no pytest in pytest-cov',
      { 'requirements.txt': 'pytest-cov\n# pytest\n', 'tests/test_a.py': '' },
      ['unit: python -m unittest discover tests (guess)'],
    ],
    [
      'tox and nox',
      { 'tox.ini': '[tox]\nenvlist = py\n', 'noxfile.py': '' },
      ['unit: tox (sure)', 'unit: nox (sure)'],
    ],
    ['setup.cfg', { 'setup.cfg': '[tool:pytest]\n' }, ['unit: pytest (sure)']],
    [
      'django',
      { 'manage.py': '', 'requirements.txt': 'Django==5\n' },
      ['server: python manage.py runserver :8000 (sure)', 'unit: python manage.py test (likely)'],
    ],
    [
      'flask',
      { 'requirements.txt': 'flask\npytest\n', 'app.py': 'web = Flask(__name__)\n' },
      ['unit: pytest (sure)', 'server: flask --app app run :5000 (likely)'],
    ],
    [
      'cargo, a workspace',
      {
        'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n',
        'crates/api/Cargo.toml': '[package]\nname = "api"\n[dependencies]\naxum = "0.7"\n',
      },
      [
        'unit: cargo test --workspace (sure)',
        'unit: cargo test @crates/api (sure)',
        'server: cargo run @crates/api :3000 (likely)',
      ],
    ],
    [
      'go',
      { 'go.mod': 'module x\nrequire github.com/gin-gonic/gin v1\n', 'cmd/api/main.go': '' },
      ['unit: go test ./... (sure)', 'server: go run ./cmd/api :8080 (likely)'],
    ],
    [
      'make',
      {
        Makefile:
          '.PHONY: test\nX := 1\ntest: build\n\tgo test\ne2e dev:\n\t./dev --port 9000\ndeploy:\n\tx\n',
      },
      ['unit: make test (sure)', 'e2e: make e2e (sure)', 'server: make dev :9000 (sure)'],
    ],
    [
      'just',
      { justfile: 'test *args:\n  x\nserve port="3000": build\n  x\ne2e name:\n  x\nvar := "1"\n' },
      ['unit: just test (sure)', 'server: just serve (sure)'],
    ],
    [
      'task',
      { 'Taskfile.yml': "version: '3'\ntasks:\n  test: go test\n  deploy: x\n" },
      ['unit: task test (sure)'],
    ],
    [
      'maven',
      { 'pom.xml': '<x>spring-boot</x>', mvnw: '' },
      ['unit: ./mvnw test (sure)', 'server: ./mvnw spring-boot:run :8080 (likely)'],
    ],
    [
      'gradle',
      { 'build.gradle.kts': 'id("org.springframework.boot")' },
      ['unit: gradle test (sure)', 'server: gradle bootRun :8080 (likely)'],
    ],
    [
      'rails with rspec',
      { Gemfile: 'gem "rails"\n  gem \'rspec-rails\'\n' },
      [
        'unit: bundle exec rspec (sure)',
        'server: bin/rails server :3000 (sure)',
        'unit: bin/rails test (guess)',
        'e2e: bin/rails test:system (guess)',
      ],
    ],
    [
      'laravel',
      {
        'composer.json': json({
          require: { 'laravel/framework': '1' },
          'require-dev': { 'phpunit/phpunit': '1' },
          scripts: { test: ['a'] },
        }),
        artisan: '',
      },
      [
        'unit: composer run test (sure)',
        'unit: php artisan test (sure)',
        'server: php artisan serve :8000 (sure)',
        'unit: vendor/bin/phpunit (likely)',
      ],
    ],
    [
      'phoenix',
      { 'mix.exs': 'defp deps, do: [{:phoenix, "~> 1"}]' },
      ['unit: mix test (sure)', 'server: mix phx.server :4000 (sure)'],
    ],
    [
      '.NET',
      { 'Shop.sln': '', 'Web.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web">' },
      ['unit: dotnet test (sure)', 'server: dotnet run :5000 (likely)'],
    ],
    [
      'deno',
      {
        'deno.jsonc':
          '{ // c\n "tasks": { "dev": "deno run --port 8123 // x", "u": "https://x", }, /* y */ }',
      },
      ['server: deno task dev :8123 (sure)', 'unit: deno test (likely)'],
    ],
  ])('%s', (_, files, expected) => {
    expect(inShort(look(files))).toEqual(expected);
  });

  it('each command with the file and key it comes from', () => {
    const [first] = look({ 'package.json': NODE }).commands;
    expect(first).toMatchObject({ from: { path: 'package.json', key: 'scripts.test' }, script: 'vitest' });
  });

  it('the parts of a monorepo, named, one level deep', () => {
    const discovery = look({
      'package.json': json({ name: 'root', workspaces: ['packages/*', '../out', 'a*b'] }),
      'pnpm-lock.yaml': '',
      'packages/web/package.json': json({
        name: '@shop/web',
        scripts: { test: 'x', dev: 'next dev -p 4001' },
        dependencies: { next: '1' },
      }),
      'packages/deep/er/package.json': json({ scripts: { test: 'x' } }),
      'backend/pyproject.toml': '[project]\nname = "shop-api"\n[tool.pytest.ini_options]\n',
      'node_modules/x/package.json': json({ scripts: { test: 'x' } }),
      '.git/package.json': json({ scripts: { test: 'x' } }),
    });
    expect(discovery.parts).toEqual([
      { folder: '.', name: 'root', ecosystems: ['node'] },
      { folder: 'packages/web', name: '@shop/web', ecosystems: ['node'] },
      { folder: 'backend', name: 'shop-api', ecosystems: ['python'] },
    ]);
    expect(inShort(discovery)).toEqual([
      'unit: pnpm run test @packages/web (sure)',
      'server: pnpm run dev @packages/web :4001 (sure)',
      'unit: pytest @backend (sure)',
    ]);
    expect(discovery.port).toBe(4001);
  });

  it('only what is in the folder that was named', () => {
    const files = { 'package.json': NODE, 'api/go.mod': 'module x\n' };
    expect(inShort(look(files, { directory: 'api' }))).toEqual(['unit: go test ./... @api (sure)']);
  });

  it('the framework that was named first, and says when it is not there', () => {
    const files = { 'package.json': NODE, 'package-lock.json': '' };
    expect(inShort(look(files, { framework: 'playwright' }))[0]).toBe('e2e: npm run test:e2e (sure)');
    expect(look(files, { framework: 'vitst' }).missing).toEqual([
      'The framework vitst was not found; did you mean vitest?',
    ]);
    expect(look(files, { framework: 'phpunit' }).missing.join()).toContain(
      'found: vite, vitest, playwright.',
    );
  });

  it('nothing where nothing is, and says so', () => {
    expect(look({}).missing).toEqual([expect.stringContaining('No project was found here')]);
    expect(look({ 'package.json': '{' }).notes).toEqual(['package.json is no readable JSON mapping']);
    expect(look({ 'package.json': ' '.repeat(300_000) }).notes[0]).toBe(
      'package.json is larger than 262144 bytes',
    );
    expect(look({ 'go.mod': '' }).missing).toEqual([
      expect.stringContaining('No command for end-to-end tests'),
      expect.stringContaining('No command that starts a server'),
    ]);
  });
});
