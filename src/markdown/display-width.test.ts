import { describe, expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';

describe('the width of a text in columns', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['äß', 2],
    ['e\u0301', 1],
    ['日本', 4],
    ['ｱ', 1],
    ['Ａ', 2],
    ['한글', 4],
    ['😀', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['🇩🇪', 2],
    ['☑', 1],
    ['☑\uFE0F', 2],
    ['a\u200bb', 2],
    ['𠀀', 2],
    ['—│', 2],
  ])('of %j is %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});
