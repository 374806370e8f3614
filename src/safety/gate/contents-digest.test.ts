import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentsDigest, filesRun, runDigest } from './contents-digest.ts';
import { diskView } from '../file-view.ts';
import { footprintOf } from '../footprint/footprint.ts';
import type { Footprint } from '../types.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-contents-')));
  mkdirSync(join(folder, 'sub'));
  for (const name of ['a.txt', 'run.sh', 'other.txt', 'x.py', 'x.js', 'own.mk', 'sub/Makefile'])
    writeFileSync(join(folder, name), 'before\n');
  writeFileSync(join(folder, 'package.json'), '{"scripts":{"build":"true"}}');
  writeFileSync(join(folder, 'Makefile'), 'all:\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const footprint = (tool: string, input: unknown): Footprint =>
  footprintOf({ id: 'c', tool, input, directory: folder }, { view: diskView, home: '/nobody' });
const digest = (tool: string, input: unknown): string => contentsDigest(footprint(tool, input), diskView);
const bash = (command: string): Footprint => footprint('Bash', { command });

it.each([
  ['an edit', 'a.txt', 'Edit', { file_path: 'a.txt', old_string: 'before', new_string: 'after' }],
  ['a script', 'run.sh', 'Bash', { command: 'sh run.sh' }],
])('differs once the file of %s has changed, and only then', (_what, name, tool, input) => {
  const shown = digest(tool, input);
  writeFileSync(join(folder, 'other.txt'), 'changed\n');
  expect(digest(tool, input)).toBe(shown);
  writeFileSync(join(folder, name), 'changed\n');
  expect(digest(tool, input)).not.toBe(shown);
});

describe('the files that a call runs', () => {
  it.each([
    ['bash run.sh', ['run.sh']],
    ['./run.sh --now', ['run.sh']],
    ['sub/../run.sh', ['run.sh']],
    ['cd sub && ../run.sh', ['run.sh']],
    ['source run.sh', ['run.sh']],
    ['. ./run.sh', ['run.sh']],
    ['python x.py', ['x.py']],
    ['node x.js', ['x.js']],
    ['make -f own.mk', ['own.mk', 'Makefile']],
    ['make', ['Makefile']],
    ['make -C sub', ['Makefile', 'sub/Makefile']],
    ['cd sub && make', ['sub/Makefile']],
    ['npm run build', ['package.json']],
    ['cd sub && npm run build', ['package.json']],
    ['timeout 5 bash run.sh', ['run.sh']],
    ['bash -c "./run.sh"', ['run.sh']],
    ['frobnicate ./x.py', ['x.py']],
    ['ls', []],
    ['/usr/bin/git status', []],
  ])('of %s', (command, files) => {
    expect(filesRun(bash(command), diskView)).toEqual(files.map((name) => join(folder, name)));
  });

  it('are told by their contents', () => {
    const before = runDigest(bash('npm run build'), diskView);
    expect(runDigest(bash('npm run build'), diskView)).toBe(before);
    writeFileSync(join(folder, 'package.json'), '{"scripts":{"build":"false"}}');
    expect(runDigest(bash('npm run build'), diskView)).not.toBe(before);
    expect(runDigest(bash('ls'), diskView)).toBeUndefined();
  });

  it('are told by every byte, however large they are and however many', () => {
    const padding = '#'.repeat(5 * 1024 * 1024);
    const names = Array.from({ length: 250 }, (_, index) => `step-${index}.sh`);
    const command = bash(['bash large.sh', ...names.map((name) => `bash ${name}`)].join('; '));
    writeFileSync(join(folder, 'large.sh'), `${padding}\necho before\n`);
    for (const name of names) writeFileSync(join(folder, name), Buffer.from([0xff, 0x0a]));
    const digestNow = (): string[] => [contentsDigest(command, diskView), runDigest(command, diskView) ?? ''];
    const before = digestNow();
    expect(digestNow()).toEqual(before);
    writeFileSync(join(folder, 'large.sh'), `${padding}\necho after.\n`);
    const afterLarge = digestNow();
    writeFileSync(join(folder, 'step-249.sh'), Buffer.from([0xfe, 0x0a]));
    const all = [...before, ...afterLarge, ...digestNow()];
    expect(new Set(all).size).toBe(all.length);
  });
});
