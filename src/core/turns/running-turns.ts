import type { ChatRef } from '../ports/chat.ts';

/** The turns that run now, for whoever has to know of them or end them. */
export interface RunningTurns {
  /** The chats whose agents are at work on a turn. */
  readonly working: readonly ChatRef[];
  /** Whether the chat's agent is at work on a turn. */
  isWorking(chat: ChatRef): boolean;
  /** The running turn, of one chat or of all, gets no agent where it has none yet. */
  stop(chat?: ChatRef): void;
  /** Ends what is going on in the chat, a turn that has hardly begun included; false when there was no agent. */
  interrupt(chat: ChatRef): Promise<boolean>;
}
