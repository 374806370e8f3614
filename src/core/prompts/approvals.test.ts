import { describe, expect, it } from 'vitest';
import { bob, labels, PromptBench } from '../../../test/fixtures/prompt-bench.ts';
import { ada } from '../../../test/fixtures/recording-connector.ts';
import { formatClock } from '../../util/figures.ts';
import { plain } from '../../util/rich-text.ts';
import { createApprover } from './approvals.ts';
import type { PersonId } from '../ports/chat.ts';
import type { ApprovalRequest } from '../ports/gate.ts';

const request: ApprovalRequest = {
  call: { id: 'c1', tool: 'Write', input: {}, directory: '/p' },
  context: {
    chat: 'test:1',
    session: 's',
    turn: 't',
    directories: ['/p'],
    mode: { name: 'default', mayChange: true, grants: [] },
  },
  footprint: { tool: 'Write', commands: [], effects: [], unknowns: [], digest: 'd' },
  decision: {
    action: 'ask',
    layer: 'policy',
    rule: 'file-writes',
    reason: 'It changes a file.',
    risk: 'medium',
  },
  card: { body: plain('Write README.md'), subject: 'writes README.md' },
  offers: [],
  kindDigest: undefined,
  timeoutMs: 1000,
};

const offers: ApprovalRequest['offers'] = ['git push to origin, this chat, 1 hour', 'git push, always'].map(
  (label, index) => ({
    id: `sixteen-chars-0${index}`,
    label,
    terms: { words: label, rules: [] },
    length: { kind: 'always' },
  }),
);

function setUp(approvers?: readonly PersonId[]) {
  const bench = new PromptBench();
  const { prompts, events, connector } = bench;
  const approver = createApprover({
    prompts,
    events,
    chatOf: (key) => (key === 'test:1' ? connector.chat : undefined),
    approversOf: () => approvers,
  });
  const ask = (own: Partial<ApprovalRequest> = {}) =>
    approver.ask({ ...request, ...own }, bench.abort.signal);
  const now = formatClock(bench.clock.now());
  return { bench, prompts, approver, ask, now };
}

describe('an approval', () => {
  it.each([
    ['✅ Approve', { kind: 'approved', by: ada.id }, '✅ Approved by Ada, ', 'Already approved by Ada at '],
    ['❌ Reject', { kind: 'rejected', by: ada.id }, '❌ Rejected by Ada, ', 'Already rejected by Ada at '],
  ])('with a tap on %s', async (label, answer, outcome, told) => {
    const { bench, prompts, ask, now } = setUp();
    const asked = ask();
    const card = await bench.shown();
    expect(card.view.body.text).toBe('Write README.md');
    expect(labels(card)).toEqual(['✅ Approve', '❌ Reject']);
    await bench.tap(card, label);
    expect(await asked).toEqual({ ...answer, prompt: card.view.id });
    await prompts.settled();
    expect(card.outcome).toBe(`${outcome}${now}`);
    expect((await bench.tap(card, label, { person: bob })).notice).toBe(`${told}${now}`);
    expect(await bench.stores.prompts.find(card.view.id)).toMatchObject({ digest: 'd' });
  });

  it('of this and what is similar: the menu says in words what it grants', async () => {
    const { bench, prompts, ask, now } = setUp();
    const asked = ask({ offers });
    const card = await bench.shown();
    expect(labels(card)).toEqual(['✅ Approve', '❌ Reject', '🔁 Approve similar…']);
    await bench.tap(card, '🔁 Approve similar…');
    await bench.settled();
    expect(labels(card)).toEqual([
      '✅ git push to origin, this chat, 1 hour',
      '✅ git push, always',
      '← Back',
    ]);
    await bench.tap(card, '✅ git push to origin, this chat, 1 hour');
    expect(await asked).toMatchObject({ kind: 'approved', by: ada.id, offer: 'sixteen-chars-00' });
    await prompts.settled();
    expect(card.outcome).toBe(`✅ Approved by Ada, ${now} · chosen: git push to origin, this chat, 1 hour`);
  });

  it('that a second tap must confirm', async () => {
    const { bench, ask } = setUp();
    const asked = ask({ card: { ...request.card, confirm: 'Yes, force-push main' } });
    const card = await bench.shown();
    await bench.tap(card, '✅ Approve');
    await bench.settled();
    expect(labels(card)).toEqual(['Yes, force-push main', '❌ Reject']);
    await bench.tap(card, 'Yes, force-push main');
    expect(await asked).toMatchObject({ kind: 'approved', by: ada.id });
  });

  it('of several of one kind, but never of those that need a second tap', async () => {
    const { bench, prompts, ask, now } = setUp();
    const like = { kindDigest: 'k' };
    const asked = [ask(like), ask({ ...like, card: { ...request.card, confirm: 'Yes' } }), ask(like)];
    const card = await bench.shown(3);
    await bench.tap(card, '✅ Approve all 2 like this');
    expect(await Promise.all([asked[0], asked[2]])).toMatchObject([
      { kind: 'approved' },
      { kind: 'approved' },
    ]);
    await prompts.settled();
    expect(bench.connector.prompts.map(({ outcome }) => outcome)).toEqual([
      `✅ Approved by Ada, ${now} · with 1 more like this`,
      undefined,
      `✅ Approved by Ada, ${now} · with 1 more like this`,
    ]);
  });

  it('counts only from those whose approvals count', async () => {
    const { bench, ask } = setUp([bob.id]);
    const asked = ask();
    const card = await bench.shown();
    expect((await bench.tap(card, '✅ Approve')).notice).toBe(
      'Only test:2 may approve here; nothing was changed.',
    );
    await bench.tap(card, '✅ Approve', { person: bob });
    expect(await asked).toMatchObject({ kind: 'approved', by: bob.id });
  });

  it('with a typed reason', async () => {
    const { bench, prompts, ask } = setUp();
    const asked = ask();
    const { message } = await bench.shown();
    const reply = bench.inbound({ kind: 'text', text: 'not on main', replyTo: message.message });
    expect(await prompts.takeReply(reply)).toEqual({});
    expect(await asked).toMatchObject({ kind: 'rejected', by: ada.id, reason: 'not on main' });
  });

  it('that nobody answers', async () => {
    const { bench, ask, now } = setUp();
    const asked = ask();
    const card = await bench.shown();
    bench.clock.advance(1000);
    expect(await asked).toMatchObject({ kind: 'timed-out' });
    expect((await bench.tap(card, '✅ Approve')).notice).toBe(
      `Too late: nobody had answered by ${now}, so it was denied`,
    );
  });

  it('in a chat that is gone', async () => {
    const { bench, approver } = setUp();
    const elsewhere = { ...request, context: { ...request.context, chat: 'test:2' } };
    expect(await approver.ask(elsewhere, bench.abort.signal)).toMatchObject({ kind: 'not-answered' });
  });

  it('is told of as events of plain data', async () => {
    const { bench, ask } = setUp();
    const seen: unknown[] = [];
    bench.events.on('approval.requested', (facts) => void seen.push(facts));
    bench.events.on('approval.resolved', (facts) => void seen.push(facts));
    const asked = ask({ offers });
    const card = await bench.shown();
    await bench.tap(card, '❌ Reject');
    await asked;
    const facts = { call: 'c1', tool: 'Write', rule: 'file-writes', layer: 'policy', risk: 'medium' };
    expect(seen).toMatchObject([
      { ...facts, chat: bench.connector.chat, session: 's' },
      { ...facts, answer: 'rejected', by: ada.id },
    ]);
    expect(structuredClone(seen)).toEqual(seen);
  });
});
