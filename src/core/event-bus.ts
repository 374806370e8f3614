import type { EventName, Events } from './events.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../util/log.ts';

export type EventHandler<Name extends EventName> = (payload: Events[Name]) => void;
type AnyHandler = (payload: never) => void;

/** Tells whoever listens what happened. Handlers run in the order they came; a fault in one is logged and stays there. */
export class EventBus {
  readonly #handlers = new Map<EventName, Set<AnyHandler>>();
  readonly #log: Log;

  constructor(options: { readonly log: Log }) {
    this.#log = options.log;
  }

  /** Returns what takes the handler off again. */
  on<Name extends EventName>(name: Name, handler: EventHandler<Name>): () => void {
    const handlers = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, handlers.add(handler));
    return () => handlers.delete(handler);
  }

  emit<Name extends EventName>(name: Name, payload: Events[Name]): void {
    for (const handler of this.#handlers.get(name) ?? []) {
      try {
        (handler as EventHandler<Name>)(payload);
      } catch (fault) {
        this.#log.error('event_handler_failed', { name, reason: messageOf(fault) });
      }
    }
  }
}
