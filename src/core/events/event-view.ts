import type { EventBus } from './event-bus.ts';
import type { EventName } from './events.ts';
import type { AnyEvent, PluginEvents } from '../ports/plugin.ts';

/**
 * The events to listen to, and nothing else: what is handed over are copies.
 * `around` runs each call of a handler; left out, the bus logs its faults.
 */
export function eventView(
  bus: EventBus,
  around: (event: EventName, call: () => unknown) => unknown = (_event, call) => call(),
): PluginEvents {
  return {
    on: (name, handler) => bus.on(name, (payload) => around(name, () => handler(structuredClone(payload)))),
    onAny: (handler) =>
      bus.onAny((name, payload) =>
        // The bus hands over a name with the payload that belongs to it.
        around(name, () => handler({ name, payload: structuredClone(payload) } as AnyEvent)),
      ),
  };
}
