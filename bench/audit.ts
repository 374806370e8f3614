import { createWriteStream, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { once } from 'node:events';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditLogAt, callRecord } from '../test/fixtures/audit-bench.ts';
import { verifyAudit } from '../src/app/audit-verify.ts';
import { entryBody } from '../src/safety/audit/audit-entry.ts';
import { NO_HASH, sealLine } from '../src/safety/audit/audit-line.ts';
import { openStores } from '../src/storage/open-stores.ts';
import { systemClock } from '../src/util/clock.ts';
import { silentLog } from '../src/util/log.ts';
import { createRedactor } from '../src/util/redact.ts';

const LINES = 1_000_000;
const APPENDS = 1_000;
/** As many as ask at once when several agents work. */
const TOGETHER = 50;

/** Appends a second, and lines a second that `leashd audit verify` follows. */
export async function benchAudit(): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-bench-audit-')));
  try {
    console.log(`audit: Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`);
    await appends(folder);
    await verifies(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function appends(folder: string): Promise<void> {
  const stores = openStores({ path: join(folder, 'messages.db'), log: silentLog, clock: systemClock });
  const redactor = createRedactor([]);
  const redact = (text: string): string => redactor.redact(text);
  const unflushed: typeof open = async (...args) => {
    const file = await open(...args);
    file.datasync = async () => {};
    return file;
  };
  const kinds = {
    'one by one, flushed, head kept': { heads: stores.auditHeads },
    'one by one, flushed': {},
    'one by one, not flushed': { openFile: unflushed },
  };
  for (const [index, [name, changes]] of Object.entries(kinds).entries()) {
    const log = auditLogAt(join(folder, `${index}.jsonl`), { clock: systemClock, redact, ...changes });
    await log.open();
    const one = await timed(async () => {
      for (let call = 0; call < APPENDS; call += 1) await log.record(recordOf(call));
    });
    const many = await timed(async () => {
      for (let call = 0; call < APPENDS; call += TOGETHER)
        await Promise.all(Array.from({ length: TOGETHER }, (_, more) => log.record(recordOf(call + more))));
    });
    await log.close();
    const [alone, together] = [one, many].map((ms) => Math.round((APPENDS / ms) * 1000));
    console.log(`${name.padEnd(34)} ${String(alone).padStart(8)}/s   ${TOGETHER} at once ${together}/s`);
  }
  await stores.close();
}

async function verifies(folder: string): Promise<void> {
  const path = join(folder, 'audit.jsonl');
  await writeLog(path);
  const mb = statSync(path).size / 1024 / 1024;
  const place = {
    path,
    isNamed: true,
    head: async () => ({ kind: 'unknown', why: 'a bench' }) as const,
  };
  let isWhole = false;
  const ms = await timed(async () => {
    ({ isWhole } = await verifyAudit(place));
  });
  if (!isWhole) throw new Error('the bench wrote a log that is not whole');
  const perSecond = Math.round((LINES / ms) * 1000);
  const rss = Math.round(process.memoryUsage.rss() / 1024 / 1024);
  console.log(
    `verify: ${LINES} lines, ${mb.toFixed(0)} MB in ${ms.toFixed(0)} ms: ${perSecond} lines/s, ${rss} MB resident`,
  );
}

/** As the log would write it, without its flushes. */
async function writeLog(path: string): Promise<void> {
  const out = createWriteStream(path);
  let last = { seq: -1, hash: NO_HASH };
  const opening = { why: 'new', file: 1, leashd: '0', settings: '', policies: [], directories: [] };
  const at = new Date(0).toISOString();
  for (let line = 0; line < LINES; line += 1) {
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

async function timed(run: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}
