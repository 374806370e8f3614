import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import type { Clock, Timer } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import { deadline } from './deadline.ts';

export type CostWatchOptions = {
  /** US dollars of the session so far. May reject. */
  readonly ask: () => Promise<number>;
  /** Must not throw. */
  readonly onTotal: (totalUsd: number) => void;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * From an answer to the next question. Measured (Claude Code 2.1.330): a question takes 5 to 25 ms with an API key. With a
 * claude.ai log-in it may go over the network, and an interruption behind it waits until it is answered.
 */
const PAUSE_MS = 500;
const DEADLINE_MS = 5000;

const responseEndSchema = z.looseObject({
  type: z.literal('stream_event'),
  event: z.looseObject({ type: z.literal('message_delta') }),
});
const turnMessageSchema = z.looseObject({ type: z.enum(['assistant', 'user']) });

/** Whether what Claude Code has just said may have cost something: the end of a model's response, or a step behind it. */
export function mayHaveCost(message: unknown): boolean {
  return responseEndSchema.safeParse(message).success || turnMessageSchema.safeParse(message).success;
}

/** Asks a running Claude Code what its session has cost: one question at a time, and none that nothing calls for. */
export class CostWatch {
  readonly #options: CostWatchOptions;
  #pause: Timer | undefined;
  #isAsking = false;
  /** Something happened since the last question. */
  #isDue = false;
  #isOver = false;

  constructor(options: CostWatchOptions) {
    this.#options = options;
  }

  /** Something that may cost happened. */
  look(): void {
    this.#isDue = true;
    if (this.#isAsking || this.#pause || this.#isOver) return;
    const { log } = this.#options;
    this.#ask().catch((fault: unknown) => log.error('agent_cost_not_taken', { reason: messageOf(fault) }));
  }

  /** For good. */
  end(): void {
    this.#isOver = true;
    this.#pause?.cancel();
  }

  /** A turn whose cost can't be asked for goes on; its end tells. */
  async #ask(): Promise<void> {
    const { ask, onTotal, clock, log } = this.#options;
    this.#isAsking = true;
    this.#isDue = false;
    const asked = ask().catch((fault: unknown) => {
      log.warn('agent_cost_unknown', { reason: messageOf(fault) });
      return undefined;
    });
    const total = await deadline(clock, DEADLINE_MS, asked);
    this.#isAsking = false;
    if (this.#isOver) return;
    if (total !== undefined) onTotal(total);
    this.#pause = clock.after(PAUSE_MS, () => {
      this.#pause = undefined;
      if (this.#isDue) this.look();
    });
  }
}
