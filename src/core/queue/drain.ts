import type { Clock } from '../../util/clock.ts';
import type { OwnedWork } from '../owned-work.ts';
import type { ChatRef } from '../ports/chat.ts';
import type { Prompts } from '../prompts/prompts.ts';
import type { RunningTurns } from '../turns/running-turns.ts';

export type DrainOptions = {
  /** Why leashd is being stopped: it stands under the cards that are closed. */
  readonly reason: string;
  /** How long running turns get to end. */
  readonly withinMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
};

type DrainParts = {
  readonly prompts: Prompts;
  readonly turns: RunningTurns;
  readonly work: OwnedWork;
  readonly clock: Clock;
  /** Resolves when no turn runs. */
  readonly idle: () => Promise<void>;
};

/**
 * Lets running turns end. Those that wait for a person, now or later, are ended at once: nobody knows whether an answer
 * comes in so short a time.
 */
export async function drain(
  { prompts, turns, work, clock, idle }: DrainParts,
  { reason, withinMs, signal }: DrainOptions,
): Promise<void> {
  const end = async (chat: ChatRef): Promise<void> => {
    prompts.cancel(reason, chat);
    await turns.interrupt(chat);
  };
  // What was asked by no turn is closed, too.
  const waiting = turns.working.filter((chat) => prompts.openIn(chat) > 0);
  prompts.cancel(reason);
  for (const chat of waiting) work.own('end a turn that waits', end(chat));
  const unwatch = prompts.watch((chat, isWaiting) => {
    // A moment later: it is only just being asked.
    if (isWaiting)
      work.own(
        'end a turn that waits',
        Promise.resolve().then(() => end(chat)),
      );
  });
  const ended = Promise.withResolvers<void>();
  const timer = clock.after(withinMs, ended.resolve);
  signal.addEventListener('abort', () => ended.resolve(), { once: true });
  if (signal.aborted) ended.resolve();
  await Promise.race([idle(), ended.promise]);
  timer.cancel();
  unwatch();
}
