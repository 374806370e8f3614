import type { Act } from '../types.ts';
import { checked } from './checked.ts';
import { program } from './program.ts';
import { each, named, withOptions } from './subcommands.ts';
import { flag, onlyShows, reads, value, writes } from './table.ts';
import type { Table, Touch } from './table.ts';

const INSTALLS: readonly Act[] = ['install-packages'];
const CODE: readonly Act[] = ['run-project-code'];
const PYPROJECT: Touch = { kind: 'write', path: 'pyproject.toml' };
const writesFile = (path: string): Touch => ({ kind: 'write', path });

const looks = (flags = '', values = ''): Table => ({
  options: named(flags, values),
  operands: { rest: 'data' },
});
const asks = (flags = '', values = ''): Table => ({ ...looks(flags, values), acts: ['read-remote'] });

const pipCommon = {
  '-h --help': onlyShows,
  '-q --quiet -v -vv -vvv --verbose --no-input --no-color --disable-pip-version-check --no-cache-dir --isolated':
    flag,
  '--retries --timeout --exists-action': value,
  // Where packages come from.
  '-i --index-url --extra-index-url --proxy': { takes: 'url' },
  '-f --find-links --trusted-host --cert --client-cert --python --cache-dir --log --use-feature': {
    takes: 'unlisted',
  },
} as const;

const pipInstalls: Table = {
  options: {
    '-U --upgrade --no-deps --pre --dry-run --force-reinstall -I --ignore-installed --user --compile --no-compile':
      flag,
    '--no-build-isolation --prefer-binary --no-warn-script-location --require-hashes --no-index --use-pep517':
      flag,
    '--break-system-packages --no-clean --system --reinstall --strict -y --yes': flag,
    '--no-binary --only-binary --platform --python-version --implementation --abi --upgrade-strategy --report':
      value,
    '--progress-bar --group --resolution --prerelease --exclude-newer --extra': value,
    '-r --requirement -c --constraint --requirements --constraints': reads,
    '-e --editable': { takes: 'package', acts: CODE },
    '-t --target --prefix --root --src': writes,
  },
  operands: { rest: 'package' },
  acts: INSTALLS,
};
const pipFetches = (folder: string): Table => ({
  ...pipInstalls,
  options: { ...pipInstalls.options, [folder]: writes },
  touches: [writesFile('.')],
});

const pipTables: Readonly<Record<string, Table>> = {
  list: looks(
    '-o --outdated -u --uptodate -e --editable -l --local --user --pre --include-editable --exclude-editable --not-required --strict',
    '--format --exclude',
  ),
  freeze: {
    options: {
      ...named('-l --local --user --all --exclude-editable --strict', '--exclude'),
      '-r --requirement': reads,
      '--path': reads,
    },
    operands: { rest: 'data' },
  },
  ...each('show', looks('-f --files')),
  ...each(
    'check, tree, help, debug, version',
    looks('--verbose --outdated --no-dedupe --invert', '--depth --package'),
  ),
  inspect: { options: { ...named('--local --user'), '--path': reads }, operands: { rest: 'data' } },
  hash: { options: named('', '-a --algorithm'), operands: { rest: 'reads' } },
  ...each('config list, config get, config debug', looks('--user --global --site')),
  ...each('cache dir, cache info, cache list', looks('', '--format')),
  ...each('search', asks()),
  'index versions': asks('--pre --json', '--platform --python-version --implementation --abi'),
  ...each('install, uninstall, sync, remove', pipInstalls),
  download: pipFetches('-d --dest'),
  wheel: pipFetches('-w --wheel-dir'),
  ...each('compile, lock', {
    ...pipInstalls,
    options: {
      ...pipInstalls.options,
      ...named('--generate-hashes --all-extras --universal --no-header --no-annotate --no-strip-extras'),
      '-o --output-file --output': writes,
    },
    operands: { rest: 'package' },
  }),
  ...each('cache purge, cache remove', {
    options: named(''),
    operands: { rest: 'data' },
    acts: ['change-system'],
  }),
};
// `--path` lists packages of another place.
const pipList: Table = {
  ...looks(),
  ...pipTables['list'],
  options: { ...pipTables['list']?.options, '--path': reads },
};

const pip: Table = {
  options: { ...pipCommon, '-V --version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(pipCommon, {
    ...pipTables,
    list: pipList,
    ...each('config, cache, index', { operands: { rest: 'unlisted' } }),
  }),
};

const uvCommon = {
  '-h --help': onlyShows,
  '-q --quiet -v --verbose --offline --no-progress --native-tls --no-config --no-cache -n --no-python-downloads':
    flag,
  '--managed-python --no-managed-python': flag,
  '--color --allow-insecure-host': value,
  '--directory': { takes: 'directory' },
  '--project': reads,
  '--index-url -i --extra-index-url --default-index --index -f --find-links --config-file --cache-dir': {
    takes: 'unlisted',
  },
} as const;
const uvChoices =
  '--dev --no-dev --only-dev --all-extras --all-groups --all-packages --frozen --locked --no-sync --no-install-project --no-install-workspace --no-install-local --inexact --exact --isolated --active --no-active --no-editable --no-default-groups --upgrade -U --refresh --reinstall --compile-bytecode --no-build --no-build-isolation --dry-run --check --no-hashes --no-header --no-annotate --no-emit-project --no-dedupe --invert --outdated --universal --raw --editable --no-project --no-env-file';
const uvValues =
  '--extra --group --no-group --only-group --no-extra --package -p --python --resolution --prerelease --exclude-newer --upgrade-package -P --format --depth --python-version --python-platform --link-mode --fork-strategy --no-emit-package --prune --rev --tag --branch --optional --marker --bounds';
const uvChoosing = named(uvChoices, uvValues);
/** To find out what is needed it may build packages, the project's own among them, unless the lock file says it all. */
const LOCKS: readonly Act[] = [...INSTALLS, ...CODE];
const uvLooking: NonNullable<Table['options']> = {
  ...uvChoosing,
  '--check --locked': { takes: 'flag', lifts: INSTALLS },
  '--frozen': { takes: 'flag', lifts: LOCKS },
};
const uvSyncs: Table = { options: uvChoosing, operands: { rest: 'data' }, acts: [...INSTALLS, ...CODE] };

const uv: Table = {
  options: { ...uvCommon, '-V --version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(uvCommon, {
    ...each(
      'help, python list, python find, python dir, cache dir, cache size, auth dir, self version',
      looks(
        '--all-versions --all-platforms --only-installed --only-downloads --show-urls --system --bin --short --show-paths --show-version-specifiers',
        '--output-format',
      ),
    ),
    // With a version, or --bump, it sets it.
    version: { options: named('--short --dry-run', '--output-format'), operands: { rest: 'unlisted' } },
    tree: { options: uvLooking, operands: { rest: 'data' }, acts: LOCKS },
    // It brings the environment up to date first, which may build the project.
    run: {
      options: {
        ...uvChoosing,
        '--with': { takes: 'package', acts: INSTALLS },
        '--with-editable --with-requirements --env-file': reads,
        '-m --module': { takes: 'unlisted' },
        '-s --script': { takes: 'runsFile' },
        '--no-sync --no-project': { takes: 'flag', lifts: CODE },
      },
      operands: { rest: 'command' },
      acts: CODE,
    },
    ...each('sync', uvSyncs),
    lock: { options: uvLooking, operands: { rest: 'data' }, acts: LOCKS },
    ...each('add, remove', {
      options: { ...uvChoosing, '-r --requirements -c --constraints': reads, '--script': writes },
      operands: { rest: 'package' },
      acts: INSTALLS,
      touches: [PYPROJECT],
    }),
    venv: {
      options: {
        ...uvChoosing,
        ...named('--seed --clear --allow-existing --relocatable --system-site-packages', '--prompt'),
      },
      operands: { rest: 'writes', none: '.venv' },
      acts: INSTALLS,
    },
    export: {
      options: { ...uvLooking, '-o --output-file': writes },
      operands: { rest: 'data' },
      acts: LOCKS,
    },
    init: {
      options: {
        ...uvChoosing,
        ...named(
          '--lib --app --bare --no-readme --no-workspace --no-pin-python --package --no-package',
          '--name --description --vcs --build-backend --author-from',
        ),
      },
      operands: { rest: 'writes', none: '.' },
    },
    build: {
      options: { ...uvChoosing, ...named('--wheel --sdist --clear --list'), '-o --out-dir': writes },
      operands: { rest: 'reads' },
      acts: CODE,
    },
    format: { options: named('--check --diff'), operands: { rest: 'data' }, acts: INSTALLS },
    publish: {
      options: named('--dry-run', '--token -t --username -u --password --publish-url --check-url'),
      operands: { rest: 'reads' },
      acts: ['publish'],
    },
    ...each('cache clean, cache prune', {
      options: named('--ci --force'),
      operands: { rest: 'data' },
      acts: ['change-system'],
    }),
    ...each(
      'python install, python uninstall, python upgrade, tool install, tool uninstall, tool upgrade, self update, tool update-shell',
      {
        options: {
          ...uvChoosing,
          ...named('--all --force --default'),
          '--from --with': { takes: 'package' },
        },
        operands: { rest: 'package' },
        acts: ['install-packages', 'change-system'],
      },
    ),
    'python pin': {
      options: named('--resolved --rm'),
      operands: { rest: 'data', acts: [] },
      touches: [writesFile('.python-version')],
    },
    'tool run': {
      options: { ...uvChoosing, '--from --with': { takes: 'package' } },
      operands: { rest: 'command' },
      acts: INSTALLS,
    },
    pip: { operands: { rest: 'unlisted' } },
    ...Object.fromEntries(
      Object.entries({ ...pipTables, list: pipList }).map(([name, table]) => [
        `pip ${name}`,
        { ...table, options: { ...pipCommon, ...uvCommonPip(), ...table.options } },
      ]),
    ),
  }),
};

function uvCommonPip(): NonNullable<Table['options']> {
  return named('--system', '--python-platform');
}

/** A list of packages that is no file of the project: an address, or what comes over a pipe. */
function foreignList(words: readonly string[]): string | undefined {
  const list = words.find((word, index) => {
    const isValue = /^(?:-[rc]|--(?:requirement|constraint)s?)$/.test(words[index - 1] ?? '');
    const value = isValue ? word : /^(?:-[rc]|--(?:requirement|constraint)s?=)(.+)$/s.exec(word)?.[1];
    return value !== undefined && /:\/\/|^-$|^\/(?:dev|proc)\//.test(value);
  });
  return list === undefined ? undefined : `what stands in the list ${list.slice(0, 60)} is not known`;
}

/** pip 25 and uv 0.9. */
export const pythonPackages = {
  ...Object.fromEntries(['pip', 'pip3'].map((name) => [name, checked(pip, foreignList)])),
  uv: checked(uv, foreignList),
  uvx: program({
    options: {
      ...uvCommon,
      ...uvChoosing,
      '-V --version': onlyShows,
      '--from --with': { takes: 'package' },
    },
    operands: { rest: 'command' },
    acts: INSTALLS,
  }),
};
