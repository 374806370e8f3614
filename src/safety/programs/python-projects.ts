import type { Act } from '../types.ts';
import { program } from './program.ts';
import { each, named, withOptions } from './subcommands.ts';
import { flag, onlyShows, reads, writes } from './table.ts';
import type { Table, Touch } from './table.ts';

const INSTALLS: readonly Act[] = ['install-packages'];
const CODE: readonly Act[] = ['run-project-code'];
const writesFile = (path: string): Touch => ({ kind: 'write', path });

const looks = (flags = '', values = ''): Table => ({
  options: named(flags, values),
  operands: { rest: 'data' },
});
const asks = (flags = '', values = ''): Table => ({ ...looks(flags, values), acts: ['read-remote'] });
const pathless = (flags: string, values = ''): Table['options'] => ({
  ...named(flags, values),
  '-h --help': onlyShows,
});
const poetryCommon = {
  '-h --help': onlyShows,
  '-q --quiet -n --no-interaction --ansi --no-ansi --no-plugins --no-cache -v -vv -vvv --verbose': flag,
  '-C --directory -P --project': { takes: 'directory' },
} as const;
const poetry: Table = {
  options: { ...poetryCommon, '-V --version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(poetryCommon, {
    ...each(
      'show, check, about, list, help, env info, env list, config --list, source show, cache list',
      looks(
        '-t --tree -l --latest -o --outdated -a --all -T --top-level --no-truncate -p --path --full-path -s --short --lock --strict --executable -e',
        '--why --without --with --only',
      ),
    ),
    // With a version it sets it.
    version: { options: named('-s --short'), operands: { rest: 'unlisted' } },
    search: asks(),
    ...each('install, sync, lock, update, self update, add, remove, self add', {
      options: named(
        '--no-root --sync --no-dev --all-extras --all-groups --dry-run --compile --only-root --regenerate --no-update --lock -D --dev -e --editable --allow-prereleases',
        '-E --extras --with --without --only -G --group --optional --python --platform --markers --source',
      ),
      operands: { rest: 'package' },
      acts: [...INSTALLS, ...CODE],
    }),
    run: { operands: { rest: 'command' } },
    build: { options: named('', '-f --format'), operands: { rest: 'data' }, acts: CODE },
    publish: {
      options: named('--build --dry-run --skip-existing', '-r --repository -u --username -p --password'),
      operands: { rest: 'data' },
      acts: ['publish'],
    },
    ...each('init, new', {
      options: named(
        '--src --flat',
        '--name --description --author --python --dependency --dev-dependency -l --license',
      ),
      operands: { rest: 'writes', none: '.' },
    }),
  }),
};

const pdm: Table = {
  options: { '-h --help -V --version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each('list, info, show, outdated', {
      options: pathless('--tree --graph --env --packages --json --freeze', '--fields --sort'),
      operands: { rest: 'data' },
    }),
    ...each('install, sync, lock, update, add, remove', {
      options: pathless(
        '-d --dev --prod --no-self --frozen-lockfile --check --no-isolation -u',
        '-G --group',
      ),
      operands: { rest: 'package' },
      acts: [...INSTALLS, ...CODE],
    }),
    run: { operands: { rest: 'command' }, acts: CODE },
    build: { operands: { rest: 'unlisted' }, acts: CODE },
    publish: { operands: { rest: 'data' }, acts: ['publish'] },
  },
};

const conda: Table = {
  options: { '-h --help -V --version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each('list, info, env list, config --show, config --show-sources', {
      options: pathless('-e --envs --export --json -a --all -c --explicit', '-n --name'),
      operands: { rest: 'data' },
    }),
    ...each('search', {
      options: pathless('--info --json', '-c --channel'),
      operands: { rest: 'data' },
      acts: ['read-remote'],
    }),
    ...each('install, create, update, upgrade, remove, uninstall, env create, env update, env remove', {
      options: {
        ...pathless('-y --yes -q --quiet --all --dry-run -d --json --prune', '-n --name -c --channel'),
        '-f --file': reads,
        '-p --prefix': writes,
      },
      operands: { rest: 'package' },
      acts: INSTALLS,
    }),
    run: {
      options: pathless('--no-capture-output --live-stream', '-n --name'),
      operands: { rest: 'command' },
    },
  },
};

const pipx: Table = {
  options: { '-h --help --version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each('list, environment', {
      options: pathless('--short --json --include-injected', '-V --value'),
      operands: { rest: 'data' },
    }),
    ...each('install, upgrade, upgrade-all, uninstall, uninstall-all, reinstall, inject, ensurepath', {
      options: pathless('-f --force --include-deps', '--python --suffix'),
      operands: { rest: 'package' },
      acts: ['install-packages', 'change-system'],
    }),
    run: {
      options: { ...pathless('--no-cache'), '--spec': { takes: 'package' } },
      operands: { rest: 'command' },
      acts: INSTALLS,
    },
  },
};

/** poetry 2, pdm, conda, pipx, build, twine, pyenv. */
export const pythonProjects = {
  poetry: program(poetry),
  pdm: program(pdm),
  ...Object.fromEntries(['conda', 'mamba', 'micromamba'].map((name) => [name, program(conda)])),
  pipx: program(pipx),
  'pyproject-build': program({
    options: { ...pathless('-s --sdist -w --wheel -n --no-isolation -v -q'), '-o --outdir': writes },
    operands: { rest: 'reads', none: '.' },
    acts: ['run-project-code', 'install-packages'],
  }),
  twine: program({
    options: { '-h --help --version': onlyShows },
    operands: { rest: 'unlisted' },
    subcommands: {
      check: { options: pathless('--strict'), operands: { rest: 'reads' } },
      upload: {
        options: pathless(
          '--skip-existing --verbose',
          '-r --repository -u --username -p --password --repository-url',
        ),
        operands: { rest: 'reads' },
        acts: ['publish'],
      },
    },
  }),
  pyenv: program({
    options: { '-h --help -v --version': onlyShows },
    operands: { rest: 'unlisted' },
    subcommands: {
      ...each('version, versions, which, whence, root, commands', {
        options: pathless('--bare --path --skip-aliases'),
        operands: { rest: 'data' },
      }),
      ...each('install, uninstall, rehash, global', {
        options: pathless('-f --force -s -l --list -v'),
        operands: { rest: 'data' },
        acts: ['install-packages', 'change-system'],
      }),
      local: { operands: { rest: 'data' }, touches: [writesFile('.python-version')] },
      exec: { operands: { rest: 'command' } },
    },
  }),
};
