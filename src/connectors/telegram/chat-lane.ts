import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import { Backoff } from './backoff.ts';
import { TelegramFault, givenUp, stoppedFault } from './faults.ts';
import type { TokenBucket } from './token-bucket.ts';
import { abortWith, waitFor } from './wait.ts';

/** One thing to do at the server; how it ends is told through its own callbacks. */
export type Job = {
  /** `ordered`: prompts, notices, final texts, first come first served. `edit`: what may wait, and be dropped. */
  readonly urgency: 'ordered' | 'edit';
  /** On the monotonic clock; absent: retried until it is delivered or the lane closes. */
  readonly giveUpAt?: number | undefined;
  /** Asked just before it would run; when false it is done without having run. */
  readonly isWanted?: (() => boolean) | undefined;
  /** Must reject with a TelegramFault when the server did not do it, so that it is tried again or given up. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
};

type LaneOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** A number from 0 up to 1, for jitter. */
  readonly random: () => number;
  readonly chatPace: TokenBucket;
  readonly totalPace: TokenBucket;
  /** Aborts when everything is to end now. */
  readonly signal: AbortSignal;
};

type Waiting = {
  readonly job: Job;
  readonly backoff: Backoff;
  readyAt: number;
  lastFault: TelegramFault | undefined;
};
type Choice =
  { readonly kind: 'run'; readonly waiting: Waiting } | { readonly kind: 'wait'; readonly waitMs: number };

const LONGEST_BACKOFF_MS = 30_000;
/** Edits leave that many in the buckets, so that a prompt never waits for the pace that edits used up. */
const EDIT_RESERVE = 1;

/**
 * What goes out to one chat, one at a time. A flood limit or an unreachable server holds all of the chat; a
 * server's error (5xx) holds the one job alone, so that a bad message can't stand before a prompt.
 */
export class ChatLane {
  readonly #options: LaneOptions;
  readonly #networkBackoff: Backoff;
  readonly #ordered: Waiting[] = [];
  readonly #edits: Waiting[] = [];
  #heldUntil = 0;
  #wake: () => void = () => {};
  #working: Promise<void> | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#networkBackoff = new Backoff({
      firstMs: 500,
      mostMs: LONGEST_BACKOFF_MS,
      random: options.random,
    });
  }

  /** Nothing waits, nothing runs, and nothing would be remembered. */
  get isIdle(): boolean {
    return this.#working === undefined && this.#options.chatPace.isFull && this.#heldUntil <= this.#now();
  }

  /** Whether the server asked for silence, or can't be reached. */
  get isHeld(): boolean {
    return this.#heldUntil > this.#now();
  }

  add(job: Job): void {
    const backoff = new Backoff({
      firstMs: 1_000,
      mostMs: LONGEST_BACKOFF_MS,
      random: this.#options.random,
    });
    const list = job.urgency === 'edit' ? this.#edits : this.#ordered;
    list.push({ job, backoff, readyAt: 0, lastFault: undefined });
    this.#wake();
    this.#working ??= this.#work();
  }

  /** Drops what may be dropped, and resolves when the rest is delivered or given up. */
  async drain(): Promise<void> {
    for (const { job } of this.#edits.splice(0)) job.failed(givenUp(stoppedFault('edit')));
    this.#wake();
    await this.#working;
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }

  async #work(): Promise<void> {
    // A tick later, so that the lane knows that it is at work before the first job runs.
    await Promise.resolve();
    while (this.#ordered.length + this.#edits.length > 0) {
      this.#sweep();
      const choice = this.#choose();
      if (choice?.kind === 'wait') await this.#sleep(choice.waitMs);
      else if (choice?.kind === 'run') await this.#attempt(choice.waiting);
    }
    this.#working = undefined;
  }

  /** Takes out what is no longer wanted, ran out of time, or can't be done because we are stopping. */
  #sweep(): void {
    const now = this.#now();
    for (const list of [this.#ordered, this.#edits]) {
      for (const waiting of list.slice()) {
        const { job, lastFault } = waiting;
        if (this.#options.signal.aborted) {
          take(list, waiting);
          job.failed(givenUp(stoppedFault('queue')));
        } else if (job.isWanted?.() === false) {
          take(list, waiting);
          job.done();
        } else if (job.giveUpAt !== undefined && job.giveUpAt <= now) {
          take(list, waiting);
          job.failed(givenUp(lastFault ?? tooSlow()));
        }
      }
    }
  }

  /** The first that may run now, else how long until something may. */
  #choose(): Choice | undefined {
    const now = this.#now();
    let waitMs = Number.POSITIVE_INFINITY;
    for (const waiting of [...this.#ordered, ...this.#edits]) {
      const reserve = waiting.job.urgency === 'edit' ? EDIT_RESERVE : 0;
      const pace = Math.max(
        this.#options.chatPace.waitMs(reserve),
        this.#options.totalPace.waitMs(reserve),
        this.#heldUntil - now,
        waiting.readyAt - now,
      );
      if (pace <= 0) return { kind: 'run', waiting };
      waitMs = Math.min(waitMs, pace, (waiting.job.giveUpAt ?? Number.POSITIVE_INFINITY) - now);
    }
    return Number.isFinite(waitMs) ? { kind: 'wait', waitMs } : undefined;
  }

  async #sleep(delayMs: number): Promise<void> {
    const { clock, signal } = this.#options;
    const woken = abortWith(signal);
    this.#wake = () => woken.abort();
    await waitFor(clock, delayMs, woken.signal);
    woken.abort();
    this.#wake = () => {};
  }

  async #attempt(waiting: Waiting): Promise<void> {
    const { job } = waiting;
    this.#options.chatPace.take();
    this.#options.totalPace.take();
    try {
      await job.run(this.#options.signal);
    } catch (error) {
      if (error instanceof TelegramFault) this.#fault(waiting, error);
      else this.#finish(waiting, () => job.failed(error instanceof Error ? error : new Error(String(error))));
      return;
    }
    this.#networkBackoff.reset();
    this.#finish(waiting, job.done);
  }

  #fault(waiting: Waiting, fault: TelegramFault): void {
    const { reason } = fault;
    waiting.lastFault = fault;
    if (reason.kind !== 'unreachable') this.#networkBackoff.reset();
    switch (reason.kind) {
      case 'flood':
        // Which of its limits was reached the server does not say: it may be the one for all chats.
        this.#options.totalPace.slowDown();
        this.#hold(reason.retryAfterMs, fault);
        return;
      case 'unreachable':
        this.#hold(this.#networkBackoff.next(), fault);
        return;
      case 'server':
        waiting.readyAt = this.#now() + waiting.backoff.next();
        return;
      case 'refused':
      case 'stopped':
        this.#finish(waiting, () => waiting.job.failed(fault));
        return;
      default:
        reason satisfies never;
    }
  }

  #hold(delayMs: number, fault: TelegramFault): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#now() + delayMs);
    this.#options.log.debug('telegram_chat_held', { delayMs: Math.round(delayMs), reason: fault.message });
  }

  #finish(waiting: Waiting, tell: () => void): void {
    take(waiting.job.urgency === 'edit' ? this.#edits : this.#ordered, waiting);
    tell();
  }
}

function take(list: Waiting[], waiting: Waiting): void {
  const index = list.indexOf(waiting);
  if (index >= 0) list.splice(index, 1);
}

function tooSlow(): TelegramFault {
  return new TelegramFault('queue', { kind: 'unreachable' }, 'its turn did not come in time');
}
