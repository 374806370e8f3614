import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskView, rememberingView } from './file-view.ts';
import { foldPath, isWithin, resolvePath } from './paths.ts';

let base = '';
let project = '';
let home = '';

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-paths-')));
  project = join(base, 'project');
  home = join(base, 'home');
  for (const folder of ['project/src/deep', 'outside/inner', 'home'])
    mkdirSync(join(base, folder), { recursive: true });
  writeFileSync(join(project, 'src/a.ts'), 'a');
  writeFileSync(join(base, 'outside/secret'), 's');
  symlinkSync(join(base, 'outside'), join(project, 'out'));
  symlinkSync('../outside/inner', join(project, 'inner'));
  symlinkSync('src', join(project, 'lib'));
  symlinkSync(join(base, 'outside/not-yet'), join(project, 'dangling'));
  symlinkSync('circle-b', join(project, 'circle-a'));
  symlinkSync('circle-a', join(project, 'circle-b'));
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

const resolve = (given: string) => resolvePath(given, project, home, rememberingView(diskView));

describe('resolvePath', () => {
  it.each([
    ['src/a.ts', 'project/src/a.ts', true],
    ['./src//a.ts', 'project/src/a.ts', true],
    ['src/deep/../a.ts', 'project/src/a.ts', true],
    ['../outside/secret', 'outside/secret', true],
    ['out/secret', 'outside/secret', true],
    ['lib/a.ts', 'project/src/a.ts', true],
    ['dangling', 'outside/not-yet', false],
    ['dangling/below', 'outside/not-yet/below', false],
    ['out/new/file', 'outside/new/file', false],
    ['new/../../outside/x', 'outside/x', false],
    ['src/a.ts/below', 'project/src/a.ts/below', false],
    ['~', 'home', true],
    ['~/.bashrc', 'home/.bashrc', false],
    ['.', 'project', true],
  ])('follows %s', (given, expected, exists) => {
    expect(resolve(given)).toEqual({ given, real: join(base, expected), exists });
  });

  it('knows the root', () => {
    expect(resolve('/').real).toBe('/');
    expect(resolve('/../..').real).toBe('/');
  });

  it.each([
    ['inner/../secret', /depending on who reads it/],
    ['circle-a', /can't look at|circle/],
    ['circle-a/x', /can't look at|circle/],
    ['a\0b', /NUL/],
    ['', /empty/],
    ['x'.repeat(300), /over 255 bytes/],
    ['a/'.repeat(3000), /over 4096 bytes/],
    ['\uD800', /no valid text/],
  ])('refuses %j', (given, why) => {
    expect(() => resolve(given)).toThrow(why);
  });

  it('never says that a way out of the project stays in it', () => {
    const names = fc.constantFrom(
      '..',
      '.',
      'src',
      'out',
      'inner',
      'lib',
      'dangling',
      'new',
      'a.ts',
      '',
      'deep',
    );
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 8 }), (parts) => {
        const given = parts.join('/');
        const absolute = `${project}/${given}`;
        let truth: string;
        try {
          truth = realpathSync(absolute);
        } catch {
          return;
        }
        if (given === '' || given.startsWith('/')) return;
        let found: string;
        try {
          found = resolve(given).real;
        } catch {
          return;
        }
        expect(found).toBe(truth);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('isWithin', () => {
  it('is not fooled by a common beginning', () => {
    expect(isWithin('/a/bc', '/a/b')).toBe(false);
    expect(isWithin('/a/b', '/a/b')).toBe(true);
    expect(isWithin('/a/b/c', '/a/b')).toBe(true);
    expect(isWithin('/a', '/')).toBe(true);
  });
});

describe('foldPath', () => {
  it.each([
    ['/A/.GIT/Config', '/a/.git/config'],
    ['/a/.g\u200Cit', '/a/.git'],
    ['/a/.\u212Aube', '/a/.kube'],
    ['/a/E\u0301', '/a/\u00E9'],
  ])('takes %j for %j', (path, folded) => {
    expect(foldPath(path)).toBe(folded);
  });
});
