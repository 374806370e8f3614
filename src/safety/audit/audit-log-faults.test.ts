import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  auditLogAt,
  callRecord,
  checkedChain,
  linesOf,
  rememberedHeads,
} from '../../../test/fixtures/audit-bench.ts';
import { withDisk } from '../../../test/fixtures/full-disk.ts';
import { MachineError } from '../../errors.ts';
import type { AuditLog, AuditLogOptions } from './audit-log.ts';

let folder = '';
let path = '';
let opened: AuditLog[];
let heads: ReturnType<typeof rememberedHeads>;
let broken: string[];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-audit-')));
  path = join(folder, 'state/audit.jsonl');
  opened = [];
  broken = [];
  heads = rememberedHeads();
});
afterEach(async () => {
  for (const log of opened) await log.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As after a start of leashd. */
function start(changes: Partial<AuditLogOptions> = {}): AuditLog {
  const log = auditLogAt(path, { heads, onBroken: (what) => void broken.push(what), ...changes });
  opened.push(log);
  return log;
}

const events = async (): Promise<unknown[]> =>
  (await linesOf(path)).map(({ event, call, why }) => call ?? why ?? event);
const faults = async (withHead = true): Promise<string[]> => {
  const head = withHead ? heads.heads.get(path) : undefined;
  const checker = await checkedChain(path, { head });
  return checker.faults.map(({ kind, line }) => `${line} ${kind}`);
};

describe('an audit log that can not be written', () => {
  it.each([
    ['its folder is a file', (): void => writeFileSync(join(folder, 'state'), '')],
    ['it is a folder', (): void => void mkdirSync(path, { recursive: true })],
    [
      'it is a link to somewhere else',
      (): void => {
        mkdirSync(join(folder, 'state'));
        symlinkSync(join(folder, 'target'), path);
      },
    ],
  ])('says so when %s', async (_, spoil) => {
    spoil();
    await expect(start().record(callRecord('a'))).rejects.toThrow(MachineError);
    await expect(start().open()).rejects.toThrow(/audit\.jsonl can't be written/);
  });

  it('works again once the fault is gone', async () => {
    let writtenTimes = 0;
    const log = start({ onWritten: () => (writtenTimes += 1) });
    writeFileSync(join(folder, 'state'), '');
    await expect(log.record(callRecord('a'))).rejects.toThrow(/audit\.jsonl can't be written/);
    expect(writtenTimes).toBe(0);
    rmSync(join(folder, 'state'));
    await log.record(callRecord('b'));
    expect(await events()).toEqual(['new', 'b']);
    expect(writtenTimes).toBe(1);
  });

  it('refuses after it was closed', async () => {
    const log = start();
    await log.record(callRecord('a'));
    await log.close();
    await log.close();
    await expect(log.record(callRecord('b'))).rejects.toThrow(/closed/);
    await expect(log.open()).rejects.toThrow(/closed/);
  });

  it.each([0, 1, 17, 300, 100_000])('keeps the chain when the disk takes only %i bytes', async (room) => {
    let isFull = false;
    const log = start({ openFile: withDisk(() => (isFull ? room : undefined)) });
    await log.record(callRecord('a'));
    isFull = true;
    await expect(log.record(callRecord('lost'))).rejects.toThrow(/ENOSPC/);
    await expect(log.record(callRecord('lost too'))).rejects.toThrow(/ENOSPC/);
    isFull = false;
    await log.record(callRecord('b'));
    expect(await faults()).toEqual([]);
    expect(broken).toEqual([]);
    const last = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-2);
    expect(last.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { why: 'recovered', trouble: expect.stringContaining('ENOSPC') as unknown },
      { call: 'b' },
    ]);
  });

  it('keeps the chain when the flush or the head fails', async () => {
    let fault: string | undefined;
    const log = start({
      openFile: withDisk(
        () => undefined,
        () => fault,
      ),
      heads: {
        load: (at) => heads.load(at),
        save: async (at, head) => {
          if (fault === 'head') throw new Error('EHEAD');
          await heads.save(at, head);
        },
      },
    });
    await log.record(callRecord('a'));
    for (fault of ['EIO', 'head']) await expect(log.record(callRecord('lost'))).rejects.toThrow(/EIO|EHEAD/);
    fault = undefined;
    await log.record(callRecord('b'));
    expect(await faults()).toEqual([]);
    expect(broken).toEqual([]);
    const recovered = (await linesOf(path)).filter(({ why }) => why === 'recovered').at(-1);
    expect(recovered).toMatchObject({ unconfirmed: expect.any(Number) as unknown });
  });
});
