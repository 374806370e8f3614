import type { Act } from '../types.ts';
import { program } from './program.ts';
import { each, named, withOptions } from './subcommands.ts';
import { flag, onlyShows, value } from './table.ts';
import type { Table, Touch } from './table.ts';

const RUNS: readonly Act[] = ['run-project-code'];
const INSTALLS: readonly Act[] = ['install-packages'];
const PACKAGE: Touch = { kind: 'write', path: 'package.json' };

/** Settings that every command takes and that change only what is shown, or which of the project's own parts it is about. */
const common = {
  '-h --help -?': onlyShows,
  '-s -d -dd -ddd --silent --quiet -q --verbose --json -l --long -p --parseable --color --no-color --no-progress':
    flag,
  '--no-audit --no-fund --no-update-notifier --unicode --offline --prefer-offline --prefer-online --workspaces':
    flag,
  '--ws --include-workspace-root --if-present --foreground-scripts --timing --all -a --no-unicode': flag,
  '--loglevel -w --workspace --depth --omit --include': value,
} as const;

const asks = (flags = '', values = ''): Table => ({
  options: named(flags, values),
  operands: { rest: 'data' },
  acts: ['read-remote'],
});
const looks = (flags = '', values = ''): Table => ({
  options: named(flags, values),
  operands: { rest: 'data' },
});
const does = (acts: readonly Act[], flags = '', values = ''): Table => ({
  options: named(flags, values),
  operands: { rest: 'data' },
  acts,
});

const saving =
  '-D -E -O -P -S -f --save --no-save --save-dev --save-exact --save-optional --save-prod --save-peer --save-bundle -B --no-package-lock --package-lock-only --ignore-scripts --legacy-peer-deps --strict-peer-deps --force --dry-run --install-links --no-bin-links --prefer-dedupe --production --only --audit --fund --progress --engine-strict -y --yes';

/** From a registry by name, or from what the lock file says; anything else (`./x`, `git+ssh:`) is said, too. */
const installs: Table = {
  options: {
    ...named(saving, '--tag --install-strategy --os --cpu --libc'),
    '-g --global': { takes: 'flag', acts: ['change-system'] },
  },
  operands: { rest: 'package' },
  acts: INSTALLS,
};

const npmTable: Table = {
  options: { ...common, '-v --version --versions': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(common, {
    ...each('list, ls, ll, la', looks('-g --global --link --package-lock-only --unicode', '')),
    ...each('explain, why', looks()),
    ...each('root, prefix, bin', looks('-g --global')),
    ...each(
      'config list, config ls, c list, c ls, config get, c get, get',
      looks('-g --global', '-L --location'),
    ),
    ...each('help, help-search, completion', looks()),
    // Behind fund a name opens a browser, and the settings of the project may say which.
    fund: { options: named('--browser', '--which'), operands: { rest: 'unlisted' } },
    ...each(
      'query, find-dupes, sbom',
      looks('--browser --package-lock-only', '--which --sbom-format --sbom-type'),
    ),
    ...each('cache ls, cache list', looks()),
    ...each('pkg get', looks()),
    ...each('view, v, info, show', {
      ...asks(),
      // A name of the registry, or an address.
      operands: { first: ['package'], rest: 'data' },
    }),
    // docs, home, bugs, repo and issues are left out: they open a browser. diff first runs the scripts of a folder.
    ...each(
      'search, s, se, find, outdated, ping, whoami, doctor, stars',
      asks(
        '-g --global --no-description --prefer-online',
        '--searchlimit --searchopts --searchexclude --tag',
      ),
    ),
    ...each(
      'owner ls, owner list, dist-tag ls, dist-tag list, dist-tags ls, token list, token ls, profile get, team ls, org ls, access list packages, access list collaborators, access get status, hook ls',
      asks('', '--otp'),
    ),
    audit: asks('--production --no-optional', '--audit-level'),
    'audit signatures': asks(),
    'audit fix': { ...installs },
    run: { options: named('--list --ignore-scripts'), operands: { rest: 'data', acts: RUNS } },
    ...each('run-script, rum, urn', {
      options: named('--ignore-scripts'),
      operands: { rest: 'data', acts: RUNS },
    }),
    ...each('test, tst, t, start, stop, restart', does(RUNS, '--ignore-scripts')),
    ...each(
      'install, i, in, ins, add, ci, clean-install, update, up, upgrade, udpate, dedupe, ddp, prune, uninstall, un, unlink, remove, rm, r, rebuild, rb',
      installs,
    ),
    ...each('install-test, it, install-ci-test, cit', {
      ...installs,
      acts: ['install-packages', 'run-project-code'],
    }),
    ...each('exec, x', {
      options: {
        '-y --yes': flag,
        '--no -n --no-install': { takes: 'flag', acts: RUNS, lifts: INSTALLS },
        '-p --package': { takes: 'data', acts: INSTALLS },
      },
      operands: { rest: 'command' },
      acts: INSTALLS,
    }),
    version: {
      options: named(
        '--no-git-tag-version --git-tag-version --allow-same-version -f --force',
        '-m --message --preid',
      ),
      operands: { rest: 'data', acts: ['change-history', 'run-project-code'] },
    },
    init: {
      options: named('-y --yes -f --force', '--scope'),
      operands: { rest: 'data', acts: ['install-packages', 'run-file'] },
      touches: [PACKAGE],
    },
    create: does(['install-packages', 'run-file'], '-y --yes'),
    pack: {
      options: { ...named('--dry-run --ignore-scripts'), '--pack-destination': { takes: 'writes' } },
      operands: { rest: 'package' },
      acts: RUNS,
      touches: [{ kind: 'write', path: '.' }],
    },
    ...each(
      'publish, unpublish, deprecate, undeprecate, dist-tag add, dist-tag rm, dist-tag set, owner add, owner rm, star, unstar',
      does(['publish'], '-f --force --dry-run --provenance --ignore-scripts', '--tag --access --otp'),
    ),
    ...each(
      'access set, access grant, access revoke, org set, org rm, team create, team destroy, team add, team rm, token create, token revoke, profile set',
      does(['change-remote'], '', '--otp'),
    ),
    ...each(
      'cache clean, cache clear, cache rm, cache verify, cache add',
      does(['change-system'], '-f --force'),
    ),
    ...each('pkg set, pkg delete, pkg fix', {
      options: named('-f --force'),
      operands: { rest: 'data' },
      touches: [PACKAGE],
    }),
    shrinkwrap: does(INSTALLS),
    ...each(
      'config, c, cache, owner, dist-tag, dist-tags, token, profile, team, org, access, access list, access get, hook, pkg',
      { operands: { rest: 'unlisted' } },
    ),
  }),
};

const npxOptions = {
  '-h --help -v --version': onlyShows,
  '-y --yes -q --quiet --prefer-offline --ignore-scripts --offline': flag,
  '--no-install --no': { takes: 'flag', acts: RUNS, lifts: INSTALLS },
  '-p --package': { takes: 'data', acts: INSTALLS },
  '-w --workspace': value,
} as const;

/** npm 11, npx. Left out: what changes where programs and packages come from (--prefix, --script-shell, --registry …). */
export const npm = {
  npm: program(npmTable),
  npx: program({ options: npxOptions, operands: { rest: 'command' }, acts: INSTALLS }),
};
