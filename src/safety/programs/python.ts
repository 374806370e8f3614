import type { Act, Word } from '../types.ts';
import { interpreter } from './interpreters.ts';
import { program } from './program.ts';
import { each, looseOutputs, named } from './subcommands.ts';
import { flag, onlyShows, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Table } from './table.ts';

type Reader = (words: readonly Word[]) => ProgramReading;

const RUNS: readonly Act[] = ['run-project-code'];
const shows = { '-h --help --version': onlyShows } as const;
const unlisted: OptionRule = { takes: 'unlisted' };

/** Loads the project's tests, plugins or settings as code. */
const projectTool = (acts: readonly Act[] = RUNS, options: Table['options'] = {}): Table => ({
  options: { ...shows, ...looseOutputs, ...options },
  operands: { rest: 'data' },
  looseOptions: true,
  acts,
});

const bare = interpreter(
  {
    options: {
      '-V -VV --version -h -? --help --help-all --help-env --help-xoptions': onlyShows,
      '-b -B -d -E -i -I -O -OO -P -q -R -s -S -u -v -x': flag,
      '-W -X --check-hash-based-pycs': value,
      '-c': { takes: 'inlineCode' },
    },
    operands: { first: ['runsFile'], rest: 'data' },
  },
  '-V -VV --version -h -? --help --help-all --help-env --help-xoptions',
);

/** Modules that are programs with a table of their own: `python -m pytest` is `pytest`. */
const PROGRAMS = new Set(
  'pip pytest mypy ruff black isort flake8 pylint pyright coverage tox nox poetry pdm pipx uv ipython twine pre_commit'.split(
    ' ',
  ),
);

const MODULES: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Table>({
    'json.tool': {
      options: named('--sort-keys --no-ensure-ascii --json-lines --compact --tab --no-indent', '--indent'),
      operands: { first: ['reads', 'writes'], rest: 'unlisted' },
    },
    'http.server': {
      options: { '-b --bind --protocol -p': value, '-d --directory': reads, '--cgi': unlisted },
      operands: { rest: 'data' },
      acts: ['serve'],
    },
    unittest: projectTool(),
    build: {
      options: named('-s --sdist -w --wheel -n --no-isolation'),
      operands: { rest: 'reads', none: '.' },
      acts: ['install-packages'],
    },
    venv: {
      options: named(
        '--clear --upgrade --system-site-packages --symlinks --copies --without-pip --upgrade-deps',
        '--prompt',
      ),
      operands: { rest: 'writes' },
      acts: ['install-packages'],
    },
    virtualenv: {
      options: named('--clear', '-p --python --prompt'),
      operands: { rest: 'writes' },
      acts: ['install-packages'],
    },
    ensurepip: {
      options: named('--upgrade --default-pip'),
      operands: { rest: 'unlisted' },
      acts: ['install-packages'],
    },
    compileall: { options: named('-q -f -l', '-j'), operands: { rest: 'reads' } },
    py_compile: { operands: { rest: 'reads' } },
    tokenize: { options: named('-e'), operands: { rest: 'reads' } },
    ast: { options: named('-a --include-attributes', '-m --mode -i --indent'), operands: { rest: 'reads' } },
    doctest: { options: named('-v -f', '-o'), operands: { rest: 'reads' } },
    platform: { operands: { rest: 'data' } },
    site: { options: named('--user-site --user-base'), operands: { rest: 'unlisted' } },
    sysconfig: { operands: { rest: 'unlisted' } },
    timeit: {
      options: { ...named('-p -v', '-n -r -u'), '-s': { takes: 'inlineCode' } },
      operands: { rest: 'inlineCode' },
    },
  }).map(([name, table]) => [name, program(table)] as const),
);

/** `-m module`: Python looks for it in the project first, so that the project's code may run, whatever its name. */
function readPython(words: readonly Word[]): ProgramReading {
  const place = words.findIndex(
    (word) => word.kind !== 'static' || !/^-[bBdEiIOPqRsSuvx]+$/.test(word.value),
  );
  const option = words[place];
  const module = words[place + 1];
  if (option?.kind !== 'static' || option.value !== '-m' || module === undefined) return bare(words);
  const rest = words.slice(place + 2);
  const nothing: ProgramReading = { touches: [], acts: RUNS, unknowns: [] };
  if (module.kind === 'static' && PROGRAMS.has(module.value)) {
    const name = module.value.replaceAll('_', '-');
    return { ...nothing, runs: [{ kind: 'words', argv: [{ ...module, value: name }, ...rest] }] };
  }
  const reader = module.kind === 'static' ? MODULES.get(module.value) : undefined;
  if (reader === undefined) {
    const unknowns = [{ about: 'option', why: `what the module ${module.text} does is not known` }] as const;
    return { ...nothing, unknowns };
  }
  const reading = reader(rest);
  return { ...reading, acts: [...RUNS, ...reading.acts] };
}

const ruffCheck: Table = {
  options: {
    ...shows,
    '--diff --no-fix --no-fix-only --show-files --show-settings --statistics --preview --no-preview --isolated -e -w':
      flag,
    '--unsafe-fixes --no-unsafe-fixes --show-fixes --no-show-fixes --watch --ignore-noqa --respect-gitignore':
      flag,
    '--no-respect-gitignore --force-exclude --no-force-exclude -n --no-cache --exit-zero --exit-non-zero-on-fix':
      flag,
    '-v --verbose -q --quiet -s --silent': flag,
    '--output-format --target-version --select --ignore --extend-select --extend-ignore --per-file-ignores':
      value,
    '--fixable --unfixable --exclude --extend-exclude --extension --stdin-filename --color --line-length':
      value,
    '--config': reads,
    '-o --output-file --cache-dir': writes,
    '--fix --fix-only --add-noqa': { takes: 'flag', operands: 'writes' },
  },
  operands: { rest: 'reads', none: '.' },
};
const ruffFormat: Table = {
  options: {
    ...shows,
    '--check --diff': { takes: 'flag', operands: 'reads' },
    '--preview --no-preview --isolated -n --no-cache -v --verbose -q --quiet -s --silent --force-exclude':
      flag,
    '--line-length --target-version --exclude --extension --stdin-filename --range --color --output-format':
      value,
    '--config': reads,
    '--cache-dir': writes,
  },
  operands: { rest: 'writes', none: '.' },
};
const ruff: Table = {
  options: {
    ...shows,
    '-V': onlyShows,
    '-q --quiet -v --verbose -s --silent --isolated': flag,
    '--config': reads,
  },
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each('check, lint', ruffCheck),
    format: ruffFormat,
    ...each('rule, linter, config, version, help', {
      options: { ...shows, ...named('--all', '--output-format') },
      operands: { rest: 'data' },
    }),
    clean: { options: shows, operands: { rest: 'deletesTree', none: '.ruff_cache' } },
    'analyze graph': {
      options: { ...shows, ...named('--preview', '--direction') },
      operands: { rest: 'reads', none: '.' },
    },
  },
};

const black: Table = {
  options: {
    ...shows,
    '--check --diff': { takes: 'flag', operands: 'reads' },
    '-c --code': { takes: 'data', operands: 'data' },
    '--color --no-color --fast --safe -S --skip-string-normalization -C --skip-magic-trailing-comma --preview':
      flag,
    '--unstable --pyi --ipynb -x --skip-source-first-line -q --quiet -v --verbose --no-cache': flag,
    '-l --line-length -t --target-version --include --exclude --extend-exclude --force-exclude -W --workers':
      value,
    '--stdin-filename --enable-unstable-feature --required-version --line-ranges': value,
    '--config': reads,
  },
  operands: { rest: 'writes' },
};
const isort: Table = {
  options: {
    ...shows,
    '-V': onlyShows,
    '-c --check --check-only -d --diff --show-files --show-config': { takes: 'flag', operands: 'reads' },
    '--stdout': { takes: 'flag', operands: 'reads' },
    '--atomic -q --quiet -v --verbose --profile-black --sl --force-single-line-imports --tc --trailing-comma':
      flag,
    '--fass --force-alphabetical-sort-within-sections --fgw --gitignore --skip-gitignore --only-modified --om':
      flag,
    '--profile -l --line-length --line-width -m --multi-line -s --skip --sg --skip-glob -p --project -o':
      value,
    '--py --python-version --filter-files --color -j --jobs -a --add-import --rm --remove-import': value,
    '--settings-path --sp --settings-file --settings': reads,
  },
  operands: { rest: 'writes' },
};

/** Without a word of what to rewrite there is nothing to say about it. */
function rewriting(table: Table): Reader {
  const read = program(table);
  return (words) => {
    const reading = read(words);
    if (words.length > 0) return reading;
    return { ...reading, unknowns: [{ about: 'option', why: 'it is not said which files it rewrites' }] };
  };
}

const names = (list: string, table: Table): Record<string, Reader> =>
  Object.fromEntries(list.split(' ').map((name) => [name, program(table)]));

/** Python 3.13 and what works on its sources. black, isort and ruff read their settings and run none of the project's code. */
export const python = {
  ...Object.fromEntries(
    'python python3 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14'
      .split(' ')
      .map((name) => [name, readPython]),
  ),
  ruff: program(ruff),
  black: rewriting(black),
  isort: rewriting(isort),
  // A plugin that -p or -c names is loaded from wherever Python finds it.
  // Its help is written by conftest.py, too.
  ...names('pytest py.test', projectTool(RUNS, { '-h --help --version -V': flag })),
  ...names(
    'flake8 mypy dmypy pyright basedpyright pylint coverage tox nox bandit pyflakes pycodestyle pydocstyle vulture mkdocs sphinx-build pyre ty',
    projectTool(),
  ),
  ...names('ipython ptpython', {
    options: { ...shows, '-c': { takes: 'inlineCode' } },
    operands: { first: ['runsFile'], rest: 'data' },
    acts: ['run-inline-code'],
    stopsAtOperand: true,
  }),
  ...names('jupyter jupyter-lab jupyter-notebook', projectTool(['serve', 'run-project-code'])),
  'pre-commit': program({
    options: { ...shows, '-V': onlyShows },
    operands: { rest: 'unlisted' },
    subcommands: {
      ...each('validate-config, validate-manifest', { operands: { rest: 'reads' } }),
      help: { operands: { rest: 'data' } },
      ...each('run, try-repo', projectTool(['run-project-code', 'install-packages'])),
      ...each('install, uninstall, init-templatedir', projectTool(['persist'])),
      ...each('autoupdate, install-hooks', projectTool(['install-packages'])),
      ...each('clean, gc', projectTool(['change-system'])),
      'migrate-config': {
        operands: { rest: 'data' },
        touches: [{ kind: 'write', path: '.pre-commit-config.yaml' }],
      },
    },
  }),
};
