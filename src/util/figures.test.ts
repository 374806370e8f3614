import { expect, it } from 'vitest';
import { formatDuration, formatUsd } from './figures.ts';

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
