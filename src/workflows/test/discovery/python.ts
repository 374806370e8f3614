import { type Ecosystem, type PartView } from './part-view.ts';
import { tomlSections } from './structured.ts';

/** What runs a command inside the project's environment, by the file that shows it. */
const RUNNERS: readonly (readonly [file: string, prefix: readonly string[]])[] = [
  ['uv.lock', ['uv', 'run']],
  ['poetry.lock', ['poetry', 'run']],
  ['pdm.lock', ['pdm', 'run']],
  ['Pipfile', ['pipenv', 'run']],
];
const RUNNER_SECTIONS: readonly (readonly [section: string, prefix: readonly string[]])[] = [
  ['tool.uv', ['uv', 'run']],
  ['tool.poetry', ['poetry', 'run']],
  ['tool.pdm', ['pdm', 'run']],
];

const REQUIREMENTS = [
  'requirements.txt',
  'requirements-dev.txt',
  'requirements_dev.txt',
  'dev-requirements.txt',
  'requirements-test.txt',
  'test-requirements.txt',
  'Pipfile',
  'setup.cfg',
  'setup.py',
];
const APP_FILES = [
  'main.py',
  'app.py',
  'wsgi.py',
  'asgi.py',
  'server.py',
  'app/main.py',
  'src/main.py',
  'app/__init__.py',
];

const PYTEST_SECTIONS: readonly (readonly [file: string, section: string])[] = [
  ['pyproject.toml', 'tool.pytest.ini_options'],
  ['pyproject.toml', 'tool.pytest'],
  ['pytest.ini', 'pytest'],
  ['setup.cfg', 'tool:pytest'],
  ['tox.ini', 'pytest'],
];

export const python: Ecosystem = {
  name: 'python',
  markers: [
    'pyproject.toml',
    'setup.cfg',
    'setup.py',
    'pytest.ini',
    'tox.ini',
    'noxfile.py',
    'manage.py',
    'Pipfile',
    ...REQUIREMENTS,
  ],
  find(part) {
    const prefix = prefixOf(part);
    const pytest = pytestSource(part);
    if (pytest !== undefined) {
      part.framework('pytest', 'tests', ...pytest);
      part.command({ purpose: 'unit', argv: [...prefix, 'pytest'], file: pytest[0], key: pytest[1] });
    }
    for (const [file, program] of [
      ['tox.ini', 'tox'],
      ['noxfile.py', 'nox'],
    ] as const) {
      if (!part.has(file) || (file === 'tox.ini' && !tomlSections(part.text(file)).has('tox'))) continue;
      part.framework(program, 'tests', file, program);
      part.command({
        purpose: 'unit',
        argv: [program],
        file,
        key: program,
        sureness: pytest === undefined ? 'sure' : 'guess',
      });
    }
    web(part, prefix);
    if (!part.hasCommand('unit') && (part.has('tests/') || part.has('test/'))) unittest(part, prefix);
  },
};

function prefixOf(part: PartView): readonly string[] {
  const byFile = RUNNERS.find(([file]) => part.has(file));
  if (byFile !== undefined) return byFile[1];
  const sections = [...tomlSections(part.text('pyproject.toml')).keys()];
  return (
    RUNNER_SECTIONS.find(([name]) =>
      sections.some((one) => one === name || one.startsWith(`${name}.`)),
    )?.[1] ?? []
  );
}

function pytestSource(part: PartView): readonly [file: string, key: string] | undefined {
  const section = PYTEST_SECTIONS.find(
    ([file, name]) => part.has(file) && tomlSections(part.text(file)).has(name),
  );
  return section ?? (part.has('conftest.py') ? ['conftest.py', 'conftest.py'] : dependency(part, 'pytest'));
}

/** The file that names a package among what the project needs. */
function dependency(part: PartView, name: string): readonly [file: string, key: string] | undefined {
  // `pytest>=8`, `"pytest[x]"`, `pytest = "^8"`; not `pytest-cov`.
  const line = new RegExp(String.raw`(?:^|["'\s,[])${name}(?=[\s"'\[=<>~!;,]|$)`, 'im');
  for (const file of ['pyproject.toml', ...REQUIREMENTS]) {
    if (!part.has(file)) continue;
    const text = (part.text(file) ?? '').replaceAll(
      /^[ \t]*(?:#|name\b|description\b|keywords\b|-r ).*$/gm,
      '',
    );
    if (line.test(text)) return [file, name];
  }
  return undefined;
}

function web(part: PartView, prefix: readonly string[]): void {
  const django = dependency(part, 'django');
  if (part.has('manage.py')) {
    const [file, key] = django ?? ['manage.py', 'manage.py'];
    part.framework('django', 'web', file, key, 8000);
    const manage = [...prefix, 'python', 'manage.py'];
    const sureness = part.hasCommand('unit') ? 'guess' : 'likely';
    part.command({ purpose: 'unit', argv: [...manage, 'test'], file: 'manage.py', key: 'test', sureness });
    part.command({
      purpose: 'server',
      argv: [...manage, 'runserver'],
      file: 'manage.py',
      key: 'runserver',
      port: 8000,
    });
  }
  const flask = dependency(part, 'flask');
  if (flask !== undefined) {
    part.framework('flask', 'web', ...flask, 5000);
    const module = appModule(part, 'Flask');
    const words = module === undefined ? ['flask', 'run'] : ['flask', '--app', module.name, 'run'];
    const sureness = module === undefined ? 'guess' : 'likely';
    part.command({
      purpose: 'server',
      argv: [...prefix, ...words],
      file: module?.file ?? flask[0],
      key: 'Flask',
      port: 5000,
      sureness,
    });
  }
  const fastapi = dependency(part, 'fastapi');
  if (fastapi === undefined) return;
  part.framework('fastapi', 'backend', ...fastapi, 8000);
  const module = appModule(part, 'FastAPI');
  const words = module === undefined ? ['fastapi', 'dev'] : ['uvicorn', `${module.name}:${module.variable}`];
  const sureness = module === undefined ? 'guess' : 'likely';
  part.command({
    purpose: 'server',
    argv: [...prefix, ...words],
    file: module?.file ?? fastapi[0],
    key: 'FastAPI',
    port: 8000,
    sureness,
  });
}

/** The module in which the app is made: `app = FastAPI(`. */
function appModule(
  part: PartView,
  made: string,
): { readonly file: string; readonly name: string; readonly variable: string } | undefined {
  for (const file of APP_FILES) {
    const [head = ''] = file.split('/');
    if (!part.has(file.includes('/') ? `${head}/` : file)) continue;
    const variable = new RegExp(String.raw`^([A-Za-z_]\w{0,40})\s*(?::\s*\w+\s*)?=\s*${made}\(`, 'm').exec(
      part.text(file) ?? '',
    )?.[1];
    if (variable === undefined) continue;
    const name = file.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.');
    return { file, name, variable };
  }
  return undefined;
}

function unittest(part: PartView, prefix: readonly string[]): void {
  const folder = part.has('tests/') ? 'tests' : 'test';
  if (!part.list(folder).some((name) => /^test.*\.py$/.test(name))) return;
  part.framework('unittest', 'tests', `${folder}/`, folder);
  const argv = [...prefix, 'python', '-m', 'unittest', 'discover', folder];
  part.command({ purpose: 'unit', argv, file: `${folder}/`, key: folder, sureness: 'guess' });
}
