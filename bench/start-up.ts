import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, BenchSize, Figure } from './bench.ts';
import { BUILT, startDaemon, type RunningDaemon } from './daemon.ts';
import { median, single, timesOf } from './figures.ts';
import { cpuSeconds, residentMb } from './process-figures.ts';

const RUNS = { full: 30, small: 3 };
const STARTS = { full: 7, small: 1 };
/** Until a start has ended for good, and what it needed is given back. */
const SETTLE_MS = { full: 10_000, small: 3_000 };
const IDLE_MS = { full: 60_000, small: 1_000 };
/** Longer than leashd waits before it gives back what a turn needed. */
const AFTER_TURN_MS = { full: 40_000, small: 1_000 };

export const benchStartUp: Bench = {
  name: 'start-up',
  summary: 'the built program: how soon it is there, and what it takes while it waits',
  run: async (size) => {
    const readyMs: number[] = [];
    for (let start = 0; start < STARTS[size]; start += 1) {
      const daemon = await startDaemon();
      readyMs.push(daemon.readyMs);
      await daemon.stop();
    }
    const daemon = await startDaemon();
    try {
      const commands = await commandFigures(daemon, size);
      const idle = await idleFigures(daemon, size);
      return { figures: [...commands, median('start to receiving messages', 'ms', readyMs), ...idle] };
    } finally {
      await daemon.stop();
    }
  },
};

async function commandFigures(daemon: RunningDaemon, size: BenchSize): Promise<readonly Figure[]> {
  const run = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: daemon.directory,
      env: daemon.environment,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  };
  const bare = await timesOf(RUNS[size], () => run('--eval', ''));
  const version = await timesOf(RUNS[size], () => run(BUILT, '--version'));
  const status = await timesOf(RUNS[size], () => run(BUILT, 'status'));
  return [
    median('Node alone, which is part of the next two', 'ms', bare),
    median('leashd --version', 'ms', version, { most: 100 }),
    median('leashd status, of one that runs', 'ms', status, { most: 150 }),
  ];
}

async function idleFigures(daemon: RunningDaemon, size: BenchSize): Promise<readonly Figure[]> {
  await delay(SETTLE_MS[size]);
  const before = cpuSeconds(daemon.pid);
  const memory: number[] = [];
  for (let part = 0; part < 10; part += 1) {
    await delay(IDLE_MS[size] / 10);
    memory.push(residentMb(daemon.pid));
  }
  const used = cpuSeconds(daemon.pid) - before;
  await daemon.takeTurn();
  await delay(AFTER_TURN_MS[size]);
  return [
    median('memory of an idle daemon', 'MB', memory, { most: 90 }),
    single('of a core, over a minute', '%', (used / (IDLE_MS[size] / 1000)) * 100, { most: 0.5 }),
    single('memory once it has had a turn, without Claude Code itself', 'MB', residentMb(daemon.pid)),
  ];
}
