import { describe, expect, it } from 'vitest';
import type { Span } from '../../src/util/rich-text.ts';
import { spanFaults } from './rich-text-validity.ts';

const faults = (text: string, ...spans: readonly Span[]): string[] => spanFaults({ text, spans });
const bold = (offset: number, length: number): Span => ({ kind: 'bold', offset, length });
const code = (offset: number, length: number): Span => ({ kind: 'code', offset, length });
const quote = (offset: number, length: number): Span => ({ kind: 'quote', offset, length });
const link = (offset: number, length: number): Span => ({ kind: 'link', url: 'https://x.y', offset, length });

describe('spanFaults', () => {
  it('finds none in spans that are apart or one inside another, in any order', () => {
    expect(
      faults('abcdefgh', bold(0, 2), link(2, 4), { kind: 'italic', offset: 3, length: 1 }, code(6, 1)),
    ).toStrictEqual([]);
    expect(
      faults('abcd', code(1, 1), quote(0, 4), { kind: 'underline', offset: 2, length: 1 }),
    ).toStrictEqual([]);
    expect(faults('abcd', code(0, 4), quote(0, 4))).toStrictEqual([]);
    expect(faults('')).toStrictEqual([]);
  });

  it.each([
    ['out of the text', [bold(2, 3)], /reaches out/],
    ['before the text', [bold(-1, 2)], /reaches out/],
    ['empty', [bold(1, 0)], /empty/],
    ['half a number', [bold(0.5, 1)], /not whole/],
    ['blank', [bold(2, 1)], /blank/],
    ['crossing', [bold(0, 2), link(1, 3)], /crosses/],
    ['in itself', [bold(0, 4), bold(1, 1)], /inside bold/],
    ['code in bold', [bold(0, 4), code(1, 1)], /code .* inside bold/],
    ['code in a link', [link(0, 4), code(0, 4)], /inside/],
    ['bold in code', [code(0, 4), bold(1, 1)], /holds nothing/],
    ['a quote in a quote', [quote(0, 4), quote(0, 2)], /inside quote/],
  ])('finds what is %s', (_, spans, message) => {
    expect(faults('ab d', ...spans)).toStrictEqual([expect.stringMatching(message)]);
  });

  it('finds a surrogate pair that is cut', () => {
    expect(faults('a😀b', bold(0, 2))).toStrictEqual([
      expect.stringContaining('ends inside of a surrogate pair'),
    ]);
    expect(faults('a😀b', bold(2, 2))).toStrictEqual([
      expect.stringContaining('begins inside of a surrogate pair'),
    ]);
  });
});
