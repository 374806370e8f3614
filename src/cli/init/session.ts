import type { CurrentSetUp } from '../../app/init/current-set-up.ts';
import type { Clock } from '../../util/clock.ts';
import type { Surroundings } from '../commands/cli-command.ts';
import type { Ask, Voice } from './ask.ts';
import type { InitFlags } from './flags.ts';

/** What every step of `leashd init` needs. */
export type Session = {
  readonly surroundings: Surroundings;
  readonly flags: InitFlags;
  readonly current: CurrentSetUp;
  /** Absent where nobody is asked. */
  readonly ask: Ask | undefined;
  readonly voice: Voice;
  readonly clock: Clock;
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal;
  /** What is to be answered; for the first set-up that is everything. */
  readonly topics: ReadonlySet<Topic>;
  readonly isFirst: boolean;
  /** What the person types to call leashd. */
  readonly commandWord: string;
};

export type Topic = 'directories' | 'bot' | 'owner' | 'policy' | 'run';
export const TOPICS: readonly Topic[] = ['directories', 'bot', 'owner', 'policy', 'run'];
