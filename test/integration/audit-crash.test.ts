import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLogAt, callRecord, checkedChain } from '../fixtures/audit-bench.ts';
import { rotatedFiles } from '../../src/safety/audit/audit-files.ts';
import { rememberedHead } from '../../src/storage/audit-heads.ts';
import { auditLock } from '../../src/storage/audit-lock.ts';

const CHILD = fileURLToPath(new URL('../fixtures/audit-writer-child.ts', import.meta.url));
const FULL_CHILD = fileURLToPath(new URL('../fixtures/audit-full-child.ts', import.meta.url));
/** As the chain's writer may be killed anywhere, it is killed often. */
const KILLS = 8;

let folder = '';
let path = '';
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-audit-crash-')));
  path = join(folder, 'audit.jsonl');
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the writer until it has acknowledged so many entries, kills it, and returns all that it acknowledged. */
async function killedAfter(count: number, args: readonly string[]): Promise<string[]> {
  const writer = spawn(process.execPath, [CHILD, folder, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = writer;
  const said: string[] = [];
  const ended = once(writer, 'close');
  for await (const line of createInterface({ input: writer.stdout })) {
    said.push(line);
    if (said.length > count) writer.kill('SIGKILL');
  }
  await ended;
  expect(said[0]).toBe('open');
  expect(said.filter((line) => line.startsWith('broken'))).toEqual([]);
  return said.slice(1);
}

async function allLines(): Promise<string> {
  const paths = [...(await rotatedFiles(path)).map((file) => file.path), path];
  return paths.map((one) => readFileSync(one, 'utf8')).join('');
}

describe('an audit log whose writer is killed', () => {
  it.each([
    ['in one file', []],
    ['while files are turned over', ['20000']],
  ])(
    'is whole and has every acknowledged entry, %s',
    async (_, args) => {
      const acknowledged: string[] = [];
      for (let kill = 0; kill < KILLS; kill += 1)
        acknowledged.push(...(await killedAfter(1 + kill * 7, args)));
      const remembered = await rememberedHead(join(folder, 'messages.db'), path);
      const log = auditLogAt(path, {
        heads: {
          load: async () => (remembered.kind === 'known' ? remembered.head : undefined),
          save: async () => {},
        },
      });
      await log.open();
      await log.close();
      const head = remembered.kind === 'known' ? remembered.head : undefined;
      expect(head?.seq).toBeGreaterThan(acknowledged.length);
      expect((await checkedChain(path, { head })).faults).toEqual([]);
      const text = await allLines();
      expect(acknowledged.filter((id) => !text.includes(`"call":"${id}"`))).toEqual([]);
      expect(acknowledged.length).toBeGreaterThan(KILLS);
    },
    60_000,
  );

  it('belongs to one process, and to the next once that is gone', async () => {
    const writer = spawn(process.execPath, [CHILD, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = writer;
    const lines = createInterface({ input: writer.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('open');
    const second = auditLogAt(path, { lock: auditLock });
    await expect(second.open()).rejects.toMatchObject({ code: 'AUDIT_LOCKED' });
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const third = auditLogAt(path, { lock: auditLock });
    await third.record(callRecord('a'));
    await expect(second.open()).rejects.toMatchObject({ code: 'AUDIT_LOCKED' });
    await third.close();
    await second.open();
    await second.close();
  });
});

describe('an audit log on a disk that is full', () => {
  // The system's own limit for a file: what is beyond it is refused in the middle of a line.
  it.skipIf(process.platform === 'win32')('refuses, and is whole when there is room again', async () => {
    const limited = spawn('bash', [
      '-c',
      'ulimit -f 5 && exec "$0" "$@"',
      process.execPath,
      FULL_CHILD,
      path,
    ]);
    child = limited;
    let said = '';
    limited.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(limited, 'close');
    const { written, failures } = JSON.parse(said) as { written: number; failures: string[] };
    expect(failures).toEqual([expect.stringMatching(/EFBIG|ENOSPC/), expect.stringMatching(/EFBIG|ENOSPC/)]);
    expect(written).toBeGreaterThan(1);
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(false);
    const log = auditLogAt(path);
    await log.record(callRecord('later'));
    await log.close();
    const checker = await checkedChain(path);
    expect(checker.faults).toEqual([]);
    expect(checker.state.tornLines).toBe(1);
    const text = readFileSync(path, 'utf8');
    for (let number = 1; number <= written; number += 1) expect(text).toContain(`"call":"${number}"`);
  });
});
