// Running it
export { createApp, type App, type CreateAppOptions } from './app/public.ts';
export type { GivenSettings } from './config/load-settings.ts';
export type { Reloaded } from './app/reload/reloaded.ts';

// Bringing a connector, an agent, a middleware, a store or a plugin of one's own
export type { Channel } from './core/create-engine.ts';
export type { Access, Admission } from './core/access/access.ts';
export { openTo, openToAnyone } from './core/access/open-to.ts';
export { chatKey, personId } from './core/ports/chat.ts';
export type { Middleware } from './core/middleware/compose.ts';
export type * from './core/ports/agent.ts';
export type * from './core/ports/chat.ts';
export type * from './core/ports/connector.ts';
export type * from './core/ports/gate.ts';
export type * from './core/ports/plugin.ts';
export type * from './core/ports/store.ts';
export type { Events, EventName } from './core/events/events.ts';

// What goes wrong
export { LeashdError, MachineError, PersonError, type Fault } from './errors.ts';

// Words that the above are written in
export { newId, type Branded } from './util/ids.ts';
export { silentLog, type Log, type LogFields } from './util/log.ts';
export { systemClock, type Clock, type Timer } from './util/clock.ts';
export { plain, type RichText, type Span, type SpanStyle } from './util/rich-text.ts';
