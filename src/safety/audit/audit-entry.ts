import type { AuditRecord, CallRecord } from './audit-record.ts';
import type { Layer, Risk } from '../types.ts';

export type AuditEvent = AuditRecord['event'] | 'log_opened';

/**
 * What one line says of a tool call, without its place in the chain. Names are stable: programs read them.
 * Other events have the fields of their record.
 */
export type AuditEntry = {
  readonly event: CallRecord['event'];
  /** ISO 8601, UTC. */
  readonly at: string;
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
  /** The question that was put to the person. */
  readonly prompt?: string | undefined;
  /** How the person answered. */
  readonly answer?: CallRecord['answer'];
  readonly by?: string | undefined;
  /** Milliseconds that the call waited for the person. */
  readonly waitedMs?: number | undefined;
  /** The grant, or the person's own rule, that allowed it. */
  readonly grant?: string | undefined;
  readonly ownRule?: string | undefined;
};

/** What a line says, whatever it is about; `event` comes first. */
export type EntryBody = { readonly event: AuditEvent; readonly at: string } & Readonly<
  Record<string, unknown>
>;

/** UTF-16 units of JSON. */
const LONGEST_INPUT = 8 * 1024;
const LONGEST_TEXT = 2048;
const DEEPEST = 64;

/** `at`: milliseconds since 1970-01-01 UTC. `redact` takes secrets out of a text. */
export function entryBody(record: AuditRecord, at: number, redact: (text: string) => string): EntryBody {
  if ('footprint' in record) return auditEntry(record, at, redact);
  const { event, ...rest } = record;
  const texts = mapTexts(
    rest,
    (text) => cut(redact(text), LONGEST_TEXT),
    0,
    (name) => name,
  );
  return { event, at: new Date(at).toISOString(), ...Object(texts) } as EntryBody;
}

export function auditEntry(record: CallRecord, at: number, redact: (text: string) => string): AuditEntry {
  const { call, context, decision, footprint } = record;
  // What an agent hands over is only as well formed as its adapter is free of faults.
  const clean = <Value>(value: Value): Value => mapTexts(value, redact) as Value;
  const { input, isCut } = shortInput(clean(call.input));
  const isViolation = decision.layer === 'sandbox' && decision.action === 'deny';
  return {
    event: record.event,
    at: new Date(at).toISOString(),
    chat: clean(context.chat),
    session: clean(context.session),
    turn: clean(context.turn),
    mode: clean(context.mode.name),
    call: clean(call.id),
    tool: clean(call.tool),
    subagent: clean(call.subagent),
    directory: clean(call.directory),
    input,
    inputCut: isCut ? true : undefined,
    digest: footprint?.digest,
    decision: decision.action,
    layer: decision.layer,
    rule: clean(decision.rule),
    reason: cut(redact(decision.reason), LONGEST_TEXT),
    risk: decision.risk,
    violation: isViolation ? true : undefined,
    prompt: record.prompt,
    answer: record.answer,
    by: clean(record.by),
    waitedMs: record.waitedMs,
    grant: record.grant,
    ownRule: record.ownRule,
  };
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

function mapTexts(
  value: unknown,
  change: (text: string) => string,
  depth = 0,
  rename: (name: string) => string = change,
): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '(nested too deeply)';
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change, depth + 1));
  const result = Object.create(null) as Record<string, unknown>;
  // Only the outermost names are leashd's own.
  for (const [key, item] of Object.entries(value)) result[rename(key)] = mapTexts(item, change, depth + 1);
  return result;
}
