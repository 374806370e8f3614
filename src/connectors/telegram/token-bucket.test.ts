import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('lets a burst through, then one at a time', () => {
    const clock = manualClock();
    const bucket = new TokenBucket(clock, { burst: 2, perSecond: 0.5 });
    bucket.take();
    expect(bucket.waitMs()).toBe(0);
    bucket.take();
    expect(bucket.waitMs()).toBe(2_000);
    clock.advance(2_000);
    expect(bucket.waitMs()).toBe(0);
    expect(bucket.isFull).toBe(false);
    clock.advance(2_000);
    expect(bucket.isFull).toBe(true);
  });

  it('can be asked to leave some for others', () => {
    const bucket = new TokenBucket(manualClock(), { burst: 2, perSecond: 1 });
    bucket.take();
    expect(bucket.waitMs()).toBe(0);
    expect(bucket.waitMs(1)).toBe(1_000);
  });

  it('goes at half the pace for a while when that was too fast, and then at its own again', () => {
    const clock = manualClock();
    const bucket = new TokenBucket(clock, { burst: 4, perSecond: 2 });
    bucket.slowDown();
    bucket.slowDown();
    expect(bucket.waitMs()).toBe(1_000);
    clock.advance(2_000);
    bucket.slowDown();
    expect(bucket.waitMs()).toBe(2_000);
    clock.advance(15_000);
    bucket.waitMs();
    clock.advance(15_000);
    for (let left = 4; left > 0; left -= 1) bucket.take();
    expect(bucket.waitMs()).toBe(500);
  });

  it('never lets through more than its burst and what its rate gives', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 60 }), (pauses) => {
        const clock = manualClock();
        const bucket = new TokenBucket(clock, { burst: 3, perSecond: 0.9 });
        let taken = 0;
        for (const pause of pauses) {
          clock.advance(pause);
          while (bucket.waitMs() === 0) {
            bucket.take();
            taken += 1;
          }
          expect(taken).toBeLessThanOrEqual(3 + (clock.monotonic() / 1_000) * 0.9 + 1e-6);
        }
      }),
    );
  });
});
