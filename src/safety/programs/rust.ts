import type { Act, Word } from '../types.ts';
import { program } from './program.ts';
import { each, named } from './subcommands.ts';
import { onlyShows, optional, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Table, Touch } from './table.ts';

const RUNS: readonly Act[] = ['run-project-code'];
const INSTALLS: readonly Act[] = ['install-packages'];
const unlisted: OptionRule = { takes: 'unlisted' };
const MANIFEST: Touch = { kind: 'write', path: 'Cargo.toml' };
const LOCK: Touch = { kind: 'write', path: 'Cargo.lock' };

/** --config, -Z and +toolchain decide what is run as the compiler; they are left out, or said to be unlisted. */
const shared: NonNullable<Table['options']> = {
  '-h --help': onlyShows,
  ...named('-q --quiet -v -vv --verbose --locked --offline --frozen', '--color'),
  '--manifest-path --lockfile-path': reads,
  '--config -Z -C': unlisted,
};
const choosing = named(
  '--workspace --all --lib --bins --examples --tests --benches --all-targets --all-features --no-default-features -r --release --keep-going --future-incompat-report --ignore-rust-version --no-deps',
  '-p --package --exclude --bin --example --test --bench -F --features --target -j --jobs --profile --message-format',
);
const looks = (flags = '', values = ''): Table => ({
  options: { ...shared, ...named(flags, values) },
  operands: { rest: 'data' },
});
const asks = (flags = '', values = ''): Table => ({ ...looks(flags, values), acts: ['read-remote'] });

/** Build scripts and macros of the project and of what it depends on run in every build. */
const builds = (flags = '', values = ''): Table => ({
  options: {
    ...shared,
    ...choosing,
    ...named(flags, values),
    '--timings': optional,
    '--target-dir --artifact-dir': writes,
  },
  operands: { rest: 'data' },
  acts: RUNS,
});

const cargo: Table = {
  options: { ...shared, '-V --version --list': onlyShows, '--explain': value },
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each(
      'help, version, pkgid, read-manifest, locate-project, verify-project',
      looks('--workspace', '-p --package --message-format'),
    ),
    ...each('tree, metadata', {
      ...looks(
        '-d --duplicates --no-dedupe --all-features --no-default-features --no-deps --workspace -a',
        '-e --edges -i --invert --prune --depth --prefix --charset -f --format -p --package --exclude -F --features --target --format-version --filter-platform',
      ),
    }),
    ...each('search, info', asks('', '--limit --registry --index')),
    owner: {
      options: {
        ...shared,
        ...named('-l --list', '--registry --index'),
        '-a --add -r --remove': { takes: 'data', acts: ['publish'] },
      },
      operands: { rest: 'data' },
      acts: ['read-remote'],
    },
    ...each('build, b, check, c, doc, d, rustc, rustdoc', builds('--open --document-private-items', '')),
    ...each('test, t, bench, nextest run, llvm-cov, tarpaulin, miri test', {
      ...builds('--doc --no-run --no-fail-fast --show-output --nocapture', ''),
      looseOptions: true,
    }),
    ...each('run, r', { ...builds('', ''), stopsAtOperand: true }),
    ...each('clippy', {
      ...builds('--fix --allow-dirty --allow-staged --allow-no-vcs', ''),
      looseOptions: true,
    }),
    fix: builds('--edition --edition-idioms --broken-code --allow-dirty --allow-staged --allow-no-vcs'),
    fmt: {
      options: {
        ...shared,
        ...named('--all', '-p --package'),
        '--check': { takes: 'flag', operands: 'data' },
      },
      operands: { rest: 'writes', none: 'src' },
    },
    ...each('update, fetch, generate-lockfile', {
      options: {
        ...shared,
        ...named('-w --workspace --recursive --aggressive --breaking', '-p --package --precise --target'),
        '-n --dry-run': { takes: 'flag', lifts: INSTALLS },
      },
      operands: { rest: 'data' },
      acts: INSTALLS,
      touches: [LOCK],
    }),
    vendor: {
      options: {
        ...shared,
        ...named('--versioned-dirs --no-delete --respect-source-config'),
        '-s --sync': reads,
      },
      operands: { rest: 'writes', none: 'vendor' },
      acts: INSTALLS,
    },
    ...each('add', {
      options: {
        ...shared,
        ...named(
          '--dev --build --optional --no-optional --default-features --no-default-features -n --dry-run --public',
          '-F --features --rename --target -p --package --registry --branch --tag --rev',
        ),
        '--git': { takes: 'url' },
        '--path': reads,
      },
      operands: { rest: 'package' },
      acts: INSTALLS,
      touches: [MANIFEST],
    }),
    ...each('remove, rm', {
      options: { ...shared, ...named('--dev --build -n --dry-run', '--target -p --package') },
      operands: { rest: 'data' },
      touches: [MANIFEST],
    }),
    ...each('install, uninstall, binstall', {
      options: {
        ...shared,
        ...choosing,
        ...named(
          '-f --force --no-track --debug -n --dry-run -y',
          '--version --vers --branch --tag --rev --registry --index',
        ),
        '--git': { takes: 'url' },
        '--path': { takes: 'package' },
        '--root': writes,
      },
      operands: { rest: 'package' },
      acts: ['install-packages', 'change-system'],
    }),
    ...each('new, init', {
      options: { ...shared, ...named('--lib --bin', '--name --edition --vcs --registry') },
      operands: { rest: 'writes', none: '.' },
    }),
    clean: {
      options: {
        ...shared,
        ...named('--doc -r --release -n --dry-run', '-p --package --target --profile'),
        '--target-dir': { takes: 'deletesTree' },
      },
      operands: { rest: 'data' },
      touches: [{ kind: 'delete-tree', path: 'target' }],
    },
    ...each('publish, yank', {
      options: {
        ...shared,
        ...choosing,
        ...named(
          '-n --dry-run --allow-dirty --no-verify --undo',
          '--version --vers --registry --index --token',
        ),
      },
      operands: { rest: 'data' },
      acts: ['publish'],
    }),
    package: builds('-l --list --allow-dirty --no-verify --no-metadata'),
    ...each('audit, deny check, outdated', asks('-d', '--deny --ignore -f --format -R')),
    expand: builds(),
  },
};

const rustup: Table = {
  options: { '-h --help -V --version': onlyShows, ...named('-v --verbose -q --quiet') },
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each(
      'show, show active-toolchain, show home, show profile, which, toolchain list, target list, component list, override list, help, doc, completions',
      {
        options: named('-v --verbose --installed -q --quiet --path', '--toolchain'),
        operands: { rest: 'data' },
      },
    ),
    check: { operands: { rest: 'data' }, acts: ['read-remote'] },
    run: { options: named('--install'), operands: { first: ['data'], rest: 'command' }, acts: INSTALLS },
    ...each(
      'update, install, toolchain install, target add, component add, default, override set, uninstall, toolchain uninstall, target remove, component remove, self update',
      {
        options: named(
          '--force --no-self-update --allow-downgrade',
          '--profile -c --component -t --target --toolchain',
        ),
        operands: { rest: 'data' },
        acts: ['install-packages', 'change-system'],
      },
    ),
  },
};

const read = program(cargo);

function readCargo(words: readonly Word[]): ProgramReading {
  const reading = read(words);
  if (words.length > 0) return reading;
  return { ...reading, unknowns: [{ about: 'option', why: 'the subcommand of cargo is not said' }] };
}

/** cargo 1.91 with its usual extensions, rustup, rustc, rustfmt. */
export const rust = {
  cargo: readCargo,
  rustup: program(rustup),
  rustc: program({
    options: {
      '-h --help -V --version': onlyShows,
      '-vV': onlyShows,
      '--explain': { takes: 'data', onlyShows: true },
      '--print --edition --crate-type --crate-name --emit --cfg -O': value,
      '-o --out-dir': writes,
    },
    operands: { rest: 'reads' },
    acts: RUNS,
  }),
  rustfmt: program({
    options: {
      '-h --help -V --version': onlyShows,
      '--check': { takes: 'flag', operands: 'reads' },
      ...named(
        '-l --files-with-diff -q --quiet -v --verbose --backup',
        '--edition --style-edition --color --emit',
      ),
      '--config-path': reads,
    },
    operands: { rest: 'writes' },
  }),
};
