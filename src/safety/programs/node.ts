import type { Act, Word } from '../types.ts';
import { checked } from './checked.ts';
import { interpreter } from './interpreters.ts';
import { program } from './program.ts';
import { each, looseOutputs, named } from './subcommands.ts';
import { flag, onlyShows, optional, reads, value, writes } from './table.ts';
import type { ProgramReading, Table } from './table.ts';

type Reader = (words: readonly Word[]) => ProgramReading;

const RUNS: readonly Act[] = ['run-project-code'];
const SERVES: readonly Act[] = ['run-project-code', 'serve'];
const shows = { '-v -V --version -h --help': onlyShows } as const;

/** Loads the project's settings, plugins or tests as code. */
const projectTool = (acts: readonly Act[] = RUNS, options: Table['options'] = {}): Table => ({
  options: { '--version -h --help': onlyShows, ...looseOutputs, ...options },
  operands: { rest: 'data' },
  looseOptions: true,
  acts,
});
/** What its subcommands do, and what it does without one of them. */
function toolWith(subcommands: Readonly<Record<string, Table>>, otherwise: readonly Act[] = RUNS): Reader {
  const read = program({ operands: { rest: 'unlisted' }, subcommands });
  const plain = program(projectTool(otherwise));
  return (words) => {
    const [first] = words;
    return (first?.kind === 'static' && Object.hasOwn(subcommands, first.value) ? read : plain)(words);
  };
}

const nodeOptions: NonNullable<Table['options']> = {
  ...shows,
  '--v8-options': onlyShows,
  '-e --eval -p --print -pe': { takes: 'inlineCode', dropsFirst: true },
  '-c --check': { takes: 'reads', operands: 'data' },
  '-r --require --import --loader --experimental-loader': { takes: 'runsFile' },
  '--test': { takes: 'flag', operands: 'reads', dropsFirst: true, acts: RUNS },
  '--test-only --test-force-exit --test-update-snapshots --experimental-test-coverage --watch --watch-preserve-output':
    flag,
  '--experimental-test-module-mocks --enable-source-maps --no-warnings --trace-warnings --trace-deprecation':
    flag,
  '--trace-uncaught --throw-deprecation --no-deprecation --pending-deprecation --experimental-strip-types':
    flag,
  '--experimental-transform-types --no-experimental-strip-types --experimental-vm-modules --expose-gc --prof':
    flag,
  '--experimental-sqlite --preserve-symlinks --experimental-json-modules --no-opt --interactive -i': flag,
  '--inspect --inspect-brk --inspect-wait': { takes: 'optional', acts: ['serve'] },
  '--test-name-pattern --test-skip-pattern --test-reporter --test-concurrency --test-timeout --test-shard':
    value,
  '--max-old-space-size --stack-size --stack-trace-limit --input-type --unhandled-rejections --conditions -C':
    value,
  '--test-coverage-include --test-coverage-exclude --test-isolation': value,
  '--test-reporter-destination --cpu-prof-dir': writes,
  '--env-file --env-file-if-exists': reads,
  '--watch-path': reads,
};

const node: Table = { options: nodeOptions, operands: { first: ['runsFile'], rest: 'data' } };
const typescriptRunner: Table = {
  options: {
    ...nodeOptions,
    '--project -P --tsconfig': reads,
    '--transpile-only -T --esm --swc --files': flag,
  },
  operands: { first: ['runsFile'], rest: 'data' },
};

const denoShared = {
  '-h --help -V --version': onlyShows,
  '-q --quiet --unstable --no-lock --frozen --no-remote --no-npm --cached-only --reload -r': flag,
} as const;
const deno: Table = {
  options: denoShared,
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each('run, r', {
      options: {
        ...denoShared,
        '-A --allow-all --no-prompt --watch --check --no-check': flag,
        '-R --allow-read -W --allow-write -N --allow-net -E --allow-env --allow-run --allow-sys --allow-ffi':
          optional,
      },
      operands: { first: ['runsFile'], rest: 'data' },
      stopsAtOperand: true,
    }),
    ...each('test, bench, check', projectTool()),
    task: { ...projectTool(), stopsAtOperand: true },
    serve: { ...projectTool(SERVES), stopsAtOperand: true },
    eval: {
      options: denoShared,
      operands: { first: ['inlineCode'], rest: 'data' },
      stopsAtOperand: true,
    },
    lint: {
      options: { ...denoShared, '--json --compact': flag, '--fix': { takes: 'flag', operands: 'writes' } },
      operands: { rest: 'reads', none: '.' },
    },
    fmt: {
      options: { ...denoShared, '--check': { takes: 'flag', operands: 'reads' } },
      operands: { rest: 'writes', none: '.' },
    },
    info: { options: { ...denoShared, '--json': flag }, operands: { rest: 'remoteOrReads' } },
    ...each('install, i, add, remove, cache, update, outdated --update', {
      options: { ...denoShared, '-g --global': { takes: 'flag', acts: ['change-system'] }, '-D --dev': flag },
      operands: { rest: 'package' },
      acts: ['install-packages'],
    }),
    ...each('publish, deploy', { operands: { rest: 'data' }, looseOptions: true, acts: ['publish'] }),
    ...each('types, completions', { operands: { rest: 'data' } }),
  },
};

// It reads tsconfig.json and sources, and runs none of them; what it writes is where tsconfig.json says.
const tsc: Table = {
  options: {
    ...shows,
    '--all': onlyShows,
    '--noEmit': { takes: 'flag', lifts: RUNS },
    '--showConfig --listFilesOnly': { takes: 'flag', lifts: RUNS },
    '-w --watch --pretty --strict --skipLibCheck --listFiles --diagnostics --extendedDiagnostics': flag,
    '--traceResolution --explainFiles --allowJs --checkJs --esModuleInterop --resolveJsonModule --incremental':
      flag,
    '--noUnusedLocals --noUnusedParameters --noImplicitAny --strictNullChecks --isolatedModules': flag,
    '--emitDeclarationOnly -d --declaration --sourceMap --composite --force -f --verbose --clean --dry': flag,
    '-b --build': { takes: 'flag', acts: RUNS },
    '-t --target -m --module --moduleResolution --lib --jsx --types --maxNodeModuleJsDepth': value,
    '-p --project': reads,
    '--outDir --outFile --declarationDir --tsBuildInfoFile --generateTrace': writes,
    '--init': { takes: 'flag', acts: RUNS },
  },
  operands: { rest: 'reads' },
  acts: RUNS,
};

/** A word that turns an option off again, or stands for a file of options. */
function typescript(table: Table): Reader {
  return checked(table, (words) => {
    // With one dash, too, it takes the long names.
    const odd = words.find((word) => word === 'false' || /^@|^-[a-zA-Z]{2}/.test(word));
    return odd === undefined ? undefined : `what ${odd.slice(0, 60)} does to the options is not known`;
  });
}

// Plug-ins that its settings name are code.
const oxlint: Table = {
  acts: RUNS,
  options: {
    ...shows,
    '--quiet --deny-warnings --type-aware --silent --no-ignore --rules': flag,
    '-A -D -W -f --format --threads --max-warnings': value,
    '-c --config --ignore-path --tsconfig': reads,
    '--fix --fix-suggestions --fix-dangerously': { takes: 'flag', operands: 'writes' },
  },
  operands: { rest: 'reads', none: '.' },
};

const biomeCheck: Table = {
  options: {
    ...shows,
    '--write --fix --apply --unsafe': { takes: 'flag', operands: 'writes' },
    '--staged --changed --verbose --no-errors-on-unmatched --error-on-warnings --colors': flag,
    '--max-diagnostics --diagnostic-level --reporter --only --skip --since --log-level': value,
    '--config-path': reads,
  },
  operands: { rest: 'reads', none: '.' },
};
const biome: Table = {
  options: shows,
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each('check, lint, format, ci', biomeCheck),
    ...each('version, explain', { operands: { rest: 'data' } }),
  },
};

const names = (list: string, table: Table): Record<string, ReturnType<typeof program>> =>
  Object.fromEntries(list.split(' ').map((name) => [name, program(table)]));

/** Node.js 24, deno 2, and the tools that a project's scripts are made of. */
export const nodeTools = {
  ...Object.fromEntries(
    ['node', 'nodejs'].map((name) => [
      name,
      interpreter(node, '-v --version -V -h --help --v8-options -c --check'),
    ]),
  ),
  ...Object.fromEntries(
    ['tsx', 'ts-node', 'esno', 'jiti', 'babel-node', 'vite-node'].map((name) => [
      name,
      interpreter(typescriptRunner, '-v --version -V -h --help'),
    ]),
  ),
  nodemon: program({ ...projectTool(RUNS, { '-x --exec': { takes: 'unlisted' } }), stopsAtOperand: true }),
  ...names('c8 nyc', {
    options: {
      ...shows,
      '--all --check-coverage --clean': flag,
      '-r --reporter -x --exclude -n --include': value,
      '--report-dir --reports-dir --temp-dir -o': writes,
    },
    operands: { rest: 'command' },
  }),
  turbo: program({
    options: shows,
    operands: { rest: 'unlisted' },
    subcommands: {
      ...each('run, build, test, lint, typecheck, check, dev', projectTool()),
      ls: { operands: { rest: 'data' } },
    },
  }),
  nx: program({
    options: shows,
    operands: { rest: 'unlisted' },
    subcommands: {
      ...each('run, run-many, affected, build, test, lint, serve, e2e, typecheck', projectTool()),
      ...each('show project, show projects, report, list', {
        options: named('--json --web'),
        operands: { rest: 'data' },
        acts: RUNS,
      }),
      release: projectTool(['publish']),
    },
  }),
  lerna: program({
    options: shows,
    operands: { rest: 'unlisted' },
    subcommands: {
      run: projectTool(),
      bootstrap: projectTool(['install-packages']),
      ...each('ls, list, changed, diff, info', {
        options: named('--all -a --json --long -l'),
        operands: { rest: 'data' },
      }),
      publish: projectTool(['publish']),
    },
  }),
  deno: program(deno),
  ...Object.fromEntries(['tsc', 'tsgo'].map((name) => [name, typescript(tsc)])),
  // Its settings name plug-ins.
  'vue-tsc': program(projectTool()),
  oxlint: program(oxlint),
  biome: program(biome),
  ...names(
    'eslint eslint_d stylelint',
    projectTool(RUNS, { '-o': writes, '--fix': { takes: 'flag', operands: 'writes' } }),
  ),
  prettier: program(projectTool(RUNS, { '-w --write': { takes: 'flag', operands: 'writes' } })),
  // They load their settings, which may be code, before they say how they are used.
  ...names('mocha ava tap', projectTool(RUNS, { '--version -h --help': flag })),
  ...names('jest vitest jasmine karma cypress knip publint', projectTool()),
  ...names(
    'webpack rollup esbuild swc babel parcel tsup tsdown lint-staged typedoc postcss sass tailwindcss rspack size-limit attw depcheck madge',
    projectTool(),
  ),
  playwright: toolWith({
    install: { ...projectTool(['install-packages']) },
    'install-deps': projectTool(['install-packages', 'privilege']),
    'show-report': projectTool(['serve']),
  }),
  vite: toolWith(
    { ...each('dev, serve, preview', projectTool(SERVES)), ...each('build, optimize', projectTool()) },
    SERVES,
  ),
  next: toolWith(
    { ...each('build, lint, info, typegen', projectTool()), ...each('dev, start', projectTool(SERVES)) },
    SERVES,
  ),
  nuxt: toolWith({ ...each('build, generate, prepare, typecheck', projectTool()) }, SERVES),
  nuxi: toolWith({ ...each('build, generate, prepare, typecheck', projectTool()) }, SERVES),
  astro: toolWith(
    {
      ...each('build, check, sync', projectTool()),
      add: projectTool(['install-packages', 'run-project-code']),
    },
    SERVES,
  ),
  ...names(
    'storybook webpack-dev-server http-server live-server json-server wrangler-dev',
    projectTool(SERVES),
  ),
  'npm-check-updates': program({
    options: {
      ...shows,
      '-u --upgrade': { takes: 'flag', acts: ['install-packages'] },
      ...named('', '--target -t --filter -f --reject -x'),
    },
    operands: { rest: 'data' },
    acts: ['read-remote'],
  }),
};
