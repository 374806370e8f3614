import { z } from 'zod';
import { LeashdError, MachineError, messageOf } from '../errors.ts';
import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import { approvalCard } from './approval-card.ts';
import { askInTime } from './ask-in-time.ts';
import { auditEntry } from './audit-entry.ts';
import type { AuditEvent, EntryFacts } from './audit-entry.ts';
import type { AuditLog } from './audit-log.ts';
import { diskView, rememberingView } from './file-view.ts';
import type { FileView } from './file-view.ts';
import { footprintOf } from './footprint.ts';
import { contentsDigest } from './contents-digest.ts';
import { createJudge } from './judge.ts';
import type { Judge } from './judge.ts';
import type { Policy } from './policy/policy.ts';
import { createSandbox } from './sandbox.ts';
import type { SandboxOptions } from './sandbox.ts';
import type { ToolFilter } from './tool-filter.ts';
import type {
  ApprovalAnswer,
  Approver,
  Decision,
  Footprint,
  GateContext,
  ToolCall,
  Verdict,
} from './types.ts';
import { decisionOfAnswer, denialMessage } from './verdict-message.ts';

export type GatekeeperOptions = {
  readonly policy: Policy;
  readonly sandbox: SandboxOptions;
  readonly audit: AuditLog;
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
  /** Told of every decision after it was written down. May throw: it changes nothing. */
  readonly onDecided?: ((record: DecisionRecord) => void) | undefined;
  /** The audit log can't be written, so nothing runs: for the person to hear. May throw. */
  readonly onAuditFailure?: ((error: unknown) => void) | undefined;
};

export type DecisionRecord = {
  readonly call: ToolCall;
  readonly context: GateContext;
  /** Absent when the call could not be read. */
  readonly footprint: Footprint | undefined;
  readonly decision: Decision;
  readonly answer: ApprovalAnswer | undefined;
  /** Milliseconds, the wait for the person included. */
  readonly durationMs: number;
};

/** Decides tool calls: footprint, sandbox, policy, the person, audit, in that order. */
export interface Gatekeeper {
  /** Never rejects: every fault, time-out and abort is a denial. */
  decide(call: ToolCall, context: GateContext, signal: AbortSignal): Promise<Verdict>;
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
};
type Settled = Judged & {
  readonly answer?: ApprovalAnswer | undefined;
  readonly waitedMs?: number | undefined;
};

class Gate implements Gatekeeper {
  readonly #options: GatekeeperOptions;
  readonly #view: FileView;
  readonly #judge: Judge;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
    this.#view = options.fileView ?? diskView;
    this.#judge = createJudge({
      policy: options.policy,
      sandbox: createSandbox(options.sandbox, this.#view),
      toolFilter: options.toolFilter ?? { allowed: [], disallowed: [] },
    });
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
      return { footprint: undefined, decision: this.#faultDecision(error) };
    }
  }

  async #settle(call: ToolCall, context: GateContext, signal: AbortSignal): Promise<Settled> {
    const judged = this.#judgeNow(call, context);
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
    const contents = decision.action === 'ask' ? contentsDigest(footprint, view) : undefined;
    return { footprint, decision, contents };
  }

  async #ask(call: ToolCall, context: GateContext, judged: Judged, signal: AbortSignal): Promise<Settled> {
    const { clock, policy, approver } = this.#options;
    const { footprint, decision } = judged;
    if (footprint === undefined) return judged;
    const timeoutMs = this.#options.approvalTimeoutMs ?? policy.approvalTimeoutMs ?? DEFAULT_TIMEOUT_MS;
    const hideOwnSecrets = this.#options.hideOwnSecrets ?? ((text: string): string => text);
    const card = approvalCard(call, context, footprint, decision, { view: this.#view, hideOwnSecrets });
    await this.#append('approval_requested', call, context, judged);
    const asked = clock.monotonic();
    const request = { call, context, footprint, decision, card, timeoutMs };
    const answer = await askInTime(approver, request, signal, clock);
    const waitedMs = Math.round(clock.monotonic() - asked);
    const final = this.#afterAnswer(call, context, judged, answer, timeoutMs);
    await this.#append('approval_resolved', call, context, { ...judged, decision: final, answer, waitedMs });
    return { footprint, decision: final, answer, waitedMs };
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
    this.#quietly('on_audit_failure', () => this.#options.onAuditFailure?.(failure));
    return { ...settled, decision: AUDIT_FAULT };
  }

  async #append(event: AuditEvent, call: ToolCall, context: GateContext, settled: Settled): Promise<void> {
    const { clock, audit, redact } = this.#options;
    const { footprint, decision, answer, waitedMs } = settled;
    const by = answer !== undefined && 'by' in answer ? answer.by : undefined;
    const facts: EntryFacts = {
      event,
      at: clock.now(),
      call,
      context,
      footprint,
      decision,
      answer: answer?.kind,
      by,
      waitedMs,
    };
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      const timer = clock.after(AUDIT_TIMEOUT_MS, () => reject(auditTimeout()));
      cancel = () => timer.cancel();
    });
    try {
      await Promise.race([audit.append(auditEntry(facts, redact)), late]);
    } finally {
      cancel();
    }
  }

  #tell(call: ToolCall, context: GateContext, settled: Settled, durationMs: number): void {
    const { log } = this.#options;
    const { footprint, decision, answer } = settled;
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
      this.#options.onDecided?.({ call, context, footprint, decision, answer, durationMs }),
    );
  }

  #quietly(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.log.error('listener_failed', { what, error: this.#options.redact(messageOf(error)) });
    }
  }

  #faultDecision(error: unknown): Decision {
    if (error instanceof LeashdError && error.code === 'AUDIT_UNWRITABLE') return AUDIT_FAULT;
    const isExpected = error instanceof LeashdError && error.fault !== 'bug';
    if (!isExpected)
      this.#options.log.error('gate_failed', { error: this.#options.redact(messageOf(error)) });
    const hint = error instanceof LeashdError && error.hint !== undefined ? `. ${error.hint}` : '';
    const reason = isExpected ? `${messageOf(error)}${hint}` : 'The call could not be examined';
    const rule = error instanceof LeashdError ? error.code.toLowerCase().replaceAll('_', '-') : 'unexpected';
    return { action: 'deny', layer: 'fault', rule, reason, risk: 'medium' };
  }
}

const UNWANTED = {
  action: 'deny',
  layer: 'approval',
  rule: 'aborted',
  reason: 'The call was no longer wanted',
} as const;

const AUDIT_FAULT: Decision = {
  action: 'deny',
  layer: 'fault',
  rule: 'audit-unwritable',
  reason: 'The audit log can’t be written, and nothing runs that is not written down',
  risk: 'high',
};

function auditTimeout(): MachineError {
  return new MachineError('AUDIT_UNWRITABLE', 'the disk with the audit log did not answer in time');
}

/** What a footprint touches, as the disk is now: links may have been turned since. */
function touchesOf(footprint: Footprint | undefined): string {
  const touches = footprint?.effects.map((effect) => [effect.kind, 'path' in effect ? effect.path.real : '']);
  return JSON.stringify([touches, footprint?.digest]);
}
