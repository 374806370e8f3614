import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import type { Access } from './access/access.ts';
import { createApprover } from './prompts/approvals.ts';
import { COMMANDS } from './commands/all.ts';
import type { CoreContext } from './context.ts';
import { Conversations } from './conversations.ts';
import { Engine } from './engine.ts';
import { EventBus } from './event-bus.ts';
import { auth } from './middleware/auth.ts';
import type { Middleware } from './middleware/compose.ts';
import { rateLimit } from './middleware/rate-limit.ts';
import type { ModeName } from './modes.ts';
import { OwnedWork } from './owned-work.ts';
import type { Agent } from './ports/agent.ts';
import type { Audit } from './ports/audit.ts';
import type { ChatRef, PersonId } from './ports/chat.ts';
import type { Connector } from './ports/connector.ts';
import type { Approver, Gate } from './ports/gate.ts';
import type { Remembered } from './ports/grants.ts';
import type { Stores } from './ports/store.ts';
import { Prompts } from './prompts/prompts.ts';
import { createQuestions } from './prompts/questions.ts';
import { Sessions } from './sessions.ts';
import { Turns } from './turn.ts';
import { createUnpromptedReply } from './unprompted.ts';

export type EngineSettings = {
  /** Absolute real paths; the first is where a chat begins. */
  readonly approvedDirectories: readonly string[];
  readonly defaultMode: ModeName;
  readonly systemPrompt: string;
  readonly maxTurns: number;
  readonly approvalTimeoutMs: number;
  readonly turnTimeoutMs: number;
  readonly agentIdleMs: number;
  readonly isStreaming: boolean;
  readonly rateLimitRpm: number;
  readonly rateLimitBurst: number;
  readonly version: string;
  /** Whether the agent's commands run in the operating system's sandbox, in a sentence; left out: nothing is said of it. */
  readonly osSandbox?: string | undefined;
};

/** Longer than the gate itself waits for the person, so that it is the gate that says why. */
const GATE_SLACK_MS = 30_000;

/** A connector, and who may come in through it. */
export type Channel = {
  readonly connector: Connector;
  readonly access: Access;
  /** Whose approvals count; left out: those of everybody who is let in. */
  readonly approvers?: readonly PersonId[] | undefined;
};

export interface EngineParts {
  readonly settings: EngineSettings;
  readonly channels: readonly Channel[];
  /** The gate needs the person, and the person is reached through the engine's prompts. */
  readonly createGate: (approver: Approver) => Gate;
  /** What an inbound passes behind the door and the rate limit, before the engine reads it. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** What the gate holds as approved in advance: to be shown and taken back. */
  readonly remembered: Remembered;
  readonly agent: Agent;
  readonly stores: Stores;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
}

/** The core, put together. */
export interface CreatedEngine {
  readonly engine: Engine;
  readonly events: EventBus;
  /** Says something in a chat, by its key, in passing; a chat that is gone hears nothing. Must not throw. */
  say(chat: string, markdown: string): void;
}

/** Puts the core together. Nothing runs before `engine.start`. */
export function createEngine(parts: EngineParts): CreatedEngine {
  const { settings, agent, stores } = parts;
  const { defaultMode, systemPrompt, maxTurns, version } = settings;
  const [first, ...others] = settings.approvedDirectories;
  if (first === undefined) throw new TypeError('an engine needs an approved directory');
  const approvedDirectories: readonly [string, ...string[]] = [first, ...others];

  const connectors = new Map(parts.channels.map(({ connector }) => [connector.name, connector]));
  const context = contextOf(parts, connectors);
  const prompts = new Prompts({ ...context, store: stores.prompts });
  const sessions = new Sessions({ ...context, store: stores.sessions, defaultMode, approvedDirectories });
  const gate = parts.createGate(approverOf(parts, context, prompts, sessions));
  const conversations = new Conversations({
    ...context,
    agent,
    gate,
    putQuestions: createQuestions({ prompts, timeoutMs: settings.approvalTimeoutMs }),
    sessions,
    approvedDirectories,
    systemPrompt,
    maxTurns,
    gateTimeoutMs: settings.approvalTimeoutMs + GATE_SLACK_MS,
    idleMs: settings.agentIdleMs,
    onUnprompted: createUnpromptedReply(context),
  });
  const turns = new Turns({
    ...context,
    sessions,
    conversations,
    prompts,
    messages: stores.messages,
    inbox: stores.inbox,
    turnTimeoutMs: settings.turnTimeoutMs,
    isStreaming: settings.isStreaming,
  });
  const engine = new Engine({
    ...context,
    connectors,
    middleware: middlewareOf(parts, context),
    commands: COMMANDS,
    sessions,
    conversations,
    prompts,
    turns,
    inbox: stores.inbox,
    messages: stores.messages,
    remembered: parts.remembered,
    approvedDirectories,
    promptTimeoutMs: settings.approvalTimeoutMs,
    version,
    osSandbox: settings.osSandbox,
  });
  return { engine, events: context.events, say: sayIn(context, sessions) };
}

function approverOf(
  { channels }: EngineParts,
  { events }: CoreContext,
  prompts: Prompts,
  sessions: Sessions,
): Approver {
  const approvers = new Map(channels.map(({ connector, approvers }) => [connector.name, approvers]));
  return createApprover({
    prompts,
    events,
    chatOf: (key) => sessions.chatOf(key),
    approversOf: ({ connector }) => approvers.get(connector),
  });
}

function contextOf(
  { clock, log, audit }: EngineParts,
  connectors: ReadonlyMap<string, Connector>,
): CoreContext {
  const connectorOf = (chat: ChatRef): Connector => {
    const connector = connectors.get(chat.connector);
    if (!connector) throw new TypeError(`no connector is called ${chat.connector}`);
    return connector;
  };
  return { connectorOf, clock, log, audit, events: new EventBus({ log }) };
}

function sayIn(context: CoreContext, sessions: Sessions): CreatedEngine['say'] {
  const work = new OwnedWork({ log: context.log });
  return (key, markdown) => {
    const chat = sessions.chatOf(key);
    if (chat) work.own('a notice', context.connectorOf(chat).send(chat, { content: { markdown } }));
  };
}

function middlewareOf(
  { settings, channels, middleware = [] }: EngineParts,
  context: CoreContext,
): Middleware[] {
  // Owned, not awaited: under a flood limit a notice may take minutes, and no tap may wait behind it.
  const work = new OwnedWork({ log: context.log });
  const say = (chat: ChatRef, markdown: string): void =>
    work.own('a notice', context.connectorOf(chat).send(chat, { content: { markdown } }));
  const accesses = new Map(channels.map(({ connector, access }) => [connector.name, access]));
  const accessOf = (chat: ChatRef): Access => {
    const access = accesses.get(chat.connector);
    if (!access) throw new TypeError(`nobody is let in through ${chat.connector}`);
    return access;
  };
  const { rateLimitRpm: requestsPerMinute, rateLimitBurst: burst } = settings;
  return [
    auth({ ...context, accessOf, say }),
    rateLimit({ ...context, requestsPerMinute, burst, say }),
    ...middleware,
  ];
}
