import { newId } from '../../util/ids.ts';
import { KeptReply, type KeptReplyOptions } from './kept-reply.ts';
import type { Reply, ReplyState } from '../ports/connector.ts';
import type { OutgoingReply } from '../ports/store.ts';

/** The replies of one turn: a new one after each question to the person. Once kept, they outlive the process. */
export class TurnReplies {
  readonly #options: KeptReplyOptions;
  readonly #replies: KeptReply[] = [];

  constructor(options: KeptReplyOptions) {
    this.#options = options;
  }

  open(): Reply {
    const reply = new KeptReply(this.#options);
    this.#replies.push(reply);
    return reply;
  }

  /** For the outbox: what the person has not got yet. `last`: how the newest reply is to stand there at the end. */
  toKeep(last: ReplyState): readonly OutgoingReply[] {
    return this.#replies.flatMap((reply, index) => {
      const state = index === this.#replies.length - 1 ? last : reply.final;
      if (state === undefined || reply.isOver || (state.markdown === '' && !state.status)) return [];
      return [reply.toKeep(newId<'OutgoingId'>(), state)];
    });
  }

  /** The outbox has them. */
  async kept(): Promise<void> {
    await Promise.all(this.#replies.map((reply) => reply.kept()));
  }
}
