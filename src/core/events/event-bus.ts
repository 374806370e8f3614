import type { EventName, Events } from './events.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../util/log.ts';

export type EventHandler<Name extends EventName> = (payload: Events[Name]) => unknown;
type AnyHandler = (payload: never) => unknown;
/** A handler of all events. */
type Listener = (name: EventName, payload: unknown) => unknown;

/**
 * Tells whoever listens what happened. Handlers run in the order they came; what one of them throws, or rejects
 * with later, is logged and stays there.
 */
export class EventBus {
  readonly #handlers = new Map<EventName, Set<AnyHandler>>();
  readonly #listeners = new Set<Listener>();
  readonly #log: Log;

  constructor(options: { readonly log: Log }) {
    this.#log = options.log;
  }

  /** Returns what takes the handler off again. */
  on<Name extends EventName>(name: Name, handler: EventHandler<Name>): () => void {
    const handlers = this.#handlers.get(name) ?? new Set();
    // A function of its own, so that the same handler may be put on twice and taken off once.
    const own: EventHandler<Name> = (payload) => handler(payload);
    this.#handlers.set(name, handlers.add(own));
    return () => handlers.delete(own);
  }

  /** Every event, after the handlers of its name. Returns what takes the listener off again. */
  onAny(listener: Listener): () => void {
    const own: Listener = (name, payload) => listener(name, payload);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  emit<Name extends EventName>(name: Name, payload: Events[Name]): void {
    for (const handler of this.#handlers.get(name) ?? []) {
      this.#tell(name, () => (handler as EventHandler<Name>)(payload));
    }
    for (const listener of this.#listeners) this.#tell(name, () => listener(name, payload));
  }

  #tell(name: EventName, call: () => unknown): void {
    const failed = (fault: unknown): void =>
      this.#log.error('event_handler_failed', { name, reason: messageOf(fault) });
    try {
      const result = call();
      // Nobody waits for it, so nobody else would hear of its fault either.
      if (result instanceof Promise) result.catch(failed);
    } catch (fault) {
      failed(fault);
    }
  }
}
