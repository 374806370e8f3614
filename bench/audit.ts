import { createWriteStream, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditLogAt, callRecord } from '../test/fixtures/audit-bench.ts';
import { verifyAudit } from '../src/app/audit-verify.ts';
import { entryBody } from '../src/safety/audit/audit-entry.ts';
import { NO_HASH, sealLine } from '../src/safety/audit/audit-line.ts';
import { openStores } from '../src/storage/open-stores.ts';
import { systemClock } from '../src/util/clock.ts';
import { silentLog } from '../src/util/log.ts';
import { createRedactor } from '../src/util/redact.ts';
import type { Bench, BenchSize, Figure } from './bench.ts';
import { median, single, timesOf } from './figures.ts';

const LINES = { full: 1_000_000, small: 20_000 };
const APPENDS = { full: 1_000, small: 100 };
/** As many as ask at once when several agents work. */
const TOGETHER = 50;
const ROUNDS = 5;

export const benchAudit: Bench = {
  name: 'audit',
  summary: 'lines appended a second, and lines a second that `leashd audit verify` follows',
  run: async (size) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-bench-audit-')));
    try {
      return { figures: [...(await appends(folder, size)), ...(await verifies(folder, size))] };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function appends(folder: string, size: BenchSize): Promise<readonly Figure[]> {
  const stores = openStores({ path: join(folder, 'messages.db'), log: silentLog, clock: systemClock });
  const redactor = createRedactor([]);
  const redact = (text: string): string => redactor.redact(text);
  const unflushed: typeof open = async (...args) => {
    const file = await open(...args);
    file.datasync = async () => {};
    return file;
  };
  const kinds = {
    'flushed, head kept': { heads: stores.auditHeads },
    flushed: {},
    'not flushed': { openFile: unflushed },
  };
  const figures: Figure[] = [];
  const count = APPENDS[size] / ROUNDS;
  const perSecond = (times: readonly number[]): number[] => times.map((ms) => (count / ms) * 1000);
  for (const [index, [name, changes]] of Object.entries(kinds).entries()) {
    const log = auditLogAt(join(folder, `${index}.jsonl`), { clock: systemClock, redact, ...changes });
    await log.open();
    const alone = await timesOf(ROUNDS, async () => {
      for (let call = 0; call < count; call += 1) await log.record(recordOf(call));
    });
    const together = await timesOf(ROUNDS, async () => {
      for (let call = 0; call < count; call += TOGETHER) {
        const some = Array.from({ length: Math.min(TOGETHER, count - call) }, (_, more) => call + more);
        await Promise.all(some.map((each) => log.record(recordOf(each))));
      }
    });
    await log.close();
    figures.push(median(`lines appended one by one, ${name}`, '/s', perSecond(alone)));
    figures.push(median(`lines appended ${TOGETHER} at once, ${name}`, '/s', perSecond(together)));
  }
  await stores.close();
  return figures;
}

async function verifies(folder: string, size: BenchSize): Promise<readonly Figure[]> {
  const path = join(folder, 'audit.jsonl');
  await writeLog(path, LINES[size]);
  const place = {
    path,
    isNamed: true,
    head: async () => ({ kind: 'unknown', why: 'a bench' }) as const,
  };
  const times = await timesOf(ROUNDS, async () => {
    const { isWhole } = await verifyAudit(place);
    if (!isWhole) throw new Error('the bench wrote a log that is not whole');
  });
  const perSecond = times.map((ms) => (LINES[size] / ms) * 1000);
  return [
    median(`lines verified, of ${LINES[size].toLocaleString('en-US')}`, '/s', perSecond, { least: 200_000 }),
    single('that log', 'MB', statSync(path).size / 1024 / 1024),
  ];
}

/** As the log would write it, without its flushes. */
async function writeLog(path: string, lines: number): Promise<void> {
  const out = createWriteStream(path);
  let last = { seq: -1, hash: NO_HASH };
  const opening = { why: 'new', file: 1, leashd: '0', settings: '', policies: [], directories: [] };
  const at = new Date(0).toISOString();
  for (let line = 0; line < lines; line += 1) {
    const body =
      line === 0
        ? ({ event: 'log_opened', at, ...opening } as const)
        : entryBody(recordOf(line), line, (text) => text);
    const sealed = sealLine(body, last.seq + 1, last.hash);
    last = sealed.head;
    if (!out.write(sealed.text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

function recordOf(call: number) {
  return callRecord(`toolu_${call}`, {
    command: `npm test -- --run src/part-${call}.test.ts`,
    description: 'Run the tests',
  });
}
