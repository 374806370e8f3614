import type { AgentSessionId } from './agent.ts';
import type { ChatRef, Inbound, InboundId, MessageRef, PersonId, PromptId, SessionId } from './chat.ts';
import type { PromptView, ReplyState, ReplyTrace } from './connector.ts';
import type { Branded } from '../../util/ids.ts';

/**
 * What must outlive the process. Each method is one transaction: when it resolves the change is on disk, when
 * it rejects nothing changed.
 */
export interface Stores {
  readonly sessions: SessionStore;
  readonly messages: MessageStore;
  readonly inbox: Inbox;
  readonly prompts: PromptStore;
  readonly outbox: Outbox;
  /** Closes the files. Harmless when repeated. */
  close(): Promise<void>;
}

/** One multi-turn conversation, bound to a chat, a directory and a mode. */
export type Session = {
  readonly id: SessionId;
  readonly chat: ChatRef;
  /** Absolute real path. */
  readonly directory: string;
  /** The name of the workspace it is in; absent: none, and it works in all approved directories. */
  readonly workspace?: string | undefined;
  /** The workspace's directories beside `directory`, as they were when the session was last there. */
  readonly otherDirectories?: readonly string[] | undefined;
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
  /** The chat's latest session in that directory, and in that workspace or, without one, in none; to come back to. */
  latestIn(chat: ChatRef, directory: string, workspace?: string): Promise<Session | undefined>;
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
  /** The newest `limit` messages that satisfy the query, and where the ones before them begin. */
  find(query: MessageQuery): Promise<MessagePage>;
  /** US dollars that the messages of all chats from `at` on have cost; milliseconds since 1970-01-01 UTC. */
  costSince(at: number): Promise<number>;
}

/** Which messages: all that is given must hold. */
export type MessageFilter = {
  readonly chat?: ChatRef | undefined;
  readonly session?: SessionId | undefined;
  readonly role?: StoredMessage['role'] | undefined;
  /** Milliseconds since 1970-01-01 UTC: from the one on, and before the other. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Each of them occurs somewhere in the text, in upper or lower case. */
  readonly words?: readonly string[] | undefined;
};

export type MessageQuery = MessageFilter & {
  readonly limit: number;
  /** Only what was appended before the page that this came with. */
  readonly before?: MessageCursor | undefined;
};

/** A place in the history; messages that are appended later don't shift it. Only for the store that made it. */
export type MessageCursor = Branded<'MessageCursor'>;

export type MessagePage = {
  /** In the order they were appended. */
  readonly messages: readonly StoredMessage[];
  /** For the next page; absent when there is nothing before this one. */
  readonly older?: MessageCursor | undefined;
};

/** Inbounds between "the server gave it to us" and "it was answered". */
export interface Inbox {
  /**
   * `duplicate` when that id was ever added before: it must not be acted on again. Added as `started`, it is not acted
   * on by itself either: only when somebody says so.
   */
  add(inbound: Inbound, state?: 'waiting' | 'started'): Promise<'new' | 'duplicate'>;
  /** Its turn begins: from here on it must not be started again by itself. */
  start(ids: readonly InboundId[]): Promise<void>;
  /** It was answered. */
  finish(ids: readonly InboundId[]): Promise<void>;
  /** What the last process left: `waiting` was never started, `started` was cut off. Oldest first. */
  unfinished(): Promise<readonly { readonly inbound: Inbound; readonly state: 'waiting' | 'started' }[]>;
}

/** A question that was put to a person, and what became of it. */
export type StoredPrompt = {
  readonly id: PromptId;
  readonly chat: ChatRef;
  /** As it was shown, without its attachment. */
  readonly view: PromptView;
  /** For an approval: SHA-256 over tool, input and directory of what was shown. */
  readonly digest?: string | undefined;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly openedAt: number;
  readonly until: number;
  /** Where it stands; absent while it is on its way. */
  readonly message?: MessageRef | undefined;
  /** Absent while it is open. */
  readonly closed?: PromptClosing | undefined;
};

export type PromptClosing = {
  readonly at: number;
  /** The choice's id, or why nobody chose. */
  readonly answer: 'choice' | 'text' | 'timed-out' | 'cancelled' | 'restarted';
  readonly choice?: string | undefined;
  readonly by?: PersonId | undefined;
  /** The line that stays under the question. */
  readonly outcome: string;
  /** What a later tap is told; absent: the outcome. */
  readonly told?: string | undefined;
};

/** Questions, so that each is answered once, whoever taps when, and none outlives its process unnoticed. */
export interface PromptStore {
  open(prompt: StoredPrompt): Promise<void>;
  shown(id: PromptId, message: MessageRef): Promise<void>;
  /** Compare-and-set: true for the one call that closes it, false for every later one. */
  close(id: PromptId, closing: PromptClosing): Promise<boolean>;
  find(id: PromptId): Promise<StoredPrompt | undefined>;
  /** What the last process left open. Oldest first. */
  leftOpen(): Promise<readonly StoredPrompt[]>;
  /** Its message, where it has one, says how it was closed. */
  settled(id: PromptId): Promise<void>;
  /** Closed, with a message that may still look open: the process ended in between. Oldest first. */
  unsettled(): Promise<readonly StoredPrompt[]>;
}

export type OutgoingId = Branded<'OutgoingId'>;

/** An answer on its way to a chat. */
export type OutgoingReply = {
  readonly id: OutgoingId;
  readonly chat: ChatRef;
  /** As it is to stand there at the end. */
  readonly state: ReplyState;
  /** What of it stands there by now; absent: nothing that could be found again. */
  readonly trace?: ReplyTrace | undefined;
};

/** All that a turn leaves behind. What is absent is kept elsewhere. */
export type EndedTurn = {
  /** As it is after the turn. */
  readonly session?: Session | undefined;
  readonly answer?: StoredMessage | undefined;
  /** What it answered. */
  readonly inbounds: readonly InboundId[];
  /** What the person has not got yet, in the order in which it is to come. */
  readonly replies: readonly OutgoingReply[];
};

/** Answers between "the agent is done" and "the person has it". */
export interface Outbox {
  /**
   * Saves the session, appends the answer, finishes the inbounds and keeps the replies, in one transaction: a crash
   * leaves a turn that is cut off or one that has ended, never half of each.
   */
  endTurn(turn: EndedTurn): Promise<void>;
  /** What of it stands in the chat by now. */
  trace(id: OutgoingId, trace: ReplyTrace): Promise<void>;
  /** The person has it, or it was given up for good. */
  delivered(id: OutgoingId): Promise<void>;
  /** What the last process left. Oldest first. */
  undelivered(): Promise<readonly OutgoingReply[]>;
}
