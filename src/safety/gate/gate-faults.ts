import { LeashdError, MachineError, messageOf } from '../../errors.ts';
import type { Log } from '../../util/log.ts';
import type { Decision, Footprint } from '../types.ts';

/** What a fault on the way becomes: a denial, and a line in the log where nobody could have expected it. */
export function faultDecision(
  error: unknown,
  { log, redact }: { readonly log: Log; readonly redact: (text: string) => string },
): Decision {
  if (error instanceof LeashdError && error.code === 'AUDIT_UNWRITABLE') return AUDIT_FAULT;
  const isExpected = error instanceof LeashdError && error.fault !== 'bug';
  if (!isExpected) log.error('gate_failed', { error: redact(messageOf(error)) });
  const hint = error instanceof LeashdError && error.hint !== undefined ? `. ${error.hint}` : '';
  const reason = isExpected ? `${messageOf(error)}${hint}` : 'The call could not be examined';
  const rule = error instanceof LeashdError ? error.code.toLowerCase().replaceAll('_', '-') : 'unexpected';
  return { action: 'deny', layer: 'fault', rule, reason, risk: 'medium' };
}

export const UNWANTED = {
  action: 'deny',
  layer: 'approval',
  rule: 'aborted',
  reason: 'The call was no longer wanted',
} as const;

/** An approval holds for what the card showed. */
export function changedSinceShown(shown: Decision): Decision {
  const reason = 'What it would touch has changed since the person saw it';
  return { ...shown, action: 'deny', layer: 'approval', rule: 'changed-since-shown', reason };
}

/** A card that was put under other rules is not enough under the present ones. */
export function rulesChanged(shown: Decision): Decision {
  const reason =
    'The rules have changed since the person saw it, and ask for more now; the next try is asked anew';
  return { ...shown, action: 'deny', layer: 'approval', rule: 'rules-changed', reason };
}

export const AUDIT_FAULT: Decision = {
  action: 'deny',
  layer: 'fault',
  rule: 'audit-unwritable',
  reason: 'The audit log can’t be written, and nothing runs that is not written down',
  risk: 'high',
};

export function auditTimeout(): MachineError {
  return new MachineError('AUDIT_UNWRITABLE', 'the disk with the audit log did not answer in time');
}

/** What a footprint touches, as the disk is now: links may have been turned since. */
export function touchesOf(footprint: Footprint | undefined): string {
  const touches = footprint?.effects.map((effect) => [effect.kind, 'path' in effect ? effect.path.real : '']);
  return JSON.stringify([touches, footprint?.digest]);
}
