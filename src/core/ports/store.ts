import type { AgentSessionId } from './agent.ts';
import type { ChatRef, Inbound, InboundId, SessionId } from './chat.ts';

/**
 * What must outlive the process. Each method is one transaction: when it resolves the change is on disk, when
 * it rejects nothing changed.
 */
export interface Stores {
  readonly sessions: SessionStore;
  readonly messages: MessageStore;
  readonly inbox: Inbox;
  /** Closes the files. Harmless when repeated. */
  close(): Promise<void>;
}

/** One multi-turn conversation, bound to a chat, a directory and a mode. */
export type Session = {
  readonly id: SessionId;
  readonly chat: ChatRef;
  /** Absolute real path. */
  readonly directory: string;
  readonly mode: string;
  readonly agentSession?: AgentSessionId | undefined;
  readonly turns: number;
  readonly costUsd: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly createdAt: number;
  readonly updatedAt: number;
};

export interface SessionStore {
  /** The session the chat is in now. */
  current(chat: ChatRef): Promise<Session | undefined>;
  /** The chat's latest session in that directory, to come back to. */
  latestIn(chat: ChatRef, directory: string): Promise<Session | undefined>;
  /** Adds or replaces it, and makes it the chat's current one. */
  save(session: Session): Promise<void>;
  /** Ends the chat's current session: the next message starts a new one. Its messages are kept. */
  end(chat: ChatRef): Promise<void>;
}

export type StoredMessage = {
  readonly session: SessionId;
  readonly chat: ChatRef;
  readonly role: 'person' | 'agent';
  readonly text: string;
  /** For an agent's message: US dollars and milliseconds of its turn. */
  readonly costUsd?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly at: number;
};

export interface MessageStore {
  append(message: StoredMessage): Promise<void>;
  /** The newest `limit` messages of the chat, oldest first. */
  latest(chat: ChatRef, limit: number): Promise<readonly StoredMessage[]>;
}

/** Inbounds between "the server gave it to us" and "it was answered". */
export interface Inbox {
  /** `duplicate` when that id was ever added before: it must not be acted on again. */
  add(inbound: Inbound): Promise<'new' | 'duplicate'>;
  /** Its turn begins: from here on it must not be started again by itself. */
  start(ids: readonly InboundId[]): Promise<void>;
  /** It was answered. */
  finish(ids: readonly InboundId[]): Promise<void>;
  /** What the last process left: `waiting` was never started, `started` was cut off. Oldest first. */
  unfinished(): Promise<readonly { readonly inbound: Inbound; readonly state: 'waiting' | 'started' }[]>;
}
