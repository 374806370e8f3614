import * as fc from 'fast-check';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLogAt, callRecord, checkedChain, rememberedHeads } from '../../../test/fixtures/audit-bench.ts';
import { ChainChecker } from './audit-chain.ts';
import type { AuditHead } from './audit-record.ts';

let folder = '';
let whole = Buffer.alloc(0);
let lines: Buffer[] = [];
let head: AuditHead | undefined;
const LINES = 40;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-chain-')));
  const path = join(folder, 'audit.jsonl');
  // From before the chain, and torn: what an entry vouches for must not change either.
  writeFileSync(path, '{"v":1}\n{"v":1,"event":"tool_decided"}\n');
  const heads = rememberedHeads();
  const write = async (from: number, to: number): Promise<void> => {
    const log = auditLogAt(path, { heads });
    await log.open();
    for (let call = from; call < to; call += 1)
      await log.record(callRecord(`call-${call}`, { command: `echo é ${call}` }));
    await log.close();
  };
  await write(0, 20);
  writeFileSync(path, '{"v":2,"seq":21,"prev":"', { flag: 'a' });
  await write(20, LINES);
  whole = readFileSync(path);
  head = heads.heads.get(path);
  lines = whole
    .toString('latin1')
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(`${line}\n`, 'latin1'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Found = readonly { readonly kind: string; readonly line: number }[];

function check(bytes: Buffer, remembered: AuditHead | undefined = head): Found {
  const checker = new ChainChecker({ from: 'beginning', head: remembered });
  checker.beginFile('audit.jsonl');
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    checker.take(bytes, start, end, 'line');
    start = end + 1;
  }
  if (start < bytes.length) checker.take(bytes, start, bytes.length, 'file');
  checker.finish();
  return checker.faults.map(({ kind, line }) => ({ kind, line }));
}

const lineOf = (at: number): number => whole.subarray(0, at).toString('latin1').split('\n').length;
const without = (from: number, to = from): Buffer =>
  Buffer.concat(lines.filter((_, index) => index < from || index > to));

describe('the chain', () => {
  it('is whole as it was written', () => {
    expect(check(whole)).toEqual([]);
    expect(lines.length).toBe(2 + 1 + 20 + 1 + 1 + 20);
  });

  it('finds any byte that was changed, and names its line', () => {
    const anywhere = fc.integer({ min: 0, max: whole.length - 1 });
    fc.assert(
      fc.property(anywhere, fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ by;
        const [first] = check(changed);
        expect(first).toBeDefined();
        const line = lineOf(at);
        // What an entry vouches for and that entry are named together, by where they begin.
        expect(first?.line).toBe(line <= 3 ? 1 : line === 25 ? 24 : line);
      }),
      { numRuns: 3000, seed: 4 },
    );
  });

  it('finds every changed byte of the last line', () => {
    for (let at = whole.length - (lines.at(-1)?.length ?? 0); at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(check(changed)[0]?.line).toBe(lines.length);
    }
  });

  it('finds lines that were removed, and says where', () => {
    const place = fc.integer({ min: 3, max: lines.length - 2 });
    fc.assert(
      fc.property(place, fc.integer({ min: 0, max: 3 }), (from, more) => {
        const to = Math.min(from + more, lines.length - 2);
        const [first] = check(without(from, to));
        const isAtTorn = from <= 24 && to >= 22;
        expect(isAtTorn ? [from, from + 1] : [from + 1]).toContain(first?.line);
        expect(isAtTorn ? ['removed', 'changed'] : ['removed']).toContain(first?.kind);
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('finds lines that changed places', () => {
    for (let line = 4; line < lines.length - 1; line += 1) {
      const swapped = [...lines];
      swapped.splice(line, 2, ...[lines[line + 1], lines[line]].flatMap((one) => one ?? []));
      const [first] = check(Buffer.concat(swapped));
      // Around the torn line it is the tearing that does not fit.
      const isAtTorn = line >= 22 && line <= 24;
      expect(isAtTorn ? ['reordered'] : [first?.kind]).toEqual(['reordered']);
      expect(isAtTorn ? [line, line + 1] : [line + 1]).toContain(first?.line);
    }
  });

  it('finds lines that were put in: doubles, and ones of another making', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: lines.length }),
        fc.oneof(
          fc.integer({ min: 3, max: lines.length - 1 }).map((from) => lines[from] ?? Buffer.alloc(0)),
          fc.constant(Buffer.from('\n')),
          fc.string().map((text) => Buffer.from(`${text.replaceAll('\n', '')}\n`)),
        ),
        (place, line) => {
          const found = check(Buffer.concat([...lines.slice(0, place), line, ...lines.slice(place)]));
          expect(found.length).toBeGreaterThan(0);
          // Of two that are alike it is the second.
          const isAlike = lines[place]?.equals(line) === true;
          const isAtTorn = place === 23 || place === 24;
          expect(isAtTorn ? 0 : found[0]?.line).toBe(isAtTorn ? 0 : place + (isAlike ? 2 : 1));
        },
      ),
      { numRuns: 500, seed: 4 },
    );
  });

  it('finds a tail that was cut at any byte of the last three lines', () => {
    const from = whole.length - lines.slice(-3).reduce((sum, line) => sum + line.length, 0);
    for (let end = from; end < whole.length; end += 1) {
      const [first] = check(whole.subarray(0, end));
      expect(first).toEqual({ kind: 'cut', line: lineOf(end) });
    }
  });

  it('finds a line that was given a new hash, by the one that follows', async () => {
    const { sealLine } = await import('./audit-line.ts');
    const {
      hash: _,
      seq,
      prev,
      v: __,
      ...body
    } = JSON.parse(lines[10]?.toString() ?? '') as never as {
      readonly hash: string;
      readonly v: number;
      readonly seq: number;
      readonly prev: string;
      readonly event: 'tool_decided';
      readonly at: string;
    };
    const { text } = sealLine({ ...body, decision: 'allow' }, seq, prev);
    const forged = Buffer.concat([...lines.slice(0, 10), Buffer.from(text), ...lines.slice(11)]);
    expect(check(forged)).toEqual([{ kind: 'changed', line: 11 }]);
    // In the last line only what is remembered elsewhere gives it away.
    const { text: end, head: forgedHead } = sealLine(
      { ...body, decision: 'allow' },
      head?.seq ?? 0,
      prevOfLast(),
    );
    const atEnd = Buffer.concat([...lines.slice(0, -1), Buffer.from(end)]);
    expect(check(atEnd)).toEqual([{ kind: 'changed', line: lines.length }]);
    expect(check(atEnd, forgedHead)).toEqual([]);
  });

  it('is torn, not cut, when more was begun than is remembered', () => {
    const torn = Buffer.concat([whole, Buffer.from('{"v":2,"seq"')]);
    expect(check(torn)).toEqual([{ kind: 'torn', line: lines.length + 1 }]);
  });

  it('takes a long line in pieces, and a file of nothing but old lines for what it is', async () => {
    const path = join(folder, 'old.jsonl');
    writeFileSync(path, `{"v":1,"x":"${'y'.repeat(5_000_000)}"}\n{"v":1}\n`);
    expect((await checkedChain(path)).faults).toMatchObject([{ kind: 'unchained', line: 1 }]);
    const log = auditLogAt(path);
    await log.open();
    await log.close();
    const checker = await checkedChain(path);
    expect(checker.faults).toEqual([]);
    expect(checker.state).toMatchObject({ unchainedLines: 2, entries: 1 });
  });
});

function prevOfLast(): string {
  return (JSON.parse(lines.at(-1)?.toString() ?? '') as { readonly prev: string }).prev;
}
