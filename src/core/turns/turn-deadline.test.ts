import { expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import { TurnDeadline } from './turn-deadline.ts';

function start(timeoutMs: number) {
  const clock = manualClock();
  const state = { expired: 0 };
  const deadline = new TurnDeadline({ clock, timeoutMs, onExpired: () => (state.expired += 1) });
  return { clock, deadline, state };
}

it('expires once, when its time is over', () => {
  const { clock, deadline, state } = start(100);
  clock.advance(99);
  expect(deadline.isExpired).toBe(false);
  clock.advance(1000);
  deadline.resume();
  clock.advance(1000);
  expect([state.expired, deadline.isExpired]).toEqual([1, true]);
});

it('stands still while it is paused', () => {
  const { clock, deadline, state } = start(100);
  clock.advance(60);
  deadline.pause();
  deadline.pause();
  clock.advance(10_000);
  expect(state.expired).toBe(0);
  deadline.resume();
  clock.advance(39);
  expect(state.expired).toBe(0);
  clock.advance(1);
  expect(state.expired).toBe(1);
});

it('never expires once it is cancelled, even if it is resumed', () => {
  const { clock, deadline, state } = start(100);
  deadline.cancel();
  deadline.resume();
  clock.advance(1000);
  expect([state.expired, deadline.isExpired]).toEqual([0, false]);
});
