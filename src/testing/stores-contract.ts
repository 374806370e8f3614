import type { AgentSessionId } from '../core/ports/agent.ts';
import { personId, type ChatRef, type Inbound, type InboundId } from '../core/ports/chat.ts';
import type { PromptId, SessionId } from '../core/ports/chat.ts';
import type { Session, StoredPrompt } from '../core/ports/store.ts';
import { checksOf, type AddCheck, type Check } from './checks.ts';
import { expect, rejection } from './expect.ts';
import { addPages, addSearch } from './history-contract.ts';
import { addOutbox, addOutboxRestart } from './outbox-contract.ts';
import { group, home, message, topic } from './store-samples.ts';
import type { StoresHarness } from './stores-harness.ts';

/**
 * What every `Stores` must do. `open` gives empty ones each time.
 *
 * What a backend that is not lasting (memory) loses with the process: the chats' current sessions and with them the
 * agent's conversations, the history, the inbounds that wait or were cut off, the questions, the answers on their way, and the memory of ids:
 * an inbound that is delivered again after the restart counts as new.
 */
export function storesContract(
  open: () => Promise<StoresHarness>,
  { isLasting = true }: { readonly isLasting?: boolean } = {},
): readonly Check[] {
  return checksOf(open, [
    addSessions,
    addWorkspaces,
    addMessages,
    addPages,
    addSearch,
    addInbox,
    addPrompts,
    addOutbox,
    addTogether,
    ...(isLasting ? [addRestart, addOutboxRestart] : []),
  ]);
}

function addSessions(add: AddCheck<StoresHarness>): void {
  const it = group('sessions', add);
  it('have no current one in a chat that never had any', async (opened) => {
    expect(await opened.stores.sessions.current(home)).toBeUndefined();
  });

  it('give back what was saved, with and without what is optional', async (opened) => {
    const plain = session({ id: 'a' });
    const full = session({ id: 'b', chat: topic, agentSession: 'agent-1', costUsd: 0.1 + 0.2, turns: 3 });
    await opened.stores.sessions.save(plain);
    await opened.stores.sessions.save(full);
    expect(await opened.stores.sessions.current(home)).toStrictEqual(plain);
    expect(await opened.stores.sessions.current(topic)).toStrictEqual(full);
  });

  it('make the session saved last the current one of its chat alone', async (opened) => {
    await opened.stores.sessions.save(session({ id: 'a' }));
    await opened.stores.sessions.save(session({ id: 'b' }));
    await opened.stores.sessions.save(session({ id: 'c', chat: topic }));
    expect((await opened.stores.sessions.current(home))?.id).toBe('b');
    await opened.stores.sessions.save(session({ id: 'a' }));
    expect((await opened.stores.sessions.current(home))?.id).toBe('a');
  });

  it('replace a session of the same id, dropping what it no longer has', async (opened) => {
    await opened.stores.sessions.save(session({ id: 'a', agentSession: 'agent-1', turns: 1 }));
    const later = session({ id: 'a', turns: 2, mode: 'plan', updatedAt: 9 });
    await opened.stores.sessions.save(later);
    expect(await opened.stores.sessions.current(home)).toStrictEqual(later);
    expect(await opened.stores.sessions.latestIn(home, '/project')).toStrictEqual(later);
  });

  it('end without being forgotten', async (opened) => {
    const ended = session({ id: 'a' });
    await opened.stores.sessions.save(ended);
    await opened.stores.sessions.save(session({ id: 'c', chat: topic }));
    await opened.stores.sessions.end(home);
    await opened.stores.sessions.end(home);
    expect(await opened.stores.sessions.current(home)).toBeUndefined();
    expect(await opened.stores.sessions.latestIn(home, '/project')).toStrictEqual(ended);
    expect((await opened.stores.sessions.current(topic))?.id).toBe('c');
  });

  it('find the latest of a chat in a directory', async (opened) => {
    await opened.stores.sessions.save(session({ id: 'late', updatedAt: 300 }));
    await opened.stores.sessions.save(session({ id: 'early', updatedAt: 200 }));
    await opened.stores.sessions.save(session({ id: 'there', directory: '/other', updatedAt: 400 }));
    await opened.stores.sessions.save(session({ id: 'theirs', chat: topic, updatedAt: 500 }));
    expect((await opened.stores.sessions.latestIn(home, '/project'))?.id).toBe('late');
    expect((await opened.stores.sessions.latestIn(home, '/other'))?.id).toBe('there');
    expect(await opened.stores.sessions.latestIn(home, '/nowhere')).toBeUndefined();
  });

  it('tell apart chats whose names run together', async (opened) => {
    await opened.stores.sessions.save(session({ id: 'a', chat: { connector: 'x', chat: '1', thread: '2' } }));
    expect(await opened.stores.sessions.current({ connector: 'x', chat: '1:2' })).toBeUndefined();
    expect(await opened.stores.sessions.current({ connector: 'x', chat: '1' })).toBeUndefined();
  });
}

function addWorkspaces(add: AddCheck<StoresHarness>): void {
  const it = group('sessions in workspaces', add);
  it('are told from those of the directory that the workspace starts in', async (opened) => {
    const inShop = { workspace: 'shop', otherDirectories: ['/other', '/third'] };
    const shop = { ...session({ id: 'shop', updatedAt: 200 }), ...inShop };
    const alone = { ...session({ id: 'alone', updatedAt: 300 }), workspace: 'alone', otherDirectories: [] };
    await opened.stores.sessions.save(session({ id: 'plain', updatedAt: 100 }));
    await opened.stores.sessions.save(shop);
    await opened.stores.sessions.save(alone);
    expect(await opened.stores.sessions.current(home)).toStrictEqual(alone);
    expect((await opened.stores.sessions.latestIn(home, '/project'))?.id).toBe('plain');
    expect(await opened.stores.sessions.latestIn(home, '/project', 'shop')).toStrictEqual(shop);
    expect(await opened.stores.sessions.latestIn(home, '/project', 'Shop')).toBeUndefined();
    await opened.stores.sessions.save(session({ id: 'shop', updatedAt: 400 }));
    expect((await opened.stores.sessions.latestIn(home, '/project'))?.id).toBe('shop');
  });
}

function addMessages(add: AddCheck<StoresHarness>): void {
  const it = group('messages', add);
  it('are none in a new chat', async (opened) => {
    expect(await opened.stores.messages.latest(home, 10)).toStrictEqual([]);
  });

  it('give the newest ones, oldest first', async (opened) => {
    const all = ['1', '2', '3', '4'].map((text) => message({ text }));
    for (const each of all) await opened.stores.messages.append(each);
    await opened.stores.messages.append(message({ text: 'elsewhere', chat: topic }));
    expect(await opened.stores.messages.latest(home, 3)).toStrictEqual(all.slice(1));
    expect(await opened.stores.messages.latest(home, 100)).toStrictEqual(all);
    expect(await opened.stores.messages.latest(home, 0)).toStrictEqual([]);
    expect(await opened.stores.messages.latest(home, -1)).toStrictEqual([]);
  });

  it('keep every character, the cost and the duration', async (opened) => {
    const text = `a\u0001b "quoted" 'single' \\ 🦮 שלום\r\n${'long '.repeat(50_000)}`;
    const agent = message({ role: 'agent', text, costUsd: 0.0123, durationMs: 45_678 });
    await opened.stores.messages.append(agent);
    expect(await opened.stores.messages.latest(home, 1)).toStrictEqual([agent]);
  });

  it('are not cut off at a NUL', async (opened) => {
    await opened.stores.messages.append(message({ text: 'a\u0000b' }));
    const [stored] = await opened.stores.messages.latest(home, 1);
    expect(stored?.text).toMatch(/^a.b$/s);
  });

  it('keep their order when the clock is set back', async (opened) => {
    await opened.stores.messages.append(message({ text: 'first', at: 2_000 }));
    await opened.stores.messages.append(message({ text: 'second', at: 1_000 }));
    const texts = (await opened.stores.messages.latest(home, 2)).map(({ text }) => text);
    expect(texts).toStrictEqual(['first', 'second']);
  });

  it('stay when their session ends', async (opened) => {
    await opened.stores.sessions.save(session({ id: 'a' }));
    await opened.stores.messages.append(message({ text: 'hello' }));
    await opened.stores.sessions.end(home);
    expect(await opened.stores.messages.latest(home, 5)).toHaveLength(1);
  });
}

function addInbox(add: AddCheck<StoresHarness>): void {
  const it = group('inbox', add);
  it('takes each id once, however far it has got', async (opened) => {
    const { inbox } = opened.stores;
    const given = inbound('1');
    expect(await inbox.add(given)).toBe('new');
    expect(await inbox.add(given)).toBe('duplicate');
    await inbox.start([given.id]);
    expect(await inbox.add(given)).toBe('duplicate');
    await inbox.finish([given.id]);
    expect(await inbox.add(given)).toBe('duplicate');
    expect(await inbox.unfinished()).toStrictEqual([]);
  });

  it('tells what waits from what was cut off, oldest first', async (opened) => {
    const { inbox } = opened.stores;
    const [first, second, third] = [inbound('1'), inbound('2'), inbound('3')];
    await inbox.add(first, 'started');
    for (const each of [second, third]) await inbox.add(each);
    await inbox.start([third.id, first.id]);
    expect(await inbox.unfinished()).toStrictEqual([
      { inbound: first, state: 'started' },
      { inbound: second, state: 'waiting' },
      { inbound: third, state: 'started' },
    ]);
    await inbox.finish([first.id, second.id]);
    expect(await inbox.unfinished()).toStrictEqual([{ inbound: third, state: 'started' }]);
  });

  it('does not start again what is finished, and shrugs at ids it never had', async (opened) => {
    const { inbox } = opened.stores;
    const given = inbound('1');
    await inbox.add(given);
    await inbox.finish([given.id]);
    await inbox.start([given.id, 'never' as InboundId]);
    await inbox.finish(['never' as InboundId]);
    await inbox.start([]);
    expect(await inbox.unfinished()).toStrictEqual([]);
  });

  it('gives back every kind of inbound as it came', async (opened) => {
    const { inbox } = opened.stores;
    const all: readonly Inbound[] = [
      inbound('1'),
      { ...envelope('2'), kind: 'text', text: 'ja\u2028 "x"', replyTo: '77' },
      { ...envelope('3'), chat: topic, kind: 'command', name: 'plan', args: '' },
      { ...envelope('4'), kind: 'tap', prompt: 'p1' as PromptId, choice: 'approve', message: '9' },
      { ...envelope('5'), kind: 'unsupported', what: 'a voice message' },
    ];
    for (const each of all) await inbox.add(each);
    expect((await inbox.unfinished()).map((entry) => entry.inbound)).toStrictEqual(all);
  });
}

function addPrompts(add: AddCheck<StoresHarness>): void {
  const it = group('prompts', add);
  it('give back what was opened, without the attachment, and where it stands', async (opened) => {
    const { prompts } = opened.stores;
    const asked = prompt('p1', { chat: topic, digest: 'd' });
    const view = { ...asked.view, attachment: { fileName: 'a.sh', content: 'x'.repeat(100_000) } };
    await prompts.open({ ...asked, view });
    expect(await prompts.find(asked.id)).toStrictEqual(asked);
    const message = { chat: topic, message: '17' };
    await prompts.shown(asked.id, message);
    expect(await prompts.find(asked.id)).toStrictEqual({ ...asked, message });
    expect(await prompts.find('never' as PromptId)).toBeUndefined();
  });

  it('are closed once, by whoever comes first', async (opened) => {
    const { prompts } = opened.stores;
    const asked = prompt('p1');
    await prompts.open(asked);
    const by = personId('telegram', 5);
    const closing = (choice: string) =>
      ({ at: 7, answer: 'choice', choice, by, outcome: `Chose ${choice}`, told: 'Already' }) as const;
    const won = await Promise.all(
      ['approve', 'reject', 'approve'].map((choice) => prompts.close(asked.id, closing(choice))),
    );
    expect(won).toEqual([true, false, false]);
    expect((await prompts.find(asked.id))?.closed).toStrictEqual(closing('approve'));
    expect(await prompts.close('never' as PromptId, closing('approve'))).toBe(false);
  });

  it('refuse an id that is taken', async (opened) => {
    const { prompts } = opened.stores;
    await prompts.open(prompt('p1'));
    expect(await rejection(prompts.open(prompt('p1')))).toMatchObject({ fault: 'machine' });
  });

  it('tell what is left open, oldest first', async (opened) => {
    const { prompts } = opened.stores;
    for (const id of ['p2', 'p1', 'p3']) await prompts.open(prompt(id));
    await prompts.close('p1' as PromptId, { at: 1, answer: 'timed-out', outcome: 'Too late' });
    expect((await prompts.leftOpen()).map(({ id }) => id)).toEqual(['p2', 'p3']);
  });

  it('tell which messages may still look open, until told that they do not', async (opened) => {
    const { prompts } = opened.stores;
    const closed = { at: 1, answer: 'timed-out', outcome: 'Too late' } as const;
    for (const id of ['p2', 'p1', 'p3', 'p4']) {
      const { message: _, ...unseen } = prompt(id);
      await prompts.open(unseen);
      if (id !== 'p4') await prompts.shown(unseen.id, { chat: home, message: `m-${id}` });
      if (id !== 'p3') await prompts.close(unseen.id, closed);
    }
    expect((await prompts.unsettled()).map(({ id }) => id)).toEqual(['p2', 'p1']);
    await prompts.settled('p2' as PromptId);
    expect(await prompts.unsettled()).toMatchObject([{ id: 'p1', closed, message: { message: 'm-p1' } }]);
  });
}

function addTogether(it: AddCheck<StoresHarness>): void {
  it('serve two chats at once without mixing them up', async (opened) => {
    const { sessions, messages, inbox } = opened.stores;
    const busy = async (chat: ChatRef, who: string): Promise<void> => {
      for (let turn = 1; turn <= 40; turn += 1) {
        const given = { ...inbound(`${who}-${turn}`), chat };
        await inbox.add(given);
        await inbox.start([given.id]);
        await messages.append(message({ chat, text: `${who} ${turn}` }));
        await sessions.save(session({ id: who, chat, turns: turn }));
        await inbox.finish([given.id]);
      }
    };
    await Promise.all([busy(home, 'a'), busy(topic, 'b')]);
    expect(await inbox.unfinished()).toStrictEqual([]);
    for (const [chat, who] of [[home, 'a'] as const, [topic, 'b'] as const]) {
      const texts = (await messages.latest(chat, 100)).map(({ text }) => text);
      expect(texts).toStrictEqual(Array.from({ length: 40 }, (_, index) => `${who} ${index + 1}`));
      expect(await sessions.current(chat)).toMatchObject({ id: who, turns: 40 });
    }
  });

  it('reject after being closed, and close again without harm', async (opened) => {
    await opened.stores.close();
    await opened.stores.close();
    expect(await rejection(opened.stores.messages.append(message({})))).toMatchObject({ fault: 'machine' });
    expect(await rejection(opened.stores.sessions.current(home))).toMatchObject({ fault: 'machine' });
  });
}

function addRestart(it: AddCheck<StoresHarness>): void {
  it('have everything after a restart', async (opened) => {
    const { reopen } = opened;
    if (reopen === undefined) throw new TypeError('stores that outlive the process need `reopen`');
    const { sessions, messages, inbox } = opened.stores;
    const kept = session({ id: 'a', agentSession: 'agent-1' });
    await sessions.save(kept);
    await sessions.save(session({ id: 'b', chat: topic }));
    await sessions.end(topic);
    await messages.append(message({ text: 'hello' }));
    const [waiting, cutOff, done] = [inbound('1'), inbound('2'), inbound('3')];
    for (const each of [waiting, cutOff, done]) await inbox.add(each);
    await inbox.start([cutOff.id, done.id]);
    await inbox.finish([done.id]);
    const now = { openedAt: Date.now() };
    for (const asked of [prompt('p1', now), prompt('p2')]) await opened.stores.prompts.open(asked);
    await opened.stores.prompts.close('p1' as PromptId, { at: 1, answer: 'text', outcome: 'No' });

    const again = await reopen();
    expect(await again.sessions.current(home)).toStrictEqual(kept);
    expect(await again.sessions.current(topic)).toBeUndefined();
    expect(await again.messages.latest(home, 5)).toStrictEqual([message({ text: 'hello' })]);
    expect(await again.inbox.unfinished()).toStrictEqual([
      { inbound: waiting, state: 'waiting' },
      { inbound: cutOff, state: 'started' },
    ]);
    expect(await again.inbox.add(done)).toBe('duplicate');
    expect(await again.prompts.leftOpen()).toStrictEqual([prompt('p2')]);
    expect((await again.prompts.find('p1' as PromptId))?.closed?.answer).toBe('text');
  });
}

type SessionFields = Partial<Omit<Session, 'id' | 'agentSession'>> & { id: string; agentSession?: string };

function session({ id, agentSession, ...rest }: SessionFields): Session {
  return {
    id: id as SessionId,
    chat: home,
    directory: '/project',
    mode: 'default',
    ...(agentSession === undefined ? {} : { agentSession: agentSession as AgentSessionId }),
    turns: 0,
    costUsd: 0,
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
    ...rest,
  };
}

function envelope(id: string) {
  return {
    id: `telegram:1:${id}` as InboundId,
    chat: home,
    isPrivate: true,
    person: { id: personId('telegram', 5), name: 'Ada' },
    receivedAt: 1_700_000_000_123,
  };
}

function prompt(id: string, own: Partial<StoredPrompt> = {}): StoredPrompt {
  const view: StoredPrompt['view'] = {
    id: id as PromptId,
    body: { text: 'run npm test?', spans: [{ offset: 4, length: 8, kind: 'bold' }] },
    choices: [{ id: 'approve', label: '✅ Approve', key: 'y' }],
    textHint: 'reply with a reason',
  };
  return { id: view.id, chat: home, view, openedAt: 1_700_000_000_000, until: 1_700_000_300_000, ...own };
}

function inbound(id: string): Inbound {
  return { ...envelope(id), kind: 'text', text: `message ${id}` };
}
