import { describe, expect, it } from 'vitest';
import { isLogInFault, outcomeOf, processDied, retryReason } from './faults.ts';
import type { ClaudeResult } from './messages.ts';

const result = (fields: Partial<ClaudeResult>): ClaudeResult => ({
  kind: 'result',
  session: 's',
  subtype: 'error_during_execution',
  isError: true,
  words: '',
  ending: '',
  totalCostUsd: 0,
  durationMs: 0,
  isUnprompted: false,
  ...fields,
});

describe('outcomeOf', () => {
  it.each([
    ['success', result({ subtype: 'success', isError: false }), undefined, { kind: 'done' }],
    ['its rounds', result({ subtype: 'error_max_turns' }), undefined, { kind: 'max-turns' }],
    ['an interruption', result({ ending: 'aborted_tools' }), undefined, { kind: 'interrupted' }],
    [
      'an unknown session',
      result({ words: 'No conversation found with session ID: x' }),
      undefined,
      { kind: 'failed', isResumeStale: true },
    ],
    [
      'an error of the API',
      result({ subtype: 'success', words: 'API Error: 529\n Overloaded' }),
      'overloaded',
      {
        kind: 'failed',
        reason: 'API Error: 529 Overloaded',
        hint: expect.stringContaining('Wait') as string,
      },
    ],
    ['an error without words', result({}), undefined, { kind: 'failed', isResumeStale: false }],
    [
      'a refused log-in, though it looks like an interruption',
      result({ ending: 'aborted_streaming', words: '[ede_diagnostic] x' }),
      'authentication_failed',
      { kind: 'failed', reason: 'Claude is not logged in: the log-in was refused.' },
    ],
    [
      'a refused log-in in the API’s words',
      result({ subtype: 'success', words: 'API Error: 403 no' }),
      'oauth_org_not_allowed',
      { reason: expect.stringContaining('(API Error: 403 no)') as string },
    ],
  ])('says that a turn ended by %s', (_name, given, fault, outcome) => {
    expect(outcomeOf(given, fault)).toMatchObject(outcome);
  });

  it('keeps what it quotes short', () => {
    const outcome = outcomeOf(result({ words: 'x'.repeat(5000) }), undefined);
    expect(outcome.kind === 'failed' ? outcome.reason.length : 0).toBe(300);
  });
});

describe('the words for faults', () => {
  it('know a refused log-in by its name and by its status', () => {
    expect(isLogInFault('authentication_failed')).toBe(true);
    expect(isLogInFault('unknown', 401)).toBe(true);
    expect(isLogInFault('rate_limit', 429)).toBe(false);
  });

  it('tell why a request is tried again', () => {
    expect(retryReason('rate_limit', 429)).toBe('the rate limit is reached');
    expect(retryReason('new_error', 418)).toBe('the API answered with status 418');
    expect(retryReason('unknown', null)).toBe('the API could not be reached');
  });

  it('tell that a process died, and that something may have been done', () => {
    expect(processDied('signal SIGKILL')).toMatchObject({
      reason: 'Claude Code ended in the middle of the turn (signal SIGKILL).',
      hint: expect.stringContaining('in part') as string,
    });
  });
});
