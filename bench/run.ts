// `npm run bench` measures everything and writes docs/benchmarks.md; `npm run bench -- gate audit` measures these and
// prints, with `--write` it writes their rows too. `--small` only shows that all of it works.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchApprovals } from './approvals.ts';
import { benchAudit } from './audit.ts';
import type { Bench, BenchSize } from './bench.ts';
import { benchConversation } from './conversation.ts';
import { benchGate } from './gate.ts';
import { benchLoad } from './load.ts';
import { machine } from './machine.ts';
import { benchOverhead } from './overhead.ts';
import { benchStartUp } from './start-up.ts';
import { benchStorage } from './storage.ts';
import { rowsOf, tableOf, withTable } from './table.ts';

const PAGE = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');

const BENCHES: readonly Bench[] = [
  benchStartUp,
  benchGate,
  benchApprovals,
  benchOverhead,
  benchConversation,
  benchStorage,
  benchAudit,
  benchLoad,
];

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('--'));
const flags = words.filter((word) => word.startsWith('--'));
const order = BENCHES.map(({ name }) => name);
const unknown = [
  ...names.filter((name) => !order.includes(name)),
  ...flags.filter((flag) => !['--write', '--small'].includes(flag)),
];
const size: BenchSize = flags.includes('--small') ? 'small' : 'full';

if (unknown.length > 0) {
  console.error(`what is ${unknown.join(', ')}? There are ${order.join(', ')}, --write and --small`);
  process.exitCode = 2;
} else if (size === 'small' && flags.includes('--write')) {
  console.error('figures of a small run mean nothing: they are not written');
  process.exitCode = 2;
} else {
  await measure(BENCHES.filter(({ name }) => names.length === 0 || names.includes(name)));
}

async function measure(benches: readonly Bench[]): Promise<void> {
  const rows: (readonly string[])[] = [];
  console.log(machine());
  for (const bench of benches) {
    const started = performance.now();
    console.log(`\n${bench.name}: ${bench.summary}`);
    const result = await bench.run(size);
    for (const line of result.details ?? []) console.log(line);
    const own = rowsOf(bench.name, result);
    console.log(tableOf(own));
    console.log(`(${((performance.now() - started) / 1000).toFixed(0)} s)`);
    rows.push(...own);
  }
  const isWritten = size === 'full' && (names.length === 0 || flags.includes('--write'));
  if (!isWritten) return;
  writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), { machine: machine(), rows, order }));
  console.log(`\nwritten to ${PAGE}`);
}
