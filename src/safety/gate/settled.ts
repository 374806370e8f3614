import type { ApprovalAnswer } from '../approval.ts';
import type { AskedCall } from '../grants/grants.ts';
import type { Covered, Remembering } from '../grants/remembered.ts';
import type { Decision, Footprint } from '../types.ts';
import type { ReadyRules, Shown } from './gate-rules.ts';

/** What is found out about a call on its way through. */
export type Judged = {
  readonly footprint: Footprint | undefined;
  readonly decision: Decision;
  /** A digest of the files that a card shows changes of, or that are run. */
  readonly contents?: string | undefined;
  /** As the policy has asked about it, before anything that was approved in advance. */
  readonly asked?: AskedCall | undefined;
  readonly covered?: Covered | undefined;
};
export type Settled = Judged & {
  readonly answer?: ApprovalAnswer | undefined;
  readonly waitedMs?: number | undefined;
  readonly remembering?: Remembering | undefined;
  /** The newest rules that it was held against, where those are not the ones it was begun with. */
  readonly under?: ReadyRules;
  /** The card that an answer was given to. */
  readonly card?: ShownCall;
};

export type ShownCall = Shown & Judged;
