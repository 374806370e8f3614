import { assertNever } from '../../util/assert-never.ts';
import type { ApprovalAnswer } from '../approval.ts';
import type { Decision } from '../types.ts';

/** What the agent is told when a call does not run: which rule, why, and what it may do instead. */
export function denialMessage(decision: Decision): string {
  const reason = decision.reason.trimEnd().replace(/\.$/, '');
  return `leashd did not let this run (${decision.layer}: ${decision.rule}). ${reason}. ${insteadOf(decision)}`;
}

function insteadOf({ layer, rule }: Decision): string {
  switch (layer) {
    case 'tools':
      return 'Use another tool, or tell the person what you need this one for.';
    case 'sandbox':
      return rule === 'outside-directories'
        ? 'Stay within the session’s directories; the person can switch to another one.'
        : 'Go on without it; if the task can’t be done otherwise, tell the person what is missing.';
    case 'mode':
      return 'Look around and say what you would do; the person can switch to a mode in which it may be done.';
    case 'approval':
      return rule === 'rules-changed' ? 'Try it once more.' : 'Don’t try the same in another way.';
    case 'fault':
      return 'Try it in a simpler form, or go on without it and tell the person.';
    case 'policy':
    case 'grant':
    case 'plugin':
      return 'Don’t try the same in another way; do without it, or tell the person why it is needed.';
    default:
      return assertNever(layer, 'layer');
  }
}

/** The decision that an unwelcome answer, or none, becomes. */
export function decisionOfAnswer(
  asked: Decision,
  answer: Exclude<ApprovalAnswer, { readonly kind: 'approved' }>,
  timeoutMs: number,
): Decision {
  const base = { ...asked, action: 'deny', layer: 'approval' } as const;
  switch (answer.kind) {
    case 'rejected': {
      const why = answer.reason === undefined ? '' : `: ${answer.reason}`;
      return { ...base, rule: 'rejected', reason: `The person rejected it${why}` };
    }
    case 'timed-out':
      return {
        ...base,
        rule: 'timed-out',
        reason: `Nobody answered within ${Math.round(timeoutMs / 1000)} seconds`,
      };
    case 'not-answered':
      return { ...base, rule: 'not-answered', reason: `It needs an approval, but ${answer.reason}` };
    default:
      return assertNever(answer, 'answer');
  }
}
