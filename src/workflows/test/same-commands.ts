export type Words = readonly [string, ...string[]];

/** Programs that run another one of the project, which the gate decides on by itself, too. */
const WRAPPERS: readonly (readonly string[])[] = [
  ['npx'],
  ['bunx'],
  ['pnpm', 'exec'],
  ['yarn', 'run'],
  ['uv', 'run'],
  ['poetry', 'run'],
  ['pdm', 'run'],
  ['pipenv', 'run'],
  ['bundle', 'exec'],
];

/** Scripts that a package runner runs without the word `run`. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  npm: ['test', 'start'],
  pnpm: ['test', 'start', 'dev'],
  yarn: ['test', 'start', 'dev'],
};

/** Test programs that take files, and options that only say how much is run or shown. */
const FILE_RUNS: readonly (readonly [words: readonly string[], options: readonly string[]])[] = [
  [
    ['vitest', 'run'],
    ['--reporter=\\w+', '--bail=\\d+', '--no-color'],
  ],
  [['jest'], ['--ci', '--verbose', '--runInBand', '--no-color']],
  [['mocha'], ['--bail', '--reporter=\\w+']],
  [
    ['playwright', 'test'],
    ['--reporter=\\w+', '--project=[\\w-]+', '--workers=\\d+', '-x'],
  ],
  [['pytest'], ['-[xvqsl]+', '-r\\w+', '--lf', '--tb=\\w+', '--maxfail=\\d+', '-k \\w+']],
  [['rspec'], ['--fail-fast']],
  [
    ['go', 'test'],
    ['-v', '-race', '-run \\w+'],
  ],
  [['cargo', 'test'], []],
  [
    ['mix', 'test'],
    ['--failed', '--trace'],
  ],
];

/** A file or a test below the folder: no option, no way up, not absolute, no `@file` with options in it. */
const TARGET = String.raw`(?:\./)?\w[\w@/:-]*(?:\.[\w@/:-]+)*(?:\.\.\.)?`;

/**
 * The same with a test's or spec's name in the file's own: these programs load whatever file they are given, so that any
 * script of the project would run.
 */
const TEST_TARGET = String.raw`(?:\./)?(?:\w[\w@/-]*(?:\.[\w@/-]+)*[./]?)?(?:[Tt]est|[Ss]pec)[\w@/:-]*(?:\.[\w@/:-]+)*`;
const LOADS_ANY_FILE: ReadonlySet<string> = new Set(['pytest', 'mocha', 'rspec', 'mix']);

/** A command in all the words that mean the same: without `run` where that is usual, and what a wrapper runs. */
export function sameCommands(argv: Words): readonly Words[] {
  const [program, second, third] = argv;
  const short =
    second === 'run' && argv.length === 3 && third !== undefined && SHORT[program]?.includes(third) === true
      ? [[program, third] as const]
      : [];
  const inner = innerOf(argv);
  return [argv, ...short, ...(inner === undefined ? [] : sameCommands(inner))];
}

function innerOf(argv: Words): Words | undefined {
  const wrapper = WRAPPERS.find((words) => words.every((word, index) => argv[index] === word));
  const [program, ...rest] = wrapper === undefined ? [] : argv.slice(wrapper.length);
  // `yarn run test` runs a script; `yarn run vitest run` a program.
  if (program === undefined || (wrapper?.[0] === 'yarn' && rest.length === 0)) return undefined;
  return [program, ...rest];
}

/** The same test program for some of the files, as a pattern for one command; undefined where none is known. */
export function fileRunPattern(argv: Words): string | undefined {
  for (const [words, options] of FILE_RUNS) {
    const wrapper = [[], ...WRAPPERS].find((before) => startsWith(argv, [...before, ...words]));
    if (wrapper === undefined) continue;
    const target = LOADS_ANY_FILE.has(words[0] ?? '') ? TEST_TARGET : TARGET;
    return `^${[...wrapper, ...words].join(' ')}(?: (?:${[...options, target].join('|')})){1,20}$`;
  }
  return undefined;
}

function startsWith(argv: Words, words: readonly string[]): boolean {
  return words.every((word, index) => argv[index] === word);
}
