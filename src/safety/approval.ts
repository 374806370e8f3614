import type { RichText } from '../util/rich-text.ts';
import type { GrantOffer } from './grants/grant.ts';
import type { Decision, Footprint, GateContext, ToolCall } from './types.ts';

/** Puts a call before the person. */
export interface Approver {
  /**
   * Shows the card and waits. Must resolve once `timeoutMs` have passed or `signal` has aborted.
   * A rejection counts as "could not ask": a denial.
   */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
}

export type ApprovalRequest = {
  readonly call: ToolCall;
  readonly context: GateContext;
  readonly footprint: Footprint;
  readonly decision: Decision;
  readonly card: ApprovalCard;
  /** What "Approve similar…" offers; empty where nothing can be named narrowly. */
  readonly offers: readonly GrantOffer[];
  /** Approvals that may be given in one go have the same; undefined: this one stands alone. */
  readonly kindDigest: string | undefined;
  readonly timeoutMs: number;
};

/** Everything there is to see about a call before it is approved. */
export type ApprovalCard = {
  readonly body: RichText;
  /** What it does, in one line of plain text: for lists and reminders. */
  readonly subject: string;
  /** What a second tap must say before it counts ("Yes, force-push main"); absent: one tap will do. */
  readonly confirm?: string | undefined;
  /** All of it, where the body could not hold it. */
  readonly attachment?: { readonly fileName: string; readonly content: string } | undefined;
};

/** `prompt`: the id of the question, for the record; absent when none was put. */
export type ApprovalAnswer = { readonly prompt?: string | undefined } &
  /** `offer`: the id of the grant that was chosen with it. */
  (
    | { readonly kind: 'approved'; readonly by: string; readonly offer?: string | undefined }
    | { readonly kind: 'rejected'; readonly by: string; readonly reason?: string | undefined }
    | { readonly kind: 'timed-out' }
    /** The call is no longer wanted, or nobody can be asked here. */
    | { readonly kind: 'not-answered'; readonly reason: string }
  );
