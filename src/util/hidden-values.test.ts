import { describe, expect, it } from 'vitest';
import { HiddenValues } from './hidden-values.ts';

const SECRET = 'battery "staple" é';
const hidden = new HiddenValues();
for (const value of [SECRET, 'battery', 'short']) hidden.add(value);

describe('hidden values', () => {
  it.each([
    ['as they stand', `it is ${SECRET}.`, 'it is [redacted].'],
    ['inside JSON', JSON.stringify({ a: SECRET }), '{"a":"[redacted]"}'],
    ['in an address', `?p=${encodeURIComponent(SECRET)}`, '?p=[redacted]'],
    ['the longest first', 'battery and battery "staple" é', '[redacted] and [redacted]'],
    ['not short ones', 'in short', 'in short'],
  ])('go %s', (_, text, expected) => {
    expect(hidden.hide(text)).toBe(expected);
    expect(hidden.hide(text, true)).toBe(expected);
  });

  it('go while they grow at the end of a text, and where a text was cut', () => {
    for (let length = 4; length < 7; length += 1)
      expect(hidden.hide(`the ${SECRET.slice(0, length)}`, true)).toBe('the [redacted]');
    expect(hidden.hide('curl -d bat', true)).toBe('curl -d bat');
    expect(hidden.hide('curl -d batte…', true)).toBe('curl -d [redacted]…');
    expect(hidden.hide('batte and more', true)).toBe('batte and more');
    expect(hidden.hide('the batte')).toBe('the batte');
  });
});
