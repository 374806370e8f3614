import { isDeepStrictEqual } from 'node:util';
import type { ChatRef } from '../../core/ports/chat.ts';
import type { Attachment, Reply, ReplyState, ReplyTrace, Tracing } from '../../core/ports/connector.ts';
import { messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import type { BotApi } from './bot-api.ts';
import type { Drafts } from './drafts.ts';
import type { EntityText } from './entities.ts';
import { isBadRequest, isRefusal, isSurelyUnsent, toGivenUp } from './faults.ts';
import { PERHAPS_TWICE, layoutReply, type ReplyLayout, type ReplyStage } from './message-parts.ts';
import type { OutgoingQueue } from './outgoing-queue.ts';
import { ReplyDraft } from './reply-draft.ts';
import { waitFor } from './wait.ts';

type TelegramReplyOptions = {
  readonly chat: ChatRef;
  readonly tracing?: Tracing | undefined;
  readonly api: BotApi;
  readonly queue: OutgoingQueue;
  readonly drafts: Drafts;
  readonly clock: Clock;
  readonly log: Log;
  /** The least time between two edits while the reply grows. */
  readonly editThrottleMs: number;
  /** Called once something of the reply can be seen, or never will. */
  readonly onSeen: () => void;
  /** Takes over the work that nobody waits for. It never rejects. */
  readonly own: (work: Promise<void>) => void;
};

/**
 * A message of the reply; what another process has shown in it is not known. A lost one can't be edited any more: the
 * person deleted it, or it is too old.
 */
type Part = { message: string; shown: EntityText | undefined; isLost: boolean };

type Step =
  | { readonly kind: 'send'; readonly index: number; readonly content: EntityText }
  | { readonly kind: 'draft'; readonly content: EntityText }
  | { readonly kind: 'edit'; readonly part: Part; readonly content: EntityText }
  | { readonly kind: 'file'; readonly file: Attachment }
  | { readonly kind: 'remove'; readonly part: Part };

/** A new text must be shown within that time, or it waits for the next state. */
const GROWTH_GIVE_UP_MS = 60_000;

/**
 * One answer over as many messages as it needs. Each step is worked out when its turn has come, from the state
 * that is the latest then; so states that come too fast are never queued, and a retry never shows an old one.
 * While it grows its end is a draft where there are drafts; the last state always stands in messages.
 */
export class TelegramReply implements Reply {
  readonly #options: TelegramReplyOptions;
  readonly #parts: Part[] = [];
  readonly #draft: ReplyDraft;
  readonly #ended = new AbortController();
  #state: ReplyState = { markdown: '' };
  #stage: ReplyStage = 'growing';
  #layout: ReplyLayout | undefined;
  #isFileSent = false;
  /** Something was sent, and its answer was lost: what follows may stand there a second time. */
  #isPerhapsTwice = false;
  #isGrowing = false;
  #isStepQueued = false;
  #nextEditAt = 0;
  #final: Promise<void> | undefined;

  constructor(options: TelegramReplyOptions) {
    this.#options = options;
    const { chat, api, drafts, clock } = options;
    this.#draft = new ReplyDraft({ chat, api, drafts, clock, onGone: () => this.#growSoon() });
    const { messages = [], isFileSent = false } = options.tracing?.from ?? {};
    for (const message of messages) this.#parts.push({ message, shown: undefined, isLost: false });
    this.#isFileSent = isFileSent;
  }

  show(state: ReplyState): void {
    if (this.#isFinal) return;
    this.#become(state, 'growing');
    this.#growSoon();
  }

  finish(state: ReplyState): Promise<void> {
    this.#final ??= this.#finish(state);
    return this.#final;
  }

  get #isFinal(): boolean {
    return this.#ended.signal.aborted;
  }

  #become(state: ReplyState, stage: ReplyStage): void {
    this.#state = state;
    this.#stage = stage;
    this.#layout = undefined;
  }

  #growSoon(): void {
    if (this.#isFinal || this.#isGrowing) return;
    this.#isGrowing = true;
    this.#options.own(this.#grow());
  }

  async #finish(state: ReplyState): Promise<void> {
    this.#become(state, 'final');
    this.#ended.abort();
    this.#draft.end();
    try {
      // A step of the growth that is under way may still change what is to be done.
      while (this.#isStepQueued || this.#nextStep() !== undefined) {
        await this.#options.queue.deliver(this.#options.chat, (signal) => this.#take(signal));
      }
    } catch (error) {
      throw toGivenUp(error);
    } finally {
      this.#options.onSeen();
    }
  }

  /** Shows states until the latest one stands there. Never rejects: what fails here, `finish` will show. */
  async #grow(): Promise<void> {
    const { clock, log, editThrottleMs } = this.#options;
    try {
      while (!this.#isFinal && this.#nextStep() !== undefined) {
        await waitFor(clock, this.#nextEditAt - clock.monotonic(), this.#ended.signal);
        const couldDraft = this.#draft.isPossible;
        if (!this.#isFinal) await this.#queueGrowth();
        // A draft that was refused showed nothing, so a message may follow at once.
        const isRefused = couldDraft && !this.#draft.isPossible;
        if (!isRefused) this.#nextEditAt = clock.monotonic() + editThrottleMs;
      }
    } catch (error) {
      log.warn('telegram_reply_not_shown', { reason: messageOf(error) });
      this.#nextEditAt = clock.monotonic() + GROWTH_GIVE_UP_MS;
    } finally {
      this.#isGrowing = false;
    }
  }

  async #queueGrowth(): Promise<void> {
    const { queue, chat } = this.#options;
    const take = (signal: AbortSignal): Promise<void> => this.#take(signal);
    this.#isStepQueued = true;
    try {
      if (this.#nextStep()?.kind === 'send') await queue.deliver(chat, take, GROWTH_GIVE_UP_MS);
      else await queue.edit(chat, take, () => !this.#isFinal);
    } finally {
      this.#isStepQueued = false;
    }
  }

  /** The first thing in which what is shown differs from what is to be shown. */
  #nextStep(): Step | undefined {
    this.#layout ??= layoutReply(this.#isPerhapsTwice ? perhapsTwice(this.#state) : this.#state, this.#stage);
    const { messages, file } = this.#layout;
    if (messages.length === 0 && !this.#isFinal) return undefined;
    for (const [index, content] of messages.entries()) {
      const part = this.#parts[index];
      if (part === undefined) return this.#nextNew(index, content, index === messages.length - 1);
      if (isDeepStrictEqual(part.shown, content)) continue;
      if (!part.isLost) return { kind: 'edit', part, content };
      if (this.#isFinal) return { kind: 'send', index, content };
    }
    // Ahead of what it replaces, so that nothing is gone before it stands there again.
    if (file !== undefined && !this.#isFileSent) return { kind: 'file', file };
    const surplus = this.#parts.at(-1);
    if (surplus === undefined || this.#parts.length <= messages.length) return undefined;
    return { kind: 'remove', part: surplus };
  }

  #nextNew(index: number, content: EntityText, isLast: boolean): Step | undefined {
    if (this.#isFinal || !isLast || !this.#draft.isPossible) return { kind: 'send', index, content };
    return this.#draft.shows(content) ? undefined : { kind: 'draft', content };
  }

  async #take(signal: AbortSignal): Promise<void> {
    const step = this.#nextStep();
    if (step === undefined) return;
    switch (step.kind) {
      case 'send':
        await this.#send(step.index, step.content, signal);
        return;
      case 'draft':
        await this.#draft.show(step.content, signal);
        // What is final by now ended the draft before it was shown.
        if (this.#isFinal) this.#draft.end();
        else if (this.#draft.shows(step.content)) this.#options.onSeen();
        return;
      case 'file':
        await this.#sendFile(step.file, signal);
        return;
      case 'edit':
        await this.#edit(step.part, step.content, signal);
        return;
      case 'remove':
        await this.#remove(step.part, signal);
        return;
      default:
        step satisfies never;
    }
  }

  async #send(index: number, content: EntityText, signal: AbortSignal): Promise<void> {
    const { api, chat, drafts, onSeen } = this.#options;
    const message = await this.#traced(() => api.sendText(chat, content, {}, signal));
    this.#parts[index] = { message, shown: content, isLost: false };
    await this.#trace();
    drafts.tellGone(chat);
    onSeen();
  }

  /** So that another process would know that it may have been sent. */
  async #traced<Sent>(send: () => Promise<Sent>): Promise<Sent> {
    await this.#trace(true);
    try {
      return await send();
    } catch (error) {
      if (isSurelyUnsent(error)) await this.#trace();
      else {
        this.#isPerhapsTwice = true;
        this.#layout = undefined;
      }
      throw error;
    }
  }

  async #trace(isSending = false): Promise<void> {
    const trace: ReplyTrace = {
      messages: this.#parts.map(({ message }) => message),
      ...(this.#isFileSent ? { isFileSent: true } : {}),
      ...(isSending ? { isSending: true } : {}),
    };
    await this.#options.tracing?.keep(trace);
  }

  async #sendFile(file: Attachment, signal: AbortSignal): Promise<void> {
    const { api, chat, log } = this.#options;
    try {
      await this.#traced(() => api.sendFile(chat, file, signal));
      this.#isFileSent = true;
      await this.#trace();
    } catch (error) {
      if (!isBadRequest(error) && !isRefusal(error, /too large/i)) throw error;
      log.warn('telegram_answer_file_refused', { reason: messageOf(error) });
      this.#become(this.#state, 'without-file');
    }
  }

  async #edit(part: Part, content: EntityText, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.api.editText(this.#options.chat, part.message, content, signal);
      part.shown = content;
    } catch (error) {
      if (!isBadRequest(error)) throw error;
      this.#options.log.debug('telegram_reply_message_lost', { reason: messageOf(error) });
      part.isLost = true;
    }
  }

  async #remove(part: Part, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.api.removeMessage(this.#options.chat, part.message, signal);
    } catch (error) {
      if (!isBadRequest(error)) throw error;
      this.#options.log.warn('telegram_message_not_removed', { reason: messageOf(error) });
    }
    this.#parts.splice(this.#parts.indexOf(part), 1);
    await this.#trace();
  }
}

function perhapsTwice(state: ReplyState): ReplyState {
  return {
    ...state,
    status: [PERHAPS_TWICE, ...(state.status === undefined ? [] : [state.status])].join(' · '),
  };
}
