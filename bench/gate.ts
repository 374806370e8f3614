import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LONG_TEXTS } from '../test/fixtures/long-texts.ts';
import { builtInPolicies } from '../src/app/paths.ts';
import { diskView, rememberingView, type FileView } from '../src/safety/file-view.ts';
import { footprintOf } from '../src/safety/footprint/footprint.ts';
import { createJudge } from '../src/safety/gate/judge.ts';
import { loadPolicies } from '../src/safety/policy/load.ts';
import { createSandbox } from '../src/safety/sandbox/sandbox.ts';
import type { Bench, BenchSize, Figure } from './bench.ts';
import { median, quantile, tail } from './figures.ts';

const ROUNDS = { full: 20_000, small: 200 };
const LONG_ROUNDS = { full: 7, small: 1 };
const LONG_SIZES = [16, 32, 64] as const;

const CASES = {
  'echo hello': 'echo hello',
  'ls -la src': 'ls -la src',
  'cat package.json': 'cat package.json',
  'npm test': 'npm test',
  'git status': 'git status',
  'chain of five': 'ls src && cat package.json | head -5; wc -l src/a.ts && echo done',
};

/** What a decision may take: one command; five of them; a text of 64 KiB, the longest that is read at all. */
const ONE = { most: 15 };
const ONE_P99 = { most: 250 };
const CHAIN = { most: 150 };
const LONG = { most: 50 };

export const benchGate: Bench = {
  name: 'gate',
  summary: 'footprint, sandbox and policy of one decision; nobody is asked and nothing is logged',
  run: async (size) => {
    const project = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-bench-')));
    try {
      mkdirSync(join(project, 'src'));
      mkdirSync(join(project, '.git'));
      writeFileSync(join(project, '.git', 'config'), '[core]\n\tbare = false\n');
      writeFileSync(join(project, '.git', 'HEAD'), 'ref: refs/heads/main\n');
      for (const file of ['package.json', 'src/a.ts']) writeFileSync(join(project, file), '{}\n');
      const decide = decider(project);
      const short = commands(decide, size);
      const long = longTexts(decide, size);
      return { figures: [...short.figures, ...long.figures], details: [...short.details, ...long.details] };
    } finally {
      rmSync(project, { recursive: true });
    }
  },
};

type Measured = { readonly figures: readonly Figure[]; readonly details: readonly string[] };

function commands(decide: Decide, size: BenchSize): Measured {
  const figures: Figure[] = [];
  const details = ['command               per second   in the file system'];
  for (const [name, command] of Object.entries(CASES)) {
    const { times, diskShare } = measure(command, decide, ROUNDS[size]);
    figures.push(median(name, 'µs', times, name === 'chain of five' ? CHAIN : ONE));
    figures.push(tail(`${name}, p99`, 'µs', times, { target: ONE_P99 }));
    const perSecond = (times.length / times.reduce((sum, time) => sum + time, 0)) * 1e6;
    details.push(
      `${name.padEnd(19)} ${perSecond.toFixed(0).padStart(12)}   ${(100 * diskShare).toFixed(0).padStart(10)} %`,
    );
  }
  return { figures, details };
}

function longTexts(decide: Decide, size: BenchSize): Measured {
  const details = [
    `\nlong texts: ${LONG_ROUNDS[size]} decisions each after one to warm up, ms: median (most)`,
    `${''.padEnd(34)} ${LONG_SIZES.map((kib) => `${kib} KiB`.padStart(16)).join(' ')}`,
  ];
  const medians: number[] = [];
  const all: number[] = [];
  for (const [name, make] of Object.entries(LONG_TEXTS)) {
    const columns = LONG_SIZES.map((kib) => {
      const text = make(kib * 1024);
      const times: number[] = [];
      decide(text, diskView);
      for (let round = 0; round < LONG_ROUNDS[size]; round += 1) {
        const started = performance.now();
        decide(text, diskView);
        times.push(performance.now() - started);
      }
      all.push(...times);
      if (kib === 64) medians.push(quantile(times, 0.5));
      return `${quantile(times, 0.5).toFixed(1)} (${Math.max(...times).toFixed(1)})`.padStart(16);
    });
    details.push(`${name.padEnd(34)} ${columns.join(' ')}`);
  }
  return {
    figures: [
      median(`a text of 64 KiB, over ${medians.length} shapes of text`, 'ms', medians, LONG),
      { what: 'the slowest of these shapes', unit: 'ms', value: Math.max(...medians), target: LONG },
      { what: 'the longest single decision of all', unit: 'ms', value: Math.max(...all), target: LONG },
    ],
    details,
  };
}

type Decide = (command: string, disk: FileView) => void;

function decider(project: string): Decide {
  const policy = loadPolicies(['default.yaml', 'dev-tools.yaml'], {
    startDirectory: project,
    builtInDirectory: builtInPolicies,
  });
  const home = join(project, '..', 'nobody');
  const sandbox = createSandbox({ home, ownPaths: { untouchable: [], unwritable: [] } }, diskView);
  const judge = createJudge({ policy, sandbox, toolFilter: { allowed: [], disallowed: [] } });
  const mode = { name: 'default', mayChange: true, grants: [] } as const;
  const context = { chat: 'bench', session: 'bench', turn: 'bench', directories: [project], mode };
  return (command, disk) => {
    const call = { id: 'bench', tool: 'Bash', input: { command }, directory: project };
    const view = rememberingView(disk);
    judge(footprintOf(call, { view, home }), context, view);
  };
}

function measure(
  command: string,
  decide: Decide,
  rounds: number,
): { readonly times: readonly number[]; readonly diskShare: number } {
  const disk = { ms: 0 };
  const timed = timedView(disk);
  for (let round = 0; round < rounds / 4; round += 1) decide(command, diskView);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    decide(command, diskView);
    times.push((performance.now() - started) * 1000);
  }
  const withDisk = performance.now();
  for (let round = 0; round < rounds / 4; round += 1) decide(command, timed);
  return { times, diskShare: disk.ms / (performance.now() - withDisk) };
}

/** The disk, with a watch on it; the watch itself costs a little, so the share is an upper bound. */
function timedView(disk: { ms: number }): FileView {
  const timed = <Value>(ask: () => Value): Value => {
    const started = performance.now();
    try {
      return ask();
    } finally {
      disk.ms += performance.now() - started;
    }
  };
  return {
    kind: (path) => timed(() => diskView.kind(path)),
    linkTarget: (path) => timed(() => diskView.linkTarget(path)),
    real: (path) => timed(() => diskView.real(path)),
    read: (path, maxBytes) => timed(() => diskView.read(path, maxBytes)),
    bytes: (path, maxBytes) => timed(() => diskView.bytes(path, maxBytes)),
    list: (path) => timed(() => diskView.list(path)),
  };
}
