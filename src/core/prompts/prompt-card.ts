import { messageOf } from '../../errors.ts';
import type { Log } from '../../util/log.ts';
import type { ChatRef, MessageRef } from '../ports/chat.ts';
import type { Connector, PromptView } from '../ports/connector.ts';

export interface PromptCardOptions {
  readonly chat: ChatRef;
  readonly connector: Connector;
  readonly log: Log;
  /** Where it is closed before it was shown, its words are said all the same. */
  readonly isAnswer?: boolean | undefined;
  /** Runs what shows a message when all that were to be shown before it in the chat are. Must not reject. */
  readonly inTurn: (show: () => Promise<void>) => Promise<void>;
  /** What it is to look like, asked when its turn has come to be shown. */
  readonly viewToShow: () => PromptView;
  /** It stands in the chat now. Must not reject. */
  readonly onShown: (message: MessageRef) => Promise<void>;
  /** It could not be shown at all. */
  readonly onFailed: (fault: unknown) => void;
}

type Wanted =
  /** A higher `place` is a new message further down. */
  | { readonly kind: 'open'; readonly view: PromptView; readonly place: number }
  | { readonly kind: 'closed'; readonly view: PromptView; readonly outcome: string };

/**
 * A question's message in the chat. What it is to look like may change faster than it can be shown: one change is on
 * its way at a time, the latest one wins, and nothing comes after the last.
 */
export class PromptCard {
  readonly #options: PromptCardOptions;
  readonly #places = new Set<string>();
  #message: MessageRef | undefined;
  #place = 0;
  #wantedPlace = 1;
  #wanted: Wanted | undefined;
  #working: Promise<void> | undefined;
  #isSaid = false;

  constructor(options: PromptCardOptions) {
    this.#options = options;
  }

  /** Where it stands; absent while it is on its way. */
  get message(): MessageRef | undefined {
    return this.#message;
  }

  /** Where it stood first. */
  get firstMessage(): string | undefined {
    const [first] = this.#places;
    return first;
  }

  /** Whether it stands or stood there. */
  isAt(message: string): boolean {
    return this.#places.has(message);
  }

  /** Shows it, or as it is now. Resolves when it is to be seen; never rejects. */
  show(view: PromptView): Promise<void> {
    return this.#turnTo({ kind: 'open', view, place: this.#wantedPlace });
  }

  /** Shows it anew at the bottom, and takes the buttons off the one above. */
  moveDown(view: PromptView): Promise<void> {
    this.#wantedPlace += 1;
    return this.show(view);
  }

  close(view: PromptView, outcome: string): Promise<void> {
    return this.#turnTo({ kind: 'closed', view, outcome });
  }

  #turnTo(wanted: Wanted): Promise<void> {
    if (this.#wanted?.kind === 'closed') return Promise.resolve();
    this.#wanted = wanted;
    this.#working ??= this.#work();
    return this.#working;
  }

  async #work(): Promise<void> {
    let done: Wanted | undefined;
    while (this.#wanted !== done) {
      const wanted = this.#wanted;
      if (wanted) await this.#apply(wanted);
      done = wanted;
    }
    this.#working = undefined;
  }

  async #apply(wanted: Wanted): Promise<void> {
    const { connector, inTurn } = this.#options;
    const message = this.#message;
    if (wanted.kind === 'closed') {
      if (message) await connector.closePrompt(message, wanted.view, wanted.outcome);
      else if (!this.#isSaid) await inTurn(() => this.#sayUnshown(wanted.view));
    } else if (message && wanted.place === this.#place) await connector.updatePrompt(message, wanted.view);
    else await inTurn(() => this.#showAnew());
  }

  async #showAnew(): Promise<void> {
    const { connector, chat, log, viewToShow, onShown, onFailed } = this.#options;
    const wanted = this.#wanted;
    // It was answered or dropped while it waited for its turn.
    if (wanted?.kind === 'closed') await this.#sayUnshown(wanted.view);
    if (wanted?.kind !== 'open') return;
    const above = this.#message;
    this.#place = wanted.place;
    try {
      const message = await connector.showPrompt(chat, viewToShow());
      this.#message = message;
      this.#places.add(message.message);
      await onShown(message);
      if (above) await connector.closePrompt(above, wanted.view, '⬇️ Moved below');
    } catch (fault) {
      log.warn('prompt_not_shown', { prompt: wanted.view.id, reason: messageOf(fault) });
      if (!above) onFailed(fault);
    }
  }

  async #sayUnshown({ body, attachment }: PromptView): Promise<void> {
    const { connector, chat, log, isAnswer } = this.#options;
    if (isAnswer !== true || this.#message || this.#isSaid) return;
    this.#isSaid = true;
    try {
      await connector.send(chat, { content: body, attachment });
    } catch (fault) {
      log.warn('answer_not_shown', { reason: messageOf(fault) });
    }
  }
}
