import { describe, expect, it } from 'vitest';
import { markdownToRichText } from './convert.ts';

const lines = (...markdown: readonly string[]): string[] =>
  markdownToRichText(markdown.join('\n')).text.split('\n');

describe('a table', () => {
  it('is a code block with its columns aligned as it says', () => {
    const rich = markdownToRichText('|Name|Size|Kind|\n|:--|--:|:-:|\n|`a.ts`|1|x|\n|**b**|1200|a link|');
    expect(rich.text.split('\n')).toStrictEqual([
      'Name │ Size │  Kind',
      '─────┼──────┼───────',
      'a.ts │    1 │   x',
      'b    │ 1200 │ a link',
    ]);
    expect(rich.spans).toStrictEqual([
      { kind: 'pre', language: undefined, offset: 0, length: rich.text.length },
    ]);
  });

  it('is aligned by columns of the screen, not by characters', () => {
    expect(lines('|a|b|', '|-|-|', '|日本語|x|', '|😀e\u0301|y|', '|abcdef|z|')).toStrictEqual([
      'a      │ b',
      '───────┼────',
      '日本語 │ x',
      '😀e\u0301    │ y',
      'abcdef │ z',
    ]);
  });

  it('keeps what a row has too much, such as the rest of a pipe', () => {
    expect(lines('|command|', '|-|', '| `ls | wc` |', '| a \\| b |', '| a | *b* | c |')).toStrictEqual([
      'command',
      '─────────',
      'ls | wc',
      'a | b',
      'a | b | c',
    ]);
  });

  it('lets a long cell stick out instead of filling the others with spaces', () => {
    const [, rule, long, short] = lines('|a|b|', '|-|-|', `|${'x'.repeat(100)}|y|`, '|c|d|');
    expect(rule).toHaveLength(60 + 3 + 3);
    expect(long).toBe(`${'x'.repeat(100)} │ y`);
    expect(short).toBe(`c${' '.repeat(59)} │ d`);
  });

  it('of one cell a line in a column as wide as the screen is not aligned when that took too much room', () => {
    const rows = Array.from({ length: 3_000 }, () => '|a|b|');
    const text = lines('|a|b|', '|-|-|', `|${'x'.repeat(60)}|y|`, ...rows);
    expect(text.at(-1)).toBe('a │ b');
  });

  it('with too many columns is shown as it is written', () => {
    const row = `|${'a|'.repeat(100)}`;
    expect(lines(row, `|${'-|'.repeat(100)}`, row)[0]).toBe(row);
  });
});
