import type { TurnOutcome } from '../ports/agent.ts';
import type { ChatRef, Inbound, PersonId, PromptId, SessionId, TurnId } from '../ports/chat.ts';

/** What happened, for logs and plugins. Names are in the past or the field's own words; payloads are plain data. */
export type Events = {
  /** People are served from here on. */
  'engine.started': { readonly connectors: readonly string[] };
  /** Nobody is served any more. */
  'engine.stopped': { readonly reason: string };
  /** Somebody who was let in wrote, or sent a command; before anything is done about it. Taps are not among them. */
  'message.in': { readonly inbound: Inbound };
  /** An answer of the agent was delivered; `text` is all of it, as Markdown. */
  'message.out': { readonly chat: ChatRef; readonly session: SessionId; readonly text: string };
  /** Somebody was turned away; `reason` is for the log, they heard nothing. */
  'message.refused': { readonly chat: ChatRef; readonly person: PersonId; readonly reason: string };
  /** A conversation began. */
  'session.created': { readonly session: SessionId; readonly chat: ChatRef; readonly directory: string };
  /** A conversation was cleared. */
  'session.ended': { readonly session: SessionId; readonly chat: ChatRef };
  /** The agent is about to answer. */
  'turn.started': { readonly turn: TurnId; readonly session: SessionId; readonly chat: ChatRef };
  /** The agent is done; `outcome` says how. US dollars, milliseconds. */
  'turn.finished': {
    readonly turn: TurnId;
    readonly session: SessionId;
    readonly chat: ChatRef;
    readonly outcome: TurnOutcome;
    readonly costUsd: number;
    readonly durationMs: number;
  };
  /** A call came to the gate, and is not decided yet. */
  'tool.gated': ToolDecided;
  /** A call passed the gate, and runs now. */
  'tool.allowed': ToolDecided;
  /** A call was refused, by which layer and rule. */
  'tool.denied': ToolDecided & { readonly layer: string; readonly rule: string };
  /** A question with buttons stands in a chat. */
  'prompt.shown': { readonly prompt: PromptId; readonly chat: ChatRef };
  /** It was answered, or nobody wants the answer any more. */
  'prompt.resolved': {
    readonly prompt: PromptId;
    readonly chat: ChatRef;
    readonly answer: string;
    readonly by?: PersonId | undefined;
  };
  /** A tap or a reply that changed nothing; `reason` is a stable word (`closed`, `not-permitted`). */
  'tap.refused': {
    readonly prompt: PromptId;
    readonly chat: ChatRef;
    readonly person: PersonId;
    readonly reason: string;
  };
  /** A call was put before the person. */
  'approval.requested': ApprovalFacts;
  /** The person decided, or did not. */
  'approval.resolved': ApprovalFacts & {
    /** `approved`, `rejected`, `timed-out` or `not-answered`. */
    readonly answer: string;
    readonly by?: PersonId | undefined;
    /** The grant that was chosen with it. */
    readonly offer?: string | undefined;
  };
};

export type ApprovalFacts = ToolDecided & {
  readonly prompt: PromptId;
  readonly rule: string;
  readonly layer: string;
  readonly risk: string;
};

type ToolDecided = {
  readonly chat: ChatRef;
  readonly session: SessionId;
  /** The agent's id of the call. */
  readonly call: string;
  readonly tool: string;
  readonly subagent?: string | undefined;
};

export type EventName = keyof Events;
