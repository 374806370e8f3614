import type { Act } from '../types.ts';
import { program } from './program.ts';
import { each, named } from './subcommands.ts';
import { flag, onlyShows, reads, value, writes } from './table.ts';
import type { OptionRule, Table, Touch } from './table.ts';

const RUNS: readonly Act[] = ['run-project-code'];
const INSTALLS: readonly Act[] = ['install-packages'];
const unlisted: OptionRule = { takes: 'unlisted' };
const MODULES: readonly Touch[] = [
  { kind: 'write', path: 'go.mod' },
  { kind: 'write', path: 'go.sum' },
];
const help = { '-h -help --help': onlyShows } as const;

/** Options that name a program, or put other sources in place of the project's, ask. */
const building: NonNullable<Table['options']> = {
  ...help,
  ...named(
    '-a -n -v -x -race -msan -asan -cover -trimpath -work -modcacherw -buildvcs=false',
    '-p -tags -mod -buildmode -buildvcs -covermode -coverpkg -pgo -ldflags -gcflags',
  ),
  '-exec -toolexec -overlay -modfile -asmflags -compiler -gccgoflags -installsuffix -pkgdir': unlisted,
  '-C': { takes: 'directory' },
};
const builds = (options: Table['options'] = {}, acts = RUNS): Table => ({
  options: { ...building, ...options },
  operands: { rest: 'data' },
  acts,
});

const testing: NonNullable<Table['options']> = {
  ...named(
    '-short -failfast -benchmem -json -c -fullpath -test.v',
    '-run -skip -bench -benchtime -count -cpu -parallel -timeout -shuffle -list -vet -fuzz -fuzztime',
  ),
  '-coverprofile -cpuprofile -memprofile -blockprofile -mutexprofile -trace -o -outputdir': writes,
};

const go: Table = {
  options: { ...help, '-C': { takes: 'directory' } },
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each('version, help, doc', {
      options: { ...help, ...named('-m -v -all -c -cmd -short -src -u') },
      operands: { rest: 'data' },
    }),
    env: {
      options: { ...help, ...named('-json -changed'), '-w -u': { takes: 'flag', acts: ['change-system'] } },
      operands: { rest: 'data' },
    },
    list: {
      options: {
        ...building,
        ...named('-deps -e -find -test -versions -retracted -mod=readonly -mod=vendor', '-f'),
        // It may bring go.mod up to date.
        '-mod -export -compiled': unlisted,
        '-json': { takes: 'optional' },
        '-m': flag,
        '-u': { takes: 'flag', acts: ['read-remote'] },
      },
      operands: { rest: 'data' },
    },
    ...each('mod graph, mod why, mod verify', {
      options: { ...help, ...named('-m -vendor') },
      operands: { rest: 'data' },
    }),
    ...each('build, install', builds({ '-o': writes })),
    vet: {
      options: { ...building, ...named('-json -fix', '-c'), '-vettool': unlisted },
      operands: { rest: 'data' },
      acts: RUNS,
    },
    test: { options: { ...building, ...testing }, operands: { rest: 'data' }, acts: RUNS },
    run: { options: building, operands: { rest: 'data' }, acts: RUNS, stopsAtOperand: true },
    generate: builds({ '-run -skip': value }),
    tool: { ...builds(), stopsAtOperand: true },
    fmt: {
      options: { ...help, ...named('-x -mod'), '-n': { takes: 'flag', operands: 'data' } },
      operands: { rest: 'writes', none: '.' },
    },
    fix: { options: help, operands: { rest: 'writes', none: '.' } },
    ...each('mod tidy, mod download, mod vendor, get, work sync', {
      options: { ...help, ...named('-v -x -e -u -t -d -tool -json', '-go -compat'), '-o': writes },
      operands: { rest: 'data' },
      acts: INSTALLS,
      touches: MODULES,
    }),
    ...each('mod init, mod edit', {
      options: {
        ...help,
        ...named(
          '-fmt -json -print',
          '-go -require -droprequire -replace -dropreplace -exclude -toolchain -module',
        ),
      },
      operands: { rest: 'data' },
      touches: MODULES,
    }),
    ...each('work init, work use, work edit', {
      options: { ...help, ...named('-r') },
      operands: { rest: 'reads' },
      touches: [{ kind: 'write', path: 'go.work' }],
    }),
    clean: {
      options: {
        ...help,
        ...named('-n -x -i -r'),
        '-cache -testcache -modcache -fuzzcache': { takes: 'flag', acts: ['change-system'] },
      },
      operands: { rest: 'data' },
      acts: RUNS,
    },
    telemetry: { operands: { rest: 'unlisted' } },
  },
};

const formatter: Table = {
  options: {
    ...help,
    ...named('-e -s', '-r -local'),
    '-l -d': { takes: 'flag' },
    '-w': { takes: 'flag', operands: 'writes' },
    '-cpuprofile': writes,
  },
  operands: { rest: 'reads' },
};

/** go 1.25 and its companions. */
export const goTools = {
  go: program(go),
  ...Object.fromEntries(['gofmt', 'goimports', 'gofumpt'].map((name) => [name, program(formatter)])),
  'golangci-lint': program({
    options: { '-h --help --version': onlyShows },
    operands: { rest: 'unlisted' },
    subcommands: {
      ...each('run, fmt', {
        options: { '-h --help': onlyShows, '-c --config': reads },
        operands: { rest: 'data' },
        looseOptions: true,
        acts: RUNS,
      }),
      ...each('linters, formatters, version, help, config path, config verify, cache status', {
        options: named('--json --short'),
        operands: { rest: 'data' },
      }),
      'cache clean': { operands: { rest: 'unlisted' }, acts: ['change-system'] },
    },
  }),
  staticcheck: program({
    options: { ...help, '-version --version': onlyShows, ...named('-tests', '-checks -f -go -tags') },
    operands: { rest: 'data' },
    acts: RUNS,
  }),
  govulncheck: program({
    options: { ...help, ...named('-json -test', '-C -mode -show -format -tags') },
    operands: { rest: 'data' },
    acts: ['run-project-code', 'read-remote'],
  }),
  gotestsum: program({
    options: { ...help, '--raw-command --post-run-command': unlisted },
    operands: { rest: 'data' },
    looseOptions: true,
    acts: RUNS,
  }),
};
