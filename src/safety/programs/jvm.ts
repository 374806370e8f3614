import type { Act, Word } from '../types.ts';
import { interpreter } from './interpreters.ts';
import { program } from './program.ts';
import { each, named } from './subcommands.ts';
import { onlyShows, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Table } from './table.ts';

const RUNS: readonly Act[] = ['run-project-code'];
const unlisted: OptionRule = { takes: 'unlisted' };
const shows = { '-h --help --version': onlyShows } as const;

/** Some of the goals that can be asked for in one go send the result to others. */
function publishing(table: Table, goals: RegExp): (words: readonly Word[]) => ProgramReading {
  const read = program(table);
  return (words) => {
    const reading = read(words);
    if (!words.some((word) => word.kind === 'static' && goals.test(word.value))) return reading;
    const { touches, hosts, runs, directory, acts, unknowns } = reading;
    return { touches, hosts, runs, directory, unknowns, acts: [...acts, 'publish'] };
  };
}

/** Goals and plug-ins run what pom.xml names. */
const maven: Table = {
  options: {
    ...shows,
    '-v': onlyShows,
    ...named(
      '-B -e -X -q -o -U -N -am -amd -fae -ff -fn -nsu -ntp -V --batch-mode --errors --debug --quiet --offline --update-snapshots --no-transfer-progress --also-make --also-make-dependents --fail-at-end --fail-fast --fail-never',
      '-pl --projects -rf --resume-from -P --activate-profiles -T --threads -D --define',
    ),
    '-f --file': reads,
    '-s --settings -gs --global-settings -t --toolchains': unlisted,
  },
  operands: { rest: 'data' },
  acts: RUNS,
};
const gradle: Table = {
  options: {
    '-h --help -? -v -V --version': onlyShows,
    ...named(
      '-a -i -d -q -w -s -S -m --dry-run --info --debug --quiet --warn --stacktrace --full-stacktrace --scan --offline --continue --parallel --no-parallel --daemon --no-daemon --build-cache --no-build-cache --configuration-cache --rerun-tasks --refresh-dependencies --stop --status -t --continuous --all',
      '-x --exclude-task -P --project-prop --tests --console --max-workers --configuration',
    ),
    '-p --project-dir': { takes: 'directory' },
    '-I --init-script -b --build-file -c --settings-file --include-build -D --system-prop -g --gradle-user-home':
      unlisted,
  },
  operands: { rest: 'data' },
  acts: RUNS,
};
const java = interpreter(
  {
    options: {
      '-version --version -h --help -help -? -X --help-extra --list-modules': onlyShows,
      // They say the version, and then run what is named.
      ...named('--show-version -showversion -ea -da -server --enable-preview', '-D --source'),
      '-cp -classpath --class-path -p --module-path': reads,
      '-jar': { takes: 'runsFile' },
      '-javaagent -agentlib -agentpath': unlisted,
    },
    operands: { first: ['data'], rest: 'data', acts: ['run-file'] },
  },
  '-version --version -h --help -help -? -X --help-extra --list-modules',
);

const sbt: Table = {
  options: { ...shows, ...named('-batch -no-colors -client') },
  operands: { rest: 'data' },
  acts: RUNS,
};

const dotnetBuilds: Table = {
  options: {
    '-h --help -?': onlyShows,
    ...named(
      '--no-restore --no-build --nologo --no-dependencies --no-incremental --force -m --list-tests -t --blame --self-contained --no-self-contained --verify-no-changes --include-generated',
      '-c --configuration -f --framework -r --runtime -v --verbosity --filter -l --logger --collect --os -a --arch --version-suffix --severity --diagnostics',
    ),
    '-o --output --results-directory --artifacts-path': writes,
    '-s --settings': reads,
  },
  operands: { rest: 'reads' },
  acts: RUNS,
};
const dotnet: Table = {
  options: { '-h --help --version --info --list-sdks --list-runtimes': onlyShows },
  operands: { first: ['runsFile'], rest: 'data' },
  stopsAtOperand: true,
  subcommands: {
    ...each('build, test, msbuild, pack, clean, format, publish, vstest', dotnetBuilds),
    ...each('restore', { ...dotnetBuilds, acts: ['install-packages', 'run-project-code'] }),
    run: {
      ...dotnetBuilds,
      options: { ...dotnetBuilds.options, '--project --launch-profile': value },
      operands: { rest: 'data' },
    },
    watch: { operands: { rest: 'data' }, looseOptions: true, acts: RUNS },
    ...each(
      'list package, list reference, sln list, nuget locals --list, tool list, workload list, sdk check, new list, help',
      {
        options: named(
          '--outdated --deprecated --vulnerable --include-transitive -g --global --highest-minor',
          '--format --framework',
        ),
        operands: { rest: 'data' },
      },
    ),
    ...each(
      'add package, add reference, remove package, remove reference, tool install, tool restore, tool update, tool uninstall, workload install',
      {
        options: named('-g --global --prerelease --no-restore -n --local', '-v --version --framework -f'),
        operands: { rest: 'data' },
        acts: ['install-packages'],
      },
    ),
    new: {
      options: {
        ...named('--force --no-restore', '-n --name -lang --language -f --framework'),
        '-o --output': writes,
      },
      operands: { rest: 'data' },
      touches: [{ kind: 'write', path: '.' }],
      acts: ['install-packages'],
    },
    'nuget push': {
      options: named('--skip-duplicate', '-s --source -k --api-key'),
      operands: { rest: 'reads' },
      acts: ['publish'],
    },
    ...each('add, list, tool, workload, nuget, sln, remove, new search, dev-certs, user-secrets, store', {
      operands: { rest: 'unlisted' },
    }),
  },
};

/** `jar tf x.jar` lists; the other letters change the archive or extract. */
function readJar(words: readonly Word[]): ProgramReading {
  const [first, ...rest] = words;
  const isList = first?.kind === 'static' && /^-?(?:v?tv?f|tfv|vtf)$/.test(first.value);
  return isList ? listsJar(rest) : otherJar(words);
}
const listsJar = program({ operands: { first: ['reads'], rest: 'data' } });
const otherJar = program({
  options: { '--version --help -h': onlyShows },
  operands: { rest: 'unlisted' },
});

/** Java, Kotlin, Scala and .NET. */
export const jvm = {
  ...Object.fromEntries(
    ['mvn', 'mvnd'].map((name) => [
      name,
      publishing(maven, /^(?:deploy|(?:deploy|release|nexus-staging|gpg)[:\w-]*:.*)$/),
    ]),
  ),
  ...Object.fromEntries(
    ['gradle'].map((name) => [
      name,
      publishing(gradle, /^(?:.*:)?(?:publish\w*|upload\w*|deploy\w*|release\w*)$/),
    ]),
  ),
  ant: program({
    options: {
      '-h -help -version --version -diagnostics': onlyShows,
      // Tasks outside of all targets run even for -p.
      ...named('-p -projecthelp -q -v -d -k -S'),
      '-f -file -buildfile': { takes: 'runsFile' },
      '-lib -logger -listener -main': unlisted,
    },
    operands: { rest: 'data' },
    acts: RUNS,
  }),
  java,
  javac: program({
    options: {
      '-version --version -help --help': onlyShows,
      ...named('-g -nowarn -verbose -parameters -Werror -deprecation', '-encoding --release -source -target'),
      '-cp -classpath --class-path -sourcepath': reads,
      '-d -h -s': writes,
    },
    operands: { rest: 'reads' },
    acts: RUNS,
  }),
  jar: readJar,
  javap: program({
    options: {
      '-version -help --help': onlyShows,
      ...named('-v -verbose -l -public -protected -package -p -private -c -s -sysinfo -constants'),
      '-cp -classpath --class-path': reads,
    },
    operands: { rest: 'data' },
  }),
  ...Object.fromEntries(
    ['kotlinc', 'scalac', 'ktlint', 'detekt', 'scalafmt'].map((name) => [
      name,
      program({
        options: { ...shows, '-version -help': onlyShows },
        operands: { rest: 'data' },
        looseOptions: true,
        acts: RUNS,
      }),
    ]),
  ),
  sbt: publishing(sbt, /publish|release/i),
  dotnet: program(dotnet),
};
