import { isPlainName } from './known-runners.ts';
import { portIn, USUAL_NAMES, type Ecosystem, type NameTable, type PartView } from './part-view.ts';
import { jsonMapping, textEntries } from './structured.ts';
import type { FoundFramework } from './discovery.ts';

type PackageRunner = {
  readonly lock: readonly string[];
  readonly name: string;
  readonly run: readonly string[];
  readonly exec: readonly string[];
};

/** By lock file; the last one where there is none. */
const RUNNERS: readonly PackageRunner[] = [
  {
    name: 'pnpm',
    lock: ['pnpm-lock.yaml', 'pnpm-workspace.yaml'],
    run: ['pnpm', 'run'],
    exec: ['pnpm', 'exec'],
  },
  { name: 'yarn', lock: ['yarn.lock'], run: ['yarn', 'run'], exec: ['yarn', 'run'] },
  { name: 'bun', lock: ['bun.lock', 'bun.lockb'], run: ['bun', 'run'], exec: ['bunx'] },
  { name: 'npm', lock: ['package-lock.json', 'npm-shrinkwrap.json'], run: ['npm', 'run'], exec: ['npx'] },
];

type KnownPackage = readonly [name: string, framework: string, role: FoundFramework['role'], port?: number];

/** Of packages that are a framework for tests, and how it is run where no script does. */
const TEST_PACKAGES: readonly (readonly [name: string, role: 'tests' | 'e2e', words: readonly string[]])[] = [
  ['vitest', 'tests', ['vitest', 'run']],
  ['jest', 'tests', ['jest']],
  ['mocha', 'tests', ['mocha']],
  ['ava', 'tests', ['ava']],
  ['@playwright/test', 'e2e', ['playwright', 'test']],
  ['cypress', 'e2e', ['cypress', 'run']],
];

/** Of packages that serve something, with the usual port. A framework comes before what it is built on. */
const WEB_PACKAGES: readonly KnownPackage[] = [
  ['next', 'next', 'web', 3000],
  ['nuxt', 'nuxt', 'web', 3000],
  ['@sveltejs/kit', 'sveltekit', 'web', 5173],
  ['astro', 'astro', 'web', 4321],
  ['@angular/core', 'angular', 'web', 4200],
  ['react-scripts', 'create-react-app', 'web', 3000],
  ['gatsby', 'gatsby', 'web', 8000],
  ['@react-router/dev', 'react-router', 'web', 5173],
  ['@remix-run/dev', 'remix', 'web', 5173],
  ['@vue/cli-service', 'vue-cli', 'web', 8080],
  ['@11ty/eleventy', 'eleventy', 'web', 8080],
  ['@nestjs/core', 'nest', 'backend', 3000],
  ['vite', 'vite', 'web', 5173],
  ['parcel', 'parcel', 'web', 1234],
  ['webpack-dev-server', 'webpack', 'web', 8080],
  ['fastify', 'fastify', 'backend', 3000],
  ['hono', 'hono', 'backend', 3000],
  ['koa', 'koa', 'backend', 3000],
  ['@hapi/hapi', 'hapi', 'backend', 3000],
  ['express', 'express', 'backend', 3000],
];

const VITE_CONFIGS = ['vite.config.ts', 'vite.config.js', 'vite.config.mts', 'vite.config.mjs'];

/** What `npm init` writes. */
const NO_TEST = /no test specified/;

export const node: Ecosystem = {
  name: 'node',
  markers: ['package.json'],
  find(part, root) {
    const manifest = jsonMapping(part.text('package.json'));
    if (manifest === undefined) return part.note('package.json is no readable JSON mapping');
    const scripts = new Map(
      [...textEntries(manifest['scripts'])].filter(([, script]) => !NO_TEST.test(script)),
    );
    const packages = new Set(
      ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((key) => [
        ...textEntries(manifest[key]).keys(),
      ]),
    );
    const runner = runnerOf(part) ?? runnerOf(root) ?? named(manifest['packageManager']) ?? RUNNERS.at(-1);
    if (runner === undefined) return;
    const port = webFrameworks(part, packages);
    const toArgv = (name: string): readonly string[] => [...runner.run, name];
    part.named(
      scripts,
      withVariants(scripts),
      { file: 'package.json', key: 'scripts.', toArgv },
      vitePort(part) ?? port,
    );
    testFrameworks(part, packages, runner);
    if ([...scripts.values()].some((script) => /\bnode\s(?:.*\s)?--test\b/.test(script.slice(0, 500))))
      part.framework('node:test', 'tests', 'package.json', 'scripts');
  },
};

function runnerOf(part: PartView): PackageRunner | undefined {
  return RUNNERS.find(({ lock }) => part.first(...lock) !== undefined);
}

/** `"packageManager": "pnpm@9.1.0"`. */
function named(field: unknown): PackageRunner | undefined {
  return typeof field === 'string' ? RUNNERS.find(({ name }) => field.startsWith(`${name}@`)) : undefined;
}

function webFrameworks(part: PartView, packages: ReadonlySet<string>): number | undefined {
  let usual: number | undefined;
  for (const [name, framework, role, port] of WEB_PACKAGES) {
    if (!packages.has(name)) continue;
    part.framework(framework, role, 'package.json', name, port);
    usual ??= port;
  }
  return usual;
}

function testFrameworks(part: PartView, packages: ReadonlySet<string>, { exec }: PackageRunner): void {
  for (const [name, role, words] of TEST_PACKAGES) {
    if (!packages.has(name)) continue;
    part.framework(name === '@playwright/test' ? 'playwright' : name, role, 'package.json', name);
    const purpose = role === 'e2e' ? 'e2e' : 'unit';
    const sureness = part.hasCommand(purpose) ? 'guess' : 'likely';
    part.command({ purpose, argv: [...exec, ...words], file: 'package.json', key: name, sureness });
  }
}

/** Scripts such as `test:web`, too, behind those with a usual name. */
function withVariants(scripts: ReadonlyMap<string, string>): NameTable {
  const usual = new Set(USUAL_NAMES.flatMap(([, names]) => names));
  const isLooking =
    /watch|debug|coverage|update|ui$|open|headed|report|fix|lint|types?$|clean|setup|seed|prepare/;
  const others = [...scripts.keys()].filter(
    (name) => /^test[:-]/.test(name) && !usual.has(name) && !isLooking.test(name) && isPlainName(name),
  );
  return [...USUAL_NAMES, ['unit', others.slice(0, 5)]];
}

function vitePort(part: PartView): number | undefined {
  const file = part.first(...VITE_CONFIGS);
  const text = file === undefined ? undefined : part.text(file);
  const port = /\bserver\s*:\s*\{[^{}]{0,300}?\bport\s*:\s*(\d{2,5})\b/.exec(text ?? '')?.[1];
  return port === undefined ? undefined : portIn(`--port ${port}`);
}
