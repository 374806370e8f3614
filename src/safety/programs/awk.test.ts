import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('awk', () => {
  it.each([
    [`awk '{print $2}' a`, 'read a'],
    [`awk '{system("id")}' a`, 'read a, ?option'],
    [`awk '{print | "sh"}' a`, 'read a, ?option'],
    [`awk '{print > "out"}' a`, 'read a, write out'],
    [`awk '{print >> FILENAME}' a`, 'read a, ?option'],
    [`awk '/a|b/ {print}' a`, 'read a'],
    [`awk '$1 > 10' a`, 'read a'],
    [`awk '"id" | getline' a`, 'read a, ?option'],
    [`awk 'BEGIN{while((getline l < "x")>0) print l}'`, '?option'],
    [`awk '{print ENVIRON["X"]}' a`, 'read a, list-environment'],
    [`awk 'BEGIN{ARGV[1]="x"}' a`, 'read a, ?option'],
    [`awk '@load "x"' a`, 'read a, ?option'],
    ['awk -f prog a', 'read prog, read a, run-file'],
    ['awk -i inplace 1 a', 'read 1, read a, ?option'],
    [`awk -F: '{print $1}' x=1 a`, 'read a'],
    [`awk '{ if (1) /"/ ; system("id") ; x = "/" }' a`, 'read a, ?option'],
    [`awk '/[/]"/ { print > "x" } /"/' a`, 'read a, ?option'],
    ['gawk -l x 1 a', 'read 1, read a, ?option'],
    ['gawk -E prog', '?option'],
    [`awk '{print > "/dev/stderr"}' a`, 'read a, ?option'],
    [`awk '{print > "/dev/stdout"}' a`, 'read a'],
    [`awk '{print ($1 > 0 ? "a" : "b")}' a`, 'read a'],
    [`awk -v n=1 'NR<=n' a`, 'read a'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
