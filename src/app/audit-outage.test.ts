import { describe, expect, it } from 'vitest';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { AuditOutage } from './audit-outage.ts';

function outage(probe: () => Promise<void> = () => Promise.reject(new Error('still'))) {
  const clock = manualClock();
  const told: string[] = [];
  const made = new AuditOutage({ clock, probe, tell: (chat, text) => void told.push(`${chat} ${text}`) });
  return { clock, told, made };
}

describe('an outage of the audit log', () => {
  it('is told once in each chat, and once when it is over', () => {
    const { made, told } = outage();
    made.worked();
    made.failed(new Error('the disk is full'), 'a');
    made.failed(new Error('the disk is full'), 'a');
    made.failed(new Error('the disk is full'), 'b');
    expect(told).toEqual([
      expect.stringMatching(/^a ⛔.*the disk is full/),
      expect.stringMatching(/^b ⛔.*the disk is full/),
    ]);
    made.worked();
    made.worked();
    expect(told.slice(2)).toEqual([expect.stringMatching(/^a ✅/), expect.stringMatching(/^b ✅/)]);
    made.failed(new Error('again'), 'a');
    expect(told).toHaveLength(5);
  });

  it('is looked into while nobody does anything', async () => {
    let probes = 0;
    const { made, clock } = outage(async () => {
      probes += 1;
      if (probes < 3) throw new Error('still');
      made.worked();
    });
    made.failed(new Error('x'), 'a');
    for (let turn = 0; turn < 5; turn += 1) {
      clock.advance(30_000);
      await new Promise(setImmediate);
    }
    expect(probes).toBe(3);
  });

  it('is over when leashd stops', () => {
    const { made, told, clock } = outage(() => Promise.reject(new Error('never')));
    made.end();
    made.failed(new Error('x'), 'a');
    clock.advance(100_000);
    expect(told).toEqual([]);
  });
});
