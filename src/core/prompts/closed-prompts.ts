import { chatKey, type Inbound, type MessageRef } from '../ports/chat.ts';
import type { PromptClosing, PromptStore, StoredPrompt } from '../ports/store.ts';
import type { CoreContext } from '../context.ts';
import type { OwnedWork } from '../owned-work.ts';

export interface ClosedPromptsOptions extends CoreContext {
  readonly store: PromptStore;
  readonly work: OwnedWork;
}

/** Why a tap changed nothing: a stable word for the record, and a sentence for the person. */
export type Refusal = { readonly reason: string; readonly notice: string };

const RESTARTED = '⏹ Closed: leashd was restarted; nothing was run';
const NOT_WANTED = '⏹ Closed: nobody waits for the answer any more; nothing was run';

/** Questions that nobody waits for any more: of an earlier process, or answered already. */
export class ClosedPrompts {
  readonly #options: ClosedPromptsOptions;
  readonly #startedAt: number;

  constructor(options: ClosedPromptsOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** Closes what the last process left open, in the store alone. Returns for `repair` what may still look open. */
  async closeLeftOpen(): Promise<readonly StoredPrompt[]> {
    const { store } = this.#options;
    const closed: StoredPrompt[] = [...(await store.unsettled())];
    for (const prompt of await store.leftOpen()) {
      const closing = this.#unasked(prompt);
      if (await store.close(prompt.id, closing)) closed.push({ ...prompt, closed: closing });
    }
    return closed;
  }

  /** Takes the buttons off the message, and says there what became of the question. Nobody waits for it. */
  repair({ id, chat, view, closed, message }: StoredPrompt): void {
    const { connectorOf, store, work, log } = this.#options;
    if (!message || !closed) return;
    log.info('prompt_repaired', { prompt: id, chat: chatKey(chat), answer: closed.answer });
    // Later: the connector may have gone with the last process.
    const repairing = async (): Promise<void> => {
      await connectorOf(chat).closePrompt(message, { ...view, id }, closed.outcome);
      await store.settled(id);
    };
    work.own('repair a card', repairing());
  }

  /** A tap on a question that is not open here: what became of it. Puts the card right that the tap came from. */
  async explain(tap: Inbound & { readonly kind: 'tap' }): Promise<Refusal> {
    const { store } = this.#options;
    const stored = await store.find(tap.prompt);
    if (!stored) {
      return {
        reason: 'unknown-prompt',
        notice: 'leashd knows no such question: it is long closed, and nothing was changed.',
      };
    }
    if (chatKey(stored.chat) !== chatKey(tap.chat)) return OTHER_CHAT;
    const closed = stored.closed ?? (await this.#closeNow(stored));
    const tapped = messageOf(tap);
    this.repair({ ...stored, message: stored.message ?? tapped, closed });
    // Its first card, when the connection broke over it and it was sent a second time: nobody knows of that one.
    if (tap.isItsCard === true && stored.message && stored.message.message !== tapped?.message)
      this.repair({ ...stored, message: tapped, closed });
    return alreadyClosed(closed);
  }

  /** Open in the store and unknown here: whoever asked is gone. */
  async #closeNow(stored: StoredPrompt): Promise<PromptClosing> {
    const { store } = this.#options;
    const closing = this.#unasked(stored);
    if (await store.close(stored.id, closing)) return closing;
    return (await store.find(stored.id))?.closed ?? closing;
  }

  #unasked({ openedAt }: StoredPrompt): PromptClosing {
    const at = this.#options.clock.now();
    // One of our own is still open in the store only where the store could not be written.
    return openedAt > this.#startedAt
      ? { at, answer: 'cancelled', outcome: NOT_WANTED }
      : { at, answer: 'restarted', outcome: RESTARTED };
  }
}

/**
 * Believed only where the store does not know better (a crash between showing and storing): a doctored client can name
 * any message, and would have the card of another question overwritten with this one.
 */
function messageOf({ chat, message }: Inbound & { readonly kind: 'tap' }): MessageRef | undefined {
  return message === undefined ? undefined : { chat, message };
}

export const OTHER_CHAT: Refusal = {
  reason: 'other-chat',
  notice: 'This question belongs to another chat; nothing was changed.',
};

export function alreadyClosed(closed: PromptClosing | undefined): Refusal {
  const notice = closed?.told ?? closed?.outcome ?? 'This question is closed; nothing was changed.';
  return { reason: 'closed', notice };
}
