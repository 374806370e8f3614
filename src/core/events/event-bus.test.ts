import { expect, it } from 'vitest';
import type { Log } from '../../util/log.ts';
import { silentLog } from '../../util/log.ts';
import { EventBus } from './event-bus.ts';

it('tells its handlers in order, until they are taken off', () => {
  const events = new EventBus({ log: silentLog });
  const seen: string[] = [];
  const off = events.on('engine.stopped', ({ reason }) => seen.push(`a ${reason}`));
  events.on('engine.stopped', ({ reason }) => seen.push(`b ${reason}`));
  events.emit('engine.stopped', { reason: '1' });
  off();
  events.emit('engine.stopped', { reason: '2' });
  expect(seen).toEqual(['a 1', 'b 1', 'b 2']);
});

it('keeps a fault in one handler from the others, and logs it', () => {
  const errors: unknown[] = [];
  const log: Log = { ...silentLog, error: (event, fields) => void errors.push([event, fields]) };
  const events = new EventBus({ log });
  let isReached = false;
  events.on('engine.stopped', () => {
    throw new Error('broken plugin');
  });
  events.on('engine.stopped', () => void (isReached = true));
  events.emit('engine.stopped', { reason: 'test' });
  expect(isReached).toBe(true);
  expect(errors).toEqual([['event_handler_failed', { name: 'engine.stopped', reason: 'broken plugin' }]]);
});

it('keeps what a handler rejects with later from the others, and logs it', async () => {
  const logged = Promise.withResolvers<unknown>();
  const log: Log = { ...silentLog, error: (event, fields) => logged.resolve([event, fields]) };
  const events = new EventBus({ log });
  events.on('engine.stopped', async () => {
    await Promise.resolve();
    throw new Error('broken later');
  });
  events.emit('engine.stopped', { reason: 'test' });
  expect(await logged.promise).toEqual([
    'event_handler_failed',
    { name: 'engine.stopped', reason: 'broken later' },
  ]);
});

it('tells a listener of all events each of them by name', () => {
  const events = new EventBus({ log: silentLog });
  const seen: unknown[] = [];
  const off = events.onAny((name, payload) => void seen.push([name, payload]));
  events.emit('engine.started', { connectors: ['test'] });
  events.emit('engine.stopped', { reason: 'test' });
  off();
  events.emit('engine.stopped', { reason: 'again' });
  expect(seen).toEqual([
    ['engine.started', { connectors: ['test'] }],
    ['engine.stopped', { reason: 'test' }],
  ]);
});
