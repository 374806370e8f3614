import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bold, concat, link, pre, type Span } from '../../util/rich-text.ts';
import { toEntityText } from './entities.ts';

describe('formatting for Telegram', () => {
  it('names each style as the Bot API does', () => {
    const kinds = ['bold', 'italic', 'underline', 'strikethrough', 'code', 'quote'] as const;
    const spans: Span[] = kinds.map((kind) => ({ kind, offset: 0, length: 2 }));
    expect(toEntityText({ text: 'ab', spans }).entities.map(({ type }) => type)).toEqual([
      'bold',
      'italic',
      'underline',
      'strikethrough',
      'code',
      'blockquote',
    ]);
    expect(toEntityText(pre('x', 'ts')).entities).toEqual([
      { type: 'pre', language: 'ts', offset: 0, length: 1 },
    ]);
    expect(toEntityText(pre('x')).entities).toEqual([{ type: 'pre', offset: 0, length: 1 }]);
  });

  it('counts in UTF-16 code units', () => {
    const { text, entities } = toEntityText(concat('🔧 ', bold('x')));
    expect(text).toBe('🔧 x');
    expect(entities).toEqual([{ type: 'bold', offset: 3, length: 1 }]);
  });

  it('links to the web alone', () => {
    expect(toEntityText(link('docs', 'https://example.com/a?b=c')).entities).toHaveLength(1);
    for (const url of [
      'tg://resolve?domain=x',
      'javascript:alert(1)',
      './README.md',
      'https://',
      'file:///etc',
    ]) {
      expect(toEntityText(link('docs', url))).toEqual({ text: 'docs', entities: [] });
    }
  });

  it('widens what would cut a surrogate pair', () => {
    const cut = { text: 'a😀b', spans: [{ kind: 'bold', offset: 2, length: 2 }] } as const;
    expect(toEntityText(cut).entities).toEqual([{ type: 'bold', offset: 1, length: 3 }]);
  });

  it('drops what lies outside, holds nothing or shows nothing', () => {
    const spans: Span[] = [
      { kind: 'bold', offset: 9, length: 2 },
      { kind: 'bold', offset: 1, length: 0 },
      { kind: 'bold', offset: 1, length: 1 },
      { kind: 'bold', offset: 2, length: 50 },
    ];
    expect(toEntityText({ text: 'a b', spans }).entities).toEqual([{ type: 'bold', offset: 2, length: 1 }]);
  });

  it('makes lone surrogates well-formed without moving anything', () => {
    expect(toEntityText({ text: 'a\uD800b', spans: [] }).text).toBe('a\uFFFDb');
  });

  it('never makes an entity that the server would refuse', () => {
    const span = fc.record({
      kind: fc.constantFrom('bold', 'code', 'quote'),
      offset: fc.integer({ min: -5, max: 40 }),
      length: fc.integer({ min: -5, max: 40 }),
    });
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(text, fc.array(span, { maxLength: 120 }), (source, spans) => {
        const made = toEntityText({ text: source, spans });
        expect(made.entities.length).toBeLessThanOrEqual(100);
        for (const { offset, length } of made.entities) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(length).toBeGreaterThan(0);
          expect(offset + length).toBeLessThanOrEqual(made.text.length);
          expect(made.text.slice(offset, offset + length).isWellFormed()).toBe(true);
        }
      }),
    );
  });
});
