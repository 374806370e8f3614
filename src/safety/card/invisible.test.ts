import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deceptionsIn, showInLine, showInvisible } from './invisible.ts';

/** What was shown, read as it says of itself. */
function decoded(shown: string): string {
  const count = (text: string): number => Number.parseInt(text, 10);
  return shown
    .replaceAll(/^⟨(\d+) empty lines?⟩$/gm, (_, lines: string) => '\n'.repeat(count(lines) - 1))
    .replaceAll(/^⟨(\d+) lines? of (.+)⟩$/gm, (_, lines: string, line: string) =>
      Array.from({ length: count(lines) }, () => line).join('\n'),
    )
    .replaceAll(/⟨(\d+) (blank|tab)s?⟩/g, (_, length: string, kind: string) =>
      (kind === 'tab' ? '\t' : ' ').repeat(count(length)),
    )
    .replaceAll(/\\u\{([0-9A-F]+)\}|␍(?=\n)/g, (_, code?: string) =>
      code === undefined ? '\r' : String.fromCodePoint(Number.parseInt(code, 16)),
    );
}

describe('showInvisible', () => {
  it.each([
    ['plain text\n\tindented', 'plain text\n\tindented'],
    ['a\u202Eb', String.raw`a\u{202E}b`],
    ['a\u2066b\u2069', String.raw`a\u{2066}b\u{2069}`],
    ['a\u200Bb\u200D\uFEFF', String.raw`a\u{200B}b\u{200D}\u{FEFF}`],
    ['a\u0000\u0007\u001B[2J\u007F\u0085', String.raw`a\u{0}\u{7}\u{1B}[2J\u{7F}\u{85}`],
    ['a\u00ADb\u3164c\u115Fd', String.raw`a\u{AD}b\u{3164}c\u{115F}d`],
    ['a\u{E0041}\u{E0100}b', String.raw`a\u{E0041}\u{E0100}b`],
    ['a\u00A0b\u3000c', String.raw`a\u{A0}b\u{3000}c`],
    ['a\u2028b\rc', String.raw`a\u{2028}b\u{D}c`],
    ['a\r\nb', 'a␍\nb'],
    ['a\uD800b', String.raw`a\u{D800}b`],
    ['❤\uFE0F and x\uFE0F', String.raw`❤️ and x\u{FE0F}`],
    ['é ü 日本 🎉', 'é ü 日本 🎉'],
    [`ls${' '.repeat(40)}; rm x`, 'ls⟨40 blanks⟩; rm x'],
    [`ls${' '.repeat(8)}x`, `ls${' '.repeat(8)}x`],
    [`a\t${' '.repeat(9)}b`, 'a⟨1 tab⟩⟨9 blanks⟩b'],
    ['a\u2800b\u{1D159}\uFFFCc', String.raw`a\u{2800}b\u{1D159}\u{FFFC}c`],
    ['a\uE000\u{10FFFF}', String.raw`a\u{E000}\u{10FFFF}`],
    ['o\u0301', 'o\u0301'],
    ['o\u0301\u0301\u0301\u0301\u0301', `o${'\u0301'.repeat(4)}\\u{301}`],
    [' \u0301x', String.raw` \u{301}x`],
    [String.raw`\u{202E}`, String.raw`\u{5C}u{202E}`],
    ['⟨40 blanks⟩', String.raw`\u{27E8}40 blanks⟩`],
    ['a␍\nb', 'a\\u{240D}\nb'],
    [`${' '.repeat(12)}x`, '⟨12 blanks⟩x'],
    [`a${'\n'.repeat(30)}b`, 'a\n⟨29 empty lines⟩\nb'],
    [`a\n\n\nb`, 'a\n\n\nb'],
  ])('%j becomes %j', (text, shown) => {
    expect(showInvisible(text)).toBe(shown);
  });

  it('leaves the indentation of code alone', () => {
    const line = `${' '.repeat(40)}x${' '.repeat(40)}y`;
    expect(showInvisible(line, { longestIndent: 60 })).toBe(`${' '.repeat(40)}x⟨40 blanks⟩y`);
    expect(showInvisible(`a\n${' '.repeat(70)}x`, { longestIndent: 60 })).toBe('a\n⟨70 blanks⟩x');
  });

  it('lets nothing through that a screen would not show', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = showInvisible(text);
        expect(shown).not.toMatch(/(?!\n|\t|\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/u);
        expect(shown).not.toMatch(/\S {9,}/);
      }),
      { numRuns: 2000 },
    );
  });

  it('shows no two texts alike: what is shown leads back to the text', () => {
    const odd = fc.constantFrom(
      '\\',
      'u{',
      '}',
      '20',
      '⟨',
      '⟩',
      ' blanks',
      ' ',
      '\t',
      '\n',
      '\r',
      '\r\n',
      '␍',
      '\u202E',
      '\u0301',
      '\uFE0F',
      '❤',
      '⟨3 empty lines⟩',
      '⟨2 lines of ⟨1 blank⟩⟩',
      ' '.repeat(9),
      '\n'.repeat(9),
      '\n '.repeat(9),
      '\t'.repeat(70),
      '\u3164',
      '\u00A0',
      '\uD83D',
      '\uDE00',
      'a',
      'x',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(odd, { maxLength: 30 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(8, 60), (given, longestIndent) => {
        expect(decoded(showInvisible(given, { longestIndent }))).toBe(given);
      }),
      { numRuns: 5000 },
    );
  });

  it('leaves no place for a second line in a line', () => {
    expect(showInLine('a\nb\tc')).toBe(String.raw`a\u{A}b\u{9}c`);
  });

  it('is quick with long texts', () => {
    const started = performance.now();
    showInvisible('\n '.repeat(200_000) + 'x');
    showInvisible(' '.repeat(400_000) + 'x');
    showInvisible('\u200B'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

it.each([
  ['ls src', []],
  ['echo שלום', [/right to left/]],
  ['\u0430pt install x', [/look like Latin/]],
  ['привет', []],
  ['ｒｍ x', [/look like Latin/]],
])('what %s hides from a person who looks', (text, found) => {
  expect(deceptionsIn(text)).toEqual(found.map((pattern) => expect.stringMatching(pattern) as string));
});
