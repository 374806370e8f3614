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

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
  }

  /** The last event. */
  finish(outcome: TurnOutcome, agentSession: AgentSessionId | undefined, costUsd: number): void {
    const durationMs = Math.round(this.#clock.monotonic() - this.#startedAt);
    this.events.push({ kind: 'finished', outcome, agentSession, costUsd, durationMs });
    this.events.end();
  }
}
