import { assertNever } from '../../util/assert-never.ts';
import { stopWords } from '../budget/budgets.ts';
import type { TurnOutcome } from '../ports/agent.ts';

/**
 * What the person is told about how a turn ended, as Markdown; nothing where it simply ended. `isLeaving`: leashd is being
 * stopped, so what was interrupted was so by nobody's wish.
 */
export function outcomeNote(outcome: TurnOutcome, isLeaving = false): string | undefined {
  switch (outcome.kind) {
    case 'done':
      return undefined;
    case 'interrupted':
      return isLeaving ? '⏹ _leashd was stopped. Send “go on” to continue._' : '⏹ _Stopped._';
    case 'max-turns':
      return '⏸ _Claude used up its rounds for one message (LEASHD_MAX_TURNS). Send “go on” to continue._';
    case 'over-budget':
      return `⏸ _Claude was stopped: ${stopWords(outcome)}. Send “go on” to continue._`;
    case 'failed':
      return `⚠️ ${outcome.reason}.${outcome.hint === undefined ? '' : ` ${outcome.hint}`}`;
    default:
      return assertNever(outcome);
  }
}
