import type { RichText } from '../../util/rich-text.ts';
import type { ChatRef, Inbound, InboundFile, MessageRef, PromptId } from './chat.ts';

/**
 * A chat transport. It translates and delivers; it decides nothing, and knows neither people's rights nor turns.
 */
export interface Connector {
  /** The first part of its chats' keys: `telegram`, `terminal`. */
  readonly name: string;
  /** Whether a person can be asked here; false for a terminal without a TTY. */
  readonly canPrompt: boolean;
  /** True where open questions are shown one after the other, so that those that wait were seen by nobody yet. */
  readonly asksOneByOne?: boolean | undefined;

  /**
   * Begins to receive, and resolves once it does. Hands every inbound to `receive`, one after the other in the
   * order they came, and confirms it to the server only after `receive` has resolved. While its server can't be
   * reached, it goes on trying, until `stop`.
   * @throws MachineError when it can't begin (a refused token), or was stopped before it had.
   */
  start(receive: Receive): Promise<void>;

  /** Stops receiving, finishes what is being sent, and resolves within five seconds. Harmless when repeated. */
  stop(): Promise<void>;

  /**
   * Resolves once a look at the server that began after this call has found nothing more: then an album is complete.
   * May never resolve, while the network fails. Absent: nobody can know.
   */
  caughtUp?(): Promise<void>;

  /** Delivers a notice. Rejects only when it was given up for good; retries under flood limits by itself. */
  send(chat: ChatRef, message: OutboundMessage): Promise<void>;

  /**
   * A reply that grows in place. Nothing is shown before the first `show` or `finish`. Where what was shown can be found
   * again, `tracing` says what stood there before, and hears of every change.
   */
  openReply(chat: ChatRef, tracing?: Tracing): Reply;

  /** Shows a question with buttons. Rejects when it could not be shown: nobody may wait for an unseen prompt. */
  showPrompt(chat: ChatRef, prompt: PromptView): Promise<MessageRef>;

  /** Puts the question as it is now in the place of what was shown: other buttons, another line. Best effort: must not reject. */
  updatePrompt(message: MessageRef, prompt: PromptView): Promise<void>;

  /**
   * A file that a person sent here. Absent: no files can be sent through this connector. Never more than
   * `limitBytes` are held. Tries again while the network fails, until `signal` aborts.
   * @throws LeashdError whose message says, as a clause, why it can't be had ("Telegram does not have it any more")
   */
  fetchFile?(chat: ChatRef, file: InboundFile, limitBytes: number, signal: AbortSignal): Promise<Uint8Array>;

  /** Takes the buttons off and puts `outcome` under the question. Best effort: must not reject. */
  closePrompt(message: MessageRef, prompt: PromptView, outcome: string): Promise<void>;
}

/**
 * The engine's ear. Resolves as soon as the inbound is safe in the store or answered, never after a turn.
 * Must not reject.
 */
export type Receive = (inbound: Inbound) => Promise<Receipt>;

/** `notice` is for the person alone, in passing (Telegram shows it over the tapped button). */
export type Receipt = { readonly notice?: string | undefined };

export type OutboundMessage = {
  readonly content: Content;
  readonly attachment?: Attachment | undefined;
  /** Of interest only now ("queued"): taken away again by itself, where the connector can. */
  readonly isPassing?: boolean | undefined;
  /** The id of a message it refers to; left out where the connector has no replies, or that message is gone. */
  readonly replyTo?: string | undefined;
};

/** Markdown is what agents write; rich text is what leashd writes. */
export type Content = RichText | { readonly markdown: string };

export type Attachment = {
  readonly fileName: string;
  /** A text, or a file's bytes as they are. */
  readonly content: string | Uint8Array;
  /** Where it lies on leashd's own machine: what a connector shows that is on that machine, too. */
  readonly path?: string | undefined;
};

/** One answer as it grows. Calls may come faster than they can be shown: the latest wins. */
export interface Reply {
  /** Returns at once; must not throw. What it is given replaces what was given before. */
  show(state: ReplyState): void;
  /**
   * The last state. Resolves once it is delivered; rejects only when it was given up for good.
   * An empty state removes what was shown, or shows nothing.
   */
  finish(state: ReplyState): Promise<void>;
}

/** What of a reply stands in the chat, so that another process can go on with it. */
export type ReplyTrace = {
  /** The ids of its messages, in order. */
  readonly messages: readonly string[];
  /** Its text was sent as a file too. */
  readonly isFileSent?: boolean | undefined;
  /** Something more was being sent, and nobody knows whether it came through. */
  readonly isSending?: boolean | undefined;
};

export type Tracing = {
  readonly from?: ReplyTrace | undefined;
  /** Awaited before something new is sent and after it was. Never rejects. */
  readonly keep: (trace: ReplyTrace) => Promise<void>;
};

export type ReplyState = {
  /** All of the answer so far. */
  readonly markdown: string;
  /** One live line under it: what is going on now (`🔧 Bash: pytest tests/`), or the summary at the end. */
  readonly status?: string | undefined;
};

export type PromptView = {
  readonly id: PromptId;
  readonly body: RichText;
  /** Sent ahead of the question when the body could not hold all there is to see. */
  readonly attachment?: Attachment | undefined;
  readonly choices: readonly PromptChoice[];
  /** How free text answers it ("reply with a reason to reject"); absent when only buttons do. */
  readonly textHint?: string | undefined;
};

export type PromptChoice = {
  /** At most 16 characters of [a-z0-9-], so that it fits behind a prompt's id on a Telegram button. */
  readonly id: string;
  readonly label: string;
  /** What is typed for it on a keyboard: one key (`y`), or a word where one key would be too little (`yes`). */
  readonly key: string;
};
