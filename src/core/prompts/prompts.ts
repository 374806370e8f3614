import { messageOf } from '../../errors.ts';
import { formatDuration } from '../../util/figures.ts';
import { newId } from '../../util/ids.ts';
import { plain, type RichText } from '../../util/rich-text.ts';
import { alreadyClosed, ClosedPrompts, OTHER_CHAT, type Refusal } from './closed-prompts.ts';
import type { CoreContext } from '../context.ts';
import { OpenPrompt } from './open-prompt.ts';
import { OwnedWork } from '../owned-work.ts';
import {
  chatKey,
  type ChatKey,
  type ChatRef,
  type Inbound,
  type Person,
  type PromptId,
} from '../ports/chat.ts';
import type { Receipt } from '../ports/connector.ts';
import type { PromptStore, StoredPrompt } from '../ports/store.ts';
import { readTap, type TapReading } from './prompt-face.ts';
import { PromptGroups } from './prompt-groups.ts';
import type { PromptAnswer, PromptRequest } from './prompt-request.ts';

export interface PromptsOptions extends CoreContext {
  readonly store: PromptStore;
}

/** A question that waits, for lists. */
export type PendingPrompt = {
  readonly id: PromptId;
  readonly subject: string;
  /** Milliseconds since it was asked, and until it counts as not answered. */
  readonly ageMs: number;
  readonly leftMs: number;
};

type Tap = Inbound & { readonly kind: 'tap' };
type TextInbound = Inbound & { readonly kind: 'text' };

/** Reminders that fall due within this time of each other become one. */
const REMINDED_TOGETHER_MS = 20_000;

/**
 * Questions put to a person, with buttons. One mechanism for approvals, directory choices and whatever comes.
 * A prompt is answered once: by a tap, a reply, its time-out, or because nobody wants the answer any more. It is in
 * the store before it is shown, and what closes it there first is what counts.
 */
export class Prompts {
  readonly #options: PromptsOptions;
  readonly #open = new Map<PromptId, OpenPrompt>();
  readonly #work: OwnedWork;
  readonly #closed: ClosedPrompts;
  readonly #groups = new PromptGroups();
  readonly #reminded = new WeakSet<OpenPrompt>();
  readonly #turns = new Map<ChatKey, Promise<void>>();
  readonly #watchers = new Set<(chat: ChatRef, isWaiting: boolean) => void>();

  constructor(options: PromptsOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
    this.#closed = new ClosedPrompts({ ...options, work: this.#work });
  }

  /** Whether anybody can answer a question in the chat. */
  canAsk(chat: ChatRef): boolean {
    return this.#options.connectorOf(chat).canPrompt;
  }

  /** Whether a question can stand in the chat without keeping the others waiting. */
  canAskAside(chat: ChatRef): boolean {
    const { canPrompt, asksOneByOne } = this.#options.connectorOf(chat);
    return canPrompt && asksOneByOne !== true;
  }

  /** Resolves with the answer; never rejects. */
  async ask(request: PromptRequest, signal: AbortSignal): Promise<PromptAnswer> {
    const connector = this.#options.connectorOf(request.chat);
    if (!connector.canPrompt)
      return { kind: 'cancelled', reason: 'nobody can be asked here: there is no terminal to answer in' };
    if (signal.aborted) return { kind: 'cancelled', reason: 'it is no longer wanted' };

    const prompt = new OpenPrompt({
      ...this.#options,
      id: request.id ?? newId<'PromptId'>(),
      request,
      connector,
      work: this.#work,
      inTurn: (show) => this.#inTurn(request.chat, show),
      onShowing: (shown) => {
        if (connector.asksOneByOne !== true) this.#groups.add(shown, this.#open.values());
      },
      onHalfway: (late) => this.#remind(late),
      onClosed: (closed) => this.#forget(closed),
    });
    this.#open.set(prompt.id, prompt);
    this.#tellWatchers(request.chat);
    this.#work.own('show a prompt', prompt.begin(signal));
    const answer = await prompt.answered;
    this.#options.events.emit('prompt.resolved', {
      prompt: prompt.id,
      chat: request.chat,
      answer: answer.kind,
      ...('by' in answer ? { by: answer.by.id } : {}),
    });
    return answer;
  }

  /** A button was tapped. Resolves once it is in the store what became of it; never rejects. */
  async tap(tap: Tap): Promise<Receipt> {
    try {
      const outcome = await this.#takeTap(tap);
      return 'reason' in outcome ? this.#refuse(tap, tap.prompt, outcome) : outcome;
    } catch (fault) {
      this.#options.log.error('tap_not_stored', { prompt: tap.prompt, reason: messageOf(fault) });
      return this.#refuse(tap, tap.prompt, notStored(fault));
    }
  }

  /**
   * A text that replies to an open prompt is its answer, and so is any text where the newest one takes it. Undefined:
   * it is no answer, treat it as a message.
   */
  async takeReply(inbound: TextInbound): Promise<Receipt | undefined> {
    const { text, person, replyTo } = inbound;
    const prompt =
      replyTo === undefined ? this.#takingAnyText(inbound) : this.#askedAt(inbound.chat, replyTo);
    if (prompt?.request.textHint === undefined) return undefined;
    const { log } = this.#options;
    log.debug('message_routed_to_interaction', { prompt: prompt.id });
    if (!mayAnswer(prompt, person)) return this.#refuse(inbound, prompt.id, notPermitted(prompt));
    try {
      const { picked } = prompt.face;
      const ticked = picked === undefined ? {} : { picked };
      const { kind } = await prompt.take({ kind: 'text', text, by: person, ...ticked });
      log.debug('resolve_text_answer', { prompt: prompt.id, counted: kind === 'won' });
      return kind === 'won' ? {} : undefined;
    } catch (fault) {
      log.error('reply_not_stored', { prompt: prompt.id, reason: messageOf(fault) });
      return this.#refuse(inbound, prompt.id, notStored(fault));
    }
  }

  /** Questions that wait for a person, in all chats. */
  get openCount(): number {
    return [...this.#open.values()].filter(
      ({ request }) => request.isAside !== true || request.isListed === true,
    ).length;
  }

  /** How many the chat's turn waits for. */
  openIn(chat: ChatRef): number {
    return this.#waitingIn(chat).length;
  }

  /** What the person is to see to in the chat, in the order it was asked. */
  pending(chat: ChatRef): readonly PendingPrompt[] {
    const now = this.#options.clock.now();
    return this.#listedIn(chat).map((prompt) => ({
      id: prompt.id,
      subject: subjectOf(prompt),
      ageMs: now - prompt.openedAt,
      leftMs: Math.max(0, prompt.until - now),
    }));
  }

  /** Shows all that waits in the chat anew at its bottom, in order; the cards above lose their buttons. Says how many. */
  async bringUp(chat: ChatRef): Promise<number> {
    const shown = this.#listedIn(chat).filter((prompt) => prompt.isOpen && prompt.isShown);
    await Promise.all(shown.map((prompt) => prompt.moveDown()));
    return shown.length;
  }

  /** Shows one of them anew at the bottom; false when it is not open. */
  async showAgain(id: PromptId): Promise<boolean> {
    const prompt = this.#open.get(id);
    await prompt?.moveDown();
    return prompt !== undefined;
  }

  /** Puts other words in its place; false when it is not open any more. */
  reword(id: PromptId, body: RichText): boolean {
    const prompt = this.#open.get(id);
    if (prompt?.isOpen !== true) return false;
    prompt.reword(body);
    return true;
  }

  /** Closes what is open, in one chat or everywhere. */
  cancel(reason: string, chat?: ChatRef): void {
    for (const prompt of chat === undefined ? this.#open.values() : this.#in(chat))
      prompt.end({ kind: 'cancelled', reason });
  }

  /** Closes in the store what the last process left open; to be done before anything is received. */
  closeLeftOpen(): Promise<readonly StoredPrompt[]> {
    return this.#closed.closeLeftOpen();
  }

  /** Says so on their cards, without anybody waiting for it. */
  showClosed(prompts: readonly StoredPrompt[]): void {
    for (const prompt of prompts) this.#closed.repair(prompt);
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

  async #takeTap(tap: Tap): Promise<Receipt | Refusal> {
    const prompt = this.#open.get(tap.prompt);
    if (!prompt) return this.#closed.explain(tap);
    if (chatKey(prompt.request.chat) !== chatKey(tap.chat)) return OTHER_CHAT;
    if (!mayAnswer(prompt, tap.person, tap.choice)) return notPermitted(prompt);
    const reading: TapReading = readTap(prompt.request, prompt.face, tap);
    switch (reading.kind) {
      case 'answer': {
        const { id, label } = reading.choice;
        const { picked } = reading;
        const ticked = picked === undefined ? {} : { picked };
        const taken = await prompt.take({ kind: 'choice', choice: id, by: tap.person, ...ticked });
        return taken.kind === 'won' ? { notice: label } : alreadyClosed(taken.closed);
      }
      case 'together':
        return this.#answerTogether(prompt, tap.person);
      case 'turned':
        prompt.turn(reading.face);
        return { notice: reading.notice };
      case 'outdated':
        // Perhaps the phone shows what has changed meanwhile.
        prompt.turn(prompt.face);
        return {
          reason: 'outdated-button',
          notice: 'This button is not one of the question’s now; nothing was changed.',
        };
      default:
        return reading satisfies never;
    }
  }

  async #answerTogether(holder: OpenPrompt, by: Person): Promise<Receipt | Refusal> {
    const members = this.#groups.membersOf(holder).filter((member) => mayAnswer(member, by));
    const choice = holder.request.together?.choice;
    if (choice === undefined) return alreadyClosed(undefined);
    let answered = 0;
    const faults: unknown[] = [];
    for (const member of members) {
      try {
        const taken = await member.take({ kind: 'choice', choice, by, together: members.length });
        if (taken.kind === 'won') answered += 1;
      } catch (fault) {
        this.#options.log.error('tap_not_stored', { prompt: member.id, reason: messageOf(fault) });
        faults.push(fault);
      }
    }
    if (answered === 0) return faults.length > 0 ? notStored(faults[0]) : alreadyClosed(undefined);
    const label = holder.request.choices.find(({ id }) => id === choice)?.label ?? choice;
    const left = faults.length > 0 ? `; ${faults.length} could not be written down and still wait` : '';
    return { notice: `${label}: ${answered}${left}` };
  }

  #refuse({ chat, person }: Inbound, prompt: PromptId, { reason, notice }: Refusal): Receipt {
    const { audit, events, log } = this.#options;
    log.info('tap_refused', { prompt, chat: chatKey(chat), person: person.id, reason });
    events.emit('tap.refused', { prompt, chat, person: person.id, reason });
    const record = { event: 'tap_refused', chat: chatKey(chat), prompt, by: person.id, why: reason } as const;
    // It changes nothing, so nothing waits for its line.
    this.#work.own('write a refused tap down', audit.record(record));
    return { notice };
  }

  /** One message, once, for all that are about half-way. */
  #remind(due: OpenPrompt): void {
    const { clock, connectorOf } = this.#options;
    const now = clock.now();
    const isDue = (prompt: OpenPrompt): boolean =>
      prompt === due || (prompt.openedAt + prompt.until) / 2 <= now + REMINDED_TOGETHER_MS;
    const late = this.#in(due.request.chat).filter(
      (prompt) =>
        prompt.isOpen &&
        prompt.isShown &&
        prompt.request.subject !== undefined &&
        !this.#reminded.has(prompt) &&
        isDue(prompt),
    );
    if (!late.includes(due)) return;
    for (const prompt of late) this.#reminded.add(prompt);
    const others = late.length > 1 ? `, and ${late.length - 1} more: /pending` : '';
    const content = plain(
      `⏳ ${formatDuration(due.until - now)} left: ${due.request.subject ?? ''}${others}`,
    );
    const { chat } = due.request;
    this.#work.own(
      'remind of a prompt',
      connectorOf(chat).send(chat, { content, replyTo: due.message?.message }),
    );
  }

  #forget(prompt: OpenPrompt): void {
    this.#open.delete(prompt.id);
    this.#groups.closed(prompt);
    this.#tellWatchers(prompt.request.chat);
  }

  #askedAt(chat: ChatRef, message: string): OpenPrompt | undefined {
    return this.#in(chat).find((prompt) => prompt.isAt(message));
  }

  /** What was asked last, where any text of this person's answers it. Nobody answers what they could not see yet. */
  #takingAnyText({ chat, person, message }: TextInbound): OpenPrompt | undefined {
    const newest = this.#waitingIn(chat)
      .filter((prompt) => prompt.isOpen)
      .at(-1);
    if (newest?.request.takesAnyText !== true) return undefined;
    const isSeen = newest.isShown && !newest.isYoungerThan(message);
    return isSeen && mayAnswer(newest, person) ? newest : undefined;
  }

  #waitingIn(chat: ChatRef): readonly OpenPrompt[] {
    return this.#in(chat).filter(({ request }) => request.isAside !== true);
  }

  #listedIn(chat: ChatRef): readonly OpenPrompt[] {
    return this.#in(chat).filter(({ request }) => request.isAside !== true || request.isListed === true);
  }

  #in(chat: ChatRef): readonly OpenPrompt[] {
    const key = chatKey(chat);
    return [...this.#open.values()].filter(({ request }) => chatKey(request.chat) === key);
  }

  /** The cards of a chat come in the order they were asked for, each with its attachment right above it. */
  #inTurn(chat: ChatRef, show: () => Promise<void>): Promise<void> {
    const key = chatKey(chat);
    const mine = (this.#turns.get(key) ?? Promise.resolve()).then(show).finally(() => {
      if (this.#turns.get(key) === mine) this.#turns.delete(key);
    });
    this.#turns.set(key, mine);
    return mine;
  }

  #tellWatchers(chat: ChatRef): void {
    const isWaiting = this.openIn(chat) > 0;
    for (const watcher of this.#watchers) watcher(chat, isWaiting);
  }
}

function mayAnswer({ request }: OpenPrompt, person: Person, choice?: string): boolean {
  return request.mayAnswer?.(person, choice) ?? true;
}

function notPermitted({ request }: OpenPrompt): Refusal {
  return {
    reason: 'not-permitted',
    notice: `${request.whoMay ?? 'This question is for somebody else'}; nothing was changed.`,
  };
}

function notStored(fault: unknown): Refusal {
  return {
    reason: 'not-stored',
    notice: `That could not be written down (${messageOf(fault)}); nothing was changed.`,
  };
}

function subjectOf({ request }: OpenPrompt): string {
  return request.subject ?? request.body.text.trim().split('\n', 1)[0]?.replace(/\.$/, '') ?? '';
}
