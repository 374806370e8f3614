import { GrammyError, HttpError } from 'grammy/web';
import { describe, expect, it } from 'vitest';
import { givenUp, isRefusal, toFault } from './faults.ts';

const TOKEN = '123456:secret';
const hide = (text: string): string => text.replaceAll(TOKEN, '[bot token]');

function refusal(error_code: number, description: string, retry_after?: number): GrammyError {
  const parameters = retry_after === undefined ? {} : { parameters: { retry_after } };
  const answer = { ok: false as const, error_code, description, ...parameters };
  return new GrammyError("Call to 'sendMessage' failed!", answer, 'sendMessage', { text: 'private words' });
}

const refusedConnection = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });

describe('what went wrong', () => {
  it.each([
    [refusal(429, 'Too Many Requests', 7), { kind: 'flood', retryAfterMs: 7_000 }],
    [refusal(429, 'Too Many Requests'), { kind: 'flood', retryAfterMs: 5_000 }],
    [refusal(502, 'Bad Gateway'), { kind: 'server', status: 502 }],
    [refusal(400, 'Bad Request: no'), { kind: 'refused', status: 400, description: 'Bad Request: no' }],
    [new HttpError('Network request failed!', new Error('x')), { kind: 'unreachable', isUnsent: false }],
    [new HttpError('Network request failed!', refusedConnection), { kind: 'unreachable', isUnsent: true }],
  ])('is told apart by what is to be done: %s', (thrown, reason) => {
    expect(toFault('sendMessage', thrown, hide, undefined).reason).toEqual(reason);
  });

  it('is a stop when we were told to stop', () => {
    const aborted = AbortSignal.abort();
    const fault = toFault('getUpdates', new HttpError('x', new Error('aborted')), hide, aborted);
    expect(fault.reason.kind).toBe('stopped');
    expect(givenUp(fault).code).toBe('TELEGRAM_STOPPED');
  });

  it('never tells the token or what was sent', () => {
    const inner = new Error(`invalid json response body at https://api.telegram.org/bot${TOKEN}/sendMessage`);
    for (const thrown of [new HttpError('Network!', inner), refusal(400, `bot${TOKEN} said no`)]) {
      const error = givenUp(toFault('sendMessage', thrown, hide, undefined));
      const cause = error.cause instanceof Error ? error.cause : new Error('no cause');
      const told = JSON.stringify([error, error.message, error.hint, cause, cause.message, cause.stack]);
      expect(told).not.toContain('secret');
      expect(told).not.toContain('private words');
      expect(cause.cause).toBeUndefined();
    }
  });

  it.each([
    [refusal(403, 'Forbidden: bot was blocked by the user'), 'TELEGRAM_BLOCKED'],
    [refusal(401, 'Unauthorized'), 'TELEGRAM_TOKEN_REFUSED'],
    [refusal(400, 'Bad Request: chat not found'), 'TELEGRAM_REFUSED'],
    [new HttpError('Network!', new Error('x')), 'TELEGRAM_UNREACHABLE'],
  ])('has a code of its own when it is given up: %s', (thrown, code) => {
    expect(givenUp(toFault('sendMessage', thrown, hide, undefined))).toMatchObject({
      code,
      fault: 'machine',
    });
  });

  it.each([403, 401, 400, 502])('is told with one full stop after message and hint (%i)', (status) => {
    const error = givenUp(toFault('sendMessage', refusal(status, 'Not that way.'), hide, undefined));
    expect(error.message).toMatch(/Not that way\)?$/);
    expect(error.hint ?? 'Without one.').toMatch(/[^.]\.$/);
  });

  it('can be recognised by its description', () => {
    const fault = toFault('x', refusal(400, 'Bad Request: message is not modified'), hide, undefined);
    expect(isRefusal(fault, /not modified/)).toBe(true);
    expect(isRefusal(fault, /not found/)).toBe(false);
    expect(isRefusal(new Error('not modified'), /not modified/)).toBe(false);
  });
});
