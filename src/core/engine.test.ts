import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../test/fixtures/engine-bench.ts';
import { ada } from '../../test/fixtures/recording-connector.ts';
import { newId } from '../util/ids.ts';
import { openTo } from './access/open-to.ts';
import type { AgentSessionId } from './ports/agent.ts';
import { personId } from './ports/chat.ts';

describe('the engine', () => {
  let bench: EngineBench;
  beforeEach(() => {
    bench = new EngineBench();
  });
  afterEach(() => bench.dispose());

  it('answers a message with what the agent says, and stores both', async () => {
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
    await connector.write('add a health check');
    const turn = await agent.turn(0);
    expect(turn.text).toBe('add a health check');
    turn.emit({ kind: 'text', delta: 'Done.' });
    turn.finish();
    await engine.idle();
    expect(connector.replies[0]?.final).toEqual({ markdown: 'Done.', status: '$0.01 · 10 ms' });
    const messages = await stores.messages.latest(connector.chat, 10);
    expect(messages.map(({ role, text }) => [role, text])).toEqual([
      ['person', 'add a health check'],
      ['agent', 'Done.'],
    ]);
    expect(await stores.sessions.current(connector.chat)).toMatchObject({
      directory: '/projects/app',
      turns: 1,
      costUsd: 0.01,
      agentSession: 'agent-1',
    });
  });

  it('goes on in the same conversation, and resumes it after it was idle', async () => {
    const { agent, clock, connector } = bench;
    const engine = await bench.start();
    for (const [index, text] of ['one', 'two'].entries()) {
      await connector.write(text);
      (await agent.turn(index)).finish();
      await engine.idle();
    }
    expect(agent.opened).toHaveLength(1);
    clock.advance(900_000);
    expect(agent.closed).toBe(1);
    await connector.write('three');
    (await agent.turn(2)).finish();
    await engine.idle();
    expect(agent.opened[1]?.resume).toBe('agent-1');
  });

  it('gives a stranger nothing and changes nothing: text, command and tap', async () => {
    const { agent, connector, stores } = bench;
    await bench.start();
    await connector.write('work');
    await agent.turn(0);
    const stranger = { person: { id: personId('test', 666), name: 'Eve' } };
    await connector.act({ kind: 'text', text: 'hello' }, stranger);
    await connector.act({ kind: 'command', name: 'stop', args: '' }, stranger);
    await connector.act({ kind: 'tap', prompt: newId(), choice: 'approve' }, stranger);
    expect(agent.turns).toHaveLength(1);
    expect([connector.sent, connector.replies.length, await stores.inbox.unfinished()]).toMatchObject([
      [],
      1,
      [{}],
    ]);
  });

  it('acts once on an update that is delivered twice', async () => {
    const { agent, connector } = bench;
    const engine = await bench.start();
    const id = newId<'InboundId'>();
    await connector.act({ kind: 'text', text: 'once' }, { id });
    await connector.act({ kind: 'text', text: 'once' }, { id });
    (await agent.turn(0)).finish();
    await engine.idle();
    expect(agent.turns).toHaveLength(1);
  });

  it('queues what comes while the agent works, and joins it into the next turn', async () => {
    const { agent, connector } = bench;
    const engine = await bench.start();
    await connector.write('one');
    const first = await agent.turn(0);
    await connector.write('two');
    await connector.write('three');
    expect(connector.notices).toEqual([]);
    first.finish();
    const second = await agent.turn(1);
    expect(second.text).toBe('two\n\nthree');
    second.finish();
    await engine.idle();
  });

  it('stops a turn that takes too long, but not while a person is being waited for', async () => {
    const { agent, clock, connector } = bench;
    const engine = await bench.start();
    await connector.write('slow');
    await agent.turn(0);
    clock.advance(60_000);
    await engine.idle();
    expect(bench.lastReply()).toContain('Claude was stopped after 1 min');
  });

  it('starts afresh when the agent no longer knows the conversation', async () => {
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
    await connector.write('one');
    (await agent.turn(0)).finish();
    await engine.idle();
    await connector.write('two');
    (await agent.turn(1)).finish({ kind: 'failed', reason: 'no such session', isResumeStale: true });
    (await agent.turn(2)).finish();
    await engine.idle();
    expect(agent.turns[2]?.text).toBe('two');
    expect(bench.lastReply()).toContain('fresh');
    expect((await stores.sessions.current(connector.chat))?.turns).toBe(2);
  });

  it('answers what waited when it starts, and says what was cut off', async () => {
    const { agent, connector, stores } = bench;
    const base = { chat: connector.chat, isPrivate: true, person: ada, receivedAt: 0 };
    const cutOff = newId<'InboundId'>();
    await stores.inbox.add({ ...base, id: cutOff, kind: 'text', text: 'half done' });
    await stores.inbox.start([cutOff]);
    await stores.inbox.add({ ...base, id: newId(), kind: 'text', text: 'not begun' });
    const engine = await bench.start();
    const turn = await agent.turn(0);
    expect(turn.text).toBe('not begun');
    turn.finish();
    await engine.idle();
    expect(connector.sent).toEqual([
      expect.stringContaining('“half done”'),
      expect.stringContaining('Going on with what you sent before: “not begun”'),
    ]);
    expect(await stores.inbox.unfinished()).toEqual([]);
  });

  it('closes what the last process left open before it receives, and waits for no network over it', async () => {
    const { connector, stores } = bench;
    const { chat } = connector;
    const id = newId<'PromptId'>();
    const choices = [{ id: 'approve', label: '✅ Approve', key: 'y' }];
    await stores.prompts.open({
      id,
      chat,
      view: { id, body: { text: 'run it?', spans: [] }, choices },
      openedAt: 0,
      until: 1,
    });
    await stores.prompts.shown(id, { chat, message: 'm7' });
    const edits: unknown[] = [];
    connector.closePrompt = async (message, view, outcome) => {
      edits.push([message.message, view.body.text, outcome]);
      await new Promise(() => {});
    };
    const start = connector.start.bind(connector);
    const closedAtStart: unknown[] = [];
    connector.start = async (receive) => {
      closedAtStart.push((await stores.prompts.find(id))?.closed?.answer);
      await start(receive);
    };
    await bench.start();
    expect(closedAtStart).toEqual(['restarted']);
    const outcome = '⏹ Closed: leashd was restarted; nothing was run';
    expect(edits).toEqual([['m7', 'run it?', outcome]]);
    expect(await connector.tap(id, 'approve')).toEqual({ notice: outcome });
  });

  it('takes a reply to a card for its answer, not for a message', async () => {
    const { agent, connector, stores } = bench;
    bench.asks = true;
    const engine = await bench.start();
    await connector.write('write it');
    const turn = await agent.turn(0);
    const call = { id: 'c1', tool: 'Write', input: {}, directory: '/projects/app' };
    const verdict = turn.options.gate(call, new AbortController().signal);
    await connector.until(() => connector.prompts.length === 1);
    const replyTo = connector.prompts[0]?.message.message;
    await connector.act({ kind: 'text', text: 'not there', replyTo });
    expect(await verdict).toMatchObject({ kind: 'deny', message: 'rejected: not there' });
    turn.finish();
    await engine.idle();
    expect(agent.turns).toHaveLength(1);
    expect(await stores.inbox.unfinished()).toEqual([]);
  });

  it('counts the taps of approvers alone, and tells the others who they are', async () => {
    const { agent, connector } = bench;
    bench.asks = true;
    const bob = { id: personId('test', 2), name: 'Bob' };
    const engine = await bench.start({ access: openTo([ada.id, bob.id]), approvers: [bob.id] });
    await connector.write('write it');
    const turn = await agent.turn(0);
    const call = { id: 'c1', tool: 'Write', input: {}, directory: '/projects/app' };
    const verdict = turn.options.gate(call, new AbortController().signal);
    await connector.until(() => connector.prompts.length === 1);
    const { view, message } = connector.prompts[0] ?? {};
    const tap = { kind: 'tap', prompt: view?.id ?? newId(), choice: 'approve' } as const;
    expect((await connector.act(tap)).notice).toContain('Only test:2 may approve here');
    const reply = { kind: 'text', text: 'no', replyTo: message?.message } as const;
    expect((await connector.act(reply)).notice).toContain('Only test:2');
    await connector.act(tap, { person: bob });
    expect(await verdict).toEqual({ kind: 'allow' });
    turn.finish();
    await engine.idle();
  });

  it('tells Claude of a time-out, and lets no turn run out over it', async () => {
    const { agent, clock, connector } = bench;
    bench.asks = true;
    const engine = await bench.start();
    await connector.write('write it');
    const turn = await agent.turn(0);
    const call = { id: 'c1', tool: 'Write', input: {}, directory: '/projects/app' };
    const verdict = turn.options.gate(call, new AbortController().signal);
    await connector.until(() => connector.prompts.length === 1);
    clock.advance(300_000);
    expect(await verdict).toMatchObject({ kind: 'deny', message: 'timed-out' });
    clock.advance(59_000);
    turn.emit({ kind: 'text', delta: 'I see.' });
    turn.finish();
    await engine.idle();
    expect(bench.lastReply()).toBe('I see.');
  });

  it('tells what comes to the gate before it is decided, as plain data', async () => {
    const { agent, connector } = bench;
    const engine = await bench.start();
    const seen: unknown[] = [];
    bench.events.on('tool.gated', ({ tool, call }) => void seen.push(['gated', tool, call]));
    bench.events.on('tool.allowed', ({ tool, call }) => void seen.push(['allowed', tool, call]));
    await connector.write('look');
    const turn = await agent.turn(0);
    const call = { id: 'c1', tool: 'Read', input: {}, directory: '/projects/app' };
    await turn.options.gate(call, new AbortController().signal);
    turn.finish();
    await engine.idle();
    expect(seen).toEqual([
      ['gated', 'Read', 'c1'],
      ['allowed', 'Read', 'c1'],
    ]);
  });

  it('says how long to wait when messages come too fast', async () => {
    const { connector } = bench;
    await bench.start({ settings: { rateLimitRpm: 6, rateLimitBurst: 1 } });
    await connector.write('one');
    await connector.write('two');
    expect(connector.sent).toEqual([expect.stringContaining('in 10 s')]);
    expect(connector.notices[0]?.isPassing).toBe(true);
  });

  it('says so when a turn fails through a fault of its own', async () => {
    const { connector, stores } = bench;
    const engine = await bench.start();
    stores.messages.append = () => Promise.reject(new Error('the disk is full'));
    await connector.write('one');
    await engine.idle();
    expect(connector.sent).toEqual([expect.stringContaining('the disk is full')]);
    expect(await stores.inbox.unfinished()).toEqual([]);
  });

  it('leaves a directory that is not approved any more, and says so', async () => {
    const { agent, connector, gated, stores } = bench;
    await stores.sessions.save({
      id: newId(),
      chat: connector.chat,
      directory: '/projects/secret',
      mode: 'auto',
      turns: 3,
      costUsd: 0,
      createdAt: 0,
      updatedAt: 0,
    });
    const engine = await bench.start();
    await connector.write('go on');
    const turn = await agent.turn(0);
    await turn.options.gate(
      { id: 'c1', tool: 'Read', input: {}, directory: '/projects/app' },
      new AbortController().signal,
    );
    turn.finish();
    await engine.idle();
    expect(turn.options.directory).toBe('/projects/app');
    expect(gated[0]).toMatchObject({
      directories: ['/projects/app', '/projects/site'],
      mode: { name: 'default' },
    });
    expect(connector.sent).toEqual([expect.stringContaining('`/projects/secret` is not approved any more')]);
    expect(bench.audited).toMatchObject([
      { event: 'directory_changed', from: '/projects/secret', to: '/projects/app', chat: 'test:1' },
    ]);
  });

  it('does not keep a tap waiting behind a notice that can not be delivered', async () => {
    const { agent, connector } = bench;
    await bench.start({ settings: { rateLimitRpm: 6, rateLimitBurst: 1 } });
    await connector.write('one');
    connector.send = () => new Promise(() => {});
    expect(await connector.write('two')).toEqual({});
    expect((await connector.tap(newId(), 'approve')).notice).toContain('closed');
    (await agent.turn(0)).finish();
  });

  it('delivers an answer that could not be stored', async () => {
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
    await connector.write('one');
    const turn = await agent.turn(0);
    stores.outbox.endTurn = () => Promise.reject(new Error('the disk is full'));
    turn.emit({ kind: 'text', delta: 'All done.' });
    turn.finish();
    await engine.idle();
    expect(bench.lastReply()).toMatch(/All done\.[^]*could not be stored/);
  });

  it('knows the conversation of a turn that was cut off', async () => {
    const { agent, connector, stores } = bench;
    await bench.start();
    await connector.write('one');
    const turn = await agent.turn(0);
    turn.emit({ kind: 'started', agentSession: 'agent-7' as AgentSessionId });
    await expect
      .poll(async () => (await stores.sessions.current(connector.chat))?.agentSession)
      .toBe('agent-7');
  });

  it('names what the gate refused in the answer', async () => {
    const { agent, connector } = bench;
    bench.verdict = { kind: 'deny', message: 'no', layer: 'policy', rule: 'no-force-push' };
    const engine = await bench.start();
    await connector.write('push');
    const turn = await agent.turn(0);
    turn.emit({ kind: 'tool-started', callId: 'c1', tool: 'Bash', summary: 'git push --force' });
    const call = { id: 'c1', tool: 'Bash', input: {}, directory: '/projects/app' };
    await turn.options.gate(call, new AbortController().signal);
    turn.finish();
    await engine.idle();
    expect(bench.lastReply()).toBe('⛔ `Bash: git push --force` (no-force-push)');
  });
});
