import { describe, expect, it } from 'vitest';
import { bob, labels, PromptBench } from '../../../test/fixtures/prompt-bench.ts';
import { ada } from '../../../test/fixtures/recording-connector.ts';

describe('the buttons of a prompt', () => {
  const choices = [
    { id: 'approve', label: 'Approve', key: 'y', confirm: 'Yes, force-push' },
    { id: 'similar', label: 'Similar…', key: 's', opens: 'more' },
  ];
  const menus = { more: [{ id: 'hour', label: 'for an hour', key: '1' }] };

  it('open a menu and lead back', async () => {
    const bench = new PromptBench();
    const answer = bench.ask({ choices, menus, textHint: 'say why' });
    const card = await bench.shown();
    expect(labels(card)).toEqual(['Approve', 'Similar…']);
    await bench.tap(card, 'Similar…');
    await bench.settled();
    expect(labels(card)).toEqual(['for an hour', '← Back']);
    expect((await bench.tapId(card, 'approve')).notice).toContain('not one of');
    await bench.tap(card, '← Back');
    await bench.settled();
    expect(labels(card)).toEqual(['Approve', 'Similar…']);
    await bench.tap(card, 'Similar…');
    await bench.settled();
    await bench.tap(card, 'for an hour');
    expect(await answer).toMatchObject({ choice: 'hour' });
  });

  it('of a menu stand in the question in full while it is open, and no longer', async () => {
    const bench = new PromptBench();
    const label = 'exactly npm run build --silent, this chat, 1 hour';
    void bench.ask({ choices, menus: { more: [{ id: 'hour', label, key: '1' }] } });
    const card = await bench.shown();
    const asked = card.view.body.text;
    await bench.tap(card, 'Similar…');
    await bench.settled();
    expect(card.view.body.text).toBe(`${asked}\n\n${label}`);
    await bench.tap(card, label);
    await bench.prompts.settled();
    expect(card.view.body.text).toBe(asked);
  });

  it('want a second tap by the same person where the first is not enough, and no double hit', async () => {
    const bench = new PromptBench();
    const answer = bench.ask({ choices, menus });
    const card = await bench.shown();
    expect((await bench.tap(card, 'Approve')).notice).toContain('Yes, force-push');
    expect((await bench.tapId(card, 'approve')).notice).toContain('not one of');
    await bench.settled();
    expect(labels(card)).toEqual(['Yes, force-push', 'Similar…']);
    expect((await bench.tap(card, 'Yes, force-push', { person: bob })).notice).toContain('Sure?');
    expect((await bench.tap(card, 'Yes, force-push')).notice).toContain('Sure?');
    expect((await bench.tap(card, 'Yes, force-push')).notice).toBe('Approve');
    expect(await answer).toEqual({ kind: 'choice', choice: 'approve', by: ada });
  });

  it('ask from the beginning after a look at the menu', async () => {
    const bench = new PromptBench();
    void bench.ask({ choices, menus });
    const card = await bench.shown();
    for (const label of ['Approve', 'Similar…', '← Back']) {
      await bench.tap(card, label);
      await bench.settled();
    }
    expect(labels(card)).toEqual(['Approve', 'Similar…']);
    expect((await bench.tapId(card, 'sure-approve')).notice).toContain('not one of');
  });
});

describe('several prompts of one kind', () => {
  const together = { kind: 'k', choice: 'approve', label: (count: number) => `All ${count}` };

  it('are answered by the newest card’s button: those that stood there, and none after', async () => {
    const bench = new PromptBench();
    const firstViews = new Map<string, number>();
    const showPrompt = bench.connector.showPrompt.bind(bench.connector);
    bench.connector.showPrompt = async (chat, view) => {
      const message = await showPrompt(chat, view);
      firstViews.set(message.message, view.choices.length);
      return message;
    };
    const answers = [bench.ask({ together }), bench.ask({ together }), bench.ask({ together })];
    const [first, second, third] = [await bench.shown(1), await bench.shown(2), await bench.shown(3)];
    await bench.settled();
    expect([labels(first), labels(second), labels(third)].map((each) => each.length)).toEqual([2, 2, 3]);
    expect(labels(third)).toContain('All 3');
    // Sent with the card, not put there afterwards: a chat takes few messages a minute.
    expect(firstViews.get(third.message.message)).toBe(3);
    const stale = third.view.choices.at(-1)?.id ?? '';
    const later = bench.ask({ together });
    const fourth = await bench.shown(4);
    await bench.settled();
    expect(labels(third)).not.toContain('All 3');
    expect((await bench.tapId(third, stale)).notice).toContain('not one of');
    await bench.tap(first, 'Reject');
    await bench.settled();
    expect(labels(fourth)).toContain('All 3');
    expect((await bench.tap(fourth, 'All 3')).notice).toBe('Approve: 3');
    expect(await Promise.all([...answers, later])).toMatchObject([
      { choice: 'reject' },
      { choice: 'approve', together: 3 },
      { choice: 'approve', together: 3 },
      { choice: 'approve', together: 3 },
    ]);
  });

  it('are told apart where only some of the answers could be stored', async () => {
    const bench = new PromptBench();
    const answers = [bench.ask({ together }), bench.ask({ together })];
    const last = await bench.shown(2);
    const { prompts: store } = bench.stores;
    const close = store.close.bind(store);
    store.close = (id, how) => (id === last.view.id ? Promise.reject(new Error('no room')) : close(id, how));
    expect((await bench.tap(last, 'All 2')).notice).toBe(
      'Approve: 1; 1 could not be written down and still wait',
    );
    expect(await answers[0]).toMatchObject({ choice: 'approve' });
    expect(bench.prompts.openIn(bench.connector.chat)).toBe(1);
  });

  it('lose the button when one is left, and never get it where only one is to be seen', async () => {
    const bench = new PromptBench();
    void bench.ask({ together });
    void bench.ask({ together });
    void bench.ask({ together: { ...together, kind: 'other' } });
    const [first, second, other] = [await bench.shown(1), await bench.shown(2), await bench.shown(3)];
    expect(labels(second)).toContain('All 2');
    expect(labels(other)).toHaveLength(2);
    await bench.tap(first, 'Reject');
    await bench.settled();
    expect(labels(second)).toEqual(['Approve', 'Reject']);

    const narrow = new PromptBench();
    Object.assign(narrow.connector, { asksOneByOne: true });
    void narrow.ask({ together });
    void narrow.ask({ together });
    expect(labels(await narrow.shown(2))).toHaveLength(2);
  });
});
