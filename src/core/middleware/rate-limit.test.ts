import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import { newId } from '../../util/ids.ts';
import { silentLog } from '../../util/log.ts';
import { personId, type Inbound, type InboundBody } from '../ports/chat.ts';
import { rateLimit } from './rate-limit.ts';

const text: InboundBody = { kind: 'text', text: 'hello' };

function limiter(requestsPerMinute: number, burst: number) {
  const clock = manualClock();
  const said: string[] = [];
  const step = rateLimit({
    settings: { now: { rateLimitRpm: requestsPerMinute, rateLimitBurst: burst } },
    clock,
    log: silentLog,
    say: (_chat, words) => void said.push(words),
  });
  const isPassed = async (person: number, body: InboundBody = text): Promise<boolean> => {
    const chat = { connector: 'telegram', chat: '1' };
    const by = { id: personId('telegram', person), name: 'P' };
    const inbound: Inbound = { id: newId(), chat, isPrivate: true, person: by, receivedAt: 0, ...body };
    let passed = false;
    await step(inbound, async () => {
      passed = true;
      return {};
    });
    return passed;
  };
  return { clock, said, isPassed };
}

describe('the rate limit', () => {
  it('lets a burst through, then one request for each share of the minute', async () => {
    const { clock, said, isPassed } = limiter(6, 2);
    expect([await isPassed(1), await isPassed(1), await isPassed(1)]).toEqual([true, true, false]);
    expect(said).toEqual(['🐢 That was too fast. Send it again in 10 s.']);
    clock.advance(9_000);
    expect(await isPassed(1)).toBe(false);
    expect(said.at(-1)).toContain('in 1 s');
    clock.advance(1_000);
    expect([await isPassed(1), await isPassed(1)]).toEqual([true, false]);
  });

  it('counts each person alone', async () => {
    const { isPassed } = limiter(6, 1);
    expect([await isPassed(1), await isPassed(2), await isPassed(1)]).toEqual([true, true, false]);
  });

  it('counts an album once', async () => {
    const { isPassed } = limiter(6, 2);
    const part = (album: string): InboundBody => ({ kind: 'text', text: '', files: [], album });
    expect([
      await isPassed(1, part('a')),
      await isPassed(1, part('a')),
      await isPassed(1, part('b')),
    ]).toEqual([true, true, true]);
    expect([await isPassed(1, part('b')), await isPassed(1, part('c')), await isPassed(1)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('takes nothing for taps and /stop', async () => {
    const { isPassed } = limiter(6, 1);
    await isPassed(1);
    expect(await isPassed(1, { kind: 'tap', prompt: newId(), choice: 'approve' })).toBe(true);
    expect(await isPassed(1, { kind: 'command', name: 'stop', args: '' })).toBe(true);
    expect(await isPassed(1, { kind: 'command', name: 'status', args: '' })).toBe(false);
  });

  it('is off at 0', async () => {
    const { isPassed } = limiter(0, 1);
    expect([await isPassed(1), await isPassed(1), await isPassed(1)]).toEqual([true, true, true]);
  });
});
