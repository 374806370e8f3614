import type { AgentEvent, TurnFinished, TurnOutcome } from '../ports/agent.ts';

/** Which budget is used up; US dollars. */
export type BudgetStop = Omit<Extract<TurnOutcome, { kind: 'over-budget' }>, 'kind'>;

export interface SpendingOptions {
  /** The budget that is used up, if one is. */
  readonly judge: (costUsd: number, spending: Spending) => BudgetStop | undefined;
  /** Called once. */
  readonly onReached: () => void;
}

/** What one turn costs, from its beginning until it is stored. */
export class Spending {
  readonly #options: SpendingOptions;
  #costUsd = 0;
  #reached: BudgetStop | undefined;
  /** What it had cost by then; what was under way still comes on top. */
  #reachedAtUsd = 0;
  /** Set once it was stopped for it. */
  #stop: BudgetStop | undefined;
  /** The person knows that the turn's budget runs out. */
  isNearTold = false;

  constructor(options: SpendingOptions) {
    this.#options = options;
  }

  /** US dollars, as far as is known. */
  get costUsd(): number {
    return this.#costUsd;
  }

  /** Set when the turn is over, and a budget was what ended it. */
  get stop(): BudgetStop | undefined {
    return this.#stop;
  }

  /** Counts what an event of the agent's says about cost. */
  take(event: AgentEvent): void {
    if (event.kind !== 'cost' && event.kind !== 'finished') return;
    this.#costUsd = Math.max(this.#costUsd, event.costUsd);
    if (event.kind === 'finished' || this.#reached) return;
    this.#reached = this.#options.judge(this.#costUsd, this);
    if (!this.#reached) return;
    this.#reachedAtUsd = this.#costUsd;
    this.#options.onReached();
  }

  /** How the turn ended: at a budget, unless it was done by then, or the person had stopped it. */
  settle(finished: TurnFinished, isStopped: boolean): TurnFinished {
    const reached = this.#reached;
    // Whatever the end says: what was told before was spent.
    const costUsd = Math.max(this.#costUsd, finished.costUsd);
    if (!reached || isStopped || finished.outcome.kind !== 'interrupted') return { ...finished, costUsd };
    const spentUsd = reached.budget === 'turn' ? costUsd : reached.spentUsd + costUsd - this.#reachedAtUsd;
    this.#stop = { ...reached, spentUsd };
    return { ...finished, costUsd, outcome: { kind: 'over-budget', ...this.#stop } };
  }
}
