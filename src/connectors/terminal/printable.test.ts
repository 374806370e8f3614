import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, printable } from './printable.ts';

describe('printable', () => {
  it.each([
    ['an OSC that sets the title', '\u001b]0;owned\u0007', '␛]0;owned␇'],
    ['a CSI that clears the screen', '\u001b[2J', '␛[2J'],
    ['an eight-bit CSI', '\u009b2J', '<U+009B>2J'],
    ['a carriage return that overwrites the line', 'rm -rf x\rls', 'rm -rf x␍ls'],
    ['a backspace', 'a\bb', 'a␈b'],
    ['a right-to-left override', 'a\u202eb', 'a<U+202E>b'],
    ['an isolate', '\u2066x\u2069', '<U+2066>x<U+2069>'],
    ['a zero-width space', 'a\u200bb', 'a<U+200B>b'],
    ['a tag character', 'a\u{e0041}b', 'a<U+E0041>b'],
    ['a line separator', 'a\u2028b', 'a<U+2028>b'],
    ['half of a surrogate pair', 'a\ud83db', 'a\ufffdb'],
  ])('shows %s instead of obeying it', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves newlines, tabs, emoji and joined emoji alone', () => {
    const text = 'a\n\tb 👩‍💻 é ü 漢';
    expect(printable(text)).toBe(text);
    expect(printable('a\r\nb')).toBe('a\nb');
  });

  it('lets no control character through, whatever comes', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        expect(printable(text)).toMatch(/^(?:[\n\t]|[^\p{Cc}\p{Cs}\u2028-\u202e])*$/u);
      }),
    );
  });
});

describe('clip', () => {
  it('keeps a line that fits', () => {
    expect(clip('Bash: npm test', 20)).toBe('Bash: npm test');
    expect(clip('12345', 6)).toBe('12345');
  });

  it('cuts what is longer, counting wide characters twice', () => {
    expect(clip('1234567890', 6)).toBe('12345…');
    expect(clip('漢字漢字', 6)).toBe('漢字…');
  });

  it('makes one line of several', () => {
    expect(clip('a\n  b', 20)).toBe('a b');
  });
});
