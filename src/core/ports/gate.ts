import type { GateContext, ModeRule, ToolCall, Verdict } from '../../safety/types.ts';

// The words of the gate belong to the safety room; this is the one place where the core takes them over.
export type { ApprovalAnswer, ApprovalRequest, Approver } from '../../safety/approval.ts';
export type { Footprint, GateContext, ModeRule, ModeRules, ToolCall, Verdict } from '../../safety/types.ts';

/** The leash. */
export interface Gate {
  /**
   * Decides a tool call, asking the person where a rule says so, and writes the audit line before it resolves.
   * Must never reject: every fault inside is a denial. `signal` aborts when the call is no longer wanted; that
   * is a denial too.
   */
  decide(call: ToolCall, context: GateContext, signal: AbortSignal): Promise<Verdict>;
  /**
   * The same rules, with a note of the files they rest on as they are at this moment. Must not throw. Rules that name a
   * source and were not here do not hold.
   */
  pinRules?(rules: readonly ModeRule[]): readonly ModeRule[];
}

/** The gate as an agent sees it, bound to one session. */
export type ToolGate = (call: ToolCall, signal: AbortSignal) => Promise<Verdict>;
