import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSessionFile, writeSessionFile } from './session-store.ts';

let root: string;
let project: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-session-')));
  project = join(root, 'project');
  mkdirSync(project);
  writeFileSync(join(root, 'other'), 'theirs');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the session file on the disk', () => {
  it('is written in one piece, with its folder, and read again', () => {
    expect(readSessionFile(project)).toBeUndefined();
    writeSessionFile(project, 'one');
    writeSessionFile(project, 'two é');
    expect(readSessionFile(project)).toBe('two é');
    expect(readdirSync(join(project, '.leashd'))).toEqual(['test-session.md']);
  });

  it('replaces a link instead of writing where it leads, and reads none', () => {
    mkdirSync(join(project, '.leashd'));
    symlinkSync(join(root, 'other'), join(project, '.leashd/test-session.md'));
    symlinkSync(join(root, 'other'), join(project, '.leashd/test-session.md.new'));
    expect(readSessionFile(project)).toBeUndefined();
    writeSessionFile(project, 'mine');
    expect(readFileSync(join(root, 'other'), 'utf8')).toBe('theirs');
    expect(readSessionFile(project)).toBe('mine');
  });

  it('is not written where the folder leads elsewhere', () => {
    mkdirSync(join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), join(project, '.leashd'));
    expect(() => writeSessionFile(project, 'mine')).toThrow("can't be written");
    expect(existsSync(join(root, 'elsewhere/test-session.md'))).toBe(false);
  });
});
