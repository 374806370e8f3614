import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanFaults } from '../../test/contract/rich-text-validity.ts';
import { markdownArbitrary, scrapArbitrary } from '../../test/fixtures/markdown-arbitrary.ts';
import type { RichText } from '../util/rich-text.ts';
import { markdownToRichText } from './convert.ts';

/** The text with each span written around what it covers: `<bold>so</bold>`. */
function marked({ text, spans }: RichText): string {
  const edges = spans.flatMap((span, order) => {
    const detail =
      span.kind === 'link' ? ` ${span.url}` : span.kind === 'pre' ? ` ${span.language ?? ''}` : '';
    return [
      { at: span.offset, rank: 1, order, sign: `<${`${span.kind}${detail}`.trim()}>` },
      { at: span.offset + span.length, rank: 0, order: -order, sign: `</${span.kind}>` },
    ];
  });
  let out = '';
  let from = 0;
  for (const { at, sign } of edges.sort((a, b) => a.at - b.at || a.rank - b.rank || a.order - b.order)) {
    out += text.slice(from, at) + sign;
    from = at;
  }
  return out + text.slice(from);
}

const show = (markdown: string): string => marked(markdownToRichText(markdown));

describe('inside a paragraph', () => {
  it.each([
    [
      '**a** *b* ~~c~~ __d__ _e_',
      '<bold>a</bold> <italic>b</italic> <strikethrough>c</strikethrough> <bold>d</bold> <italic>e</italic>',
    ],
    ['***a***', '<italic><bold>a</bold></italic>'],
    ['`a` ``b ` c``', '<code>a</code> <code>b ` c</code>'],
    ['snake_case_name and 2*3*4', 'snake_case_name and 2<italic>3</italic>4'],
    ['&amp; &lt;b&gt; &#8364; &#x41; &nope; &amp;amp;', '& <b> € A &nope; &amp;'],
    [String.raw`\*a\* \[b\] \&amp;`, '*a* [b] &amp;'],
    ['one\n   two  \nthree\\\nfour', 'one\ntwo\nthree\nfour'],
    ['a <b>c</b> <!-- d --> <br>', 'a <b>c</b> <!-- d --> <br>'],
  ])('%j shows as %j', (markdown, expected) => {
    expect(show(markdown)).toBe(expected);
  });

  it('ends other styles around code, because Telegram has none inside of others', () => {
    expect(show('**a `b` c**')).toBe('<bold>a</bold> <code>b</code> <bold>c</bold>');
    expect(show('**`b`**')).toBe('<code>b</code>');
  });

  it('lets a link keep its text, but not code in it', () => {
    expect(show('[see **`x`** *y*](https://a.b)')).toBe(
      '<link https://a.b>see <bold>x</bold> <italic>y</italic></link>',
    );
  });

  it('has no style inside itself', () => {
    expect(show('**a __b__ c**')).toBe('<bold>a b c</bold>');
  });

  it('shows characters that control a terminal or that no server takes', () => {
    expect(show('a\u001b[31mb\u0000c\u0085d\ud800e')).toBe('a␛[31mb␀c\uFFFDd\uFFFDe');
  });
});

describe('a link', () => {
  it.each([
    ['[a](https://x.y/?b=1&amp;c=2 "title")', '<link https://x.y/?b=1&c=2>a</link>'],
    ['[a](mailto:b@c.d)', 'a (b@c.d)'],
    ['[a](tg://user?id=1)', 'a (tg://user?id=1)'],
    ['<https://x.y/z>', '<link https://x.y/z>https://x.y/z</link>'],
    ['<b@c.d>', 'b@c.d'],
    ['see https://x.y/a_b_(c)). And', 'see <link https://x.y/a_b_(c)>https://x.y/a_b_(c)</link>). And'],
    ['www.x.y, then', '<link http://www.x.y>www.x.y</link>, then'],
    ['[a][1]\n\n[1]: https://x.y', '<link https://x.y>a</link>'],
    [
      '![a](https://x.y/i.png) ![](https://x.y/i.png)',
      '<link https://x.y/i.png>a</link> <link https://x.y/i.png>https://x.y/i.png</link>',
    ],
    ['[![a](https://x.y/i.png)](https://z.z)', '<link https://z.z>a</link>'],
  ])('%j shows as %j', (markdown, expected) => {
    expect(show(markdown)).toBe(expected);
  });

  it.each([
    ['[a](javascript:alert(1))', 'a (javascript:alert(1))'],
    ['[a](file:///etc/passwd)', 'a (file:///etc/passwd)'],
    ['[engine.ts](src/engine.ts:12)', 'engine.ts (src/engine.ts:12)'],
    ['[src/a.ts](src/a.ts)', 'src/a.ts'],
    ['[a](https://)', 'a (https://)'],
    ['[**a**](#b)', '<bold>a</bold> (#b)'],
  ])('that can’t be tapped shows where it goes: %j as %j', (markdown, expected) => {
    expect(show(markdown)).toBe(expected);
  });
});

describe('a block', () => {
  it.each([
    [
      '# A *b*\n## C\n###### D',
      '<bold><underline>A <italic>b</italic></underline></bold>\n\n<bold>C</bold>\n\n<bold>D</bold>',
    ],
    ['a\n\n\n\nb', 'a\n\nb'],
    ['a\n\n***\n\nb', 'a\n\n———\n\nb'],
    ['> a\n> **b**\n\nc', '<quote>a\n<bold>b</bold></quote>\n\nc'],
    ['> a\n>> b\n>\n> - c', '<quote>a\n\n> b\n\n• c</quote>'],
    ['```c++ title=x\n  a < b;\n\n  **c**\n```\nd', '<pre c++>  a < b;\n\n  **c**</pre>\n\nd'],
    ['a\n\n    indented\n      code', 'a\n\n<pre>indented\n  code</pre>'],
    ['a\n\n```\n\n```\n\nb', 'a\n\nb'],
    ['<div>\n*a*\n</div>', '<div>\n*a*\n</div>'],
  ])('%j shows as %j', (markdown, expected) => {
    expect(show(markdown)).toBe(expected);
  });

  it.each([
    ['bullets, nested', '- a\n- b\n  - c\n    more\n    - d\n- e', '• a\n• b\n  • c\n    more\n    • d\n• e'],
    ['numbers, as they are written', '9. a\n10. b\n    - c\n11. d', '9. a\n10. b\n    • c\n11. d'],
    ['brackets behind numbers', '1) a\n2) b', '1) a\n2) b'],
    ['tasks', '- [x] a\n- [ ] **b**\n\n1. [x] c', '☑ a\n☐ <bold>b</bold>\n\n1. ☑ c'],
    ['paragraphs in items', '- a\n\n  b\n- c', '• a\n\n  b\n\n• c'],
    [
      'code in items, without an indent',
      '1. a\n   ```sh\n   ls\n   ```\n2. b',
      '1. a\n<pre sh>ls</pre>\n2. b',
    ],
    ['code as an item', '- ```\n  x\n  ```', '•\n<pre>x</pre>'],
    ['empty items', '- a\n-\n- b', '• a\n•\n• b'],
    ['text around', 'a\n- b\n\nc', 'a\n\n• b\n\nc'],
  ])('of a list shows %s', (_, markdown, expected) => {
    // A lone bullet loses the space behind it only where its line ends the text.
    expect(show(markdown).replaceAll(/ +$/gm, '')).toBe(expected);
  });
});

describe('Markdown that is still being written', () => {
  it.each([
    ['a **b', 'a **b'],
    ['a `b', 'a `b'],
    ['[a](https://x', '[a](<link https://x>https://x</link>'],
    ['a\n\n```ts\nconst b', 'a\n\n<pre ts>const b</pre>'],
    ['a\n\n```ts', 'a'],
    ['| a | b |', '| a | b |'],
    ['- ', '•'],
    ['', ''],
    [' \n\t\n ', ''],
  ])('%j shows as %j', (markdown, expected) => {
    expect(show(markdown)).toBe(expected);
  });
});

describe('any text', () => {
  it('of well-formed Markdown keeps every word in its order, with valid spans', () => {
    fc.assert(
      fc.property(markdownArbitrary(), ({ markdown, words }) => {
        const rich = markdownToRichText(markdown);
        expect(faultsOf(rich)).toStrictEqual([]);
        expect(rich.text.match(/w\d+z/g) ?? []).toStrictEqual(words);
      }),
      { numRuns: 700 },
    );
  });

  it('of scraps gives valid spans and never throws', () => {
    fc.assert(
      fc.property(scrapArbitrary(), (markdown) => {
        expect(faultsOf(markdownToRichText(markdown))).toStrictEqual([]);
      }),
      { numRuns: 700 },
    );
  });

  it('of any characters gives valid spans and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(faultsOf(markdownToRichText(text))).toStrictEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('that is cut anywhere gives valid spans', () => {
    fc.assert(
      fc.property(markdownArbitrary(), fc.double({ min: 0, max: 1, noNaN: true }), ({ markdown }, part) => {
        const rich = markdownToRichText(markdown.slice(0, Math.floor(markdown.length * part)));
        expect(faultsOf(rich)).toStrictEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

function faultsOf(rich: RichText): string[] {
  const { text, spans } = rich;
  const beginsWithCode = spans.some(({ kind, offset }) => kind === 'pre' && offset === 0);
  return [
    ...spanFaults(rich),
    ...(text.isWellFormed() ? [] : ['half a surrogate pair']),
    ...(text === text.trimEnd() ? [] : ['white space at the end']),
    ...(text === text.trimStart() || beginsWithCode ? [] : ['white space at the beginning']),
  ];
}

describe('a hostile text', () => {
  const LENGTH = 40_000;
  const repeated = (unit: string): string => unit.repeat(Math.ceil(LENGTH / unit.length));

  it.each([
    '>',
    '> ',
    '[',
    '![',
    '](',
    '[a](',
    '<',
    '<a ',
    '<!--',
    '*',
    '**a ',
    '*a_ ',
    '_a* ',
    '~a ',
    '`',
    '`a``',
    '- ',
    '1. ',
    '- a\n',
    '- a\n> ',
    '> a\n- ',
    'x\n> a\n',
    '>* ```](  ',
    '[a]: b "',
    '|a',
    '\n\n|',
    '&',
    '&#',
    '\\',
    'a',
    'a.',
    'a@',
    ' ',
    '\t',
    '\n',
    '  \n',
    '#',
    'http://a!',
    'www.',
    '```\n',
    '~~~',
    '\u0301',
    '😀',
    '<pre>\n\n',
  ])('of %j alone takes less than two seconds', (unit) => {
    const start = performance.now();
    const rich = markdownToRichText(repeated(unit));
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(rich.text.length).toBeLessThan(LENGTH * 10);
  });

  it.each([
    ['* ', 'x\n'],
    ['> ', 'a\n'],
    ['**a ', 'b** '],
    ['[a', '](b)'],
    ['[', ']'],
    ['> - ', '\na'],
    ['a', '   '],
    ['|', '\n-'],
  ])('of many %j and then many %j takes less than two seconds', (opening, closing) => {
    const start = performance.now();
    markdownToRichText(repeated(opening) + repeated(closing));
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('that is nested beyond the cap still shows its innermost text', () => {
    expect(markdownToRichText(`${'> '.repeat(10_000)}deep`).text).toContain('deep');
    expect(markdownToRichText(`${'- '.repeat(10_000)}deep`).text).toContain('deep');
    expect(markdownToRichText(`${'['.repeat(10_000)}deep`).text).toContain('deep');
  });

  it('with a table of many columns and rows does not grow beyond measure', () => {
    const wide = `|${' a |'.repeat(60)}\n|${'-|'.repeat(60)}\n${'|b\n'.repeat(5_000)}`;
    expect(markdownToRichText(wide).text.length).toBeLessThan(60 * 5_000 * 5);
    const long = `|a|b|\n|-|-|\n|${'x'.repeat(5_000)}|y|\n${'|b|c|\n'.repeat(2_000)}`;
    expect(markdownToRichText(long).text.length).toBeLessThan(long.length * 10);
  });

  it('of more than half a million characters is shown as it is', () => {
    const long = '**a** '.repeat(100_000);
    expect(markdownToRichText(long)).toStrictEqual({ text: long.trim(), spans: [] });
  });
});
