import { messageOf } from '../errors.ts';
import { newId } from '../util/ids.ts';
import type { RichText } from '../util/rich-text.ts';
import type { CoreContext } from './context.ts';
import { OwnedWork } from './owned-work.ts';
import {
  chatKey,
  type ChatRef,
  type Inbound,
  type MessageRef,
  type Person,
  type PromptId,
} from './ports/chat.ts';
import type { Attachment, Connector, PromptChoice, PromptView, Receipt } from './ports/connector.ts';

export type PromptRequest = {
  readonly chat: ChatRef;
  readonly body: RichText;
  readonly attachment?: Attachment | undefined;
  readonly choices: readonly PromptChoice[];
  readonly textHint?: string | undefined;
  readonly timeoutMs: number;
  /** The line that stays under the question once it is closed. */
  readonly outcome: (answer: PromptAnswer) => string;
};

export type PromptAnswer =
  | { readonly kind: 'choice'; readonly choice: string; readonly by: Person }
  | { readonly kind: 'text'; readonly text: string; readonly by: Person }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'cancelled'; readonly reason: string };

type OpenPrompt = {
  readonly view: PromptView;
  readonly request: PromptRequest;
  readonly close: (answer: PromptAnswer) => void;
  message: MessageRef | undefined;
  answer: PromptAnswer | undefined;
};

/**
 * Questions put to a person, with buttons. One mechanism for approvals, directory choices and whatever comes.
 * A prompt is answered once: by a tap, a reply, its time-out, or because nobody wants the answer any more.
 */
export class Prompts {
  readonly #context: CoreContext;
  readonly #open = new Map<PromptId, OpenPrompt>();
  readonly #work: OwnedWork;
  readonly #watchers = new Set<(chat: ChatRef, isWaiting: boolean) => void>();

  constructor(context: CoreContext) {
    this.#context = context;
    this.#work = new OwnedWork({ log: context.log });
  }

  /** Resolves with the answer; never rejects. */
  async ask(request: PromptRequest, signal: AbortSignal): Promise<PromptAnswer> {
    const connector = this.#context.connectorOf(request.chat);
    if (!connector.canPrompt)
      return { kind: 'cancelled', reason: 'nobody can be asked here: there is no terminal to answer in' };
    if (signal.aborted) return { kind: 'cancelled', reason: 'it is no longer wanted' };

    const { body, attachment, choices, textHint } = request;
    const view: PromptView = { id: newId<'PromptId'>(), body, attachment, choices, textHint };
    const answer = await this.#untilAnswered(connector, view, request, signal);
    this.#context.events.emit('prompt.resolved', {
      prompt: view.id,
      chat: request.chat,
      answer: answer.kind,
    });
    return answer;
  }

  /** A button was tapped. */
  tap(inbound: Inbound & { kind: 'tap' }): Receipt {
    const prompt = this.#open.get(inbound.prompt);
    if (!prompt) return { notice: 'This question is closed; nothing was changed.' };
    if (chatKey(prompt.request.chat) !== chatKey(inbound.chat)) {
      return { notice: 'This question belongs to another chat; nothing was changed.' };
    }
    const choice = prompt.view.choices.find(({ id }) => id === inbound.choice);
    if (!choice) return { notice: 'This button is not one of the question’s; nothing was changed.' };
    prompt.close({ kind: 'choice', choice: choice.id, by: inbound.person });
    return { notice: choice.label };
  }

  /** A text that replies to an open prompt is its answer. False: it is no answer, treat it as a message. */
  takeReply(inbound: Inbound & { kind: 'text' }): boolean {
    if (inbound.replyTo === undefined) return false;
    for (const prompt of this.#open.values()) {
      const isItsChat = chatKey(prompt.request.chat) === chatKey(inbound.chat);
      if (!isItsChat || prompt.message?.message !== inbound.replyTo || prompt.view.textHint === undefined)
        continue;
      this.#context.log.debug('message_routed_to_interaction', { prompt: prompt.view.id });
      prompt.close({ kind: 'text', text: inbound.text, by: inbound.person });
      this.#context.log.debug('resolve_text_answer', { prompt: prompt.view.id });
      return true;
    }
    return false;
  }

  openIn(chat: ChatRef): number {
    const key = chatKey(chat);
    return [...this.#open.values()].filter(({ request }) => chatKey(request.chat) === key).length;
  }

  /** Closes what is open, in one chat or everywhere. */
  cancel(reason: string, chat?: ChatRef): void {
    for (const prompt of this.#open.values()) {
      if (chat === undefined || chatKey(prompt.request.chat) === chatKey(chat))
        prompt.close({ kind: 'cancelled', reason });
    }
  }

  /** Calls `watcher` when a chat begins to wait for its person, and when it no longer does. */
  watch(watcher: (chat: ChatRef, isWaiting: boolean) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Resolves once the closed prompts show that they are closed. */
  async settled(): Promise<void> {
    await this.#work.settled();
  }

  #untilAnswered(
    connector: Connector,
    view: PromptView,
    request: PromptRequest,
    signal: AbortSignal,
  ): Promise<PromptAnswer> {
    return new Promise((resolve) => {
      const abort = (): void => prompt.close({ kind: 'cancelled', reason: 'it is no longer wanted' });
      const prompt: OpenPrompt = {
        view,
        request,
        message: undefined,
        answer: undefined,
        close: (answer) => {
          if (!this.#open.delete(view.id)) return;
          prompt.answer = answer;
          timer.cancel();
          signal.removeEventListener('abort', abort);
          if (prompt.message) this.#showClosed(connector, prompt.message, prompt, answer);
          this.#tellWatchers(request.chat);
          resolve(answer);
        },
      };
      this.#open.set(view.id, prompt);
      this.#tellWatchers(request.chat);
      signal.addEventListener('abort', abort, { once: true });
      const timer = this.#context.clock.after(request.timeoutMs, () => prompt.close({ kind: 'timed-out' }));
      this.#work.own('show a prompt', this.#show(connector, prompt));
    });
  }

  async #show(connector: Connector, prompt: OpenPrompt): Promise<void> {
    try {
      const message = await connector.showPrompt(prompt.request.chat, prompt.view);
      prompt.message = message;
      if (prompt.answer === undefined) {
        this.#context.events.emit('prompt.shown', { prompt: prompt.view.id, chat: prompt.request.chat });
      } else {
        // It was answered or dropped while it was on its way: leave no button that does nothing.
        await connector.closePrompt(message, prompt.view, prompt.request.outcome(prompt.answer));
      }
    } catch (fault) {
      this.#context.log.warn('prompt_not_shown', { prompt: prompt.view.id, reason: messageOf(fault) });
      prompt.close({ kind: 'cancelled', reason: `the question could not be shown (${messageOf(fault)})` });
    }
  }

  #showClosed(connector: Connector, message: MessageRef, prompt: OpenPrompt, answer: PromptAnswer): void {
    this.#work.own(
      'close a prompt',
      connector.closePrompt(message, prompt.view, prompt.request.outcome(answer)),
    );
  }

  #tellWatchers(chat: ChatRef): void {
    const isWaiting = this.openIn(chat) > 0;
    for (const watcher of this.#watchers) watcher(chat, isWaiting);
  }
}
