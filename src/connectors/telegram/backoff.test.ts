import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

describe('backing off', () => {
  it('doubles up to the most, and begins again after a reset', () => {
    const backoff = new Backoff({ firstMs: 1_000, mostMs: 30_000, random: () => 1 });
    const delays = Array.from({ length: 7 }, () => backoff.next());
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    backoff.reset();
    expect(backoff.next()).toBe(1_000);
  });

  it('spreads over the upper half of each delay', () => {
    const backoff = new Backoff({ firstMs: 1_000, mostMs: 30_000, random: () => 0 });
    expect(backoff.next()).toBe(500);
  });
});
