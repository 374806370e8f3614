import { describe, expect, it } from 'vitest';
import { failed, isLogInFault, logInHint, outcomeOf, processDied, retryReason } from './faults.ts';
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
    [
      'files that add up to more than a request holds',
      result({ subtype: 'success', words: 'Request too large (max 32MB). Accumulated images' }),
      'invalid_request',
      { hint: expect.stringContaining('/clear') as string },
    ],
    ['an error without words', result({}), undefined, { kind: 'failed', isResumeStale: false }],
    [
      'a refused log-in, though it looks like an interruption',
      result({ ending: 'aborted_streaming', words: '[ede_diagnostic] x' }),
      'authentication_failed',
      { kind: 'failed', reason: 'Claude is not logged in: the log-in was refused' },
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

  it('does not cut a character in two', () => {
    const outcome = outcomeOf(result({ words: `x${'🚀'.repeat(500)}` }), undefined);
    const reason = outcome.kind === 'failed' ? outcome.reason : '';
    expect([reason.isWellFormed(), reason.endsWith('🚀…'), reason.length]).toEqual([true, true, 300]);
    const odd = outcomeOf(result({ words: '🚀'.repeat(500) }), undefined);
    expect(odd.kind === 'failed' && odd.reason.isWellFormed() && odd.reason.endsWith('🚀…')).toBe(true);
  });

  it.each([
    [result({}), undefined],
    [result({ words: 'The API said no.' }), undefined],
    [result({ words: 'No conversation found with session ID: x.' }), undefined],
    [result({ words: 'x' }), 'authentication_failed'],
    [result({ subtype: 'success', words: 'Not you.' }), 'authentication_failed'],
    [result({ words: 'Too much.' }), 'rate_limit'],
  ])('gives a reason without a full stop and a hint with one (%#)', (given, fault) => {
    for (const outcome of [outcomeOf(given, fault), processDied('it fell over.')]) {
      if (outcome.kind !== 'failed') throw new Error(`expected failed, got ${outcome.kind}`);
      expect(outcome.reason).not.toMatch(/\.\)?$/);
      expect(outcome.hint ?? '.').toMatch(/[^.]?\.$/);
    }
  });
});

describe('the words for faults', () => {
  it('leave out the full stop of what a reason ends with', () => {
    expect(failed('It could not start: no such file.')).toMatchObject({
      reason: 'It could not start: no such file',
    });
  });

  it('name the program that can log in, as it can be typed', () => {
    expect(logInHint()).toMatch(/`\/\S+\/claude auth login`, or set ANTHROPIC_API_KEY\.$/);
    expect(logInHint('/opt/my tools/claude')).toContain("`'/opt/my tools/claude' auth login`");
  });

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
      reason: 'Claude Code ended in the middle of the turn (signal SIGKILL)',
      hint: expect.stringContaining('in part') as string,
    });
  });
});
