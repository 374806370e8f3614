import { describe, expect, it } from 'vitest';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { ada, recordingConnector } from '../../test/fixtures/recording-connector.ts';
import { newId } from '../util/ids.ts';
import { silentLog } from '../util/log.ts';
import { plain } from '../util/rich-text.ts';
import { createApprover } from './approvals.ts';
import { EventBus } from './event-bus.ts';
import type { Inbound } from './ports/chat.ts';
import type { ApprovalRequest } from './ports/gate.ts';
import { Prompts } from './prompts.ts';

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
  card: { body: plain('Write README.md') },
  timeoutMs: 1000,
};

function setUp() {
  const connector = recordingConnector();
  const clock = manualClock();
  const prompts = new Prompts({
    connectorOf: () => connector,
    clock,
    log: silentLog,
    events: new EventBus({ log: silentLog }),
  });
  const approver = createApprover({
    prompts,
    chatOf: (key) => (key === 'test:1' ? connector.chat : undefined),
  });
  const ask = () => approver.ask(request, new AbortController().signal);
  return { connector, clock, prompts, approver, ask };
}

describe('an approval', () => {
  it.each([
    ['approve', { kind: 'approved', by: ada.id }, '✅ Approved by Ada'],
    ['reject', { kind: 'rejected', by: ada.id }, '❌ Rejected by Ada'],
  ])('with a tap on %s', async (choice, answer, outcome) => {
    const { connector, prompts, ask } = setUp();
    const asked = ask();
    await connector.until(() => connector.prompts.length === 1);
    const prompt = connector.prompts[0]?.view;
    expect(prompt?.body.text).toBe('Write README.md');
    const by = {
      id: newId<'InboundId'>(),
      chat: connector.chat,
      isPrivate: true,
      person: ada,
      receivedAt: 0,
    };
    prompts.tap({ ...by, kind: 'tap', prompt: prompt?.id ?? newId(), choice } satisfies Inbound);
    expect(await asked).toEqual(answer);
    await prompts.settled();
    expect(connector.prompts[0]?.outcome).toBe(outcome);
  });

  it('with a typed reason', async () => {
    const { connector, prompts, ask } = setUp();
    const asked = ask();
    await connector.until(() => connector.prompts.length === 1);
    const replyTo = connector.prompts[0]?.message.message;
    const by = {
      id: newId<'InboundId'>(),
      chat: connector.chat,
      isPrivate: true,
      person: ada,
      receivedAt: 0,
    };
    expect(prompts.takeReply({ ...by, kind: 'text', text: 'not on main', replyTo })).toBe(true);
    expect(await asked).toEqual({ kind: 'rejected', by: ada.id, reason: 'not on main' });
  });

  it('that nobody answers', async () => {
    const { connector, clock, ask } = setUp();
    const asked = ask();
    await connector.until(() => connector.prompts.length === 1);
    clock.advance(1000);
    expect(await asked).toEqual({ kind: 'timed-out' });
  });

  it('in a chat that is gone', async () => {
    const { approver } = setUp();
    const elsewhere = { ...request, context: { ...request.context, chat: 'test:2' } };
    expect(await approver.ask(elsewhere, new AbortController().signal)).toMatchObject({
      kind: 'not-answered',
    });
  });
});
