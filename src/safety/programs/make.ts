import type { Act } from '../types.ts';
import { program } from './program.ts';
import { each, named } from './subcommands.ts';
import { onlyShows, reads, value, writes } from './table.ts';
import type { OptionRule, Table } from './table.ts';

const RUNS: readonly Act[] = ['run-project-code'];
const unlisted: OptionRule = { takes: 'unlisted' };
const shows = { '-h --help --version': onlyShows } as const;

/** -n too runs what a recipe marks with `+` and what `$(shell …)` says; `SHELL=x` and --eval are not the project's. */
const make: Table = {
  options: {
    ...shows,
    '-v': onlyShows,
    ...named(
      '-b -B -d -e -i -k -L -m -n -p -q -r -R -s -S -t -w --always-make --ignore-errors --keep-going --dry-run --just-print --recon --question --silent --quiet --touch --print-directory --no-print-directory --trace --print-data-base --no-builtin-rules --no-builtin-variables --warn-undefined-variables',
      '-o -W --old-file --what-if',
    ),
    '-j --jobs -l --load-average -O --output-sync --debug': { takes: 'optional' },
    '-C --directory': { takes: 'directory' },
    '-f --file --makefile': { takes: 'runsFile' },
    '-I --include-dir': reads,
    '-E --eval': unlisted,
  },
  operands: { rest: 'data' },
  acts: RUNS,
};

/** Behind these may stand the file that the text is written to. */
const textsToFile: OptionRule = { takes: 'flag', operands: 'writes', lifts: RUNS };
const cmakeTexts = { '-h --help --version -version -V --help-full': textsToFile } as const;

const cmake: Table = {
  options: {
    ...cmakeTexts,
    ...named(
      '--fresh -Wdev -Wno-dev --clean-first -v --verbose --trace --log-context --list-presets',
      '-G -T -A -D -U --preset --target -t --config -j --parallel --log-level --component',
    ),
    '-S': reads,
    '-B --build --install': writes,
    '--prefix': writes,
    '-P': { takes: 'runsFile' },
    // cmake -E runs commands of its own, and any other.
    '-E -C': unlisted,
  },
  operands: { rest: 'reads' },
  acts: RUNS,
};

const projectTool = (options: Table['options'] = {}): Table => ({
  options: { ...shows, ...options },
  operands: { rest: 'data' },
  looseOptions: true,
  acts: RUNS,
});

const bazel: Table = {
  // It starts the project's tools/bazel, where there is one, whatever it is asked.
  options: named('-h --help --version'),
  operands: { rest: 'unlisted' },
  acts: RUNS,
  subcommands: {
    ...each(
      'build, test, coverage, run, query, cquery, aquery, mod graph',
      projectTool({ '--run_under --override_repository --override_module --registry': unlisted }),
    ),
    ...each('version, help, info', { operands: { rest: 'data' } }),
    clean: { options: named('--expunge --async'), operands: { rest: 'data' }, acts: RUNS },
  },
};

/** Programs that build what a file of the project describes. */
export const builders = {
  ...Object.fromEntries(['make', 'gmake'].map((name) => [name, program(make)])),
  cmake: program(cmake),
  ctest: program(
    projectTool({
      ...cmakeTexts,
      '-h --help --version': textsToFile,
      '-S --script -SP --build-and-test --test-command': unlisted,
    }),
  ),
  ninja: program({
    options: {
      ...shows,
      ...named('-v --verbose --quiet -n', '-j -k -l -d -w'),
      '-C': { takes: 'directory' },
      '-f': { takes: 'runsFile' },
      '-t': { takes: 'data' },
    },
    operands: { rest: 'data' },
    acts: RUNS,
  }),
  meson: program({
    options: { ...shows, '-v': onlyShows },
    operands: { rest: 'unlisted' },
    subcommands: {
      ...each(
        'compile, test, setup, configure, introspect, install',
        projectTool({ '--wrapper --wrap': unlisted }),
      ),
    },
  }),
  ...Object.fromEntries(['bazel', 'bazelisk'].map((name) => [name, program(bazel)])),
  just: program({
    options: {
      ...shows,
      '-V': onlyShows,
      ...named('-n --dry-run -q --quiet -v --verbose --yes', '--color'),
      '-l --list --summary --dump --show -s': { takes: 'flag', lifts: RUNS },
      '--evaluate': { takes: 'flag' },
      '-f --justfile': { takes: 'runsFile' },
      '-d --working-directory': { takes: 'directory' },
      '-c --command --shell --shell-arg': unlisted,
    },
    operands: { rest: 'data' },
    acts: RUNS,
    stopsAtOperand: true,
  }),
  task: program({
    options: {
      ...shows,
      '-l --list -a --list-all': onlyShows,
      ...named(
        '--summary -f --force -p --parallel -s --silent -v --verbose --dry -y --yes -w --watch',
        '-c -o --output -C --concurrency',
      ),
      '-t --taskfile': { takes: 'runsFile' },
      '-d --dir': { takes: 'directory' },
    },
    operands: { rest: 'data' },
    acts: RUNS,
  }),
  ...Object.fromEntries(
    ['gcc', 'g++', 'cc', 'c++', 'clang', 'clang++'].map((name) => [
      name,
      program({
        options: {
          ...shows,
          '-dumpversion -dumpmachine': onlyShows,
          ...named(
            '-v -c -E -S -g -O0 -O1 -O2 -O3 -Os -Og -Wall -Wextra -Werror -pedantic -fPIC -shared -static -pthread -fsyntax-only -MMD -MP',
            '-D -U -l -x -m',
          ),
          '-std': { takes: 'optional' },
          '-I -L -include -isystem': reads,
          '-o -MF': writes,
        },
        operands: { rest: 'reads' },
        acts: ['run-project-code'],
      }),
    ]),
  ),
  'clang-format': program({
    options: {
      ...shows,
      '-i': { takes: 'flag', operands: 'writes' },
      '-n --dry-run --Werror': { takes: 'flag' },
      '--style -style --fallback-style --lines --assume-filename': value,
    },
    operands: { rest: 'reads' },
  }),
  shellcheck: program({
    options: {
      ...shows,
      '-V': onlyShows,
      ...named(
        '-a --check-sourced -x --external-sources',
        '-e --exclude -i --include -f --format -S --severity -s --shell -o --enable -C --color -W --wiki-link-count',
      ),
      '-P --source-path --rcfile': reads,
    },
    operands: { rest: 'reads' },
  }),
  shfmt: program({
    options: {
      ...shows,
      ...named('-s -mn -bn -ci -sr -kp -fn', '-i -ln -p -filename'),
      '-d -l -f --diff --list': { takes: 'flag' },
      '-w --write': { takes: 'flag', operands: 'writes' },
    },
    operands: { rest: 'reads' },
  }),
  hadolint: program({
    options: {
      ...shows,
      '-v': onlyShows,
      ...named(
        '--no-fail --no-color -V --verbose',
        '-f --format --ignore -t --failure-threshold --trusted-registry',
      ),
      '-c --config': reads,
    },
    operands: { rest: 'reads' },
  }),
};
