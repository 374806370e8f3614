import { describe, expect, it } from 'vitest';
import { bold, concat, plain, pre, type RichText } from '../../src/util/rich-text.ts';
import { splitFaults } from './split-faults.ts';

const faults = (whole: RichText, ...parts: readonly RichText[]): string[] => splitFaults(whole, parts, 20);

describe('splitFaults', () => {
  it('finds none where white space alone is lost, and styles go on', () => {
    expect(faults(concat('a ', bold('bb bb')), concat('a ', bold('bb')), bold('bb'))).toEqual([]);
    expect(faults(pre('if a:\n  b', 'py'), pre('if a:', 'py'), pre('  b', 'py'))).toEqual([]);
    expect(faults(plain(' \n '))).toEqual([]);
  });

  it.each<[string, RichText, readonly RichText[], string]>([
    ['a word that is lost', plain('a b c'), [plain('a'), plain('c')], 'part 1 is not what comes next'],
    ['a word that comes twice', plain('a b'), [plain('a'), plain('a b')], 'part 1 is not what comes next'],
    ['a lost end', plain('a b'), [plain('a')], 'the end is missing'],
    ['a blank part', plain('a b'), [plain('a'), plain(' '), plain('b')], 'part 1 is blank'],
    ['a part too long', plain('a'.repeat(21)), [plain('a'.repeat(21))], 'part 0 is too long'],
    ['half a pair', plain('a😀'), [plain('a\ud83d'), plain('\ude00')], 'part 0 has half a surrogate pair'],
    ['a style that ends', bold('a b'), [bold('a'), plain('b')], 'part 1 is styled otherwise'],
    ['a code block that ends', pre('a\nb', 'py'), [pre('a', 'py'), plain('b')], 'part 1 is styled otherwise'],
    ['a lost language', pre('a\nb', 'py'), [pre('a', 'py'), pre('b')], 'part 1 is styled otherwise'],
    [
      'white space in front',
      plain('a\n b'),
      [plain('a'), plain(' b')],
      'part 1 begins with white space that is no indent of code',
    ],
    [
      'a span that reaches out',
      plain('a'),
      [{ text: 'a', spans: [{ kind: 'bold', offset: 0, length: 2 }] }],
      'part 0: bold 0+2 reaches out of the text of 1',
    ],
  ])('finds %s', (_, whole, parts, fault) => {
    expect(faults(whole, ...parts)).toContain(fault);
  });
});
