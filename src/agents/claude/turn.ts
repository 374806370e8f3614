import { randomUUID } from 'node:crypto';
import type { AgentEvent, AgentSessionId, TurnOutcome } from '../../core/ports/agent.ts';
import type { Clock } from '../../util/clock.ts';
import { AsyncQueue } from './async-queue.ts';

/** One answer to the person, from their message to `finished`. */
export class Turn {
  readonly events = new AsyncQueue<AgentEvent>();
  readonly #clock: Clock;
  readonly #startedAt: number;
  /** Of the person's message. */
  readonly messageId = randomUUID();
  isInterrupted = false;
  #toldUsd = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
  }

  /** What it has cost by now. */
  tellCost(costUsd: number): void {
    if (costUsd <= this.#toldUsd) return;
    this.#toldUsd = costUsd;
    this.events.push({ kind: 'cost', costUsd });
  }

  /** The last event. A process that died does not say what it had cost, but may have done so before. */
  finish(outcome: TurnOutcome, agentSession: AgentSessionId | undefined, costUsd: number): void {
    const durationMs = Math.round(this.#clock.monotonic() - this.#startedAt);
    const spentUsd = Math.max(costUsd, this.#toldUsd);
    this.events.push({ kind: 'finished', outcome, agentSession, costUsd: spentUsd, durationMs });
    this.events.end();
  }
}
