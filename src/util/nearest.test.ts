import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('nearest', () => {
  const known = [
    'MAX_TURNS',
    'LOG_LEVEL',
    'LOG_DIR',
    'APPROVED_DIRECTORIES',
    'ALLOWED_USER_IDS',
    'TELEGRAM_BOT_TOKEN',
  ];

  it.each([
    ['MAX_TURN', 'MAX_TURNS'],
    ['max_turns', 'MAX_TURNS'],
    ['MXA_TURNS', 'MAX_TURNS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['LOG_DRI', 'LOG_DIR'],
    ['APPROVED_DIRS', 'APPROVED_DIRECTORIES'],
    ['ALLOWED_USERS', 'ALLOWED_USER_IDS'],
    ['TOKEN', 'TELEGRAM_BOT_TOKEN'],
    ['BOT_TOKEN', 'TELEGRAM_BOT_TOKEN'],
  ])('finds what %s was meant to be', (word, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });

  it.each(['', 'Z', 'COMPLETELY_ELSE', 'X'.repeat(100_000)])(
    'finds nothing for what is far off (%#)',
    (word) => {
      expect(nearest(word, known)).toBeUndefined();
    },
  );

  it('takes the first of equally close words', () => {
    expect(nearest('cot', ['cat', 'cut'])).toBe('cat');
  });
});

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['plan', 'plna', 1],
  ])('from %j to %j is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  it('is the same both ways, and zero only for equal words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (one, other) => {
        expect(editDistance(one, other)).toBe(editDistance(other, one));
        expect(editDistance(one, other) === 0).toBe(one === other);
      }),
    );
  });
});
