import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LONG_TEXTS } from '../test/fixtures/long-texts.ts';
import { builtInPolicies } from '../src/app/paths.ts';
import { diskView, rememberingView, type FileView } from '../src/safety/file-view.ts';
import { footprintOf } from '../src/safety/footprint/footprint.ts';
import { createJudge } from '../src/safety/gate/judge.ts';
import { loadPolicies } from '../src/safety/policy/load.ts';
import { createSandbox } from '../src/safety/sandbox/sandbox.ts';

const ROUNDS = 20_000;
const LONG_ROUNDS = 7;
const LONG_SIZES = [16, 32, 64] as const;

const CASES = {
  'echo hello': 'echo hello',
  'ls -la src': 'ls -la src',
  'cat package.json': 'cat package.json',
  'npm test': 'npm test',
  'git status': 'git status',
  'chain of five': 'ls src && cat package.json | head -5; wc -l src/a.ts && echo done',
};

/**
 * Footprint, sandbox and policy of one decision: nobody is asked and nothing is logged. Single commands in
 * microseconds, long texts in milliseconds.
 */
export function benchGate(): void {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-bench-')));
  try {
    mkdirSync(join(project, 'src'));
    mkdirSync(join(project, '.git'));
    writeFileSync(join(project, '.git', 'config'), '[core]\n\tbare = false\n');
    writeFileSync(join(project, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    for (const file of ['package.json', 'src/a.ts']) writeFileSync(join(project, file), '{}\n');
    const decide = decider(project);
    report(decide);
    reportLong(decide);
  } finally {
    rmSync(project, { recursive: true });
  }
}

function report(decide: Decide): void {
  console.log(
    `gate: ${ROUNDS} decisions each, Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`,
  );
  console.log('command               p50 µs   p99 µs   per second   in the file system');
  for (const [name, command] of Object.entries(CASES)) {
    const { p50, p99, perSecond, diskShare } = measure(command, decide);
    const columns = [
      p50.toFixed(1).padStart(8),
      p99.toFixed(1).padStart(8),
      perSecond.toFixed(0).padStart(12),
    ];
    console.log(`${name.padEnd(19)} ${columns.join(' ')}   ${(100 * diskShare).toFixed(0).padStart(10)} %`);
  }
}

function reportLong(decide: Decide): void {
  console.log(`\nlong texts: ${LONG_ROUNDS} decisions each after one to warm up, ms: median (most)`);
  console.log(`${''.padEnd(34)} ${LONG_SIZES.map((size) => `${size} KiB`.padStart(16)).join(' ')}`);
  let most = 0;
  for (const [name, make] of Object.entries(LONG_TEXTS)) {
    const columns = LONG_SIZES.map((size) => {
      const text = make(size * 1024);
      const times: number[] = [];
      decide(text, diskView);
      for (let round = 0; round < LONG_ROUNDS; round += 1) {
        const started = performance.now();
        decide(text, diskView);
        times.push(performance.now() - started);
      }
      times.sort((a, b) => a - b);
      most = Math.max(most, times.at(-1) ?? 0);
      const median = times[Math.floor(times.length / 2)] ?? NaN;
      return `${median.toFixed(1)} (${(times.at(-1) ?? NaN).toFixed(1)})`.padStart(16);
    });
    console.log(`${name.padEnd(34)} ${columns.join(' ')}`);
  }
  console.log(`the longest of all: ${most.toFixed(1)} ms`);
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
): { p50: number; p99: number; perSecond: number; diskShare: number } {
  const disk = { ms: 0 };
  const timed = timedView(disk);
  for (let round = 0; round < ROUNDS / 4; round += 1) decide(command, diskView);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    decide(command, diskView);
    times.push((performance.now() - started) * 1000);
  }
  const withDisk = performance.now();
  for (let round = 0; round < ROUNDS / 4; round += 1) decide(command, timed);
  const diskShare = disk.ms / (performance.now() - withDisk);
  times.sort((a, b) => a - b);
  const total = times.reduce((sum, time) => sum + time, 0);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), perSecond: (ROUNDS / total) * 1e6, diskShare };
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
