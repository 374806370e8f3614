import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followLog, lastLines, logFiles, readLogLine } from './read-log.ts';

const line = (event: string, level = 'INFO'): string =>
  JSON.stringify({ level, time: '2026-01-02T03:04:05.000Z', event });

describe('reading the log', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leashd-read-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, name), lines.map((one) => `${one}\n`).join(''));

  it('takes the last lines out of as many files as that takes', () => {
    write('app.log', ['e', 'f']);
    write('app.log.1', ['c', 'd']);
    write('app.log.2', ['a', 'b']);
    write('app.log.10', ['0']);
    write('app.logs', ['never']);
    const last = (count: number): readonly string[] => lastLines(logFiles(folder), count, (raw) => raw);
    expect(last(0)).toEqual([]);
    expect(last(1)).toEqual(['f']);
    expect(last(5)).toEqual(['b', 'c', 'd', 'e', 'f']);
    expect(last(99)).toEqual(['0', 'a', 'b', 'c', 'd', 'e', 'f']);
    expect(lastLines(logFiles(join(folder, 'none')), 5, (raw) => raw)).toEqual([]);
  });

  it('cuts no line and no character, wherever its pieces end', () => {
    const lines = Array.from({ length: 9_000 }, (_, index) => `${index} ${'é🐕'.repeat(index % 23)}`);
    write('app.log', lines);
    expect(lastLines(logFiles(folder), Infinity, (raw) => raw)).toEqual(lines);
  });

  it('leaves out what is less than the level, and shows what it can not read', () => {
    const read = (raw: string): string | undefined => readLogLine(raw, { level: 'WARNING' }, false)?.words;
    expect(read(line('fine'))).toBeUndefined();
    expect(read(line('bad', 'ERROR'))).toMatch(/ERROR +bad\n$/);
    expect(read('{"level":"INFO","ti')).toBe('"{\\"level\\":\\"INFO\\",\\"ti"\n');
    expect(read('\u001b[2J')).not.toContain('\u001b');
  });

  it('follows into the next file, line by whole line', async () => {
    write('app.log', ['before']);
    const seen: string[] = [];
    const stop = new AbortController();
    const following = followLog(folder, (raw) => seen.push(raw), stop.signal);
    const sees = async (lines: readonly string[]): Promise<void> => {
      await expect.poll(() => seen, { timeout: 5_000 }).toEqual(lines);
    };
    appendFileSync(join(folder, 'app.log'), 'one\ntw');
    await sees(['one']);
    appendFileSync(join(folder, 'app.log'), 'o\n');
    renameSync(join(folder, 'app.log'), join(folder, 'app.log.1'));
    write('app.log', ['three']);
    await sees(['one', 'two', 'three']);
    stop.abort();
    await following;
  });
});
