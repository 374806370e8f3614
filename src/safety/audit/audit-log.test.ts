import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
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

async function written(...calls: readonly string[]): Promise<void> {
  const log = start();
  await log.open();
  for (const call of calls) await log.record(callRecord(call));
  await log.close();
}

const events = async (): Promise<unknown[]> =>
  (await linesOf(path)).map(({ event, call, why }) => call ?? why ?? event);
const faults = async (withHead = true): Promise<string[]> => {
  const head = withHead ? heads.heads.get(path) : undefined;
  const checker = await checkedChain(path, { head });
  return checker.faults.map(({ kind, line }) => `${line} ${kind}`);
};

describe('the audit log', () => {
  it('opens with what holds, and writes one line an entry, for its owner alone', async () => {
    await written('a');
    const [first, second] = await linesOf(path);
    expect(first).toEqual({
      v: 2,
      seq: 0,
      prev: '0'.repeat(64),
      event: 'log_opened',
      at: '2023-11-14T22:13:20.000Z',
      why: 'new',
      file: 1,
      leashd: '1.2.3',
      settings: 'a'.repeat(64),
      policies: [],
      directories: ['/p'],
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    expect(second).toEqual({
      v: 2,
      seq: 1,
      prev: first?.['hash'],
      event: 'tool_decided',
      at: '2023-11-14T22:13:20.000Z',
      chat: 'c',
      session: 's',
      turn: 't',
      mode: 'default',
      call: 'a',
      tool: 'Bash',
      directory: '/p',
      input: { command: 'ls' },
      decision: 'deny',
      layer: 'sandbox',
      rule: 'r',
      reason: 'because',
      risk: 'high',
      violation: true,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
    expect(heads.heads.get(path)).toEqual({ seq: 1, hash: second?.['hash'] });
    expect(await faults()).toEqual([]);
  });

  it('keeps the order of the calls, also when they come at once', async () => {
    const log = start();
    const names = Array.from({ length: 200 }, (_, index) => `call-${index}`);
    await Promise.all(names.map((name) => log.record(callRecord(name))));
    expect(await events()).toEqual(['new', ...names]);
    expect(await faults()).toEqual([]);
  });

  it('goes on where the last process stopped', async () => {
    await written('a');
    await written('b');
    expect(await events()).toEqual(['new', 'a', 'started', 'b']);
    expect(await faults()).toEqual([]);
    expect(broken).toEqual([]);
  });

  it('goes on behind what was flushed when the head was not', async () => {
    await written('a');
    const head = heads.heads.get(path);
    await written('b', 'c');
    if (head) heads.heads.set(path, head);
    await written('d');
    expect(await faults()).toEqual([]);
    expect((await linesOf(path)).filter(({ why }) => why === 'started').at(-1)).toMatchObject({
      unconfirmed: 3,
    });
  });

  it('takes rights away from others, and vouches for lines from before the chain', async () => {
    mkdirSync(join(folder, 'state'));
    writeFileSync(path, '{"v":1,"event":"tool_decided"}\n{"v":1}\n');
    chmodSync(path, 0o644);
    await written('a');
    expect((await linesOf(path))[2]).toMatchObject({ why: 'new', unchained: { lines: 2, bytes: 39 } });
    expect((await checkedChain(path)).state).toMatchObject({ unchainedLines: 2, entries: 2 });
    expect(await faults()).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, readFileSync(path, 'utf8').replace('decided', 'deciDed'));
    expect(await faults()).toEqual(['1 changed']);
  });

  it('ends a line that a crash has torn, and says what it was', async () => {
    await written('a');
    writeFileSync(path, '{"v":2,"torn', { flag: 'a' });
    expect(await faults()).toEqual(['3 torn']);
    await written('b');
    expect(readFileSync(path, 'utf8').split('\n')[2]).toBe('{"v":2,"torn');
    expect(await faults()).toEqual([]);
    expect((await checkedChain(path)).state.tornLines).toBe(1);
    expect(broken).toEqual([]);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"torn', '"turn'));
    expect(await faults()).toEqual(['3 changed']);
  });

  it('goes on after a crash at any byte of what was not confirmed', async () => {
    await written('a');
    const head = heads.heads.get(path);
    const before = statSync(path).size;
    await start({ heads: undefined }).record(callRecord('b'));
    for (const log of opened) await log.close();
    const whole = readFileSync(path);
    const cuts = Array.from({ length: whole.length - before + 1 }, (_, cut) => before + cut);
    const tried = cuts.filter((cut) => cut % 23 === 0 || cut < before + 3 || cut > whole.length - 4);
    for (const cut of tried) {
      writeFileSync(path, whole.subarray(0, cut));
      if (head) heads.heads.set(path, head);
      await written('c');
      expect([cut, await faults()]).toEqual([cut, []]);
    }
    expect(broken).toEqual([]);
  });

  it('takes no lines of others for torn ones', async () => {
    await written('a');
    writeFileSync(path, '{"v":2,"event":"tool_decided","decision":"allow"}\n', { flag: 'a' });
    await written('b');
    expect(broken).toHaveLength(1);
    expect(await faults()).toEqual(['3 changed']);
  });

  it('notices what others do to the file while it runs', async () => {
    const log = start();
    await log.record(callRecord('a'));
    writeFileSync(path, 'x', { flag: 'a' });
    await log.record(callRecord('b'));
    expect(await faults()).toEqual([]);
    expect(readFileSync(path, 'utf8')).toContain('"trouble":"something else has changed the file"');
    truncateSync(path, lineStart(1));
    await log.record(callRecord('c'));
    expect(broken).toHaveLength(1);
    expect(await faults()).toEqual(['2 cut']);
  });

  it('explains a torn line without a head as well', async () => {
    await written('a');
    writeFileSync(path, 'half', { flag: 'a' });
    const log = start({ heads: undefined });
    await log.open();
    expect(await faults(false)).toEqual([]);
    expect(broken).toEqual([]);
  });
});

describe('an audit log that was tampered with', () => {
  it.each([
    ['cut', () => truncateSync(path, lineStart(3)), ['4 cut']],
    ['torn within what was confirmed', () => truncateSync(path, lineStart(3) + 9), ['4 cut', '4 changed']],
    ['changed', () => edit((text) => text.replace('"call":"a"', '"call":"x"')), ['2 changed']],
    ['changed at its end', () => edit((text) => text.replace('"call":"c"', '"call":"x"')), ['4 changed']],
    ['emptied', () => truncateSync(path, 0), ['1 cut']],
    ['deleted', () => rmSync(path), ['1 cut']],
  ])('goes on behind it, once and for all to see: %s', async (_, tamper, expected) => {
    await written('a', 'b', 'c');
    tamper();
    const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
    await written('d');
    expect(readFileSync(path, 'utf8').startsWith(before)).toBe(true);
    expect(broken).toHaveLength(1);
    const kinds = await faults();
    expect(expected).toContain(kinds[0]);
    await written('e');
    expect(broken).toHaveLength(1);
    expect(await faults()).toEqual(kinds);
    const opening = readFileSync(path, 'utf8')
      .split('\n')
      .find((line) => line.includes('"why":"broken"'));
    expect(JSON.parse(opening ?? '')).toMatchObject({ seq: 4, broken: { expected: { seq: 3 } } });
  });

  it('does not believe another log in its place', async () => {
    await written('a');
    const head = heads.heads.get(path);
    rmSync(path);
    heads.heads.clear();
    await written('x', 'y');
    if (head) heads.heads.set(path, head);
    await written('b');
    expect(broken).toHaveLength(1);
    // What is behind the break counts from then on.
    expect(await faults()).toEqual(['4 changed']);
  });

  it('says so when it is taken away while leashd runs', async () => {
    const log = start();
    await log.record(callRecord('a'));
    renameSync(path, `${path}.bak`);
    await log.record(callRecord('b'));
    expect(await linesOf(path)).toMatchObject([
      { why: 'broken', broken: { expected: { seq: 1 }, found: null } },
      { call: 'b' },
    ]);
    expect(broken).toHaveLength(1);
    expect(await faults()).toEqual(['1 cut']);
  });
});

describe('an audit log that is full', () => {
  const rotated = (): string[] =>
    readdirSync(join(folder, 'state'))
      .filter((name) => name !== 'audit.jsonl')
      .sort();

  it('is put aside, and the chain goes on in a new file', async () => {
    const log = start({ maxBytes: 3000 });
    for (let call = 0; call < 30; call += 1) await log.record(callRecord(String(call)));
    expect(rotated().length).toBeGreaterThan(3);
    expect(rotated()[0]).toBe('audit-20231114T221320Z-1.jsonl');
    for (const name of rotated()) {
      expect(statSync(join(folder, 'state', name)).size).toBeLessThanOrEqual(3000);
      expect(statSync(join(folder, 'state', name)).mode & 0o777).toBe(0o600);
    }
    expect((await linesOf(path))[0]).toMatchObject({ why: 'rotated', file: rotated().length + 1 });
    expect(await faults()).toEqual([]);
    await log.close();
    await written('later');
    expect(broken).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  it.each([0, 1, 2])('shows which file is missing: number %i of them', async (index) => {
    const log = start({ maxBytes: 3000 });
    for (let call = 0; call < 20; call += 1) await log.record(callRecord(String(call)));
    rmSync(join(folder, 'state', rotated()[index] ?? ''));
    expect(await faults()).toEqual(['1 removed']);
  });

  it('never overwrites one that is there', async () => {
    mkdirSync(join(folder, 'state'));
    const there = join(folder, 'state/audit-20231114T221320Z-1.jsonl');
    writeFileSync(there, 'mine\n');
    const log = start({ maxBytes: 1500, heads: undefined });
    for (let call = 0; call < 5; call += 1) await log.record(callRecord(String(call)));
    expect(readFileSync(there, 'utf8')).toBe('mine\n');
    expect(rotated()).toContain('audit-20231114T221320Z-2.jsonl');
  });

  it.each([
    ['before the new file was made', (): void => {}],
    ['before anything stood in it', (): void => writeFileSync(path, '')],
    ['while its first line was written', (): void => writeFileSync(path, '{"v":2,"seq":3,"pr')],
  ])('goes on after a crash %s', async (_, leave) => {
    await written('a', 'b');
    renameSync(path, join(folder, 'state/audit-20260101T000000Z-1.jsonl'));
    leave();
    await written('c');
    expect(broken).toEqual([]);
    expect(await faults()).toEqual([]);
    expect((await checkedChain(path)).state.last?.seq).toBe(4);
  });
});

/** Where a line begins, in bytes; from 0. */
function lineStart(line: number): number {
  return Buffer.byteLength(readFileSync(path, 'utf8').split('\n').slice(0, line).join('\n') + '\n');
}

function edit(change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
