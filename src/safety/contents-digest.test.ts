import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contentsDigest } from './contents-digest.ts';
import { diskView } from './file-view.ts';
import { footprintOf } from './footprint.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-contents-')));
  for (const name of ['a.txt', 'run.sh', 'other.txt']) writeFileSync(join(folder, name), 'before\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const digest = (tool: string, input: unknown): string =>
  contentsDigest(
    footprintOf({ id: 'c', tool, input, directory: folder }, { view: diskView, home: '/nobody' }),
    diskView,
  );

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
