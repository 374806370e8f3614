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
import { AUDIT_FAULT, auditTimeout, faultDecision, touchesOf, UNWANTED } from './gate-faults.ts';
import { grantOffers } from '../grants/grant-offers.ts';
import type { GrantOffer } from '../grants/grant.ts';
import type { AskedCall } from '../grants/grants.ts';
import { createJudge } from './judge.ts';
import type { Judge } from './judge.ts';
import { kindDigest } from '../grants/kind-digest.ts';
import { evaluateEach } from '../policy/evaluate.ts';
import type { Policy } from '../policy/policy.ts';
import { chosenOffer } from '../grants/remembered.ts';
import type { Covered, RememberedApprovals, Remembering } from '../grants/remembered.ts';
import { changedSince, coveredByMode, modeDecision } from '../modes/mode-cover.ts';
import { ModeRuleBook } from '../modes/mode-rules.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import type { SandboxOptions } from '../sandbox/sandbox.ts';
import type { ConfirmFrom } from '../card/second-tap.ts';
import { strictestOf } from './stricter-votes.ts';
import type { StricterVoter } from './stricter-votes.ts';
import type { ToolFilter } from './tool-filter.ts';
import type { ApprovalAnswer, ApprovalRequest, Approver } from '../approval.ts';
import type { Decision, Footprint, GateContext, ModeRule, ToolCall, Verdict } from '../types.ts';
import { decisionOfAnswer, denialMessage } from './verdict-message.ts';

export type GatekeeperOptions = {
  readonly policy: Policy;
  readonly sandbox: SandboxOptions;
  readonly audit: Audit;
  readonly approver: Approver;
  readonly clock: Clock;
  readonly log: Log;
  readonly toolFilter?: ToolFilter | undefined;
  /** Milliseconds to wait for the person; without it what the policy says, else five minutes. */
  readonly approvalTimeoutMs?: number | undefined;
  /** Takes secrets out of what is logged and audited. */
  readonly redact: (text: string) => string;
  /** Takes leashd's own secrets, and nothing else, out of what is shown to the person. */
  readonly hideOwnSecrets?: ((text: string) => string) | undefined;
  readonly fileView?: FileView | undefined;
  /** What the person has approved in advance; without it nothing is offered, and every question is put. */
  readonly remembered?: RememberedApprovals | undefined;
  /** From which risk on an approval takes a second tap; critical without it. */
  readonly confirmFrom?: ConfirmFrom | undefined;
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
}

export function createGatekeeper(options: GatekeeperOptions): Gatekeeper {
  return new Gate(options);
}

const DEFAULT_TIMEOUT_MS = 300_000;
/** A disk that takes longer than this to take one line counts as one that can't. */
const AUDIT_TIMEOUT_MS = 15_000;

// What an agent hands over is only as well formed as its adapter is free of faults.
const callSchema = z.object({
  id: z.string(),
  tool: z.string().min(1),
  directory: z.string().startsWith('/'),
});

/** What is found out about a call on its way through. */
type Judged = {
  readonly footprint: Footprint | undefined;
  readonly decision: Decision;
  /** A digest of the files that a card shows changes of, or that are run. */
  readonly contents?: string | undefined;
  /** As the policy has asked about it, before anything that was approved in advance. */
  readonly asked?: AskedCall | undefined;
  readonly covered?: Covered | undefined;
};
type Settled = Judged & {
  readonly answer?: ApprovalAnswer | undefined;
  readonly waitedMs?: number | undefined;
  readonly remembering?: Remembering | undefined;
};

class Gate implements Gatekeeper {
  readonly #options: GatekeeperOptions;
  readonly #view: FileView;
  readonly #judge: Judge;
  readonly #modeRules: ModeRuleBook;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
    this.#view = options.fileView ?? diskView;
    this.#judge = createJudge({
      policy: options.policy,
      sandbox: createSandbox(options.sandbox, this.#view),
      toolFilter: options.toolFilter ?? { allowed: [], disallowed: [] },
      plans: options.sandbox.plans,
    });
    this.#modeRules = new ModeRuleBook({ home: options.sandbox.home, log: options.log });
  }

  pinRules(rules: readonly ModeRule[]): readonly ModeRule[] {
    return this.#modeRules.pin(rules, rememberingView(this.#view));
  }

  async decide(call: ToolCall, context: GateContext, signal: AbortSignal): Promise<Verdict> {
    const started = this.#options.clock.monotonic();
    try {
      const settled = await this.#writeDown(call, context, await this.#settleOrFault(call, context, signal));
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

  async #settleOrFault(call: ToolCall, context: GateContext, signal: AbortSignal): Promise<Settled> {
    try {
      return await this.#settle(call, context, signal);
    } catch (error) {
      return { footprint: undefined, decision: faultDecision(error, this.#options) };
    }
  }

  async #settle(call: ToolCall, context: GateContext, signal: AbortSignal): Promise<Settled> {
    const judged = await this.#judgeWithVotes(call, context);
    if (signal.aborted) {
      return { ...judged, decision: { ...judged.decision, ...UNWANTED } };
    }
    return judged.decision.action === 'ask' ? this.#ask(call, context, judged, signal) : judged;
  }

  #judgeNow(call: ToolCall, context: GateContext): Judged {
    const shape = callSchema.safeParse(call);
    if (!shape.success) throw new LeashdError('bug', 'CALL_UNREADABLE', 'the tool call has no readable form');
    const view = rememberingView(this.#view);
    const footprint = footprintOf(call, { view, home: this.#options.sandbox.home });
    const decision = this.#judge(footprint, context, view);
    const mayBeAsked = decision.action === 'ask' || this.#voters.length > 0;
    const contents = mayBeAsked ? contentsDigest(footprint, view) : undefined;
    if (decision.action !== 'ask') return { footprint, decision, contents };
    const parts = [...evaluateEach(this.#options.policy, footprint, context)];
    const asked = { footprint, context, parts, contents: runDigest(footprint, view) };
    const answer = coveredByMode(asked, decision, this.#modeRules.coverings(context), view);
    const { name, rulesFrom = name } = context.mode;
    if (answer?.kind === 'covered')
      return { footprint, decision: modeDecision(decision, answer.by, rulesFrom), contents, asked };
    const covered = this.#options.remembered?.answer(asked, decision);
    const question = answer === undefined ? decision : changedSince(decision, answer);
    return { footprint, decision: covered?.decision ?? question, contents, asked, covered };
  }

  async #judgeWithVotes(call: ToolCall, context: GateContext): Promise<Judged> {
    const judged = this.#judgeNow(call, context);
    const { footprint, decision } = judged;
    if (footprint === undefined) return judged;
    const ballot = { call, footprint, context, decision };
    const strictest = await strictestOf(this.#voters, ballot, this.#options);
    if (strictest !== decision) return { ...judged, decision: strictest, covered: undefined };
    // A vote may take two seconds: what covered the call may have been taken back, and its files changed.
    return this.#voters.length === 0 ? judged : this.#judgeNow(call, context);
  }

  get #voters(): readonly StricterVoter[] {
    return this.#options.stricter ?? [];
  }

  async #ask(call: ToolCall, context: GateContext, judged: Judged, signal: AbortSignal): Promise<Settled> {
    const { clock, policy, approver } = this.#options;
    const { footprint, decision } = judged;
    if (footprint === undefined) return judged;
    const timeoutMs = this.#options.approvalTimeoutMs ?? policy.approvalTimeoutMs ?? DEFAULT_TIMEOUT_MS;
    const hideOwnSecrets = this.#options.hideOwnSecrets ?? ((text: string): string => text);
    const { confirmFrom, remembered } = this.#options;
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
    const final = this.#afterAnswer(call, context, judged, answer, timeoutMs);
    await this.#append('approval_resolved', call, context, { ...judged, decision: final, answer, waitedMs });
    const isAllowed = final.action === 'allow' && !signal.aborted;
    const remembering = isAllowed ? await this.#remember(request, answer) : undefined;
    return { footprint, decision: final, answer, waitedMs, remembering };
  }

  /** The call itself is approved, whatever becomes of this: a grant that can't be written down is none. */
  async #remember(
    { call, context, offers, card }: ApprovalRequest,
    answer: ApprovalAnswer,
  ): Promise<Remembering | undefined> {
    if (answer.kind !== 'approved' || answer.offer === undefined) return undefined;
    const { remembered, log, redact } = this.#options;
    const offer: GrantOffer | undefined = chosenOffer(offers, answer.offer);
    let making: Promise<Remembering> | undefined;
    try {
      if (offer === undefined || remembered === undefined)
        throw new Error('it was not among those on the card');
      const choice = { offer, context, call, by: answer.by, subject: card.subject };
      making = remembered.remember(choice);
      return await this.#inTime(making);
    } catch (error) {
      void this.#takeBack(making, context, answer.by);
      const reason = redact(messageOf(error));
      log.warn('grant_not_made', { call: call.id, chat: context.chat, offer: answer.offer, reason });
      return { kind: 'failed', offer: offer?.label ?? answer.offer, reason };
    }
  }

  /** The person hears that there is none, so one that is made after all is none. Never rejects. */
  async #takeBack(making: Promise<Remembering> | undefined, context: GateContext, by: string): Promise<void> {
    const { remembered, log, redact } = this.#options;
    const { chat, directories } = context;
    const made = await making?.catch(() => undefined);
    try {
      if (made?.kind === 'granted') await remembered?.revoke(chat, made.grant.id, by);
      if (made?.kind === 'always')
        await remembered?.removeRule(directories[0] ?? '', made.rule.name, chat, by);
    } catch (error) {
      log.error('late_grant_not_taken_back', { chat, reason: redact(messageOf(error)) });
    }
  }

  /** What is remembered is written to files, into which no secret goes. */
  #isFreeOfSecrets(kept: unknown): boolean {
    const text = JSON.stringify(kept);
    return this.#options.redact(text) === text;
  }

  /** An approval holds for what was shown: when the disk has changed meanwhile, it is void. */
  #afterAnswer(
    call: ToolCall,
    context: GateContext,
    shown: Judged,
    answer: ApprovalAnswer,
    timeoutMs: number,
  ): Decision {
    if (answer.kind !== 'approved') return decisionOfAnswer(shown.decision, answer, timeoutMs);
    const now = this.#judgeNow(call, context);
    if (now.decision.action === 'deny') return now.decision;
    if (touchesOf(now.footprint) !== touchesOf(shown.footprint) || now.contents !== shown.contents) {
      const reason = 'What it would touch has changed since the person saw it';
      return { ...shown.decision, action: 'deny', layer: 'approval', rule: 'changed-since-shown', reason };
    }
    return { ...shown.decision, action: 'allow', layer: 'approval', reason: `Approved by ${answer.by}` };
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
