import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../process/run.ts';
import { personFiles } from './read-for-person.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-files-')));
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'docs', 'a.txt'), 'öne\r\n');
  mkdirSync(join(root, 'other'));
  writeFileSync(join(root, 'other', 'a.txt'), 'a secret');
});
afterEach(() => rmSync(root, { recursive: true }));

const read = (...steps: readonly string[]) => personFiles.read(join(root, ...steps), 100);

describe('where a path leads', () => {
  it('is told from the directory, from home or from the root, links followed', async () => {
    symlinkSync(join(root, 'docs'), join(root, 'link'));
    const resolve = (given: string): Promise<string> => personFiles.resolve(root, given);
    expect(await resolve('docs/a.txt')).toBe(join(root, 'docs', 'a.txt'));
    expect(await resolve('link/../link/a.txt')).toBe(join(root, 'docs', 'a.txt'));
    expect(await resolve('link/none/b.txt')).toBe(join(root, 'docs', 'none', 'b.txt'));
    expect(await resolve('~')).toBe(realpathSync(homedir()));
    expect(await resolve('/no/such/place')).toBe('/no/such/place');
    expect(await resolve('a\0b')).toBe(join(root, 'a\0b'));
  });
});

describe('reading for a person', () => {
  it('gives a file byte for byte', async () => {
    expect(await read('docs', 'a.txt')).toEqual({ kind: 'file', bytes: Buffer.from('öne\r\n') });
  });

  it('says what is no file, not there, or too large', async () => {
    writeFileSync(join(root, 'large'), 'x'.repeat(101));
    const here = { cwd: root, env: process.env, timeoutMs: 5_000, maxOutputBytes: 100 };
    await run('mkfifo', [join(root, 'pipe')], here);
    expect(await read('docs')).toEqual({ kind: 'folder' });
    expect(await read('none')).toEqual({ kind: 'missing' });
    expect(await read('docs', 'a.txt', 'b')).toEqual({ kind: 'missing' });
    expect(await read('pipe')).toEqual({ kind: 'special' });
    expect(await read('large')).toEqual({ kind: 'too-large', sizeBytes: 101 });
    expect(await read('a\0b')).toMatchObject({ kind: 'unreadable' });
  });

  it('reads nothing that a link has put in the place of what was decided on', async () => {
    const decided = await personFiles.resolve(root, 'docs/a.txt');
    renameSync(join(root, 'docs'), join(root, 'kept'));
    symlinkSync(join(root, 'other'), join(root, 'docs'));
    expect(await personFiles.read(decided, 100)).toEqual({ kind: 'moved' });
    rmSync(join(root, 'docs'));
    mkdirSync(join(root, 'docs'));
    symlinkSync(join(root, 'other', 'a.txt'), decided);
    expect(await personFiles.read(decided, 100)).toEqual({ kind: 'moved' });
  });
});
