import { isDeepStrictEqual } from 'node:util';
import type { ChatRef } from '../../core/ports/chat.ts';
import type { Clock, Timer } from '../../util/clock.ts';
import type { BotApi } from './bot-api.ts';
import type { Drafts } from './drafts.ts';
import type { EntityText } from './entities.ts';
import { isServerFault } from './faults.ts';

type ReplyDraftOptions = {
  readonly chat: ChatRef;
  readonly api: BotApi;
  readonly drafts: Drafts;
  readonly clock: Clock;
  /** Called when the draft went, or is about to go, and is to be shown again. */
  readonly onGone: () => void;
};

/** The server shows a draft for 30 seconds (Telegram Bot API, "sendMessageDraft"). */
const REFRESH_MS = 20_000;

/** The growing end of a reply, as a draft where the server and the chat have them. */
export class ReplyDraft {
  readonly #options: ReplyDraftOptions;
  readonly #id: number;
  #isRefused = false;
  #shown: EntityText | undefined;
  #refresh: Timer | undefined;
  #unwatch: (() => void) | undefined;

  constructor(options: ReplyDraftOptions) {
    this.#options = options;
    this.#id = options.drafts.nextId();
  }

  get isPossible(): boolean {
    return !this.#isRefused && this.#options.drafts.canShowIn(this.#options.chat);
  }

  shows(content: EntityText): boolean {
    return isDeepStrictEqual(this.#shown, content);
  }

  /** Leaves off, for good where the server has no drafts. @throws TelegramFault where it is worth another try. */
  async show(content: EntityText, signal: AbortSignal): Promise<void> {
    const { chat, api, drafts, clock } = this.#options;
    try {
      await api.sendDraft(chat, this.#id, content, signal);
    } catch (error) {
      if (!drafts.isRefused(error) && !isServerFault(error)) throw error;
      this.end();
      this.#isRefused = true;
      return;
    }
    this.#shown = content;
    this.#refresh?.cancel();
    this.#refresh = clock.after(REFRESH_MS, () => this.#gone());
    this.#unwatch ??= drafts.watch(chat, () => this.#gone());
  }

  /** Shows it no longer; the server takes it away by itself. */
  end(): void {
    this.#refresh?.cancel();
    this.#unwatch?.();
    this.#shown = undefined;
  }

  #gone(): void {
    if (this.#shown === undefined) return;
    this.#shown = undefined;
    this.#options.onGone();
  }
}
