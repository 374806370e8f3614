import type { ChatRef } from '../../core/ports/chat.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import { ChatLane, type Job } from './chat-lane.ts';
import { givenUp, stoppedFault } from './faults.ts';
import { TokenBucket, type BucketSize } from './token-bucket.ts';
import { settlesWithin } from './wait.ts';

// Telegram's "Bots FAQ": about 1 message a second in a chat, 20 a minute in a group, 30 a second in all. A bucket
// lets `burst + rate * time` through, which these keep below the limits for every stretch of time.
const PRIVATE_PACE: BucketSize = { burst: 3, perSecond: 0.9 };
const GROUP_PACE: BucketSize = { burst: 3, perSecond: 16 / 60 };
const TOTAL_PACE: BucketSize = { burst: 10, perSecond: 20 };

const MOST_QUIET_LANES = 500;

type OutgoingQueueOptions = {
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: (() => number) | undefined;
};

type Delivery<T> = (signal: AbortSignal) => Promise<T>;

/** All that goes out, in a lane for each chat, paced below Telegram's limits and retried. Nothing is sent here. */
export class OutgoingQueue {
  readonly #options: OutgoingQueueOptions;
  readonly #totalPace: TokenBucket;
  readonly #lanes = new Map<string, ChatLane>();
  readonly #stop = new AbortController();
  #isStopping = false;

  constructor(options: OutgoingQueueOptions) {
    this.#options = options;
    this.#totalPace = new TokenBucket(options.clock, TOTAL_PACE);
  }

  /**
   * Runs `run` when its turn comes, in the order of the calls, again and again while Telegram can't be reached
   * or asks to wait.
   * @param giveUpAfterMs counted from now; without it, only `stop` ends the attempts
   * @throws TelegramFault when the server refuses it; MachineError when it was given up
   */
  deliver<T>(chat: ChatRef, run: Delivery<T>, giveUpAfterMs?: number): Promise<T> {
    const giveUpAt =
      giveUpAfterMs === undefined ? undefined : this.#options.clock.monotonic() + giveUpAfterMs;
    return new Promise((resolve, reject) => {
      let result: { readonly value: T } | undefined;
      this.#add(chat, {
        urgency: 'ordered',
        giveUpAt,
        run: async (signal) => {
          result = { value: await run(signal) };
        },
        done: () => {
          if (result !== undefined) resolve(result.value);
        },
        failed: reject,
      });
    });
  }

  /**
   * Runs `run` when nothing more urgent waits in the chat, unless it is no longer wanted by then.
   * @throws TelegramFault when the server refuses it; MachineError when it was dropped by `stop`
   */
  edit(chat: ChatRef, run: Delivery<void>, isWanted: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#add(chat, { urgency: 'edit', isWanted, run, done: resolve, failed: reject });
    });
  }

  /** Whether Telegram asked for silence in the chat, or can't be reached. */
  isHeld(chat: ChatRef): boolean {
    return this.#lanes.get(chat.chat)?.isHeld ?? false;
  }

  /** Takes nothing more, drops edits, and gives the rest `withinMs` before it ends that too. */
  async stop(withinMs: number): Promise<void> {
    this.#isStopping = true;
    const lanes = Promise.all([...this.#lanes.values()].map((lane) => lane.drain()));
    const isDrained = await settlesWithin(this.#options.clock, withinMs, lanes);
    this.#stop.abort();
    if (!isDrained) {
      this.#options.log.warn('telegram_messages_dropped', { reason: 'the connector had to stop' });
    }
    await lanes;
  }

  #add(chat: ChatRef, job: Job): void {
    if (this.#isStopping) job.failed(givenUp(stoppedFault('queue')));
    else this.#lane(chat).add(job);
  }

  #lane(chat: ChatRef): ChatLane {
    // Telegram's limits are a chat's, so its threads share a lane.
    const known = this.#lanes.get(chat.chat);
    if (known !== undefined) return known;
    if (this.#lanes.size >= MOST_QUIET_LANES) this.#forgetQuietLanes();
    const { clock, log, random = Math.random } = this.#options;
    const isGroup = chat.chat.startsWith('-');
    const lane = new ChatLane({
      clock,
      log: log.with({ chat: chat.chat }),
      random,
      chatPace: new TokenBucket(clock, isGroup ? GROUP_PACE : PRIVATE_PACE),
      totalPace: this.#totalPace,
      signal: this.#stop.signal,
    });
    this.#lanes.set(chat.chat, lane);
    return lane;
  }

  #forgetQuietLanes(): void {
    for (const [chat, lane] of this.#lanes) {
      if (lane.isIdle) this.#lanes.delete(chat);
    }
  }
}
