import { formatUsd, startOfDay } from '../../util/figures.ts';
import type { CoreContext } from '../context.ts';
import { OwnedWork } from '../owned-work.ts';
import type { AgentEvent } from '../ports/agent.ts';
import { chatKey, type ChatKey, type ChatRef, type Person, type PersonId } from '../ports/chat.ts';
import type { MessageStore } from '../ports/store.ts';
import { Spending, type BudgetStop } from './spending.ts';

/** US dollars; left out: no limit. */
export type BudgetLimits = {
  readonly perTurnUsd?: number | undefined;
  /** Of all chats together, from midnight to midnight by the machine's clock. */
  readonly perDayUsd?: number | undefined;
};

export interface BudgetsOptions extends CoreContext {
  readonly limits: () => BudgetLimits;
  readonly messages: Pick<MessageStore, 'costSince'>;
  /** Who may raise the day's limit in that chat; undefined: everybody who may talk there. */
  readonly approversOf?: ((chat: ChatRef) => readonly PersonId[] | undefined) | undefined;
}

export type Today = { readonly spentUsd: number; readonly limitUsd: number | undefined };

type Day = {
  readonly startsAt: number;
  limitUsd: number | undefined;
  /** What the setting said when it was made, or has said since. */
  setUsd: number | undefined;
  /** What has been spent by turns that are over. */
  spentUsd: number;
  isNearTold: boolean;
};

/** Share of a budget from which on the person hears that it runs out. */
const NEAR = 0.8;

/** What turns may cost, and what they have cost: one for all chats, since they share the day's budget. */
export class Budgets {
  readonly #options: BudgetsOptions;
  readonly #work: OwnedWork;
  readonly #turns = new Map<ChatKey, Spending>();
  readonly #unprompted = new Map<ChatKey, Spending>();
  readonly #stops = new Map<ChatKey, BudgetStop>();
  #day: Day | undefined;
  /** What the last process had spent today. */
  #loaded: Promise<void> | undefined;
  #raising: Promise<void> = Promise.resolve();

  constructor(options: BudgetsOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
  }

  get isOn(): boolean {
    const { perTurnUsd, perDayUsd } = this.#options.limits();
    return perTurnUsd !== undefined || perDayUsd !== undefined;
  }

  get perTurnUsd(): number | undefined {
    return this.#options.limits().perTurnUsd;
  }

  get perDayUsd(): number | undefined {
    return this.#options.limits().perDayUsd;
  }

  approversOf(chat: ChatRef): readonly PersonId[] | undefined {
    return this.#options.approversOf?.(chat);
  }

  /** A turn of the chat's begins. `interrupt` is called once, when it has reached a budget. */
  begin(chat: ChatRef, interrupt: () => Promise<unknown>): Spending {
    const spending = this.#spending(chat, interrupt);
    this.#turns.set(chatKey(chat), spending);
    return spending;
  }

  /** It is over. Harmless when repeated. */
  end(chat: ChatRef): void {
    const spending = this.#turns.get(chatKey(chat));
    if (!spending) return;
    this.#turns.delete(chatKey(chat));
    this.#today().spentUsd += spending.costUsd;
    if (spending.stop) this.#stops.set(chatKey(chat), spending.stop);
  }

  /** Whether the chat's last turn was stopped at one, and somebody is still to be asked about it. */
  isStopOpen(chat: ChatRef): boolean {
    return this.#stops.has(chatKey(chat));
  }

  /** Why the chat's last turn was stopped, once. */
  takeStop(chat: ChatRef): BudgetStop | undefined {
    const stop = this.#stops.get(chatKey(chat));
    this.#stops.delete(chatKey(chat));
    return stop;
  }

  /** What the agent does without being spoken to costs, too. */
  takeUnprompted(chat: ChatRef, event: AgentEvent, interrupt: () => Promise<unknown>): void {
    if (event.kind !== 'cost' && event.kind !== 'finished') return;
    const key = chatKey(chat);
    const spending = this.#unprompted.get(key) ?? this.#spending(chat, interrupt);
    this.#unprompted.set(key, spending);
    spending.take(event);
    if (event.kind === 'cost') return;
    this.#unprompted.delete(key);
    this.#today().spentUsd += spending.costUsd;
    const stop = spending.settle(event, false).outcome;
    if (stop.kind === 'over-budget')
      this.#say(
        chat,
        `⏸ Claude went on by itself, and was stopped: ${stopWords(stop)}. Send “go on” to continue.`,
      );
  }

  /** What the chat's agent has spent by itself and not yet ended; US dollars. */
  unpromptedUsd(chat: ChatRef): number {
    return this.#unprompted.get(chatKey(chat))?.costUsd ?? 0;
  }

  /** Something that was asked of the agent beside all turns has cost that; US dollars. After `today`. */
  takeAside(costUsd: number): void {
    this.#today().spentUsd += costUsd;
  }

  /**
   * What all chats have spent today, running turns included. To be asked before the first turn of this process.
   * @throws what the store throws.
   */
  async today(): Promise<Today> {
    this.#loaded ??= this.#load();
    await this.#loaded;
    return { spentUsd: this.#spentUsd(), limitUsd: this.#today().limitUsd };
  }

  /**
   * Set when today's budget is used up. To be asked before each turn.
   * @throws what the store throws.
   */
  async dayStop(): Promise<BudgetStop | undefined> {
    const { spentUsd, limitUsd } = await this.today();
    return dayStopAt(spentUsd, limitUsd);
  }

  /**
   * Lets today have another day's budget from here on; nothing where it is not used up (any more).
   * @throws MachineError when it could not be written down; it is not raised then.
   */
  raiseDay(chat: ChatRef, by: Person): Promise<void> {
    // Of two taps at once, one raises it.
    this.#raising = this.#raising.catch(() => {}).then(() => this.#raise(chat, by));
    return this.#raising;
  }

  async #raise(chat: ChatRef, by: Person): Promise<void> {
    const stop = await this.dayStop();
    const { perDayUsd } = this;
    if (!stop || perDayUsd === undefined) return;
    const day = this.#today();
    const limitUsd = stop.spentUsd + perDayUsd;
    const { audit, log } = this.#options;
    await audit.record({
      event: 'budget_raised',
      chat: chatKey(chat),
      spentUsd: stop.spentUsd,
      fromUsd: stop.limitUsd,
      toUsd: limitUsd,
      by: by.id,
    });
    log.info('budget_raised', { chat: chatKey(chat), by: by.id, limitUsd });
    day.limitUsd = limitUsd;
    day.isNearTold = false;
  }

  #spending(chat: ChatRef, interrupt: () => Promise<unknown>): Spending {
    return new Spending({
      judge: (costUsd, spending) => this.#judge(chat, costUsd, spending),
      onReached: () => this.#work.own('stop at a budget', interrupt()),
    });
  }

  #judge(chat: ChatRef, costUsd: number, spending: Spending): BudgetStop | undefined {
    const stop = this.#judgeDay(chat);
    const { perTurnUsd } = this;
    if (stop || perTurnUsd === undefined) return stop;
    if (costUsd >= perTurnUsd) return { budget: 'turn', limitUsd: perTurnUsd, spentUsd: costUsd };
    if (costUsd >= NEAR * perTurnUsd && !spending.isNearTold) {
      spending.isNearTold = true;
      this.#say(chat, `💸 This turn has cost ${formatUsd(costUsd)} of ${formatUsd(perTurnUsd)}.`, true);
    }
    return undefined;
  }

  #judgeDay(chat: ChatRef): BudgetStop | undefined {
    const day = this.#today();
    const spentUsd = this.#spentUsd();
    const stop = dayStopAt(spentUsd, day.limitUsd);
    if (stop || day.limitUsd === undefined || spentUsd < NEAR * day.limitUsd || day.isNearTold) return stop;
    day.isNearTold = true;
    this.#say(chat, `💸 ${formatUsd(spentUsd)} of today's ${formatUsd(day.limitUsd)} are spent.`, true);
    return undefined;
  }

  #spentUsd(): number {
    const running = [...this.#turns.values(), ...this.#unprompted.values()];
    return running.reduce((sum, { costUsd }) => sum + costUsd, this.#today().spentUsd);
  }

  /** Once: from then on, all that is spent is counted here, and the next day begins with nothing. */
  async #load(): Promise<void> {
    const day = this.#today();
    try {
      day.spentUsd += await this.#options.messages.costSince(day.startsAt);
    } catch (fault) {
      this.#loaded = undefined;
      throw fault;
    }
  }

  #today(): Day {
    const startsAt = startOfDay(this.#options.clock.now());
    const { perDayUsd: setUsd } = this;
    if (this.#day?.startsAt !== startsAt)
      this.#day = { startsAt, limitUsd: setUsd, setUsd, spentUsd: 0, isNearTold: false };
    // Another setting holds at once, also where the day's limit was raised.
    if (this.#day.setUsd !== setUsd)
      Object.assign(this.#day, { limitUsd: setUsd, setUsd, isNearTold: false } satisfies Partial<Day>);
    return this.#day;
  }

  #say(chat: ChatRef, markdown: string, isPassing = false): void {
    const message = { content: { markdown }, isPassing };
    this.#work.own('a notice', this.#options.connectorOf(chat).send(chat, message));
  }
}

function dayStopAt(spentUsd: number, limitUsd: number | undefined): BudgetStop | undefined {
  return limitUsd === undefined || spentUsd < limitUsd ? undefined : { budget: 'day', limitUsd, spentUsd };
}

/** A clause: what was spent, and what the limit is. */
export function stopWords({ budget, limitUsd, spentUsd }: BudgetStop): string {
  const spent = formatUsd(spentUsd);
  return budget === 'turn'
    ? `this turn has cost ${spent}, and its budget is ${formatUsd(limitUsd)} (LEASHD_MAX_COST_USD_PER_TURN)`
    : `${spent} were spent today, and the budget is ${formatUsd(limitUsd)} (LEASHD_MAX_COST_USD_PER_DAY)`;
}
