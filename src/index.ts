// Running it
export { createApp, type App, type AppOptions } from './app/create-app.ts';
export { loadSettings, type LoadedSettings, type LoadOptions } from './config/load-settings.ts';
export type { Settings } from './config/settings.ts';

// Bringing a connector, an agent or a store of one's own
export type { Channel } from './core/create-engine.ts';
export type { Access, Admission } from './core/access/access.ts';
export type * from './core/ports/agent.ts';
export type * from './core/ports/chat.ts';
export type * from './core/ports/connector.ts';
export type * from './core/ports/gate.ts';
export type * from './core/ports/store.ts';
export type { Events, EventName } from './core/events.ts';

// What goes wrong
export { LeashdError, MachineError, PersonError, type Fault } from './errors.ts';

// Words that the above are written in
export type { Clock, Timer } from './util/clock.ts';
export type { Log, LogFields } from './util/log.ts';
export type { RichText, Span, SpanStyle } from './util/rich-text.ts';
