import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { showInvisible } from './invisible.ts';

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
    [`a\t${' '.repeat(9)}b`, 'a⟨10 blanks and tabs⟩b'],
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

  it('is quick with long texts', () => {
    const started = performance.now();
    showInvisible('\n '.repeat(200_000) + 'x');
    showInvisible(' '.repeat(400_000) + 'x');
    showInvisible('\u200B'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
