import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPolicies } from '../src/app/paths.ts';
import { diskView, rememberingView, type FileView } from '../src/safety/file-view.ts';
import { footprintOf } from '../src/safety/footprint.ts';
import { createJudge } from '../src/safety/judge.ts';
import { loadPolicies } from '../src/safety/policy/load.ts';
import { createSandbox } from '../src/safety/sandbox.ts';

const ROUNDS = 20_000;

const CASES = {
  'echo hello': 'echo hello',
  'ls -la src': 'ls -la src',
  'cat package.json': 'cat package.json',
  'npm test': 'npm test',
  'git status': 'git status',
  'chain of five': 'ls src && cat package.json | head -5; wc -l src/a.ts && echo done',
};

/** Footprint, sandbox and policy of one decision, in microseconds: nobody is asked and nothing is logged. */
export function benchGate(): void {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-bench-')));
  try {
    mkdirSync(join(project, 'src'));
    mkdirSync(join(project, '.git'));
    writeFileSync(join(project, '.git', 'config'), '[core]\n\tbare = false\n');
    writeFileSync(join(project, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    for (const file of ['package.json', 'src/a.ts']) writeFileSync(join(project, file), '{}\n');
    report(project);
  } finally {
    rmSync(project, { recursive: true });
  }
}

function report(project: string): void {
  console.log(
    `gate: ${ROUNDS} decisions each, Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`,
  );
  console.log('command               p50 µs   p99 µs   per second   in the file system');
  for (const [name, command] of Object.entries(CASES)) {
    const { p50, p99, perSecond, diskShare } = measure(command, project);
    const columns = [
      p50.toFixed(1).padStart(8),
      p99.toFixed(1).padStart(8),
      perSecond.toFixed(0).padStart(12),
    ];
    console.log(`${name.padEnd(19)} ${columns.join(' ')}   ${(100 * diskShare).toFixed(0).padStart(10)} %`);
  }
}

function measure(
  command: string,
  project: string,
): { p50: number; p99: number; perSecond: number; diskShare: number } {
  const policy = loadPolicies(['default.yaml', 'dev-tools.yaml'], {
    startDirectory: project,
    builtInDirectory: builtInPolicies,
  });
  const home = join(project, '..', 'nobody');
  const sandbox = createSandbox({ home, ownPaths: { untouchable: [], unwritable: [] } }, diskView);
  const judge = createJudge({ policy, sandbox, toolFilter: { allowed: [], disallowed: [] } });
  const mode = { name: 'default', mayChange: true, grants: [] } as const;
  const context = { chat: 'bench', session: 'bench', turn: 'bench', directories: [project], mode };
  const disk = { ms: 0 };
  const timed = timedView(disk);
  const call = { id: 'bench', tool: 'Bash', input: { command }, directory: project };
  const decide = (base: FileView): void => {
    const view = rememberingView(base);
    judge(footprintOf(call, { view, home }), context, view);
  };
  for (let round = 0; round < ROUNDS / 4; round += 1) decide(diskView);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    decide(diskView);
    times.push((performance.now() - started) * 1000);
  }
  const withDisk = performance.now();
  for (let round = 0; round < ROUNDS / 4; round += 1) decide(timed);
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
    list: (path) => timed(() => diskView.list(path)),
  };
}
