import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitFaults } from '../../test/contract/split-faults.ts';
import { markdownArbitrary, scrapArbitrary } from '../../test/fixtures/markdown-arbitrary.ts';
import { bold, code, concat, join, link, plain, pre, styled, type RichText } from '../util/rich-text.ts';
import { markdownToRichText } from './convert.ts';
import { splitRichText } from './split.ts';

const texts = (rich: RichText, limit: number): string[] => splitRichText(rich, limit).map(({ text }) => text);

describe('a text that is split', () => {
  it('stays whole when it fits, without the white space at its ends', () => {
    expect(splitRichText(concat(' \n', bold('a b'), '\n '))).toStrictEqual([bold('a b')]);
    expect(texts(plain('x'.repeat(4096)), 4096)).toHaveLength(1);
    expect(texts(plain('x'.repeat(4097)), 4096)).toHaveLength(2);
  });

  it('has no parts when there is nothing to see', () => {
    expect(splitRichText(plain(''))).toStrictEqual([]);
    expect(splitRichText(plain(' \n\t '))).toStrictEqual([]);
  });

  it.each([
    ['paragraphs', 'aaaa aa\n\nbb\nbb cc', ['aaaa aa', 'bb\nbb cc']],
    ['lines', 'aaaa aa\nbb bb cc', ['aaaa aa', 'bb bb cc']],
    ['words', 'aaaa aaaa bbb bb', ['aaaa aaaa', 'bbb bb']],
    ['a word, where the limit is right behind it', 'aaaaaaaaaaaa bb', ['aaaaaaaaaaaa', 'bb']],
    ['characters', 'aaaaaaaaaaaabb', ['aaaaaaaaaaaa', 'bb']],
    [
      'words rather than at a paragraph that would leave the part almost empty',
      'a\n\naaaa aaaa aaaa',
      ['a\n\naaaa aaaa', 'aaaa'],
    ],
    ['that paragraph rather than inside a word', 'a\n\naaaaaaaaaaaa', ['a', 'aaaaaaaaaaaa']],
    ['all the white space there is', 'aaaaaaaa  \n \n\n  bbbbbbbb', ['aaaaaaaa', 'bbbbbbbb']],
  ])('is cut at %s', (_, text, expected) => {
    expect(texts(plain(text), 12)).toStrictEqual(expected);
  });

  it.each([
    ['a surrogate pair', '😀😀😀😀', 5, ['😀😀', '😀😀']],
    ['a family', `aaaa👨‍👩‍👧‍👦`, 14, ['aaaa', '👨‍👩‍👧‍👦']],
    ['a flag', '🇩🇪🇫🇷🇮🇹', 6, ['🇩🇪', '🇫🇷', '🇮🇹']],
    ['an accent', 'abce\u0301', 4, ['abc', 'e\u0301']],
    ['a line end of two characters', 'abc\r\ndef', 4, ['abc', 'def']],
    [
      'a grapheme, unless it is longer than a part',
      `a${'\u0301'.repeat(6)}`,
      4,
      ['a\u0301\u0301\u0301', '\u0301\u0301\u0301'],
    ],
  ])('is not cut inside %s', (_, text, limit, expected) => {
    expect(texts(plain(text), limit)).toStrictEqual(expected);
  });

  it('closes a style at the cut and opens it again', () => {
    expect(splitRichText(concat('a ', bold('bb bb')), 4)).toStrictEqual([
      concat('a ', bold('bb')),
      bold('bb'),
    ]);
    expect(splitRichText(link('aaaa bbbb', 'https://x.y'), 5)).toStrictEqual([
      link('aaaa', 'https://x.y'),
      link('bbbb', 'https://x.y'),
    ]);
  });

  it('opens a code block again with its language, at the indent of its line', () => {
    const block = 'if a:\n    bcdefgh\n    if i:\n        jklmnop';
    expect(splitRichText(pre(block, 'py'), 20)).toStrictEqual([
      pre('if a:\n    bcdefgh', 'py'),
      pre('    if i:', 'py'),
      pre('        jklmnop', 'py'),
    ]);
    expect(texts(pre(block, 'py'), 12).at(-1)).toBe('jklmnop');
    expect(splitRichText(pre(block, 'py'), 100)).toStrictEqual([pre(block, 'py')]);
    expect(texts(pre(`${'x'.repeat(60)}\n        y\n        z`), 64)).toStrictEqual([
      'x'.repeat(60),
      '        y\n        z',
    ]);
  });

  it('is cut in front of a code block rather than at an empty line inside of it', () => {
    const parts = splitRichText(concat('aaaa aaaa\n\n', pre('b\n\nc\nd'), '\n\ne'), 14);
    expect(parts).toStrictEqual([plain('aaaa aaaa'), concat(pre('b\n\nc\nd'), '\n\ne')]);
  });

  it('has at most a hundred spans in a part', () => {
    const many = join(
      Array.from({ length: 250 }, (_, index) => code(`c${index}`)),
      ' ',
    );
    const parts = splitRichText(many);
    expect(parts.map(({ spans }) => spans.length)).toStrictEqual([100, 100, 50]);
    expect(parts.map(({ text }) => text).join(' ')).toBe(many.text);
  });

  it('shows what more than a hundred styles on one character can show', () => {
    const piled: RichText = {
      text: 'ab',
      spans: Array.from({ length: 150 }, () => bold('ab')).flatMap((each) => each.spans),
    };
    const parts = splitRichText(piled);
    expect(parts.map(({ text }) => text)).toStrictEqual(['ab']);
    expect(parts[0]?.spans).toHaveLength(100);
  });

  it.each([0, 1, -5, 2.5, Number.NaN])('is refused with a limit of %d', (limit) => {
    expect(() => splitRichText(plain('a'), limit)).toThrow(RangeError);
  });
});

describe('every split', () => {
  const limits = fc.oneof(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 60, max: 400 }));

  it('of converted Markdown gives valid parts that lose nothing but white space at the cuts', () => {
    fc.assert(
      fc.property(markdownArbitrary(), limits, ({ markdown }, limit) => {
        const rich = markdownToRichText(markdown);
        expect(splitFaults(rich, splitRichText(rich, limit), limit)).toStrictEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('of scraps gives valid parts that lose nothing but white space at the cuts', () => {
    fc.assert(
      fc.property(scrapArbitrary(), limits, (scraps, limit) => {
        const rich = markdownToRichText(scraps);
        expect(splitFaults(rich, splitRichText(rich, limit), limit)).toStrictEqual([]);
        const block = styled(scraps.toWellFormed(), { kind: 'pre' });
        expect(splitFaults(block, splitRichText(block, limit), limit)).toStrictEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('of a long text is quick', () => {
    const rich = markdownToRichText(
      'Some **bold** and `code` words, and [a link](https://x.y).\n\n'.repeat(5_000),
    );
    const start = performance.now();
    expect(splitRichText(rich).length).toBeGreaterThan(40);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
