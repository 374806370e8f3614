import { MachineError, messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import { Backoff } from './backoff.ts';
import { POLL_SECONDS, type BotApi, type RawUpdate } from './bot-api.ts';
import { TelegramFault, givenUp, isRefusal } from './faults.ts';
import { settlesWithin, waitFor } from './wait.ts';
import { withoutFullStop } from '../../util/without-full-stop.ts';

type UpdatePollerOptions = {
  readonly api: BotApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: (() => number) | undefined;
  /** Resolves once the update is safe. When it rejects, the update comes again. */
  readonly onUpdate: (update: unknown) => Promise<void>;
  /** Told once when polling begins to fail, and again when it fails for another reason. */
  readonly onFault?: ((error: MachineError) => void) | undefined;
  readonly onRecovered?: (() => void) | undefined;
};

const LONGEST_BACKOFF_MS = 30_000;
/** A server that answers at once with nothing is not asked again at once. */
const LEAST_EMPTY_POLL_MS = 500;
const CONFIRM_WITHIN_MS = 700;
/** How long the server is given to say that there is no more, while somebody waits to hear it. */
const CATCH_UP_SECONDS = 1;

/**
 * Long polling of our own. grammY's `bot.start` moves its offset past an update before its handler has run, and
 * confirms that offset when it stops or after an error; here an update is confirmed once it is safe, never before.
 */
export class UpdatePoller {
  readonly #options: UpdatePollerOptions;
  readonly #backoff: Backoff;
  readonly #stop = new AbortController();
  #offset: number | undefined;
  /** What the last poll asked for, which confirmed all before it. */
  #asked: number | undefined;
  #failing: string | undefined;
  /** Those who wait to hear that there is no more. */
  #waiting: (() => void)[] = [];
  #polling: Promise<void> | undefined;

  constructor(options: UpdatePollerOptions) {
    this.#options = options;
    const { random = Math.random } = options;
    this.#backoff = new Backoff({ firstMs: 1_000, mostMs: LONGEST_BACKOFF_MS, random });
  }

  start(): void {
    this.#polling ??= this.#poll();
  }

  /** Resolves once a poll that began after this call has found nothing new; never while polling fails. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Ends the long poll, waits `withinMs` for the update at hand, and confirms what is safe. */
  async stop(withinMs: number): Promise<void> {
    this.#stop.abort();
    if (this.#polling === undefined) return;
    const { clock, api, log } = this.#options;
    if (!(await settlesWithin(clock, withinMs, this.#polling))) {
      log.warn('telegram_update_unfinished', {
        reason: 'the connector had to stop; the update will come again',
      });
    }
    if (this.#offset === undefined || this.#offset === this.#asked) return;
    const patience = new AbortController();
    const timer = clock.after(CONFIRM_WITHIN_MS, () => patience.abort());
    // Unconfirmed updates come again at the next start, where their ids tell that they were here before.
    await api.confirm(this.#offset, patience.signal).catch(() => {});
    timer.cancel();
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stop;
    const { clock } = this.#options;
    while (!signal.aborted) {
      try {
        const askedAt = clock.monotonic();
        this.#asked = this.#offset;
        const waiting = this.#waiting;
        this.#waiting = [];
        const seconds = waiting.length === 0 ? POLL_SECONDS : CATCH_UP_SECONDS;
        const updates = await this.#ask(seconds, waiting);
        this.#recovered();
        const isHurried = updates.length === 0 && clock.monotonic() - askedAt < LEAST_EMPTY_POLL_MS;
        if (!(await this.#takeAll(updates))) await waitFor(clock, this.#backoff.next(), signal);
        else if (isHurried) await waitFor(clock, LEAST_EMPTY_POLL_MS, signal);
      } catch (error) {
        if (!signal.aborted) await this.#fail(error);
      }
    }
  }

  /** Tells those who wait when nothing came; else they wait for the next poll. */
  async #ask(seconds: number, waiting: readonly (() => void)[]): Promise<readonly RawUpdate[]> {
    let isEmpty = false;
    try {
      const updates = await this.#options.api.updates(this.#offset, seconds, this.#stop.signal);
      isEmpty = updates.length === 0;
      return updates;
    } finally {
      if (isEmpty) for (const tell of waiting) tell();
      else this.#waiting.push(...waiting);
    }
  }

  /** False when one could not be made safe: it and those behind it will be fetched again. */
  async #takeAll(updates: readonly RawUpdate[]): Promise<boolean> {
    // With nothing left to confirm no offset is needed, and after a week without updates their numbers start
    // anywhere (Telegram Bot API, "Update"), perhaps below it.
    if (updates.length === 0) this.#offset = undefined;
    for (const { id, update } of updates) {
      if (this.#stop.signal.aborted) return true;
      try {
        await this.#options.onUpdate(update);
      } catch (error) {
        this.#options.log.error('telegram_update_not_taken', { update: id, reason: messageOf(error) });
        return false;
      }
      this.#offset = id + 1;
      this.#backoff.reset();
    }
    return true;
  }

  #recovered(): void {
    if (this.#failing === undefined) return;
    this.#options.log.info('telegram_polling_recovered', { after: this.#failing });
    this.#failing = undefined;
    this.#backoff.reset();
    this.#options.onRecovered?.();
  }

  async #fail(thrown: unknown): Promise<void> {
    const { api, clock, log } = this.#options;
    if (isRefusal(thrown, /webhook is active/i)) {
      log.warn('telegram_webhook_removed', {
        reason: 'a webhook kept updates from this bot; what waited is kept',
      });
      // If it fails, so does the next poll.
      await api.removeWebhook(this.#stop.signal).catch(() => {});
    } else {
      this.#tell(thrown);
    }
    const { reason } = thrown instanceof TelegramFault ? thrown : {};
    const delayMs = reason?.kind === 'flood' ? reason.retryAfterMs : this.#backoff.next();
    await waitFor(clock, delayMs, this.#stop.signal);
  }

  #tell(thrown: unknown): void {
    const error = describe(thrown);
    if (this.#failing === error.code) return;
    this.#failing = error.code;
    const event =
      error.code === 'TELEGRAM_POLLER_CONFLICT' ? 'telegram_poller_conflict' : 'telegram_polling_failed';
    this.#options.log.warn(event, { code: error.code, reason: error.message, hint: error.hint });
    this.#options.onFault?.(error);
  }
}

function describe(thrown: unknown): MachineError {
  if (!(thrown instanceof TelegramFault)) {
    return new MachineError('TELEGRAM_POLLING_FAILED', withoutFullStop(messageOf(thrown)), { cause: thrown });
  }
  if (thrown.reason.kind !== 'refused' || thrown.reason.status !== 409) return givenUp(thrown);
  return new MachineError(
    'TELEGRAM_POLLER_CONFLICT',
    'another program is receiving the messages of this bot token; each message reaches only one of the two',
    { cause: thrown, hint: 'Stop the other leashd or bot, or make a token of its own with @BotFather.' },
  );
}
