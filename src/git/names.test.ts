import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownName } from '../core/ports/git.ts';
import { decodeName, encodeName, pathOf, quoteName, unquoteName } from './names.ts';

describe('names', () => {
  it('go from bytes to a string and back unchanged, whatever the bytes', () => {
    assert(
      property(uint8Array({ maxLength: 40 }), (bytes) => {
        expect(encodeName(decodeName(bytes))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('are read back as they were quoted', () => {
    assert(
      property(uint8Array({ maxLength: 40 }), (bytes) => {
        const name = decodeName(bytes);
        expect(quoteName(name)).toMatch(/^[ -~]*$/);
        expect(unquoteName(quoteName(name))).toBe(name);
      }),
    );
  });

  it.each([
    ['plain name.txt', 'plain name.txt'],
    [String.raw`"f\303\274r.txt"`, 'für.txt'],
    [String.raw`"a\tb\nc\\d\"e"`, 'a\tb\nc\\d"e'],
    [String.raw`"\346\227\245 \360\237\246\200"`, '日 🦀'],
    [String.raw`"a\377b"`, 'a\udcffb'],
    [String.raw`"\303"`, '\udcc3'],
    [String.raw`"\355\240\200"`, '\udced\udca0\udc80'],
    [String.raw`"\357\273\277bom"`, '\ufeffbom'],
    ['"', '"'],
  ])('are read from git: %s', (quoted, name) => {
    expect(unquoteName(quoted)).toBe(name);
  });

  it('stand for no bytes when they hold half a surrogate pair', () => {
    expect(encodeName('a\ud800')).toBeUndefined();
  });

  it('get a ./ where they would look like an option', () => {
    expect(pathOf('-rf')).toBe('./-rf');
  });

  it.each([
    ['a\nb', String.raw`a\nb`],
    ['a\udcffb', String.raw`a\xffb`],
    ['a\u202eb', String.raw`a\u{202e}b`],
    ['\u001b[31m', String.raw`\u{1b}[31m`],
    ['日本 👩‍💻 ü', '日本 👩‍💻 ü'],
  ])('are shown so that nothing is hidden: %j', (name, shown) => {
    expect(shownName(name)).toBe(shown);
  });
});
