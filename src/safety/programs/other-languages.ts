import type { Act } from '../types.ts';
import { interpreter } from './interpreters.ts';
import { program } from './program.ts';
import { each, looseOutputs, named } from './subcommands.ts';
import { flag, onlyShows, reads, value, writes } from './table.ts';
import type { OptionRule, Table } from './table.ts';

const RUNS: readonly Act[] = ['run-project-code'];
const INSTALLS: readonly Act[] = ['install-packages'];
const unlisted: OptionRule = { takes: 'unlisted' };
const shows = { '-h --help --version': onlyShows } as const;
const showing = '-v -V --version -h --help';

/** What asks a tool for help may reach the project's code all the same. */
const asks = { '-h --help --version': { takes: 'flag' } } as const;

const projectTool = (acts: readonly Act[] = RUNS, options: Table['options'] = {}): Table => ({
  options: { ...shows, ...looseOutputs, ...options },
  operands: { rest: 'data' },
  looseOptions: true,
  acts,
});
const looks = (flags = '', values = ''): Table => ({
  options: { ...shows, ...named(flags, values) },
  operands: { rest: 'data' },
});
const does = (acts: readonly Act[], flags = '', values = ''): Table => ({ ...looks(flags, values), acts });
const installs = (flags = '', values = '', acts = INSTALLS): Table => ({
  options: { ...shows, ...named(flags, values) },
  operands: { rest: 'package' },
  acts,
});
const group = (
  subcommands: Readonly<Record<string, Table>>,
  options: Table['options'] = {},
): ReturnType<typeof program> =>
  program({
    options: { ...shows, '-V': onlyShows, ...options },
    operands: { rest: 'unlisted' },
    subcommands,
  });
const script = (options: Table['options'], shown = showing): ReturnType<typeof program> =>
  interpreter({ options: { ...shows, ...options }, operands: { first: ['runsFile'], rest: 'data' } }, shown);
const names = (
  list: string,
  reader: ReturnType<typeof program>,
): Record<string, ReturnType<typeof program>> =>
  Object.fromEntries(list.split(' ').map((name) => [name, reader]));

const ruby = {
  ruby: script(
    {
      // -v says the version, and then runs what else is named.
      ...named('-v -w -W0 -W1 -W2 --yjit --jit'),
      '-c': { takes: 'reads', operands: 'data' },
      '-e': { takes: 'inlineCode', dropsFirst: true },
      '-r': unlisted,
      '-I': reads,
    },
    '-v --version -h --help -c',
  ),
  irb: program({ options: shows, operands: { rest: 'data' }, acts: ['run-inline-code'] }),
  gem: group({
    ...each(
      'list, query, contents, dependency, environment, env, which, help, specification, info',
      looks('-l --local -a --all -d --details -i --installed --no-versions', '-v'),
    ),
    ...each('search, outdated', {
      ...looks('-r --remote -a --all -d --details -e --exact'),
      acts: ['read-remote'],
    }),
    ...each(
      'install, update, uninstall, i, cleanup, pristine',
      installs('-N --no-document --user-install -f --force -a --all -x --conservative', '-v --version', [
        'install-packages',
        'change-system',
      ]),
    ),
    build: does(RUNS, '--strict'),
    ...each('push, yank', does(['publish'], '', '-k --key --host -v --version')),
  }),
  ...names(
    'bundle bundler',
    group({
      // The Gemfile is a Ruby program.
      ...each(
        'list, show, info, outdated, check, platform, env, licenses, doctor',
        does(
          RUNS,
          '--paths --name-only --path --parseable --strict --dry-run --pre --filter-major --filter-minor --filter-patch',
          '--only-group --without-group',
        ),
      ),
      ...each('version, config list, config get', looks('--parseable')),
      ...each(
        'install, update, add, remove, lock, package, cache, clean',
        installs(
          '--local --quiet --jobs --retry --deployment --frozen --all --conservative --patch --minor --major --verbose',
          '-j --group -g --version -v',
        ),
      ),
      exec: { operands: { rest: 'command' }, acts: RUNS },
    }),
  ),
  ...names(
    'rspec minitest cucumber rubocop standardrb srb sorbet steep brakeman reek',
    program(projectTool()),
  ),
  rake: program(
    projectTool(RUNS, {
      '-f --rakefile -R --rakelibdir -G -g': unlisted,
      '-e --execute -p --execute-print -E --execute-continue': { takes: 'inlineCode' },
    }),
  ),
  ...names(
    'rails',
    program({
      // In a project it starts the project's bin/rails, whatever it is asked.
      options: { ...asks, '-v': { takes: 'flag' } },
      operands: { rest: 'unlisted' },
      acts: RUNS,
      subcommands: {
        ...each(
          'test, spec, routes, about, notes, stats, zeitwerk:check, db:migrate, db:migrate:status, generate, g',
          projectTool(),
        ),
        ...each('server, s', projectTool(['serve', 'run-project-code'])),
        ...each('runner, r', { operands: { rest: 'inlineCode' } }),
      },
    }),
  ),
};

const php = {
  php: script(
    {
      '-v -i -m --ini --info --modules': onlyShows,
      ...named('-n -q', '-d'),
      '-l': { takes: 'reads', operands: 'data' },
      '-r': { takes: 'inlineCode', dropsFirst: true },
      '-f': { takes: 'runsFile' },
      '-S': { takes: 'data', acts: ['serve'] },
      '-t -c': reads,
    },
    '-v --version -i -m --ini -h --help -l',
  ),
  composer: group({
    // Scripts and plug-ins of the project hear of every command.
    ...each(
      'show, info, licenses, why, depends, why-not, prohibits, check-platform-reqs, status, about, diagnose, list, help, fund',
      does(
        RUNS,
        '-t --tree -D --direct -i --installed -p --platform -a --all -l --latest -o --outdated -N --name-only -s --self --locked -r --recursive -n',
        '-f --format',
      ),
    ),
    ...each('validate, outdated, audit, search', {
      ...looks(
        '--strict --no-check-all --no-check-publish -D --direct -m --minor-only --locked --no-dev -N',
        '-f --format',
      ),
      acts: ['read-remote', 'run-project-code'],
    }),
    ...each(
      'install, update, upgrade, require, remove, i, u, reinstall, bump',
      installs(
        '--dev --no-dev --no-scripts --no-plugins -o --optimize-autoloader -n --no-interaction -W -w --with-all-dependencies --with-dependencies --no-progress --prefer-dist --prefer-stable --dry-run --ignore-platform-reqs -q --quiet --lock --no-update --fixed -v',
        '--ignore-platform-req --prefer-install',
        ['install-packages', 'run-project-code'],
      ),
    ),
    ...each('run, run-script, exec, test, lint', does(RUNS, '-l --list --dev --no-dev', '--timeout')),
    ...each('dump-autoload, dumpautoload', does(RUNS, '-o --optimize -a --classmap-authoritative')),
    'create-project': does(['install-packages', 'run-file'], '--no-install -n --prefer-dist'),
    ...each('global, config, self-update, clear-cache, init, archive', { operands: { rest: 'unlisted' } }),
  }),
  ...names('phpunit pest phpstan psalm php-cs-fixer phpcs phpcbf pint rector', program(projectTool())),
};

const apple = {
  swift: group({
    ...each('build, test', projectTool()),
    run: { ...projectTool(), stopsAtOperand: true },
    'package describe': looks('', '--type'),
    'package show-dependencies': looks('', '--format'),
    ...each('package resolve, package update', does(INSTALLS)),
    'package clean': does(RUNS),
  }),
  xcodebuild: program({
    options: {
      '-version -help -usage': onlyShows,
      ...named('-list -showsdks -showdestinations -showBuildSettings -quiet -json'),
      ...named('-quiet', '-scheme -configuration -sdk -destination -target -arch'),
      '-project -workspace': reads,
      '-derivedDataPath -resultBundlePath -archivePath -exportPath': writes,
    },
    operands: { rest: 'data' },
    acts: RUNS,
  }),
  pod: group({
    ...each(
      'install, update, repo update',
      does(['install-packages', 'run-project-code'], '--repo-update --silent --verbose'),
    ),
    ...each('search, list', { ...looks(), acts: ['read-remote'] }),
    // The Podfile is a Ruby program.
    ...each('outdated, env', { ...looks(), acts: ['read-remote', 'run-project-code'] }),
    ...each('lib lint, spec lint', does(RUNS)),
    'trunk push': does(['publish']),
  }),
  ...names('swiftlint swiftformat', program(projectTool())),
};

const beam = {
  mix: group({
    ...each(
      'compile, test, format, credo, dialyzer, phx.routes, ecto.migrate, ecto.migrations, docs, xref, run, sobelow',
      projectTool(RUNS, { ...asks, '-e --eval -r --require': unlisted }),
    ),
    // mix.exs is a program.
    ...each('deps, deps.tree, help', does(RUNS, '--only')),
    ...each(
      'deps.get, deps.update, deps.compile, local.hex, local.rebar, archive.install, escript.install',
      installs('--all --force --only'),
    ),
    'phx.server': projectTool(['serve', 'run-project-code'], asks),
    'hex.publish': does(['publish']),
  }),
  elixir: script(
    { '-v': onlyShows, '-e --eval --rpc-eval': { takes: 'inlineCode' }, '-r -S -pr': unlisted },
    showing,
  ),
  iex: program({
    options: { ...shows, '-v': onlyShows },
    operands: { rest: 'data' },
    acts: ['run-inline-code'],
  }),
  erl: program({
    options: { '-version': onlyShows },
    operands: { rest: 'unlisted' },
    acts: ['run-inline-code'],
  }),
  rebar3: group({
    ...each('compile, eunit, ct, dialyzer, xref, fmt', projectTool(RUNS, asks)),
    // rebar.config names plug-ins, and may have a script beside it.
    ...each('tree, deps', does(RUNS)),
    ...each('version, help', looks()),
  }),
};

const haskell = {
  ...names(
    'ghc',
    program({
      options: {
        ...shows,
        '-V --numeric-version --info': onlyShows,
        '-e': { takes: 'inlineCode' },
        '-o -outputdir': writes,
        ...named('-Wall -O -O2 -c --make'),
      },
      operands: { rest: 'reads' },
      acts: RUNS,
    }),
  ),
  ...names('ghci runghc runhaskell', script({})),
  cabal: group({
    ...each('build, test, check, repl, bench, haddock, v2-build, v2-test', projectTool()),
    run: { ...projectTool(), stopsAtOperand: true },
    ...each('update, install', installs()),
    list: { ...looks('--installed --simple-output'), acts: ['read-remote'] },
    upload: does(['publish'], '--publish'),
  }),
  stack: group({
    ...each('build, test, bench, haddock, ghci', projectTool()),
    run: { ...projectTool(), stopsAtOperand: true },
    exec: { operands: { rest: 'command' } },
    ...each('ls dependencies, path, query', looks()),
    ...each('setup, update, install', installs()),
    upload: does(['publish']),
  }),
  ...names('hlint ormolu fourmolu', program(projectTool())),
};

const mobile = {
  dart: group({
    ...each('analyze, test, compile, doc, fix', projectTool()),
    run: { ...projectTool(), stopsAtOperand: true },
    ...each(
      'pub get, pub upgrade, pub add, pub remove, pub downgrade',
      installs('--dev --dry-run --offline'),
    ),
    ...each('pub deps, info, pub outdated', looks('--json')),
    format: {
      options: { ...shows, ...named('--set-exit-if-changed', '-o --output -l --line-length') },
      operands: { rest: 'writes', none: '.' },
    },
    'pub publish': does(['publish'], '-n --dry-run -f --force'),
  }),
  flutter: group({
    ...each('analyze, test, build, run, gen-l10n, drive', projectTool()),
    ...each('doctor, devices, config --list, emulators', looks('-v --machine')),
    ...each('pub get, pub upgrade, pub add, pub remove, precache', installs('--dev')),
    clean: does(RUNS),
  }),
};

const scripts = {
  perl: script(
    {
      '-v -V': onlyShows,
      ...named('-w -W -T -s -X'),
      // To check a program it runs its BEGIN blocks.
      '-c': { takes: 'runsFile', operands: 'data' },
      '-e -E -ne -pe -i -pi -lne -lpe -ane -nle -ple -0777': { takes: 'inlineCode', dropsFirst: true },
      '-I': reads,
      '-M -m': unlisted,
    },
    '-v -V --version --help -h',
  ),
  perltidy: program({
    options: { ...shows, '-b': flag, '-st': { takes: 'flag', operands: 'reads' } },
    // Without -b it writes beside each file one that ends in .tdy.
    operands: { rest: 'writes' },
  }),
  prove: program(projectTool(RUNS, { '-e --exec --source -P': unlisted })),
  cpan: program(installs('-f -i')),
  cpanm: program(installs('-n --notest -q --installdeps')),
  ...names('lua luajit', script({ '-v': flag, '-e': { takes: 'inlineCode' }, '-l': unlisted }, showing)),
  luacheck: program(projectTool()),
  stylua: program({
    options: {
      ...shows,
      '-V': onlyShows,
      '--check': { takes: 'flag', operands: 'reads' },
      '-f --config-path': reads,
    },
    operands: { rest: 'writes' },
  }),
  Rscript: script({ ...named('--vanilla --verbose --no-save'), '-e': { takes: 'inlineCode' } }),
  R: program({
    options: {
      ...shows,
      ...named('--vanilla --no-save --quiet -q --slave -s'),
      '-e': { takes: 'inlineCode' },
      '-f': { takes: 'runsFile' },
    },
    operands: { rest: 'unlisted' },
    acts: ['run-inline-code'],
  }),
  julia: script(
    {
      '-v': onlyShows,
      '-e --eval -E --print': { takes: 'inlineCode' },
      '--project': { takes: 'optional' },
      '-L --load': { takes: 'runsFile' },
      '-t --threads -p': value,
    },
    showing,
  ),
  zig: group({
    ...each('build, test, run, build-exe, build-lib, build-obj, cc, c++', projectTool(RUNS, asks)),
    ...each('version, env, targets, zen, help', looks()),
    fmt: {
      options: { ...shows, '--check': { takes: 'flag', operands: 'reads' } },
      operands: { rest: 'writes' },
    },
    fetch: installs('', '--save'),
  }),
  nim: group({ ...each('c, cpp, js, check, r, compile', projectTool(RUNS, asks)) }, { '-v': onlyShows }),
  crystal: group({ ...each('build, run, spec', projectTool(RUNS, asks)), ...each('version, env', looks()) }),
};

/** Ruby, PHP, Swift, Elixir, Haskell, Dart, Perl and other languages. */
export const otherLanguages = { ...ruby, ...php, ...apple, ...beam, ...haskell, ...mobile, ...scripts };
