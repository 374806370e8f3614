import { messageOf } from '../../errors.ts';
import type { CoreContext } from '../context.ts';
import { KeptReply } from './kept-reply.ts';
import { OwnedWork } from '../owned-work.ts';
import { chatKey, type ChatKey, type ChatRef } from '../ports/chat.ts';
import type { ReplyState } from '../ports/connector.ts';
import type { Outbox, OutgoingReply } from '../ports/store.ts';
import { TurnReplies } from './turn-replies.ts';

export interface DeliveriesOptions extends CoreContext {
  readonly outbox: Outbox;
}

/** Answers on their way to people: kept until they are there, by the next process where this one ends before. */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #work: OwnedWork;
  #isStopping = false;
  #isLeaving = false;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
  }

  /** leashd is being stopped: what is interrupted from here on is so by nobody's wish. Answers are still delivered. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  leave(): void {
    this.#isLeaving = true;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** The replies of a turn that begins. */
  forTurn(chat: ChatRef): TurnReplies {
    return new TurnReplies(this.#kept(chat));
  }

  /**
   * Goes on with what the last process left, in the order of each chat; nobody waits for it. Chats of connectors that
   * are not here keep theirs.
   */
  async takeUp(isHere: (chat: ChatRef) => boolean): Promise<void> {
    const chats = new Map<ChatKey, OutgoingReply[]>();
    for (const reply of await this.#options.outbox.undelivered()) {
      const key = chatKey(reply.chat);
      if (isHere(reply.chat)) chats.set(key, [...(chats.get(key) ?? []), reply]);
    }
    for (const replies of chats.values()) this.#work.own('deliver earlier answers', this.#deliver(replies));
  }

  /** What is not delivered from here on is left to the next process. */
  stop(): void {
    this.#isLeaving = true;
    this.#isStopping = true;
  }

  async #deliver(replies: readonly OutgoingReply[]): Promise<void> {
    for (const reply of replies) {
      const { id, chat, state, trace } = reply;
      this.#options.log.info('answer_taken_up', { reply: id, chat: chatKey(chat) });
      try {
        await new KeptReply(this.#kept(chat), reply).finish(
          trace?.isSending === true ? repeated(state) : state,
        );
      } catch (fault) {
        this.#options.log.error('answer_not_delivered', { reply: id, reason: messageOf(fault) });
      }
    }
  }

  #kept(chat: ChatRef): ConstructorParameters<typeof KeptReply>[0] {
    return { ...this.#options, chat, isStopping: () => this.#isStopping };
  }
}

/** Whoever reads it twice is to know why. */
function repeated(state: ReplyState): ReplyState {
  const mark = '↻ perhaps sent twice: leashd was restarted';
  return { ...state, status: [mark, ...(state.status === undefined ? [] : [state.status])].join(' · ') };
}
