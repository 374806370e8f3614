import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';
import type { Word } from '../types.ts';
import { readFind } from './find.ts';

describe('find and fd', () => {
  it.each([
    [`find -L . -name '*.ts' -exec cat {} +`, 'names ., runs "cat {}", ?option'],
    [`find -L . -name '*.ts'`, 'names .'],
    ['find . -follow -exec cat {} +', 'names ., runs "cat {}", ?option'],
    ['fd -L x -x cat', 'names ., runs "cat {}", ?option'],
    [`find . -name '*.ts' -exec grep -n x {} +`, 'names ., runs "grep -n x {}"'],
    ['find . -exec cat {} ;', 'names ., runs "cat {}"'],
    ['find . -exec echo {} ;', 'names ., runs "echo {}"'],
    ['find . -exec rm {} ;', 'names ., runs "rm {}"'],
    ['find . -execdir cat {} ;', 'names ., runs "cat {}"'],
    ['find . -execdir rm {} ;', 'names ., runs "rm {}", ?path'],
    ['find . -ok cat {} ;', 'names ., ?option'],
    ['find . -fprint out', 'write out, names .'],
    ['find . -fprintf out %p', 'write out, names .'],
    ['find . -name a -delete', 'names ., delete-tree .'],
    ['find . -delete -name a', 'names ., delete-tree .'],
    ['find . -name a -o -type f -delete', 'names ., delete-tree .'],
    ['find . ! -name a -delete', 'names ., delete-tree .'],
    ['find . ( -name a -o -type d ) -delete', 'names ., delete-tree .'],
    ['find . ( -name a -o -name b ) -delete', 'names ., delete-tree .'],
    ['find -files0-from x', 'names ., ?option'],
    [`find . -name node_modules -prune -o -name '*.ts' -exec cat {} +`, 'names ., runs "cat {}"'],
    ['fd x', 'names .'],
    ['fd -H x src', 'names src'],
    ['fd -x rm', 'names ., runs "rm {}"'],
    ['fd -e ts -X cat', 'names ., runs "cat {}"'],
    ['fd -xrm', 'names ., ?option'],
    ['fd --exec=rm', 'names ., ?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});

/** Which names narrow what is deleted or handed on. */
function narrowed(...values: readonly string[]): readonly (readonly string[])[] {
  const words = values.map((text): Word => ({ kind: 'static', value: text, text }));
  const { touches, runs = [] } = readFind(words);
  const deleted = touches.flatMap(({ kind, reach }) => (kind === 'delete-tree' ? [reach?.only ?? []] : []));
  const handed = runs.flatMap((run) => (run.kind === 'words' ? run.argv : []));
  return [
    ...deleted,
    ...handed.flatMap((word) => (word.kind === 'unknown' ? [word.found?.only ?? ['?']] : [])),
  ];
}

describe('what find hands on or deletes', () => {
  it.each([
    ['. -name a -delete', ['a']],
    ['. -delete -name a', []],
    ['. -name a -o -type f -delete', []],
    ['. -name a -o -name b -delete', ['b']],
    ['. ! -name a -delete', []],
    ['. ( -name a -o -name b ) -delete', ['a', 'b']],
    ['. ( -name a -o -type d ) -delete', []],
    ['. ( -type d -o -name a ) -delete', []],
    ['. ! ( -name a ) -delete', []],
    ['. ( ! -name a -o -name b ) -delete', []],
    ['. -name x -prune -o -name *.ts -exec cat {} +', ['*.ts']],
    ['. -name *.ts -exec cat {} ;', ['*.ts']],
    ['. -name *.ts -exec cat x{}y ;', ['?']],
  ])('%s', (line, expected) => {
    expect(narrowed(...line.split(' '))).toEqual([expected]);
  });
});
