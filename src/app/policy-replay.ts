import { z } from 'zod';
import type { Action, Decision } from '../safety/types.ts';
import { REDACTED } from '../util/secret-forms.ts';
import { createOfflineGate } from './policy-offline.ts';
import type { OfflineGate, OfflineSetting } from './policy-offline.ts';

/** What a policy would have decided about one line of an audit log. */
export type Replayed =
  | { readonly kind: 'same'; readonly line: number }
  | {
      readonly kind: 'looser' | 'stricter';
      readonly line: number;
      readonly was: Action;
      readonly now: Decision;
      /** The command, or the tool with its input. */
      readonly what: string;
    }
  | { readonly kind: 'not-replayable'; readonly line: number; readonly why: string };

/** Reads one line at a time. */
export interface Replay {
  /** Undefined for a line that is no decision: a question, an answer, nothing. Never throws. */
  replayLine(line: string): Replayed | undefined;
}

// As src/safety/audit/audit-entry.ts writes it (1: before there was a chain); what is not needed here is left out.
const entrySchema = z.object({
  v: z.union([z.literal(1), z.literal(2)]),
  event: z.string(),
  call: z.string(),
  tool: z.string().min(1),
  directory: z.string().startsWith('/'),
  input: z.unknown(),
  inputCut: z.boolean().optional(),
  decision: z.enum(['allow', 'ask', 'deny']),
  layer: z.string(),
  rule: z.string().optional(),
});
const eventSchema = z.object({ v: z.union([z.literal(1), z.literal(2)]), event: z.string() });
type Entry = z.infer<typeof entrySchema>;

const WEIGHT: Record<Action, number> = { allow: 0, ask: 1, deny: 2 };

/**
 * Replays against the disk as it is now. Without `approved`, each call may work in the directory it started in, as
 * the audit log does not keep the approved ones.
 * @throws PersonError for policies that can't be used.
 */
export function createReplay(setting: OfflineSetting): Replay {
  const gate = createOfflineGate(setting);
  let number = 0;
  return {
    replayLine: (text) => {
      number += 1;
      return text.trim() === '' ? undefined : replayLine(text, number, gate);
    },
  };
}

function replayLine(text: string, line: number, gate: OfflineGate): Replayed | undefined {
  const entry = readEntry(text);
  if (entry === 'other') return undefined;
  if (entry === undefined) return { kind: 'not-replayable', line, why: 'it is no line of an audit log' };
  const why = whyNot(entry);
  if (why !== undefined) return { kind: 'not-replayable', line, why };
  // What the sandbox refuses, it refuses under any policy.
  if (entry.layer === 'sandbox' && entry.decision === 'deny') return { kind: 'same', line };
  const was = decidedByGate(entry);
  const { call: id, tool, input, directory } = entry;
  const now = gate.examine({ id, tool, input, directory }, [directory]).decision;
  const difference = WEIGHT[now.action] - WEIGHT[was];
  if (difference === 0) return { kind: 'same', line };
  return { kind: difference < 0 ? 'looser' : 'stricter', line, was, now, what: inWords(entry) };
}

/** `other`: it tells of something else than a decision. */
function readEntry(text: string): Entry | 'other' | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const read = entrySchema.safeParse(value);
    const event = eventSchema.safeParse(value).data?.event;
    if (event !== undefined && event !== 'tool_decided') return 'other';
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

function whyNot(entry: Entry): string | undefined {
  const { inputCut, input, layer } = entry;
  if (inputCut === true) return 'its input was too long to be kept whole';
  if ((JSON.stringify(input) ?? '').includes(REDACTED)) return 'a secret was taken out of its input';
  if (layer === 'mode' && !isByModeRule(entry)) return 'the mode of that time decided it';
  if (layer === 'tools') return 'a list of tools decided it';
  if (layer === 'fault') return 'it could not be examined then';
  return undefined;
}

/** What went before the person, a grant, or the rules of a mode, was a question. */
function decidedByGate(entry: Entry): Action {
  const { layer, decision } = entry;
  return layer === 'approval' || layer === 'grant' || isByModeRule(entry) ? 'ask' : decision;
}

/** A rule that a mode brought, which answers what the policy asks. */
function isByModeRule({ layer, decision, rule }: Entry): boolean {
  return layer === 'mode' && decision === 'allow' && rule?.startsWith('mode:') === true;
}

const commandSchema = z.object({ command: z.string() });

function inWords({ tool, input }: Entry): string {
  const command = commandSchema.safeParse(input);
  return command.success ? command.data.command : `${tool} ${JSON.stringify(input) ?? ''}`;
}
