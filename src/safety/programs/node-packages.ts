import type { Act, Word } from '../types.ts';
import { program } from './program.ts';
import { each, named, withOptions } from './subcommands.ts';
import { flag, onlyShows, value } from './table.ts';
import type { ProgramReading, Table, Touch } from './table.ts';

const RUNS: readonly Act[] = ['run-project-code'];
const INSTALLS: readonly Act[] = ['install-packages'];
const PACKAGE: Touch = { kind: 'write', path: 'package.json' };

const looks = (flags = '', values = ''): Table => ({
  options: named(flags, values),
  operands: { rest: 'data' },
});
const asks = (flags = '', values = ''): Table => ({ ...looks(flags, values), acts: ['read-remote'] });
/** The first word names a package, and may be an address. */
const ofPackage = (table: Table): Table => ({ ...table, operands: { first: ['package'], rest: 'data' } });
const does = (acts: readonly Act[], flags = '', values = ''): Table => ({ ...looks(flags, values), acts });
const installs = (flags: string, values = ''): Table => ({
  options: { ...named(flags, values), '-g --global': { takes: 'flag', acts: ['change-system'] } },
  operands: { rest: 'package' },
  acts: INSTALLS,
});
/** Behind the name of a script or a template the words are its own, `--help` among them. */
const passing = (table: Table): Table => ({ ...table, options: { ...table.options, '-h --help': flag } });

const common = {
  '-h --help': onlyShows,
  '--silent -s --json --long --parseable --no-color --color': flag,
} as const;
const atAll = { ...common, '-v --version': onlyShows } as const;

const pnpmCommon = {
  ...common,
  '-r --recursive -w --workspace-root --stream --parallel --aggregate-output --if-present --offline --prefer-offline':
    flag,
  '-F --filter --filter-prod --reporter --loglevel --workspace-concurrency': value,
} as const;
const pnpmSaving =
  '-D -P -O -E --save-dev --save-prod --save-optional --save-exact --save-peer --save-catalog --prod --dev --no-optional --frozen-lockfile --no-frozen-lockfile --lockfile-only --fix-lockfile --force --ignore-scripts --strict-peer-dependencies --no-strict-peer-dependencies --shamefully-hoist --latest -L -i --interactive --workspace --prefer-frozen-lockfile';

const pnpm: Table = {
  options: { ...pnpmCommon, ...atAll },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(pnpmCommon, {
    ...each(
      'list, ls, la, ll, why, root, bin, help, licenses list, licenses ls, config list, config get, store path, store status, cat-file, find-hash',
      looks('-g --global --prod -P --dev -D --no-optional --only-projects', '--depth'),
    ),
    ...each('view, info, show', ofPackage(asks())),
    ...each(
      'search, outdated, audit, ping, doctor',
      asks('--prod -P --dev -D --compatible --no-table', '--audit-level --format'),
    ),
    run: passing({
      options: named('--no-bail --resume-from'),
      operands: { rest: 'data', acts: RUNS },
    }),
    ...each('test, t, start, stop, restart', passing(does(RUNS))),
    ...each(
      'install, i, add, update, up, upgrade, remove, rm, uninstall, un, rebuild, rb, prune, dedupe, fetch, import, ci',
      installs(pnpmSaving),
    ),
    ...each('install-test, it', { ...installs(pnpmSaving), acts: ['install-packages', 'run-project-code'] }),
    exec: { operands: { rest: 'command' }, acts: RUNS },
    dlx: { options: { '--package': { takes: 'package' } }, operands: { rest: 'command' }, acts: INSTALLS },
    create: passing(does(['install-packages', 'run-file'])),
    init: { operands: { rest: 'data' }, touches: [PACKAGE] },
    pack: { ...does(RUNS), touches: [{ kind: 'write', path: '.' }] },
    publish: does(['publish'], '--dry-run --no-git-checks --force', '--tag --access'),
    'store prune': does(['change-system']),
    licenses: { operands: { rest: 'unlisted' } },
  }),
};

const yarnSaving =
  '-D -E -T -P -O -C -W -A --dev --exact --tilde --peer --optional --caret --frozen-lockfile --immutable --immutable-cache --check-cache --pure-lockfile --no-lockfile --production --ignore-scripts --ignore-optional --ignore-engines --ignore-workspace-root-check --force --flat --non-interactive --prefer-offline --offline --latest --inline-builds --interactive -i --recursive -R --all';

const yarn: Table = {
  options: { ...atAll, '-s --silent': flag },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(common, {
    ...each(
      'list, why, help, bin, licenses list, licenses ls, config list, config get, workspaces list, workspaces info, workspace list, cache dir, cache list, versions',
      looks('--production --prod -R --recursive', '--depth --pattern'),
    ),
    ...each(
      'info, npm info',
      ofPackage(asks('-A --all -R --recursive --virtuals --dependents --manifest --cache')),
    ),
    ...each(
      'outdated, audit, npm audit, npm whoami',
      asks(
        '-A --all -R --recursive --virtuals --dependents --manifest --cache',
        '--groups --level --environment --severity',
      ),
    ),
    run: passing({
      options: named('--binaries-only --top-level'),
      operands: { rest: 'data', acts: RUNS },
    }),
    ...each(
      'test, start, build, lint, check, typecheck, format, dev, coverage, e2e, compile',
      passing(does(RUNS)),
    ),
    ...each('install, add, remove, upgrade, up, dedupe, rebuild, import, global add', installs(yarnSaving)),
    exec: { operands: { rest: 'command' }, acts: RUNS },
    dlx: {
      options: { '-p --package': { takes: 'package' }, '-q --quiet': flag },
      operands: { rest: 'command' },
      acts: INSTALLS,
    },
    create: passing(does(['install-packages', 'run-file'])),
    init: { options: named('-y --yes -p --private -2'), operands: { rest: 'data' }, touches: [PACKAGE] },
    version: {
      options: named('--no-git-tag-version', '--new-version'),
      operands: { rest: 'data' },
      acts: ['change-history', 'run-project-code'],
    },
    pack: { ...does(RUNS, '--dry-run -n'), touches: [{ kind: 'write', path: '.' }] },
    ...each('publish, npm publish', does(['publish'], '--tolerate-republish', '--tag --access')),
    ...each('cache clean, cache clear', does(['change-system'], '--all --mirror')),
    ...each('cache, config, global, npm, licenses, workspace, workspaces', {
      operands: { rest: 'unlisted' },
    }),
  }),
};

const bun: Table = {
  options: { ...atAll, '--revision': onlyShows, '-e --eval -p --print': { takes: 'inlineCode' } },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(
    { '-h --help': onlyShows, '--silent': flag },
    {
      ...each('pm ls, pm bin, pm cache, pm hash, pm whoami, why, help', looks('-g --all')),
      ...each('outdated, audit', asks('--json', '--filter -F')),
      info: ofPackage(asks('--json')),
      ...each(
        'install, i, add, a, remove, rm, update',
        installs(
          '-d -D -E -p -y --dev --optional --exact --production --frozen-lockfile --no-save --dry-run --force --no-cache --verbose --ignore-scripts --trust --latest --peer',
        ),
      ),
      run: passing({
        options: named('--bun -b --watch --hot --if-present', '-F --filter'),
        operands: { rest: 'data', acts: RUNS },
      }),
      test: does(
        RUNS,
        '--watch --coverage --bail --todo --only -u --update-snapshots --rerun-each',
        '-t --test-name-pattern --timeout',
      ),
      build: does(
        RUNS,
        '--minify --production --watch --splitting',
        '--target --outdir --outfile --format --sourcemap --external',
      ),
      x: { options: named('--bun'), operands: { rest: 'command' }, acts: INSTALLS },
      ...each('create, init', passing(does(['install-packages', 'run-file'], '-y'))),
      publish: does(['publish'], '--dry-run', '--tag --access'),
    },
  ),
};

const corepack: Table = {
  options: { '-h --help -v --version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: each(
    'enable, disable, install, prepare, use, up, cache clean',
    does(['install-packages', 'change-system'], '-g --activate --all'),
  ),
};

// Without a word it installs.
const bareYarn = program(installs(''));
const readYarn = program(yarn);

/** Package managers for JavaScript other than npm: pnpm 10, yarn 1 and 4, bun 1, corepack. */
export const nodePackages = {
  pnpm: program(pnpm),
  pnpx: program({
    options: { '-h --help': onlyShows, '--package': { takes: 'package' } },
    operands: { rest: 'command' },
    acts: INSTALLS,
  }),
  yarn: (words: readonly Word[]): ProgramReading => (words.length === 0 ? bareYarn : readYarn)(words),
  yarnpkg: readYarn,
  bun: program(bun),
  bunx: program({
    options: { '-h --help': onlyShows, '--bun': flag },
    operands: { rest: 'command' },
    acts: INSTALLS,
  }),
  corepack: program(corepack),
};
