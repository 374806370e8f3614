import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import type { EventBus } from './events/event-bus.ts';
import type { Audit } from './ports/audit.ts';
import type { ChatRef } from './ports/chat.ts';
import type { Connector } from './ports/connector.ts';

/** What every part of the core works with. */
export interface CoreContext {
  /** @throws TypeError for a chat of a connector that is not there: a bug. */
  readonly connectorOf: (chat: ChatRef) => Connector;
  readonly clock: Clock;
  readonly log: Log;
  /** What is not written down must not take effect. */
  readonly audit: Audit;
  readonly events: EventBus;
}
