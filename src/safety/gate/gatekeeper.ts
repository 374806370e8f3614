import { z } from 'zod';
import { LeashdError, messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import { approvalCard } from '../card/approval-card.ts';
import { askInTime } from './ask-in-time.ts';
import type { Audit, CallRecord } from '../audit/audit-record.ts';
import { diskView, rememberingView } from '../file-view.ts';
import type { FileView } from '../file-view.ts';
import { footprintOf } from '../footprint/footprint.ts';
import { contentsDigest, runDigest } from './contents-digest.ts';
import {
  AUDIT_FAULT,
  auditTimeout,
  changedSinceShown,
  faultDecision,
  rulesChanged,
  touchesOf,
  UNWANTED,
} from './gate-faults.ts';
import { grantOffers } from '../grants/grant-offers.ts';
import {
  cardTimeoutMs,
  contextUnder,
  isCardEnough,
  NOT_APPROVED,
  readyRules,
  type GateRules,
  type ReadyRules,
} from './gate-rules.ts';
import { kindDigest } from '../grants/kind-digest.ts';
import { evaluateEach } from '../policy/evaluate.ts';
import type { RememberedApprovals, Remembering } from '../grants/remembered.ts';
import { changedSince, coveredByMode, modeDecision } from '../modes/mode-cover.ts';
import { ModeRuleBook } from '../modes/mode-rules.ts';
import { rememberChoice, type RememberChoiceOptions } from './remember-choice.ts';
import { strictestOf } from './stricter-votes.ts';
import type { StricterVoter } from './stricter-votes.ts';
import type { Judged, Settled, ShownCall } from './settled.ts';
import type { ApprovalAnswer, Approver } from '../approval.ts';
import type { Decision, Footprint, GateContext, ModeRule, ToolCall, Verdict } from '../types.ts';
import { decisionOfAnswer, denialMessage } from './verdict-message.ts';

export type GatekeeperOptions = GateRules & {
  readonly audit: Audit;
  readonly approver: Approver;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes secrets out of what is logged and audited. */
  readonly redact: (text: string) => string;
  /** Takes leashd's own secrets, and nothing else, out of what is shown to the person. */
  readonly hideOwnSecrets?: ((text: string) => string) | undefined;
  readonly fileView?: FileView | undefined;
  /** What the person has approved in advance; without it nothing is offered, and every question is put. */
  readonly remembered?: RememberedApprovals | undefined;
  /** Plugins that may make decisions stricter. */
  readonly stricter?: readonly StricterVoter[] | undefined;
  /** Told of every decision after it was written down. May throw: it changes nothing. */
  readonly onDecided?: ((record: DecisionRecord) => void) | undefined;
  /** The audit log can't be written, so nothing runs: for the person to hear. May throw. */
  readonly onAuditFailure?: ((error: unknown, context: GateContext) => void) | undefined;
};

export type DecisionRecord = {
  readonly call: ToolCall;
  readonly context: GateContext;
  /** Absent when the call could not be read. */
  readonly footprint: Footprint | undefined;
  readonly decision: Decision;
  readonly answer: ApprovalAnswer | undefined;
  /** What became of the grant that was chosen with the approval; absent where none was. */
  readonly remembering?: Remembering | undefined;
  /** Milliseconds, the wait for the person included. */
  readonly durationMs: number;
};

/** Decides tool calls: footprint, sandbox, policy, the person, audit, in that order. */
export interface Gatekeeper {
  /** Never rejects: every fault, time-out and abort is a denial. */
  decide(call: ToolCall, context: GateContext, signal: AbortSignal): Promise<Verdict>;
  /** The same rules, with a note of the files they rest on as they are now. Does not throw. */
  pinRules(rules: readonly ModeRule[]): readonly ModeRule[];
  /**
   * Makes other rules ready; what it returns puts them in place, and does not throw. A call that is being decided by
   * then runs only where both the old and the new ones let it; what was approved in advance stays.
   * @throws what looking at the files of leashd itself throws; nothing has changed then.
   */
  prepareRules(rules: GateRules): () => void;
}

export function createGatekeeper(options: GatekeeperOptions): Gatekeeper {
  return new Gate(options);
}

/** A disk that takes longer than this to take one line counts as one that can't. */
const AUDIT_TIMEOUT_MS = 15_000;

// What an agent hands over is only as well formed as its adapter is free of faults.
const callSchema = z.object({
  id: z.string(),
  tool: z.string().min(1),
  directory: z.string().startsWith('/'),
});

class Gate implements Gatekeeper {
  readonly #options: GatekeeperOptions;
  readonly #view: FileView;
  readonly #modeRules: ModeRuleBook;
  #rules: ReadyRules;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
    this.#view = options.fileView ?? diskView;
    this.#rules = readyRules(options, this.#view);
    this.#modeRules = new ModeRuleBook({ home: options.sandbox.home, log: options.log });
  }

  pinRules(rules: readonly ModeRule[]): readonly ModeRule[] {
    return this.#modeRules.pin(rules, rememberingView(this.#view));
  }

  prepareRules(rules: GateRules): () => void {
    const ready = readyRules(rules, this.#view);
    return () => void (this.#rules = ready);
  }

  async decide(call: ToolCall, context: GateContext, signal: AbortSignal): Promise<Verdict> {
    const started = this.#options.clock.monotonic();
    try {
      const settled = await this.#settleForGood(call, context, signal);
      const { decision } = settled;
      this.#tell(call, context, settled, this.#options.clock.monotonic() - started);
      if (decision.action !== 'allow')
        return {
          kind: 'deny',
          message: this.#options.redact(denialMessage(decision)),
          reason: this.#options.redact(`${decision.reason} (${decision.layer}: ${decision.rule})`),
          layer: decision.layer,
          rule: decision.rule,
        };
      if (signal.aborted)
        return { kind: 'deny', message: 'The call was no longer wanted when it was decided.' };
      return { kind: 'allow' };
    } catch (error) {
      return { kind: 'deny', message: `leashd could not decide about this call: ${messageOf(error)}` };
    }
  }

  /** Written down. What is allowed is looked at again for as long as the rules were replaced meanwhile. */
  async #settleForGood(call: ToolCall, context: GateContext, signal: AbortSignal): Promise<Settled> {
    let rules = this.#rules;
    let settled = await this.#settleOrFault(rules, call, context, signal);
    settled = await this.#writeDown(call, context, settled);
    while ((settled.under ?? rules) !== this.#rules && settled.decision.action === 'allow') {
      rules = this.#rules;
      settled = await this.#settleOrFault(rules, call, context, signal, settled);
      settled = await this.#writeDown(call, context, settled);
    }
    return settled;
  }

  async #settleOrFault(
    rules: ReadyRules,
    call: ToolCall,
    context: GateContext,
    signal: AbortSignal,
    before?: Settled,
  ): Promise<Settled> {
    try {
      // Nobody is asked twice: what was approved holds, or it does not.
      if (before?.card !== undefined)
        return {
          ...before,
          under: rules,
          decision: this.#underRules(rules, call, context, before.card) ?? before.decision,
        };
      return await this.#settle(rules, call, context, signal);
    } catch (error) {
      return { footprint: undefined, decision: faultDecision(error, this.#options) };
    }
  }

  async #settle(
    rules: ReadyRules,
    call: ToolCall,
    context: GateContext,
    signal: AbortSignal,
  ): Promise<Settled> {
    const judged = await this.#judgeWithVotes(rules, call, context);
    if (signal.aborted) {
      return { ...judged, decision: { ...judged.decision, ...UNWANTED } };
    }
    return judged.decision.action === 'ask' ? this.#ask(rules, call, context, judged, signal) : judged;
  }

  #judgeNow(rules: ReadyRules, call: ToolCall, given: GateContext): Judged {
    const shape = callSchema.safeParse(call);
    if (!shape.success) throw new LeashdError('bug', 'CALL_UNREADABLE', 'the tool call has no readable form');
    const view = rememberingView(this.#view);
    const footprint = footprintOf(call, { view, home: rules.sandbox.home });
    const context = contextUnder(rules, given);
    if (context === undefined) return { footprint, decision: NOT_APPROVED };
    const decision = rules.judge(footprint, context, view);
    const mayBeAsked = decision.action === 'ask' || this.#voters.length > 0;
    const contents = mayBeAsked ? contentsDigest(footprint, view) : undefined;
    if (decision.action !== 'ask') return { footprint, decision, contents };
    const parts = [...evaluateEach(rules.policy, footprint, context)];
    const asked = { footprint, context, parts, contents: runDigest(footprint, view) };
    const answer = coveredByMode(asked, decision, this.#modeRules.coverings(context), view);
    const { name, rulesFrom = name } = context.mode;
    if (answer?.kind === 'covered')
      return { footprint, decision: modeDecision(decision, answer.by, rulesFrom), contents, asked };
    const covered = this.#options.remembered?.answer(asked, decision);
    const question = answer === undefined ? decision : changedSince(decision, answer);
    return { footprint, decision: covered?.decision ?? question, contents, asked, covered };
  }

  async #judgeWithVotes(rules: ReadyRules, call: ToolCall, context: GateContext): Promise<Judged> {
    const judged = this.#judgeNow(rules, call, context);
    const { footprint, decision } = judged;
    if (footprint === undefined) return judged;
    const ballot = { call, footprint, context, decision };
    const strictest = await strictestOf(this.#voters, ballot, this.#options);
    if (strictest !== decision) return { ...judged, decision: strictest, covered: undefined };
    // A vote may take two seconds: what covered the call may have been taken back, and its files changed.
    return this.#voters.length === 0 ? judged : this.#judgeNow(rules, call, context);
  }

  get #voters(): readonly StricterVoter[] {
    return this.#options.stricter ?? [];
  }

  async #ask(
    rules: ReadyRules,
    call: ToolCall,
    context: GateContext,
    judged: Judged,
    signal: AbortSignal,
  ): Promise<Settled> {
    const { clock, approver } = this.#options;
    const { footprint, decision } = judged;
    if (footprint === undefined) return judged;
    const timeoutMs = cardTimeoutMs(rules);
    const hideOwnSecrets = this.#options.hideOwnSecrets ?? ((text: string): string => text);
    const { remembered } = this.#options;
    const { confirmFrom } = rules;
    const cardOptions = { view: this.#view, hideOwnSecrets, timeoutMs, confirmFrom };
    const card = approvalCard(call, context, footprint, decision, cardOptions);
    const { asked } = judged;
    const named = asked === undefined || remembered === undefined ? [] : grantOffers(asked, decision);
    const offers = named.filter(({ terms }) => this.#isFreeOfSecrets([terms.words, terms.rules]));
    await this.#append('approval_requested', call, context, judged);
    const shownAt = clock.monotonic();
    const kind = asked === undefined ? undefined : kindDigest(asked, decision);
    const request = { call, context, footprint, decision, card, offers, kindDigest: kind, timeoutMs };
    const answer = await askInTime(approver, request, signal, clock);
    const waitedMs = Math.round(clock.monotonic() - shownAt);
    const shown = { ...judged, footprint, rules };
    const under = this.#rules;
    const final = this.#afterAnswer(call, context, shown, answer, timeoutMs);
    await this.#append('approval_resolved', call, context, { ...judged, decision: final, answer, waitedMs });
    const isAllowed = final.action === 'allow' && !signal.aborted;
    const remembering = isAllowed ? await rememberChoice(request, answer, this.#rememberOptions) : undefined;
    return { footprint, decision: final, answer, waitedMs, remembering, card: shown, under };
  }

  get #rememberOptions(): RememberChoiceOptions {
    return { ...this.#options, inTime: (work) => this.#inTime(work) };
  }

  /** What is remembered is written to files, into which no secret goes. */
  #isFreeOfSecrets(kept: unknown): boolean {
    const text = JSON.stringify(kept);
    return this.#options.redact(text) === text;
  }

  /** An approval holds for what was shown, and where the rules of then and of now let it. */
  #afterAnswer(
    call: ToolCall,
    context: GateContext,
    shown: ShownCall,
    answer: ApprovalAnswer,
    timeoutMs: number,
  ): Decision {
    if (answer.kind !== 'approved') return decisionOfAnswer(shown.decision, answer, timeoutMs);
    for (const rules of new Set([shown.rules, this.#rules])) {
      const against = this.#underRules(rules, call, context, shown);
      if (against !== undefined) return against;
    }
    return { ...shown.decision, action: 'allow', layer: 'approval', reason: `Approved by ${answer.by}` };
  }

  /** What these rules have by now against a call that was approved; the disk may have changed, too. */
  #underRules(
    rules: ReadyRules,
    call: ToolCall,
    context: GateContext,
    shown: ShownCall,
  ): Decision | undefined {
    const now = this.#judgeNow(rules, call, context);
    if (now.decision.action === 'deny') return now.decision;
    // What is allowed by now was not looked at as closely.
    const contents =
      now.contents ?? (now.footprint && contentsDigest(now.footprint, rememberingView(this.#view)));
    if (touchesOf(now.footprint) !== touchesOf(shown.footprint) || contents !== shown.contents)
      return changedSinceShown(shown.decision);
    return isCardEnough(shown, now.decision, rules, context) ? undefined : rulesChanged(shown.decision);
  }

  /** Nothing takes effect that is not on disk. */
  async #writeDown(call: ToolCall, context: GateContext, settled: Settled): Promise<Settled> {
    let failure: unknown;
    try {
      await this.#append('tool_decided', call, context, settled);
    } catch (error) {
      failure = error;
    }
    // The question may already have failed to be written down.
    failure ??= settled.decision === AUDIT_FAULT ? new Error(AUDIT_FAULT.reason) : undefined;
    if (failure === undefined) return settled;
    this.#options.log.error('audit_failed', { error: this.#options.redact(messageOf(failure)) });
    this.#quietly('on_audit_failure', () => this.#options.onAuditFailure?.(failure, context));
    return { ...settled, decision: AUDIT_FAULT };
  }

  async #append(
    event: CallRecord['event'],
    call: ToolCall,
    context: GateContext,
    settled: Settled,
  ): Promise<void> {
    const { footprint, decision, answer, waitedMs, covered } = settled;
    const by = answer !== undefined && 'by' in answer ? answer.by : undefined;
    const record: CallRecord = {
      event,
      call,
      context,
      footprint,
      decision,
      prompt: answer?.prompt,
      answer: answer?.kind,
      by,
      waitedMs,
      grant: covered?.grant,
      ownRule: covered?.ownRule,
    };
    await this.#inTime(this.#options.audit.record(record));
  }

  /** A disk that does not answer counts as one that can't. */
  async #inTime<Value>(work: Promise<Value>): Promise<Value> {
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      const timer = this.#options.clock.after(AUDIT_TIMEOUT_MS, () => reject(auditTimeout()));
      cancel = () => timer.cancel();
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      cancel();
    }
  }

  #tell(call: ToolCall, context: GateContext, settled: Settled, durationMs: number): void {
    const { log } = this.#options;
    const { footprint, decision, answer, remembering } = settled;
    const { action, layer, rule, risk } = decision;
    const fields = { tool: call.tool, call: call.id, chat: context.chat, session: context.session, rule };
    log.debug('policy_evaluated', {
      ...fields,
      action,
      layer,
      risk,
      ms: Math.round(durationMs * 1000) / 1000,
    });
    if (layer === 'sandbox' && action === 'deny') {
      log.debug('sandbox_path_denied', { ...fields, reason: this.#options.redact(decision.reason) });
      log.warn('security_violation', fields);
    }
    if (layer === 'fault')
      log.warn('gate_fault', { ...fields, reason: this.#options.redact(decision.reason) });
    this.#quietly('on_decided', () =>
      this.#options.onDecided?.({ call, context, footprint, decision, answer, remembering, durationMs }),
    );
  }

  #quietly(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.log.error('listener_failed', { what, error: this.#options.redact(messageOf(error)) });
    }
  }
}
