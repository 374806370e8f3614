import type { TurnOutcome } from './ports/agent.ts';
import type { ChatRef, Inbound, PersonId, PromptId, SessionId, TurnId } from './ports/chat.ts';

/** What happened, for logs and plugins. Names are in the past or the field's own words; payloads are plain data. */
export type Events = {
  'engine.started': { readonly connectors: readonly string[] };
  'engine.stopped': { readonly reason: string };
  'message.in': { readonly inbound: Inbound };
  'message.out': { readonly chat: ChatRef; readonly session: SessionId; readonly text: string };
  'message.refused': { readonly chat: ChatRef; readonly person: PersonId; readonly reason: string };
  'session.created': { readonly session: SessionId; readonly chat: ChatRef; readonly directory: string };
  'session.ended': { readonly session: SessionId; readonly chat: ChatRef };
  'turn.started': { readonly turn: TurnId; readonly session: SessionId; readonly chat: ChatRef };
  'turn.finished': {
    readonly turn: TurnId;
    readonly session: SessionId;
    readonly chat: ChatRef;
    readonly outcome: TurnOutcome;
    readonly costUsd: number;
    readonly durationMs: number;
  };
  'tool.allowed': ToolDecided;
  'tool.denied': ToolDecided & { readonly layer: string; readonly rule: string };
  'prompt.shown': { readonly prompt: PromptId; readonly chat: ChatRef };
  'prompt.resolved': { readonly prompt: PromptId; readonly chat: ChatRef; readonly answer: string };
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
