import { describe, expect, it } from 'vitest';
import { EventBus } from '../core/events/event-bus.ts';
import { silentLog } from '../util/log.ts';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { keepLean } from './lean-memory.ts';

describe('giving memory back', () => {
  const setUp = () => {
    const events = new EventBus({ log: silentLog });
    const clock = manualClock();
    let collected = 0;
    const end = keepLean({ events, clock, collect: () => (collected += 1) });
    const emit = () => events.emit('engine.stopped', { reason: 'test' });
    return { clock, emit, end, collected: () => collected };
  };

  it('happens once when all is loaded', () => {
    const { clock, collected } = setUp();
    clock.advance(600_000);
    expect(collected()).toBe(1);
  });

  it('happens once each time that things have been quiet', () => {
    const { clock, emit, collected } = setUp();
    clock.advance(10_000);
    for (let second = 0; second < 100; second += 1) {
      emit();
      clock.advance(1_000);
    }
    expect(collected()).toBe(1);
    clock.advance(29_000);
    expect(collected()).toBe(2);
    clock.advance(600_000);
    expect(collected()).toBe(2);
  });

  it('never happens once it is ended', () => {
    const { clock, emit, end, collected } = setUp();
    end();
    emit();
    clock.advance(600_000);
    expect(collected()).toBe(0);
  });
});
