import { assertNever } from '../../util/assert-never.ts';
import type { Clock, Timer } from '../../util/clock.ts';
import { formatClock } from '../../util/figures.ts';
import { newId } from '../../util/ids.ts';
import { plain, type RichText } from '../../util/rich-text.ts';
import type { OwnedWork } from '../owned-work.ts';
import { chatKey, type ChatKey, type ChatRef, type PromptId } from '../ports/chat.ts';
import type { PromptAnswer, PromptOption } from '../prompts/prompt-request.ts';
import type { Prompts } from '../prompts/prompts.ts';

export interface WaitingOffersOptions {
  readonly prompts: Prompts;
  readonly work: OwnedWork;
  readonly clock: Clock;
  /** False: the turn is as good as over. */
  readonly isWorking: (chat: ChatRef) => boolean;
  /** Ends the chat's running turn, so that what waits goes next. */
  readonly interrupt: (chat: ChatRef) => Promise<void>;
}

type Offer = {
  readonly id: PromptId;
  readonly abort: AbortController;
  /** Until it is shown. */
  timer: Timer | undefined;
  count: number;
  ending: string | undefined;
};

const NOW: PromptOption = { id: 'now', label: '⚡ Send now', key: 's' };
const WAIT: PromptOption = { id: 'wait', label: '⏳ Wait', key: 'w' };
/** A turn that ends within this time needs no offer. */
const GRACE_MS = 700;
/** No turn is that long; it closes when what it speaks of goes to the agent. */
const TIMEOUT_MS = 24 * 60 * 60 * 1000;

/** What waits behind a running turn may be sent at once instead: one offer a chat, however many messages wait. */
export class WaitingOffers {
  readonly #options: WaitingOffersOptions;
  readonly #offers = new Map<ChatKey, Offer>();

  constructor(options: WaitingOffersOptions) {
    this.#options = options;
  }

  /** `count` messages wait in the chat now. */
  offer(chat: ChatRef, count: number): void {
    const { prompts, work, clock, isWorking } = this.#options;
    const open = this.#offers.get(chatKey(chat));
    if (open) open.count = count;
    if (open?.timer || (open && prompts.reword(open.id, this.#body(chat, count)))) return;
    const abort = new AbortController();
    const offer: Offer = { id: newId<'PromptId'>(), abort, count, ending: undefined, timer: undefined };
    offer.timer = clock.after(GRACE_MS, () => {
      offer.timer = undefined;
      if (!isWorking(chat)) {
        this.#offers.delete(chatKey(chat));
        return;
      }
      work.own('offer to send at once', this.#ask(chat, offer));
    });
    this.#offers.set(chatKey(chat), offer);
  }

  /** Nothing waits any more; `ending` says why. */
  close(chat: ChatRef, ending: string): void {
    const offer = this.#offers.get(chatKey(chat));
    if (!offer) return;
    this.#offers.delete(chatKey(chat));
    end(offer, ending);
  }

  closeAll(ending: string): void {
    for (const offer of this.#offers.values()) end(offer, ending);
    this.#offers.clear();
  }

  #body(chat: ChatRef, count: number): RichText {
    return bodyOf(count, this.#options.prompts.openIn(chat) > 0);
  }

  async #ask(chat: ChatRef, offer: Offer): Promise<void> {
    const { prompts, interrupt } = this.#options;
    const answer = await prompts.ask(
      {
        id: offer.id,
        chat,
        body: this.#body(chat, offer.count),
        choices: [NOW, WAIT],
        isAside: true,
        timeoutMs: TIMEOUT_MS,
        outcome: (given, at) => outcomeLine(given, at, offer.ending),
      },
      offer.abort.signal,
    );
    if (this.#offers.get(chatKey(chat)) === offer) this.#offers.delete(chatKey(chat));
    // Once it goes to the agent, an interruption would hit the very message that is to go first.
    if (answer.kind === 'choice' && answer.choice === NOW.id && offer.ending === undefined)
      await interrupt(chat);
  }
}

function end(offer: Offer, ending: string): void {
  offer.timer?.cancel();
  offer.ending = ending;
  offer.abort.abort();
}

function bodyOf(count: number, isAsking: boolean): RichText {
  const what = count === 1 ? 'Queued' : `${count} messages queued, to go as one`;
  const why = isAsking ? 'Claude waits for your answer above first' : 'Claude is still working';
  return plain(`⏳ ${what}: ${why}. “Send now” interrupts it.`);
}

function outcomeLine(answer: PromptAnswer, at: number, ending: string | undefined): string {
  switch (answer.kind) {
    case 'choice':
      return answer.choice === NOW.id
        ? `⚡ Sent now by ${answer.by.name}, ${formatClock(at)}`
        : '⏳ Waits until Claude is done';
    case 'cancelled':
      return ending ?? `⏹ ${answer.reason}`;
    case 'text':
    case 'timed-out':
      return '⏳ Waits until Claude is done';
    default:
      return assertNever(answer);
  }
}
