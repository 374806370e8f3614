import { describe, expect, it } from 'vitest';
import { excerpt } from './excerpt.ts';

describe('an excerpt', () => {
  it.each([
    ['short', 'a\nb', [], 'a\nb'],
    ['many lines', 'a\n\nb\nc\nd', [], 'a\nb\nc …'],
    ['one long line', 'x'.repeat(300), [], `${'x'.repeat(240)} …`],
    ['a word at the beginning', `b ${'x'.repeat(300)}`, ['B'], `b ${'x'.repeat(238)} …`],
    ['a word far behind', `${'x'.repeat(300)} b`, ['B'], `… ${'x'.repeat(59)} b`],
    ['a word below the first lines', '1\n2\n3\n4 word', ['word'], '… 4 word'],
  ])('of %s', (_, text, words, expected) => {
    expect(excerpt(text, words)).toBe(expected);
  });

  it('splits no character', () => {
    expect(excerpt(`${'x'.repeat(239)}🦮🦮`).isWellFormed()).toBe(true);
  });
});
