import { describe, expect, it } from 'vitest';
import { decodeReferences } from './character-references.ts';

describe('a character reference', () => {
  it.each([
    ['&amp;&lt;&gt;&quot;&apos;', '&<>"\''],
    ['&nbsp;', '\u00A0'],
    ['&copy; &hellip; &rarr; &bsol; &grave;', '© … → \\ `'],
    ['&#65;&#x42;&#X43;', 'ABC'],
    ['&#x1F600;', '😀'],
    ['&amp;lt;', '&lt;'],
    ['&#0;&#xD800;&#x110000;&#27;', '\uFFFD\uFFFD\uFFFD\uFFFD'],
    ['a&#10;b', 'a b'],
    [
      '&unknown; &amp &; & &#; &#x; &constructor; &12345678901;',
      '&unknown; &amp &; & &#; &#x; &constructor; &12345678901;',
    ],
  ])('%j reads %j', (text, expected) => {
    expect(decodeReferences(text)).toBe(expected);
  });
});
