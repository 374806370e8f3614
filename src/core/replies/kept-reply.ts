import { messageOf } from '../../errors.ts';
import type { CoreContext } from '../context.ts';
import type { ChatRef } from '../ports/chat.ts';
import type { Reply, ReplyState, ReplyTrace } from '../ports/connector.ts';
import type { Outbox, OutgoingId, OutgoingReply } from '../ports/store.ts';

export interface KeptReplyOptions extends CoreContext {
  readonly outbox: Outbox;
  readonly chat: ChatRef;
  /** What fails from then on is for the next process. */
  readonly isStopping: () => boolean;
}

/** A reply that can be put into the outbox, which then knows how far it has got. */
export class KeptReply implements Reply {
  readonly #options: KeptReplyOptions;
  readonly #reply: Reply;
  #id: OutgoingId | undefined;
  #isKept = false;
  #trace: ReplyTrace | undefined;
  #final: ReplyState | undefined;
  #isOver = false;

  /** `earlier`: the last process began it. */
  constructor(options: KeptReplyOptions, earlier?: OutgoingReply) {
    this.#options = options;
    this.#id = earlier?.id;
    this.#isKept = earlier !== undefined;
    const tracing = { from: earlier?.trace, keep: (trace: ReplyTrace) => this.#keep(trace) };
    this.#reply = options.connectorOf(options.chat).openReply(options.chat, tracing);
  }

  /** Delivered, or given up. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What it ends with, once that is known. */
  get final(): ReplyState | undefined {
    return this.#final;
  }

  show(state: ReplyState): void {
    this.#reply.show(state);
  }

  async finish(state: ReplyState): Promise<void> {
    this.#final = state;
    try {
      await this.#reply.finish(state);
    } catch (fault) {
      if (!this.#options.isStopping()) await this.#end();
      throw fault;
    }
    await this.#end();
  }

  toKeep(id: OutgoingId, state: ReplyState): OutgoingReply {
    this.#id = id;
    return { id, chat: this.#options.chat, state, trace: this.#trace };
  }

  /** The outbox has it; what has changed meanwhile follows. */
  async kept(): Promise<void> {
    if (this.#id === undefined) return;
    this.#isKept = true;
    if (this.#isOver) await this.#end();
    else if (this.#trace) await this.#keep(this.#trace);
  }

  async #keep(trace: ReplyTrace): Promise<void> {
    this.#trace = trace;
    await this.#write((outbox, id) => outbox.trace(id, trace));
  }

  async #end(): Promise<void> {
    this.#isOver = true;
    await this.#write((outbox, id) => outbox.delivered(id));
  }

  /** What can't be written down is delivered all the same; after a crash it may come a second time. */
  async #write(write: (outbox: Outbox, id: OutgoingId) => Promise<void>): Promise<void> {
    if (!this.#isKept || this.#id === undefined) return;
    try {
      await write(this.#options.outbox, this.#id);
    } catch (fault) {
      this.#options.log.warn('outbox_not_written', { reply: this.#id, reason: messageOf(fault) });
    }
  }
}
