import { secondTap } from '../card/second-tap.ts';
import type { ConfirmFrom } from '../card/second-tap.ts';
import type { FileView } from '../file-view.ts';
import { isWithin } from '../paths.ts';
import { isStricter } from '../policy/evaluate.ts';
import type { Policy } from '../policy/policy.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import type { SandboxOptions } from '../sandbox/sandbox.ts';
import type { Decision, Footprint, GateContext } from '../types.ts';
import { createJudge } from './judge.ts';
import type { Judge } from './judge.ts';
import type { ToolFilter } from './tool-filter.ts';

/** All that decides without the person. It is replaced as a whole, while calls are being decided. */
export type GateRules = {
  readonly policy: Policy;
  readonly sandbox: SandboxOptions;
  readonly toolFilter?: ToolFilter | undefined;
  /** Milliseconds to wait for the person; without it what the policy says, else five minutes. */
  readonly approvalTimeoutMs?: number | undefined;
  /** From which risk on an approval takes a second tap; critical without it. */
  readonly confirmFrom?: ConfirmFrom | undefined;
  /** Absolute real paths: what a call brings with it counts only inside them. Left out: all that it brings. */
  readonly approvedDirectories?: readonly string[] | undefined;
};

/** Rules, ready to be asked. */
export type ReadyRules = GateRules & { readonly judge: Judge };

const EVERY_TOOL: ToolFilter = { allowed: [], disallowed: [] };
const DEFAULT_CONFIRM: ConfirmFrom = 'critical';
const DEFAULT_TIMEOUT_MS = 300_000;

/** @throws what looking at the files of leashd itself throws. */
export function readyRules(rules: GateRules, view: FileView): ReadyRules {
  const { policy, sandbox, toolFilter = EVERY_TOOL } = rules;
  const judge = createJudge({
    policy,
    sandbox: createSandbox(sandbox, view),
    toolFilter,
    plans: sandbox.plans,
  });
  return { ...rules, judge };
}

/** Milliseconds that a card waits under these rules. */
export function cardTimeoutMs({ approvalTimeoutMs, policy }: GateRules): number {
  return approvalTimeoutMs ?? policy.approvalTimeoutMs ?? DEFAULT_TIMEOUT_MS;
}

/** The context with the directories that are still approved; undefined when the one it works in is not. */
export function contextUnder(
  { approvedDirectories: approved }: GateRules,
  context: GateContext,
): GateContext | undefined {
  if (approved === undefined) return context;
  const isApproved = (path: string): boolean => approved.some((directory) => isWithin(path, directory));
  const [first] = context.directories;
  if (first === undefined || !isApproved(first)) return undefined;
  return context.directories.every(isApproved)
    ? context
    : { ...context, directories: context.directories.filter(isApproved) };
}

export const NOT_APPROVED: Decision = {
  action: 'deny',
  layer: 'sandbox',
  rule: 'directory-not-approved',
  reason: 'The directory of this session is not approved any more',
  risk: 'medium',
};

/** What a card has shown of a call, and under which rules. */
export type Shown = {
  readonly rules: ReadyRules;
  readonly footprint: Footprint;
  readonly decision: Decision;
};

/**
 * Whether a card that was put under other rules is enough under these: they must not ask where the old ones had nothing
 * to ask, think worse of the call, or want a second tap that the card did not.
 */
export function isCardEnough(
  shown: Shown,
  said: Decision,
  rules: ReadyRules,
  { directories: [directory = '/'] }: GateContext,
): boolean {
  if (rules === shown.rules || said.action === 'allow') return true;
  if (said.action === 'deny' || said.layer !== shown.decision.layer || isStricter(said, shown.decision))
    return false;
  const needsTap = ({ confirmFrom = DEFAULT_CONFIRM }: GateRules, decision: Decision): boolean =>
    secondTap(shown.footprint, decision, directory, confirmFrom) !== undefined;
  return !needsTap(rules, said) || needsTap(shown.rules, shown.decision);
}
