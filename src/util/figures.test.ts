import { expect, it } from 'vitest';
import { formatCount, formatDuration, formatLeft, formatUsd } from './figures.ts';

it.each([
  [0, '$0.00'],
  [0.0042, '$0.004'],
  [0.42, '$0.42'],
  [12, '$12.00'],
])('%d dollars read %s', (usd, words) => expect(formatUsd(usd)).toBe(words));

it.each([
  [840.4, '840 ms'],
  [12_400, '12 s'],
  [59_600, '1 min'],
  [185_000, '3 min 5 s'],
])('%d ms read %s', (ms, words) => expect(formatDuration(ms)).toBe(words));

it.each([
  [1, '1 s'],
  [61_000, '2 min'],
  [65 * 60_000, '1 h 5 min'],
  [47 * 3_600_000, '47 h'],
  [7 * 24 * 3_600_000 - 3000, '7 d'],
])('%d ms left read %s', (ms, words) => expect(formatLeft(ms)).toBe(words));

it('says one grant, and two grants', () => {
  expect([0, 1, 2].map((count) => formatCount(count, 'grant'))).toEqual(['0 grants', '1 grant', '2 grants']);
});
