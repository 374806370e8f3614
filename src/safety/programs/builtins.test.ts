import { describe, expect, it } from 'vitest';
import type { Word } from '../types.ts';
import { readerOf } from './registry.ts';

const text = (value: string): Word => ({ kind: 'static', value, text: value });
const vague = (prefix = ''): Word => ({
  kind: 'unknown',
  why: 'it is a variable',
  text: '$x',
  isOne: true,
  prefix,
});

function isCertain(program: string, ...words: readonly Word[]): boolean {
  return readerOf(program)?.(words).unknowns.length === 0;
}

describe('commands of bash itself', () => {
  it.each([
    ['[ x -o -v name[index]', '[', 'x', '-o', '-v', 'a[$(id)]', ']'],
    ['[ x -a -v name[index]', '[', 'x', '-a', '-v', 'a[$(id)]', ']'],
    ['test -v name[index]', 'test', '-v', 'a[$(id)]'],
    ['jobs -x', 'jobs', '-x', 'rm', 'x'],
    ['getopts into PATH', 'getopts', 'x', 'PATH', '-x'],
    ['getopts into name[index]', 'getopts', 'x', 'a[$(id)]'],
    ['a quoted list', 'declare', '-a', 'a=($(id))'],
    ['a quoted list for readonly', 'readonly', '-a', 'a=($(id))'],
    ['a quoted list with an index', 'local', 'a=([b]=1)'],
  ])('ask about what bash would evaluate: %s', (_, program, ...words) => {
    expect(isCertain(program, ...words.map((word) => text(word)))).toBe(false);
  });

  it.each([
    ['[ x -o -d src ]', '[', 'x', '-o', '-d', 'src', ']'],
    ['jobs -l', 'jobs', '-l'],
    ['getopts ab: opt', 'getopts', 'ab:', 'opt'],
    ['declare a=(none)', 'declare', 'a=(none)'],
    ['export A=b', 'readonly', 'A=b'],
  ])('let the rest pass: %s', (_, program, ...words) => {
    expect(isCertain(program, ...words.map((word) => text(word)))).toBe(true);
  });

  it('asks about an operator that is not known ahead of a subscript', () => {
    expect(isCertain('[', vague(), text('a[b]'), text(']'))).toBe(false);
    expect(isCertain('[', text('x'), text('-o'), vague(), text('a[b]'), text(']'))).toBe(false);
    expect(isCertain('[', text('-n'), vague(), text('-a'), text('-n'), vague(), text(']'))).toBe(true);
  });

  it('asks about what is assigned to an array and not known', () => {
    expect(isCertain('declare', text('-a'), vague('a='))).toBe(false);
    expect(isCertain('declare', vague('a='))).toBe(true);
  });
});
