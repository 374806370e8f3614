import { Albums } from './albums.ts';
import { BudgetStops } from '../budget/budget-stops.ts';
import type { Budgets } from '../budget/budgets.ts';
import { ChatQueue, type TextInbound } from './chat-queue.ts';
import type { CoreContext } from '../context.ts';
import { CutOffTurns } from './cut-off-turns.ts';
import type { OwnedWork } from '../owned-work.ts';
import { chatKey, type Attached, type ChatKey, type ChatRef } from '../ports/chat.ts';
import type { Inbox } from '../ports/store.ts';
import type { Prompts } from '../prompts/prompts.ts';
import type { Turns } from '../turns/turn.ts';
import { WaitingOffers } from './waiting-offers.ts';

export interface ChatQueuesOptions extends CoreContext {
  readonly prompts: Prompts;
  readonly turns: Turns;
  readonly inbox: Inbox;
  readonly budgets: Budgets;
  readonly work: OwnedWork;
  /** Says something in a chat, without anybody waiting for it. */
  readonly say: (chat: ChatRef, markdown: string, options?: { readonly isPassing?: boolean }) => void;
}

/** What waits for an agent, chat by chat, and what people are offered to do about it. */
export class ChatQueues {
  readonly #options: ChatQueuesOptions;
  readonly #queues = new Map<ChatKey, ChatQueue>();
  readonly #offers: WaitingOffers;
  readonly #cutOff: CutOffTurns;
  readonly #budgetStops: BudgetStops;
  readonly #albums: Albums;
  #isStopping = false;

  constructor(options: ChatQueuesOptions) {
    this.#options = options;
    const { clock, connectorOf, turns } = options;
    const resume = (chat: ChatRef, texts: readonly TextInbound[]): void => this.resume(chat, texts);
    this.#offers = new WaitingOffers({
      ...options,
      isWorking: (chat) => turns.isWorking(chat),
      interrupt: (chat) => this.#makeRoom(chat),
    });
    this.#cutOff = new CutOffTurns({ ...options, resume });
    this.#budgetStops = new BudgetStops({ ...options, submit: resume });
    this.#albums = new Albums({
      clock,
      connectorOf,
      onGathered: (chat, queue) => {
        if (queue.waiting > 0 && !this.#isStopping) this.#tellWaiting(chat, queue);
      },
    });
  }

  of(chat: ChatRef): ChatQueue {
    const key = chatKey(chat);
    const known = this.#queues.get(key);
    if (known) return known;
    const queue = this.#create(chat);
    if (this.#isStopping) queue.hold();
    this.#queues.set(key, queue);
    return queue;
  }

  /** What a person sent: the agent gets it now, or behind what it is at work on; then they are told. */
  add(text: TextInbound): void {
    if (this.#isStopping) {
      this.#options.say(text.chat, '⏹ leashd is being stopped. This goes to Claude when it is back.');
      return;
    }
    const queue = this.of(text.chat);
    const isGathering = this.#albums.gather(text, queue);
    if (queue.add(text) === 'waits' && !isGathering) this.#tellWaiting(text.chat, queue);
  }

  /** As one turn, behind what waits. Nothing is lost where leashd stops: it is in the inbox. */
  resume(chat: ChatRef, texts: readonly TextInbound[]): void {
    if (!this.#isStopping) this.of(chat).add(...texts);
  }

  /** What waited when the last process ended, an album with all its parts. */
  takeUp(chat: ChatRef, texts: readonly TextInbound[]): void {
    for (const text of texts) this.gather(text);
    this.of(chat).add(...texts);
  }

  /** True for a part of an album: no turn begins before all of it is there. */
  gather(inbound: { readonly chat: ChatRef } & Attached): boolean {
    return this.#albums.gather(inbound, this.of(inbound.chat));
  }

  /** Turns that the last process did not finish: nothing of them runs before the person says so. */
  offerCutOff(chat: ChatRef, texts: readonly TextInbound[]): Promise<void> {
    return this.#cutOff.offer(chat, texts);
  }

  /** Messages that wait for their turn. */
  get waiting(): number {
    return [...this.#queues.values()].reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Resolves when no turn runs. */
  async idle(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.idle()));
  }

  /** For good: what waits is the next process's. Harmless when repeated. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#offers.closeAll('⏹ leashd was stopped; this goes to Claude when it is back');
    this.#cutOff.keepAll();
    this.#budgetStops.keepAll();
    for (const queue of this.#queues.values()) {
      queue.hold();
      queue.dropWaiting();
    }
  }

  #create(chat: ChatRef): ChatQueue {
    return new ChatQueue({
      runTurn: (texts) => {
        this.#offers.close(chat, '▶️ Claude has it');
        this.#cutOff.close(chat, '⏭ Passed over: you sent something else. “Go on” takes it up');
        return this.#budgetStops.run(chat, texts, (admitted) => this.#options.turns.run(admitted));
      },
      onDropped: () => {
        this.#offers.close(chat, '⏹ Dropped');
        this.#cutOff.close(chat, '⏹ Dropped');
        this.#budgetStops.close(chat, '⏹ Dropped');
      },
    });
  }

  #tellWaiting(chat: ChatRef, queue: ChatQueue): void {
    const { prompts, say } = this.#options;
    if (queue.isHeld) {
      say(chat, '⏳ Queued: it goes to Claude in a moment.', { isPassing: true });
    } else if (prompts.canAskAside(chat)) {
      this.#offers.offer(chat, queue.waiting);
    } else {
      const why =
        prompts.openIn(chat) > 0
          ? 'Claude waits for your answer above first'
          : 'Claude is still working. /stop interrupts it and drops this';
      say(chat, `⏳ Queued: ${why}.`, { isPassing: true });
    }
  }

  /** Ends the running turn, so that what waits behind it begins. */
  async #makeRoom(chat: ChatRef): Promise<void> {
    const { prompts, turns } = this.#options;
    prompts.cancel('you sent another message instead', chat);
    await turns.interrupt(chat);
  }
}
