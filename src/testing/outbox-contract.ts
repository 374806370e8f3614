import { personId, type InboundId, type SessionId } from '../core/ports/chat.ts';
import type { EndedTurn, OutgoingId, OutgoingReply, Session } from '../core/ports/store.ts';
import type { AddCheck } from './checks.ts';
import { expect, rejection } from './expect.ts';
import { group, home, message, topic } from './store-samples.ts';
import type { StoresHarness } from './stores-harness.ts';

export function addOutbox(add: AddCheck<StoresHarness>): void {
  const it = group('outbox', add);

  it('ends a turn: session, history, inbox and what is to be delivered', async ({ stores }) => {
    const { id } = await started(stores);
    await stores.outbox.endTurn(ended({ inbounds: [id], replies: [reply('r1'), reply('r2')] }));
    expect(await stores.sessions.current(home)).toStrictEqual(session);
    expect(await stores.messages.latest(home, 5)).toStrictEqual([answer]);
    expect(await stores.inbox.unfinished()).toStrictEqual([]);
    expect(await stores.outbox.undelivered()).toStrictEqual([reply('r1'), reply('r2')]);
  });

  it('ends nothing where one part of it can not be stored', async ({ stores }) => {
    const { id } = await started(stores);
    const twice = ended({ inbounds: [id], replies: [reply('r1'), reply('r1')] });
    expect(await rejection(stores.outbox.endTurn(twice))).toMatchObject({ fault: 'machine' });
    expect(await stores.sessions.current(home)).toBeUndefined();
    expect(await stores.messages.latest(home, 5)).toStrictEqual([]);
    expect(await stores.inbox.unfinished()).toMatchObject([{ inbound: { id } }]);
    expect(await stores.outbox.undelivered()).toStrictEqual([]);
  });

  it('knows how far a reply has got, until it is delivered', async ({ stores }) => {
    const { outbox } = stores;
    await outbox.endTurn(ended({ replies: [reply('r1'), reply('r2'), reply('r3')] }));
    const trace = { messages: ['7', '8'], isFileSent: true, isSending: true };
    await outbox.trace('r2' as OutgoingId, trace);
    await outbox.delivered('r1' as OutgoingId);
    await outbox.delivered('r1' as OutgoingId);
    await outbox.trace('r1' as OutgoingId, trace);
    expect(await outbox.undelivered()).toStrictEqual([{ ...reply('r2'), trace }, reply('r3')]);
  });

  it('keeps what it is given alone', async ({ stores }) => {
    await stores.outbox.endTurn({ inbounds: [], replies: [{ ...reply('r1'), chat: topic }] });
    expect(await stores.sessions.current(home)).toBeUndefined();
    expect((await stores.outbox.undelivered())[0]?.chat).toStrictEqual(topic);
  });
}

/** After a restart it goes on where it was. */
export function addOutboxRestart(add: AddCheck<StoresHarness>): void {
  add('outbox outlives a restart', async ({ stores, reopen }) => {
    if (reopen === undefined) throw new TypeError('stores that outlive the process need `reopen`');
    await stores.outbox.endTurn(ended({ replies: [{ ...reply('r1'), trace: { messages: ['7'] } }] }));
    const again = await reopen();
    expect(await again.outbox.undelivered()).toStrictEqual([{ ...reply('r1'), trace: { messages: ['7'] } }]);
  });
}

const session: Session = {
  id: 'a' as SessionId,
  chat: home,
  directory: '/project',
  mode: 'default',
  turns: 1,
  costUsd: 0.5,
  createdAt: 1_700_000_000_000,
  updatedAt: 1_700_000_000_000,
};

const answer = message({ role: 'agent', text: 'Done.', costUsd: 0.5, durationMs: 9 });

function ended(own: Partial<EndedTurn>): EndedTurn {
  return { session, answer, inbounds: [], replies: [], ...own };
}

function reply(id: string): OutgoingReply {
  return { id: id as OutgoingId, chat: home, state: { markdown: `**${id}** 🦮`, status: '1 s' } };
}

async function started({ inbox }: StoresHarness['stores']): Promise<{ readonly id: InboundId }> {
  const id = 'telegram:1:1' as InboundId;
  const person = { id: personId('telegram', 5), name: 'Ada' };
  await inbox.add({ id, chat: home, isPrivate: true, person, receivedAt: 1, kind: 'text', text: 'do it' });
  await inbox.start([id]);
  return { id };
}
