import { program } from './program.ts';
import { each, withOptions } from './subcommands.ts';
import { flag, onlyShows, optional, reads, value } from './table.ts';
import type { Act, Word } from '../types.ts';
import type { OptionRule, ProgramReading, Table } from './table.ts';

const help = { '-h --help': onlyShows };
const INSTALLS: readonly Act[] = ['install-packages', 'change-system'];
const REMOVES: readonly Act[] = ['change-system'];
const data: Table['operands'] = { rest: 'data' };

/** Homebrew (docs.brew.sh/Manpage). Words that are no command of its own run programs called `brew-…`. */
const brewLooks: Table = {
  options: {
    '--formula --formulae --cask --casks --installed --all --eval-all --analytics --github --full-name': flag,
    '--versions --pinned --multiple -l -r -t --installed-on-request --installed-as-dependency': flag,
    '--poured-from-bottle --built-from-source --desc --pull-request --open --closed --archlinux --debian':
      flag,
    '--fedora --fink --macports --opensuse --repology --ubuntu --tree --graph --dot --direct --union': flag,
    '--topological -n --include-build --include-optional --include-test --include-requirements': flag,
    '--skip-recommended --missing --annotate --for-each --name --description --search -s --recursive': flag,
    '--greedy -g --greedy-latest --greedy-auto-updates --fetch-HEAD --list-checks --audit-debug -D -p': flag,
    '--build-from-source --force-bottle --HEAD --unbrewed --patch --oneline --stat --include-aliases': flag,
    '--unpinned --sizes --category --bottle --aliases --verbose -v --quiet -q --debug -d -1 -a': flag,
    '--json': optional,
    '--hide --max-count --cask-options --days': value,
  },
  operands: data,
  acts: ['read-remote'],
};

const brew: Table = {
  options: {
    ...help,
    '-v --version --env --taps --config': flag,
    '--cache --cellar --caskroom --prefix --repository --repo': { takes: 'flag', operands: 'data' },
    '--formula --cask --installed --unbrewed --build-from-source -s --force-bottle --HEAD': flag,
    '-S --search': { takes: 'flag', operands: 'data' },
  },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(help, {
    ...each('info, abv, list, ls, search, deps, desc, leaves, uses, outdated, missing, options', brewLooks),
    ...each('config, doctor, dr, tap-info, formulae, casks, cat, commands, help, analytics state', brewLooks),
    ...each('docs, shellenv, analytics', { ...brewLooks, operands: { rest: 'unlisted' } }),
    // The Brewfile is a Ruby program.
    ...each('bundle check, bundle list', {
      ...brewLooks,
      operands: { rest: 'unlisted' },
      acts: ['read-remote', 'run-project-code'],
    }),
    shellenv: { operands: data },
    log: { ...brewLooks, options: { ...brewLooks.options, '-n --max-count': value }, hasNumberOption: true },
    // Downloads into Homebrew's own cache.
    fetch: {
      options: {
        ...brewLooks.options,
        '-f --force --retry --deps --no-quarantine --quarantine': flag,
        '--bottle-tag --os --arch': value,
      },
      operands: data,
      acts: ['install-packages'],
    },
    ...each('install, reinstall, upgrade, update, up, tap, bundle, bundle install, postinstall', {
      options: {
        '-f --force -v --verbose -q --quiet -n --dry-run --cask --formula --HEAD -s --build-from-source':
          flag,
        '--only-dependencies --ignore-dependencies --force-bottle --overwrite --greedy -g': flag,
        '--appdir --file': value,
      },
      operands: data,
      acts: INSTALLS,
    }),
    ...each('uninstall, remove, rm, autoremove, cleanup, link, ln, unlink, pin, unpin, untap, migrate', {
      options: {
        '-f --force -n --dry-run -v --verbose -q --quiet -s --zap --cask --formula --overwrite': flag,
        '--ignore-dependencies': flag,
        '--prune': optional,
      },
      operands: data,
      acts: REMOVES,
    }),
    // Before Homebrew 4.5 all of them first fetch a tap of their own.
    ...each('services list, services info', { ...brewLooks, acts: ['install-packages'] }),
    ...each('services, services start, services stop, services restart, services run, services kill', {
      options: { '--all --sudo-service-user --file': { takes: 'unlisted' } },
      operands: data,
      acts: ['persist', 'change-system'],
    }),
  }),
};

const readBrew = program(brew);

/**
 * A formula that is given as a file or an address is a Ruby program, even to `brew info`; one of another tap may be
 * fetched first.
 */
function brewByName(words: readonly Word[]): ProgramReading {
  const reading = readBrew(words);
  const file = words.find(
    (word) =>
      word.kind === 'static' &&
      /^[.~]|^\/.*[^/]$|\.rb$|:\/\/|^(?!homebrew\/)[\w-]+\/[\w-]+\/./.test(word.value),
  );
  if (file === undefined) return reading;
  const why = `${file.text} is a program that Homebrew would run`;
  return { ...reading, unknowns: [...reading.unknowns, { about: 'option', why }] };
}

const yes = { '-y --yes --assume-yes -q --quiet -qq --no-install-recommends --reinstall --purge -f': flag };

/** apt(8), apt-get(8), apt-cache(8). `-o` sets options that can run programs, so it is left out. */
const apt: Table = {
  options: { ...help, '-v --version': onlyShows, '-q --quiet -qq': flag },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(help, {
    ...each(
      'list, search, show, policy, depends, rdepends, showpkg, showsrc, madison, pkgnames, dump, stats',
      {
        options: {
          '--installed --upgradable --upgradeable --all-versions -a --names-only -n --full -f -i --important':
            flag,
          '--recurse --no-recommends --no-suggests -q --quiet -v --verbose': flag,
        },
        operands: data,
      },
    ),
    ...each('changelog', { operands: data, acts: ['read-remote'] }),
    // Not all heed --simulate.
    ...each('update, source, download', {
      options: { ...yes, '-d --download-only': flag, '-t --target-release --default-release': value },
      operands: data,
      acts: INSTALLS,
    }),
    ...each('install, upgrade, dist-upgrade, full-upgrade, build-dep, reinstall', {
      options: {
        ...yes,
        '-s --simulate --dry-run --just-print --no-act --recon': { takes: 'flag', lifts: INSTALLS },
        '--no-upgrade --only-upgrade --fix-broken --fix-missing --download-only -d --allow-downgrades': flag,
        '-t --target-release --default-release': value,
      },
      operands: data,
      acts: INSTALLS,
    }),
    ...each('remove, purge, autoremove, autopurge, clean, autoclean, edit-sources', {
      options: { ...yes, '-s --simulate --dry-run': { takes: 'flag', lifts: REMOVES } },
      operands: data,
      acts: REMOVES,
    }),
  }),
};

const lists: OptionRule = { takes: 'flag', operands: 'data' };
const packageFile: OptionRule = { takes: 'flag', operands: 'reads' };

const dpkg: Table = {
  options: {
    '-? --help --version': onlyShows,
    '-l --list -s --status -L --listfiles -S --search -p --print-avail -C --audit -V --verify': lists,
    '--get-selections --print-architecture --print-foreign-architectures --compare-versions --assert-help':
      lists,
    '-I --info -c --contents -f --field': packageFile,
    '-i --install --unpack --configure': { takes: 'flag', operands: 'reads', acts: INSTALLS },
    '-r --remove -P --purge': { takes: 'flag', operands: 'data', acts: REMOVES },
    '--no-pager': flag,
  },
  operands: { rest: 'unlisted' },
};

/** dnf(8) and yum(8). `--setopt`, `--config` and `--installroot` are left out. */
const dnf: Table = {
  options: { ...help, '--version': onlyShows, '-q --quiet -y --assumeyes -C --cacheonly': flag },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(help, {
    ...each(
      'list, search, info, provides, whatprovides, repolist, repoquery, deplist, check-update, history list',
      {
        options: {
          '--installed --available --updates --upgrades --all --extras --obsoletes --recent -q --quiet': flag,
          '-C --cacheonly --enabled --disabled -v --verbose -l --list --requires --whatrequires': flag,
          '--qf --queryformat --repo --repoid --enablerepo --disablerepo --releasever': value,
        },
        operands: data,
        acts: ['read-remote'],
      },
    ),
    ...each('install, reinstall, upgrade, update, downgrade, groupinstall, localinstall', {
      options: {
        '-y --assumeyes -q --quiet --nogpgcheck --best --skip-broken': flag,
        '--enablerepo --disablerepo': value,
      },
      operands: data,
      acts: INSTALLS,
    }),
    ...each('remove, erase, autoremove, clean', {
      options: { '-y --assumeyes': flag },
      operands: data,
      acts: REMOVES,
    }),
  }),
};

/** rpm(8), querying and verifying: `-qa`, `-ql name`, `-qpi file`. */
const rpm: Table = {
  options: {
    '--help --version': onlyShows,
    '-q --query -V --verify -a --all -i --info -l --list -f --file -c --configfiles -d --docfiles': flag,
    '--requires --provides --changelog --scripts --whatprovides --whatrequires --last --state -R': flag,
    '--qf --queryformat': value,
    '-p --package': { takes: 'flag', operands: 'remoteOrReads' },
    '-U --upgrade -F --freshen --install': { takes: 'flag', operands: 'reads', acts: INSTALLS },
    '-e --erase': { takes: 'flag', operands: 'data', acts: REMOVES },
  },
  operands: data,
};

const readRpm = program(rpm);

/** `-i` is "information" of a query, and "install" without one. */
function rpmOf(words: readonly Word[]): ProgramReading {
  const reading = readRpm(words);
  const asks = words.some(
    (word) =>
      word.kind === 'static' &&
      /^(?:-[a-zA-Z]*[qV][a-zA-Z]*|--(?:query|verify|version|help))$/.test(word.value),
  );
  return asks ? reading : { ...reading, acts: [...reading.acts, ...INSTALLS] };
}

/** pacman(8): the letter that comes first says what it does. */
const pacman: Table = {
  options: {
    '-h --help -V --version': onlyShows,
    '-Q -Qs -Qi -Ql -Qe -Qm -Qn -Qu -Qt -Qo -Qd -Qdt -Qet -Ss -Si -Sl -Sg -F -Fl': lists,
    '-Qp -Qip -Qlp': packageFile,
    '-S -Sy -Su -Syu -Syyu -U': { takes: 'flag', operands: 'data', acts: INSTALLS },
    '-R -Rs -Rns -Rn -Sc -Scc -D': { takes: 'flag', operands: 'data', acts: REMOVES },
    '--noconfirm --needed --color': flag,
  },
  operands: { rest: 'unlisted' },
};

const apk: Table = {
  options: { ...help, '-V --version': onlyShows, '-q --quiet': flag },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(help, {
    ...each('list, info, search, policy, stats, dot', {
      options: {
        '-I --installed -u --upgradable -a --all -d --description -e --exact -v --verbose -q --quiet': flag,
        '-L --contents -R --depends -r --rdepends -s --size -w --webpage -W --who-owns -o --origin': flag,
      },
      operands: data,
    }),
    ...each('add, upgrade, update, fix', {
      options: { '--no-cache -q -U --virtual -t': flag },
      operands: data,
      acts: INSTALLS,
    }),
    ...each('del', { operands: data, acts: REMOVES }),
  }),
};

/** snap(8) and flatpak(1). */
const snap: Table = {
  options: { ...help, '--version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(help, {
    ...each(
      'list, info, find, search, version, changes, connections, services, interfaces, remotes, history',
      {
        options: { '--all --verbose --unicode -d --app --runtime --user --system': flag, '--columns': value },
        operands: data,
        acts: ['read-remote'],
      },
    ),
    ...each('install, refresh, update', {
      options: { '-y --classic --user --system': flag },
      operands: data,
      acts: INSTALLS,
    }),
    ...each('remove, uninstall', { options: { '-y --purge --user': flag }, operands: data, acts: REMOVES }),
  }),
};

export const systemPackages = {
  brew: brewByName,
  apt: program(apt),
  'apt-get': program(apt),
  'apt-cache': program(apt),
  dpkg: program(dpkg),
  'dpkg-query': program({
    options: {
      '-? --help --version': onlyShows,
      '-l --list -s --status -L --listfiles -S --search -W --show -p': flag,
      '-f --showformat': value,
    },
    operands: data,
  }),
  dnf: program(dnf),
  yum: program(dnf),
  rpm: rpmOf,
  pacman: program(pacman),
  apk: program(apk),
  snap: program(snap),
  flatpak: program(snap),
  'apt-mark': program({
    options: help,
    operands: { rest: 'unlisted' },
    subcommands: {
      ...each('showauto, showmanual, showhold', { operands: data }),
      ...each('auto, manual, hold, unhold', { operands: data, acts: REMOVES }),
    },
  }),
  'add-apt-repository': program({ options: { ...help, '-y': flag }, operands: data, acts: INSTALLS }),
  'ppa-purge': program({ options: help, operands: data, acts: REMOVES }),
  ldconfig: program({
    options: { '-p --print-cache': flag, '-V --version': onlyShows, '-C': reads },
    operands: { rest: 'unlisted' },
  }),
};
