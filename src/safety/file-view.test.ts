import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskView, rememberingView } from './file-view.ts';

let base = '';
const at = (name: string): string => join(base, name);
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-view-')));
  mkdirSync(at('folder'));
  writeFileSync(at('folder/file'), 'text');
  symlinkSync('folder/file', at('link'));
  symlinkSync('nowhere', at('dangling'));
  symlinkSync('circle', at('circle'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('diskView', () => {
  it('says what stands at a path, and that nothing does', () => {
    const kinds = ['folder', 'folder/file', 'link', 'dangling', 'gone', 'folder/file/below'].map((name) =>
      diskView.kind(at(name)),
    );
    expect(kinds).toEqual(['directory', 'file', 'link', 'link', undefined, undefined]);
    expect(diskView.kind('/dev/null')).toBe('other');
  });

  it('follows links', () => {
    expect(diskView.real(at('link'))).toBe(at('folder/file'));
    expect(diskView.real(at('dangling'))).toBeUndefined();
    expect(diskView.linkTarget(at('dangling'))).toBe('nowhere');
    expect(() => diskView.real(at('circle'))).toThrow(/can't look at/);
  });

  it('reads small regular files, and nothing else', () => {
    writeFileSync(at('large'), 'x'.repeat(101));
    expect(diskView.read(at('folder/file'), 100)).toBe('text');
    expect(diskView.read(at('link'), 100)).toBe('text');
    expect(diskView.read(at('large'), 100)).toBeUndefined();
    expect(diskView.read(at('folder'), 100)).toBeUndefined();
    expect(diskView.read(at('gone'), 100)).toBeUndefined();
    expect(diskView.read('/dev/zero', 100)).toBeUndefined();
  });

  it('lists folders', () => {
    expect(diskView.list(at('folder'))).toEqual(['file']);
    expect(diskView.list(at('folder/file'))).toEqual([]);
    expect(diskView.list(at('gone'))).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('says so when it can’t tell', () => {
    chmodSync(at('folder'), 0);
    expect(() => diskView.kind(at('folder/file'))).toThrow(/can't look at/);
    chmodSync(at('folder'), 0o700);
  });
});

describe('rememberingView', () => {
  it('answers as it did the first time', () => {
    const view = rememberingView(diskView);
    expect([view.kind(at('new')), view.real(at('new')), view.list(at('folder'))]).toEqual([
      undefined,
      undefined,
      ['file'],
    ]);
    writeFileSync(at('new'), '');
    writeFileSync(at('folder/other'), '');
    expect([view.kind(at('new')), view.real(at('new')), view.list(at('folder'))]).toEqual([
      undefined,
      undefined,
      ['file'],
    ]);
    expect(rememberingView(diskView).kind(at('new'))).toBe('file');
  });
});
