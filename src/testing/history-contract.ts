import type { SessionId } from '../core/ports/chat.ts';
import type { MessageQuery } from '../core/ports/store.ts';
import type { AddCheck } from './checks.ts';
import { expect } from './expect.ts';
import { group, home, message, topic } from './store-samples.ts';
import type { StoresHarness } from './stores-harness.ts';

const texts = async ({ stores }: StoresHarness, query: Partial<MessageQuery>): Promise<string[]> =>
  (await stores.messages.find({ limit: 100, ...query })).messages.map(({ text }) => text);

export function addPages(add: AddCheck<StoresHarness>): void {
  const it = group('history', add);

  it('gives page after page, each message once, whatever is said meanwhile', async (opened) => {
    const { messages } = opened.stores;
    const all = ['1', '2', '3', '4', '5'].map((text) => message({ text, costUsd: 0.5, durationMs: 7 }));
    for (const each of all) await messages.append(each);
    await messages.append(message({ text: 'elsewhere', chat: topic }));
    const first = await messages.find({ chat: home, limit: 2 });
    await messages.append(message({ text: 'meanwhile' }));
    const second = await messages.find({ chat: home, limit: 2, before: first.older });
    const third = await messages.find({ chat: home, limit: 2, before: second.older });
    const pages = [third, second, first].map((page) => page.messages);
    expect(pages).toStrictEqual([all.slice(0, 1), all.slice(1, 3), all.slice(3)]);
    expect(third.older).toBeUndefined();
  });

  it('has nothing older when the page holds all, and no page of nothing', async (opened) => {
    for (const text of ['1', '2']) await opened.stores.messages.append(message({ text }));
    expect((await opened.stores.messages.find({ chat: home, limit: 2 })).older).toBeUndefined();
    expect(await texts(opened, { chat: topic })).toStrictEqual([]);
    for (const limit of [0, -1]) expect(await texts(opened, { limit })).toStrictEqual([]);
  });

  it('is found by chat, session, role and time, all at once, in the order it was appended', async (opened) => {
    const { messages } = opened.stores;
    const b = { session: 'b' as SessionId };
    await messages.append(message({ text: '1', at: 3_000 }));
    await messages.append(message({ text: '2', at: 1_000, ...b }));
    await messages.append(message({ text: '3', at: 2_000, ...b, role: 'agent' }));
    await messages.append(message({ text: '4', at: 4_000, ...b, role: 'agent', chat: topic }));
    expect(await texts(opened, {})).toStrictEqual(['1', '2', '3', '4']);
    expect(await texts(opened, { chat: home })).toStrictEqual(['1', '2', '3']);
    expect(await texts(opened, b)).toStrictEqual(['2', '3', '4']);
    expect(await texts(opened, { role: 'agent' })).toStrictEqual(['3', '4']);
    expect(await texts(opened, { since: 2_000 })).toStrictEqual(['1', '3', '4']);
    expect(await texts(opened, { until: 3_000 })).toStrictEqual(['2', '3']);
    expect(await texts(opened, { since: 1_500, until: 4_000, ...b })).toStrictEqual(['3']);
    expect(await texts(opened, { since: 9_000 })).toStrictEqual([]);
  });

  it('sums up what all chats have cost from a time on', async (opened) => {
    const { messages } = opened.stores;
    expect(await messages.costSince(0)).toBe(0);
    await messages.append(message({ text: '1', at: 1_000, costUsd: 4 }));
    await messages.append(message({ text: '2', at: 2_000, costUsd: 0.25, chat: topic }));
    await messages.append(message({ text: '3', at: 3_000, costUsd: 0.5 }));
    await messages.append(message({ text: '4', at: 3_000 }));
    expect(await messages.costSince(2_000)).toBe(0.75);
    expect(await messages.costSince(3_001)).toBe(0);
  });
}

export function addSearch(add: AddCheck<StoresHarness>): void {
  const it = group('history', add);
  it('is found by words, in upper or lower case, taken as they stand', async (opened) => {
    const said = [
      'Add a Health check',
      'the health of the shop',
      '100% sure',
      'ÄPFEL_и ПРИВЕТ',
      '健康 c:\\dir',
    ];
    for (const text of said) await opened.stores.messages.append(message({ text }));
    const found = (...words: string[]): Promise<string[]> => texts(opened, { words });
    expect(await found('HEALTH')).toStrictEqual(said.slice(0, 2));
    expect(await found('check', 'health')).toStrictEqual(said.slice(0, 1));
    expect(await found('ealth of')).toStrictEqual([said[1]]);
    expect(await found('0%')).toStrictEqual([said[2]]);
    expect(await found('%sure')).toStrictEqual([]);
    expect(await found('äpfel_', 'привет')).toStrictEqual([said[3]]);
    expect(await found('öpfel')).toStrictEqual([]);
    expect(await found('健康')).toStrictEqual([said[4]]);
    expect(await found('c:\\d')).toStrictEqual([said[4]]);
    expect(await found()).toStrictEqual(said);
  });

  it('gives pages of what was found, too', async (opened) => {
    const { messages } = opened.stores;
    for (let number = 1; number <= 6; number += 1)
      await messages.append(message({ text: number % 2 === 0 ? `Even ${number}` : `odd ${number}` }));
    const page = await messages.find({ chat: home, words: ['even'], limit: 2 });
    expect(page.messages.map(({ text }) => text)).toStrictEqual(['Even 4', 'Even 6']);
    expect(await texts(opened, { words: ['even'], before: page.older })).toStrictEqual(['Even 2']);
  });
}
