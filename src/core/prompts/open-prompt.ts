import { messageOf } from '../../errors.ts';
import type { Timer } from '../../util/clock.ts';
import type { RichText } from '../../util/rich-text.ts';
import type { CoreContext } from '../context.ts';
import type { OwnedWork } from '../owned-work.ts';
import type { MessageRef, PromptId } from '../ports/chat.ts';
import type { Connector, PromptView } from '../ports/connector.ts';
import type { PromptClosing, PromptStore } from '../ports/store.ts';
import { PromptCard } from './prompt-card.ts';
import { bodyNow, choicesNow, type PromptFace } from './prompt-face.ts';
import type { PromptAnswer, PromptRequest } from './prompt-request.ts';

export interface OpenPromptOptions extends CoreContext {
  readonly id: PromptId;
  readonly request: PromptRequest;
  readonly connector: Connector;
  readonly store: PromptStore;
  readonly work: OwnedWork;
  readonly inTurn: (show: () => Promise<void>) => Promise<void>;
  /** Just before its card is sent. */
  readonly onShowing: (prompt: OpenPrompt) => void;
  readonly onHalfway: (prompt: OpenPrompt) => void;
  /** Just before the answer is handed out. */
  readonly onClosed: (prompt: OpenPrompt) => void;
}

/** What became of somebody's answer: it counted, or how the question had been closed before. */
export type Taken =
  { readonly kind: 'won' } | { readonly kind: 'lost'; readonly closed: PromptClosing | undefined };

/** Shorter questions need no reminder. */
const LEAST_REMINDED_MS = 60_000;

/**
 * One question that waits. It is in the store before anybody sees it, and whoever closes it there first, closes it:
 * what a person answers counts only once the store has it; that nobody answered counts in any case.
 */
export class OpenPrompt {
  readonly id: PromptId;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly openedAt: number;
  readonly until: number;
  readonly answered: Promise<PromptAnswer>;
  readonly #options: OpenPromptOptions;
  readonly #card: PromptCard;
  readonly #resolve: (answer: PromptAnswer) => void;
  readonly #timers: Timer[] = [];
  #request: PromptRequest;
  #opened: Promise<void> = Promise.resolve();
  #isStored = false;
  #face: PromptFace = {};
  #ending: Promise<void> | undefined;
  #taking = 0;
  #closed: PromptClosing | undefined;

  constructor(options: OpenPromptOptions) {
    const { id, request, clock, connector, log, inTurn } = options;
    this.#options = options;
    this.id = id;
    this.#request = request;
    this.openedAt = clock.now();
    this.until = this.openedAt + request.timeoutMs;
    const { promise, resolve } = Promise.withResolvers<PromptAnswer>();
    this.answered = promise;
    this.#resolve = resolve;
    this.#card = new PromptCard({
      chat: request.chat,
      connector,
      log,
      isAnswer: request.isAnswer,
      inTurn,
      viewToShow: () => {
        options.onShowing(this);
        return this.view;
      },
      onShown: (message) => this.#noteShown(message),
      onFailed: (fault) => this.end(cancelled(`the question could not be shown (${messageOf(fault)})`)),
    });
  }

  get request(): PromptRequest {
    return this.#request;
  }

  get face(): PromptFace {
    return this.#face;
  }

  get view(): PromptView {
    const { attachment, textHint } = this.request;
    const choices = choicesNow(this.request, this.#face);
    const body = bodyNow(this.request, this.#face);
    // A menu is left by its buttons: half an answer typed there is no reason to reject.
    return { id: this.id, body, attachment, choices, textHint: this.#face.menu ? undefined : textHint };
  }

  get message(): MessageRef | undefined {
    return this.#card.message;
  }

  /** Whether it can still be answered. */
  get isOpen(): boolean {
    return this.#closed === undefined && this.#ending === undefined;
  }

  get isShown(): boolean {
    return this.#card.message !== undefined;
  }

  /** Whether that message of the chat was written before it could be seen. False where nobody can tell. */
  isYoungerThan(message: string | undefined): boolean {
    const first = this.#card.firstMessage;
    if (message === undefined || first === undefined) return false;
    return [message, first].every((id) => /^\d+$/.test(id)) && Number(message) < Number(first);
  }

  isAt(message: string): boolean {
    return this.#card.isAt(message);
  }

  /** Stores it, then shows it; whatever goes wrong ends it. */
  async begin(signal: AbortSignal): Promise<void> {
    const { store, clock, log, onHalfway } = this.#options;
    const { chat, digest, timeoutMs } = this.request;
    const abort = (): void => this.end(cancelled('it is no longer wanted'));
    signal.addEventListener('abort', abort, { once: true });
    this.#timers.push(
      { cancel: () => signal.removeEventListener('abort', abort) },
      clock.after(timeoutMs, () => this.end({ kind: 'timed-out' })),
    );
    if (timeoutMs >= LEAST_REMINDED_MS) this.#timers.push(clock.after(timeoutMs / 2, () => onHalfway(this)));
    const { id, view, openedAt, until } = this;
    try {
      this.#opened = store.open({ id, chat, view, digest, openedAt, until });
      await this.#opened;
      this.#isStored = true;
    } catch (fault) {
      log.error('prompt_not_stored', { prompt: id, reason: messageOf(fault) });
      this.end(cancelled(`the question could not be written down (${messageOf(fault)})`));
      return;
    }
    if (this.isOpen) await this.#card.show(this.view);
  }

  /** A person's answer. @throws what the store throws; then nothing has changed. */
  async take(answer: PromptAnswer & { kind: 'choice' | 'text' }): Promise<Taken> {
    await this.#ending;
    if (this.#closed) return { kind: 'lost', closed: this.#closed };
    const closing = this.#closingOf(answer);
    this.#taking += 1;
    let hasWon: boolean;
    try {
      hasWon = await this.#options.store.close(this.id, closing);
    } finally {
      this.#taking -= 1;
    }
    // Time may have run out while the store was at it; then that was handed out already, and a denial stays one.
    if (hasWon && this.#closed === undefined) {
      this.#finish(answer, closing);
      return { kind: 'won' };
    }
    return { kind: 'lost', closed: await this.#whoWon() };
  }

  /** Nobody answers any more. Harmless when it is closed. */
  end(answer: PromptAnswer & { kind: 'timed-out' | 'cancelled' }): void {
    if (!this.isOpen) return;
    this.#ending = this.#endWith(answer);
    this.#options.work.own('close a prompt', this.#ending);
  }

  /** Other buttons; shown as soon as can be. */
  turn(face: PromptFace): void {
    this.#face = face;
    // What is on its way there is shown as it is by then.
    if (this.isOpen) this.#options.work.own('update a prompt', this.#card.show(this.view));
  }

  /** Other words; shown as soon as can be. What is stored stays as it was asked. */
  reword(body: RichText): void {
    this.#request = { ...this.#request, body };
    // Nothing is shown before it is stored; then it has these words anyway.
    if (this.#isStored && this.isOpen) this.#options.work.own('update a prompt', this.#card.show(this.view));
  }

  /** Other buttons from the moment it is shown. */
  prepare(face: PromptFace): void {
    this.#face = face;
  }

  /** Shows it anew at the bottom of the chat. */
  async moveDown(): Promise<void> {
    if (!this.isOpen || !this.isShown) return;
    const { together, picked } = this.#face;
    this.#face = { together, picked };
    await this.#card.moveDown(this.view);
  }

  async #noteShown(message: MessageRef): Promise<void> {
    const { store, log, events } = this.#options;
    try {
      await store.shown(this.id, message);
    } catch (fault) {
      // It can be answered all the same; only after a crash would nobody know where it stands.
      log.warn('prompt_place_not_stored', { prompt: this.id, reason: messageOf(fault) });
    }
    if (this.isOpen) events.emit('prompt.shown', { prompt: this.id, chat: this.request.chat });
  }

  async #endWith(answer: PromptAnswer & { kind: 'timed-out' | 'cancelled' }): Promise<void> {
    const { store, log } = this.#options;
    const closing = this.#closingOf(answer);
    let hasWon = true;
    try {
      await this.#opened;
      hasWon = await store.close(this.id, closing);
    } catch (fault) {
      log.error('prompt_not_closed', { prompt: this.id, reason: messageOf(fault) });
    }
    if (hasWon && this.#closed === undefined) this.#finish(answer, closing);
    else await this.#whoWon();
  }

  /** How it was closed; ends it here as well where that was none of ours: another process on the same store. */
  async #whoWon(): Promise<PromptClosing | undefined> {
    if (this.#closed === undefined && this.#taking === 0) {
      const elsewhere = cancelled('it was closed elsewhere');
      this.#finish(elsewhere, this.#closingOf(elsewhere));
    }
    return this.#closed ?? (await this.#options.store.find(this.id))?.closed;
  }

  #finish(answer: PromptAnswer, closing: PromptClosing): void {
    this.#closed = closing;
    for (const timer of this.#timers.splice(0)) timer.cancel();
    this.#options.work.own('close a card', this.#closeCard(closing.outcome));
    this.#options.onClosed(this);
    this.#resolve(answer);
  }

  async #closeCard(outcome: string): Promise<void> {
    // What could be chosen in a menu is of no interest any more; the outcome names what was.
    const { together, picked } = this.#face;
    this.#face = { together, picked };
    await this.#card.close(this.view, outcome);
    await this.#options.store.settled(this.id);
  }

  #closingOf(answer: PromptAnswer): PromptClosing {
    const at = this.#options.clock.now();
    const { outcome, told } = this.request;
    return {
      at,
      answer: answer.kind,
      ...(answer.kind === 'choice' ? { choice: answer.choice } : {}),
      ...('by' in answer ? { by: answer.by.id } : {}),
      outcome: outcome(answer, at),
      ...(told === undefined ? {} : { told: told(answer, at) }),
    };
  }
}

function cancelled(reason: string): PromptAnswer & { kind: 'cancelled' } {
  return { kind: 'cancelled', reason };
}
