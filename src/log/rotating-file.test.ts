import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RotatingFile, type RotatingFileOptions } from './rotating-file.ts';

let root = '';
let directory = '';
let faults: unknown[] = [];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leashd-rotate-'));
  directory = path.join(root, '.leashd', 'logs');
  faults = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function open(options: Partial<RotatingFileOptions> = {}): RotatingFile {
  const onFault = (error: unknown) => faults.push(error);
  return new RotatingFile({ directory, maxBytes: 10, backupCount: 2, onFault, ...options });
}
const read = (name = 'app.log') => readFileSync(path.join(directory, name), 'utf8');
const modeOf = (file: string) => statSync(file).mode & 0o777;

describe('RotatingFile', () => {
  it('puts the file aside before a line would make it too large, and keeps so many', () => {
    const file = open();
    for (const line of ['one\n', 'two\n', 'three\n', 'four\n', 'five\n', 'six\n', 'seven\n'])
      file.write(line);
    expect(readdirSync(directory).toSorted()).toEqual(['app.log', 'app.log.1', 'app.log.2']);
    expect([read(), read('app.log.1'), read('app.log.2')]).toEqual([
      'six\nseven\n',
      'four\nfive\n',
      'three\n',
    ]);
    expect(faults).toEqual([]);
  });

  it('counts bytes, not characters, and never cuts a line', () => {
    const file = open();
    file.write('ääää\n');
    file.write('ä\n');
    file.write(`${'x'.repeat(50)}\n`);
    expect([read(), read('app.log.1'), read('app.log.2')]).toEqual([`${'x'.repeat(50)}\n`, 'ä\n', 'ääää\n']);
  });

  it('keeps nothing aside when no backups are wanted', () => {
    const file = open({ backupCount: 0 });
    file.write('12345678\n');
    file.write('next\n');
    expect(readdirSync(directory)).toEqual(['app.log']);
    expect(read()).toBe('next\n');
  });

  it('goes on in the file of an earlier start', () => {
    const first = open();
    first.write('12345\n');
    first.close();
    const second = open();
    second.write('6789\n');
    expect([read(), read('app.log.1')]).toEqual(['6789\n', '12345\n']);
  });

  it('is for nobody else to read, also when the file was open before', () => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, 'app.log'), 'old\n');
    chmodSync(path.join(directory, 'app.log'), 0o644);
    open().write('x\n');
    expect(modeOf(path.join(directory, 'app.log'))).toBe(0o600);
  });

  it('makes directories that only the person can enter', () => {
    open().write('x\n');
    expect(modeOf(directory)).toBe(0o700);
    expect(modeOf(path.dirname(directory))).toBe(0o700);
    expect(modeOf(path.join(directory, 'app.log'))).toBe(0o600);
  });

  it('does not write through a symbolic link that a project brought along', () => {
    mkdirSync(directory, { recursive: true });
    const target = path.join(root, 'target');
    writeFileSync(target, 'precious');
    symlinkSync(target, path.join(directory, 'app.log'));
    open().write('x\n');
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(faults).toHaveLength(1);
  });

  it('drops lines while it can not write, says so once, and goes on when it can', () => {
    mkdirSync(path.join(directory, 'app.log'), { recursive: true });
    const file = open();
    file.write('lost\n');
    file.write('lost\n');
    expect(faults).toHaveLength(1);
    rmSync(path.join(directory, 'app.log'), { recursive: true });
    file.write('kept\n');
    expect(read()).toBe('kept\n');
    expect(faults).toHaveLength(1);
  });

  it('makes its directory anew when it was removed, at the latest when it rotates', () => {
    const file = open();
    file.write('12345678\n');
    rmSync(directory, { recursive: true });
    file.write('next\n');
    expect(read()).toBe('next\n');
    expect(faults).toEqual([]);
  });

  it('writes nothing after close', () => {
    const file = open();
    file.close();
    file.close();
    file.write('x\n');
    expect(existsSync(directory)).toBe(false);
  });
});
