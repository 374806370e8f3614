import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import { newId } from '../../util/ids.ts';
import { silentLog } from '../../util/log.ts';
import { openTo } from '../access/open-to.ts';
import { EventBus } from '../events/event-bus.ts';
import type { AuditRecord } from '../ports/audit.ts';
import { personId } from '../ports/chat.ts';
import { auth } from './auth.ts';

function door(fault?: Error) {
  const clock = manualClock();
  const written: AuditRecord[] = [];
  const step = auth({
    accessOf: () => openTo([personId('telegram', 1)]),
    say: () => {},
    audit: {
      record: async (record) => {
        if (fault) throw fault;
        written.push(record);
      },
    },
    clock,
    log: silentLog,
    events: new EventBus({ log: silentLog }),
  });
  const isLetIn = async (id: number): Promise<boolean> => {
    let isIn = false;
    const chat = { connector: 'telegram', chat: String(id) };
    const person = { id: personId('telegram', id), name: 'P' };
    const inbound = { id: newId<'InboundId'>(), chat, isPrivate: true, person, receivedAt: 0 };
    await step({ ...inbound, kind: 'text', text: 'let me in' }, async () => {
      isIn = true;
      return {};
    });
    return isIn;
  };
  return { clock, written, isLetIn };
}

describe('the door', () => {
  it('writes down who was turned away, and never what they wrote', async () => {
    const { written, isLetIn } = door();
    expect([await isLetIn(1), await isLetIn(666)]).toEqual([true, false]);
    expect(written).toEqual([
      {
        event: 'message_refused',
        chat: 'telegram:666',
        person: 'telegram:666',
        why: 'not in LEASHD_ALLOWED_USER_IDS',
      },
    ]);
  });

  it('writes at most one line a minute for each of them', async () => {
    const { clock, written, isLetIn } = door();
    for (let round = 0; round < 100; round += 1) await isLetIn(666);
    await isLetIn(667);
    expect(written).toHaveLength(2);
    clock.advance(60_000);
    await isLetIn(666);
    expect(written).toHaveLength(3);
  });

  it('lets a crowd of strangers fill no disk', async () => {
    const { clock, written, isLetIn } = door();
    for (let person = 100; person < 1100; person += 1) await isLetIn(person);
    expect(written).toHaveLength(60);
    clock.advance(60_000);
    await isLetIn(5000);
    expect(written).toHaveLength(61);
  });

  it('stays shut when it can not be written down, and open for those who may come in', async () => {
    const { isLetIn } = door(new Error('disk full'));
    expect([await isLetIn(666), await isLetIn(1)]).toEqual([false, true]);
  });
});
