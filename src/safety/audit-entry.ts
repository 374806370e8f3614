import type { Decision, Footprint, GateContext, Layer, Risk, ToolCall } from './types.ts';

export type AuditEvent = 'tool_decided' | 'approval_requested' | 'approval_resolved';

/** One line of the audit log, version 1. Names are stable: programs read them. */
export type AuditEntry = {
  readonly v: 1;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly event: AuditEvent;
  readonly chat: string;
  readonly session: string;
  readonly turn: string;
  readonly mode: string;
  /** The agent's id of the call. */
  readonly call: string;
  readonly tool: string;
  readonly subagent?: string | undefined;
  readonly directory: string;
  /** As the agent gave it, without secrets. */
  readonly input: unknown;
  /** Long texts in the input are not whole. */
  readonly inputCut?: true | undefined;
  /** SHA-256 of the footprint; absent when the call could not be read. */
  readonly digest?: string | undefined;
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly layer: Layer;
  readonly rule: string;
  readonly reason: string;
  readonly risk: Risk;
  /** The sandbox refused it: an attempt to leave its bounds. */
  readonly violation?: true | undefined;
  /** How the person answered. */
  readonly answer?: 'approved' | 'rejected' | 'timed-out' | 'not-answered' | undefined;
  readonly by?: string | undefined;
  /** Milliseconds that the call waited for the person. */
  readonly waitedMs?: number | undefined;
};

export type EntryFacts = {
  readonly event: AuditEvent;
  readonly at: number;
  readonly call: ToolCall;
  readonly context: GateContext;
  readonly footprint: Footprint | undefined;
  readonly decision: Decision;
  readonly answer?: AuditEntry['answer'];
  readonly by?: string | undefined;
  readonly waitedMs?: number | undefined;
};

/** UTF-16 units of JSON. */
const LONGEST_INPUT = 8 * 1024;
const LONGEST_REASON = 2048;
const DEEPEST = 64;

/** `redact` takes secrets out of a text. */
export function auditEntry(facts: EntryFacts, redact: (text: string) => string): AuditEntry {
  const { call, context, decision, footprint } = facts;
  const { input, isCut } = shortInput(redacted(call.input, redact));
  const isViolation = decision.layer === 'sandbox' && decision.action === 'deny';
  return {
    v: 1,
    at: new Date(facts.at).toISOString(),
    event: facts.event,
    chat: context.chat,
    session: context.session,
    turn: context.turn,
    mode: context.mode.name,
    call: call.id,
    tool: call.tool,
    subagent: call.subagent,
    directory: call.directory,
    input,
    inputCut: isCut ? true : undefined,
    digest: footprint?.digest,
    decision: decision.action,
    layer: decision.layer,
    rule: decision.rule,
    reason: cut(redact(decision.reason), LONGEST_REASON),
    risk: decision.risk,
    violation: isViolation ? true : undefined,
    answer: facts.answer,
    by: facts.by,
    waitedMs: facts.waitedMs,
  };
}

function redacted(value: unknown, redact: (text: string) => string): unknown {
  return mapTexts(value, redact);
}

/** Cuts the longest texts first, so that the rest stays as it was given. */
function shortInput(input: unknown): { readonly input: unknown; readonly isCut: boolean } {
  const whole = JSON.stringify(input) ?? 'null';
  if (whole.length <= LONGEST_INPUT) return { input, isCut: false };
  for (const most of [4096, 1024, 256, 64]) {
    const shorter = mapTexts(input, (text) => cut(text, most));
    if (JSON.stringify(shorter).length <= LONGEST_INPUT) return { input: shorter, isCut: true };
  }
  return { input: cut(whole, LONGEST_INPUT / 2), isCut: true };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}… (${text.length} characters)`;
}

function mapTexts(value: unknown, change: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '(nested too deeply)';
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change, depth + 1));
  const result = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) result[change(key)] = mapTexts(item, change, depth + 1);
  return result;
}
