import { messageOf } from '../../errors.ts';
import type { Hide } from '../../util/hidden-values.ts';
import type { CoreContext } from '../context.ts';
import type { Deliveries } from '../replies/deliveries.ts';
import { OwnedWork } from '../owned-work.ts';
import type { AgentEvent, TurnFinished } from '../ports/agent.ts';
import { chatKey, type ChatKey, type ChatRef } from '../ports/chat.ts';
import type { Outbox } from '../ports/store.ts';
import type { Sessions } from '../sessions/sessions.ts';

export interface UnpromptedOptions extends CoreContext {
  readonly sessions: Sessions;
  readonly outbox: Outbox;
  readonly deliveries: Deliveries;
  /** See ReplyStreamOptions.hide. */
  readonly hide?: Hide | undefined;
}

/**
 * What the agent says between turns (a background command has ended) is collected and sent as one answer: stored, paid
 * for and delivered as those of turns are.
 */
export class Unprompted {
  readonly #options: UnpromptedOptions;
  readonly #work: OwnedWork;
  readonly #collected = new Map<ChatKey, string>();

  constructor(options: UnpromptedOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
  }

  take(chat: ChatRef, event: AgentEvent): void {
    const key = chatKey(chat);
    const said = this.#collected.get(key) ?? '';
    if (event.kind === 'text') this.#collected.set(key, said + event.delta);
    if (event.kind === 'text-end') this.#collected.set(key, `${said}\n\n`);
    if (event.kind !== 'finished') return;
    this.#collected.delete(key);
    const text = this.#options.hide?.(said.trim()) ?? said.trim();
    if (text !== '' || event.costUsd > 0)
      this.#work.own('say what was not asked for', this.#say(chat, text, event));
  }

  async #say(chat: ChatRef, text: string, finished: TurnFinished): Promise<void> {
    const { deliveries } = this.#options;
    const replies = deliveries.forTurn(chat);
    const state = { markdown: text };
    const reply = text === '' ? undefined : replies.open();
    try {
      await this.#store(chat, text, finished, reply ? replies.toKeep(state) : []);
    } catch (fault) {
      this.#options.log.error('unprompted_not_stored', { chat: chatKey(chat), reason: messageOf(fault) });
    }
    // A part of it may be there all the same, and is not to be sent again.
    await replies.kept();
    await reply?.finish(state);
  }

  async #store(
    chat: ChatRef,
    text: string,
    { costUsd, durationMs }: TurnFinished,
    replies: ReturnType<ReturnType<Deliveries['forTurn']>['toKeep']>,
  ): Promise<void> {
    const { sessions, outbox, clock } = this.#options;
    const session = await sessions.open(chat);
    const answer = {
      session: session.id,
      chat,
      role: 'agent',
      text,
      costUsd,
      durationMs,
      at: clock.now(),
    } as const;
    await sessions.update(
      session,
      (now) => ({ costUsd: now.costUsd + costUsd }),
      (updated) => outbox.endTurn({ session: updated, answer, inbounds: [], replies }),
    );
  }
}
