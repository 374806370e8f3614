import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, type ManualClock } from '../../test/fixtures/manual-clock.ts';
import { puppetAgent, type PuppetAgent } from '../../test/fixtures/puppet-agent.ts';
import { ada, recordingConnector, type RecordingConnector } from '../../test/fixtures/recording-connector.ts';
import { openStores } from '../storage/open-stores.ts';
import { newId } from '../util/ids.ts';
import { silentLog } from '../util/log.ts';
import type { Access } from './access/access.ts';
import { openTo } from './access/open-to.ts';
import { createEngine, type EngineSettings } from './create-engine.ts';
import type { Engine } from './engine.ts';
import type { Gate, GateContext } from './ports/gate.ts';
import { personId } from './ports/chat.ts';
import type { Stores } from './ports/store.ts';

const SETTINGS: EngineSettings = {
  approvedDirectories: ['/projects/app', '/projects/site'],
  defaultMode: 'default',
  systemPrompt: 'Be brief.',
  maxTurns: 25,
  approvalTimeoutMs: 300_000,
  turnTimeoutMs: 60_000,
  agentIdleMs: 900_000,
  isStreaming: true,
  rateLimitRpm: 0,
  rateLimitBurst: 5,
  version: '1.2.3',
};

describe('the engine', () => {
  let stores: Stores;
  let clock: ManualClock;
  let connector: RecordingConnector;
  let agent: PuppetAgent;
  let gated: GateContext[];
  let engines: Engine[];

  beforeEach(() => {
    clock = manualClock();
    stores = openStores({ path: ':memory:', log: silentLog, clock });
    connector = recordingConnector();
    agent = puppetAgent();
    gated = [];
    engines = [];
  });
  afterEach(async () => {
    const stopped = Promise.all(engines.map((engine) => engine.stop('the test is over')));
    clock.advance(10_000);
    await stopped;
    await stores.close();
  });

  async function start(
    changes: { settings?: Partial<EngineSettings>; access?: Access } = {},
  ): Promise<Engine> {
    const gate: Gate = {
      decide: async (_call, context) => {
        gated.push(context);
        return { kind: 'allow' };
      },
    };
    const { engine } = createEngine({
      settings: { ...SETTINGS, ...changes.settings },
      channels: [{ connector, access: changes.access ?? openTo([ada.id]) }],
      createGate: () => gate,
      agent,
      stores,
      clock,
      log: silentLog,
    });
    engines.push(engine);
    await engine.start();
    return engine;
  }

  const lastReply = () => connector.replies.at(-1)?.final?.markdown;

  it('answers a message with what the agent says, and stores both', async () => {
    const engine = await start();
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
    const engine = await start();
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
    await start();
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
    const engine = await start();
    const id = newId<'InboundId'>();
    await connector.act({ kind: 'text', text: 'once' }, { id });
    await connector.act({ kind: 'text', text: 'once' }, { id });
    (await agent.turn(0)).finish();
    await engine.idle();
    expect(agent.turns).toHaveLength(1);
  });

  it('queues what comes while the agent works, and joins it into the next turn', async () => {
    const engine = await start();
    await connector.write('one');
    const first = await agent.turn(0);
    await connector.write('two');
    await connector.write('three');
    expect(connector.sent).toHaveLength(2);
    first.finish();
    const second = await agent.turn(1);
    expect(second.text).toBe('two\n\nthree');
    second.finish();
    await engine.idle();
  });

  it('stops a turn that takes too long, but not while a person is being waited for', async () => {
    const engine = await start();
    await connector.write('slow');
    await agent.turn(0);
    clock.advance(60_000);
    await engine.idle();
    expect(lastReply()).toContain('Claude was stopped after 1 minutes');
  });

  it('starts afresh when the agent no longer knows the conversation', async () => {
    const engine = await start();
    await connector.write('one');
    (await agent.turn(0)).finish();
    await engine.idle();
    await connector.write('two');
    (await agent.turn(1)).finish({ kind: 'failed', reason: 'no such session', isResumeStale: true });
    (await agent.turn(2)).finish();
    await engine.idle();
    expect(agent.turns[2]?.text).toBe('two');
    expect(lastReply()).toContain('fresh');
    expect((await stores.sessions.current(connector.chat))?.turns).toBe(2);
  });

  it('tells the gate for whom it decides, with the mode of that moment', async () => {
    const engine = await start();
    await connector.act({ kind: 'command', name: 'plan', args: 'look around' });
    const turn = await agent.turn(0);
    expect([turn.text, turn.options.instructions]).toEqual([
      'look around',
      expect.stringMatching(/^Be brief\.[^]*plan mode/),
    ]);
    const call = { id: 'c1', tool: 'Read', input: {}, directory: '/projects/app' };
    await turn.options.gate(call, new AbortController().signal);
    expect(gated[0]).toMatchObject({
      chat: 'test:1',
      directories: ['/projects/app', '/projects/site'],
      mode: { name: 'plan', mayChange: false },
    });
    turn.finish();
    await engine.idle();
    await connector.act({ kind: 'command', name: 'clear', args: '' });
    await engine.idle();
    expect(await turn.options.gate(call, new AbortController().signal)).toMatchObject({ kind: 'deny' });
  });

  it('changes no mode and no directory under a running turn', async () => {
    const engine = await start();
    await connector.write('work');
    const turn = await agent.turn(0);
    await connector.act({ kind: 'command', name: 'edit', args: '' });
    await connector.act({ kind: 'command', name: 'dir', args: '2' });
    await connector.until(() => connector.sent.length === 2);
    expect(connector.sent).toEqual(Array(2).fill(expect.stringContaining('Claude is working')));
    turn.finish();
    await engine.idle();
    expect(await stores.sessions.current(connector.chat)).toMatchObject({
      mode: 'default',
      directory: '/projects/app',
    });
  });

  it('switches directories by button, and comes back to the session it left', async () => {
    const engine = await start();
    await connector.write('one');
    (await agent.turn(0)).finish();
    await engine.idle();
    const left = await stores.sessions.current(connector.chat);
    await connector.act({ kind: 'command', name: 'dir', args: '' });
    await connector.until(() => connector.prompts.length === 1);
    const prompt = connector.prompts[0]?.view;
    if (!prompt) throw new Error('no question was shown');
    await connector.tap(prompt.id, 'd1');
    await engine.idle();
    expect((await stores.sessions.current(connector.chat))?.directory).toBe('/projects/site');
    await connector.act({ kind: 'command', name: 'dir', args: 'app' });
    await engine.idle();
    expect((await stores.sessions.current(connector.chat))?.id).toBe(left?.id);
  });

  it('interrupts with /stop and drops what waits', async () => {
    const engine = await start();
    await connector.write('one');
    await agent.turn(0);
    await connector.write('two');
    await connector.act({ kind: 'command', name: 'stop', args: '' });
    await engine.idle();
    expect(agent.turns).toHaveLength(1);
    expect(lastReply()).toContain('Stopped');
  });

  it('forgets with /clear, in the middle of a turn too', async () => {
    const engine = await start();
    await connector.write('one');
    const before = await agent.turn(0);
    await connector.act({ kind: 'command', name: 'clear', args: '' });
    await engine.idle();
    await connector.write('two');
    (await agent.turn(1)).finish();
    await engine.idle();
    expect(agent.opened).toHaveLength(2);
    expect(agent.opened[1]?.resume).toBeUndefined();
    expect(before.options).toBe(agent.opened[0]);
  });

  it('answers what waited when it starts, and says what was cut off', async () => {
    const base = { chat: connector.chat, isPrivate: true, person: ada, receivedAt: 0 };
    const cutOff = newId<'InboundId'>();
    await stores.inbox.add({ ...base, id: cutOff, kind: 'text', text: 'half done' });
    await stores.inbox.start([cutOff]);
    await stores.inbox.add({ ...base, id: newId(), kind: 'text', text: 'not begun' });
    const engine = await start();
    const turn = await agent.turn(0);
    expect(turn.text).toBe('not begun');
    turn.finish();
    await engine.idle();
    expect(connector.sent).toEqual([expect.stringContaining('“half done”')]);
    expect(await stores.inbox.unfinished()).toEqual([]);
  });

  it('says how long to wait when messages come too fast', async () => {
    await start({ settings: { rateLimitRpm: 6, rateLimitBurst: 1 } });
    await connector.write('one');
    await connector.write('two');
    expect(connector.sent).toEqual([expect.stringContaining('in 10 s')]);
  });

  it('refuses what it can not read, and commands it does not know, in words', async () => {
    const engine = await start();
    await connector.act({ kind: 'unsupported', what: 'a voice message' });
    await connector.act({ kind: 'command', name: 'foo', args: '' });
    await engine.idle();
    expect(connector.sent).toEqual([
      expect.stringContaining('a voice message'),
      expect.stringContaining('There is no /foo'),
    ]);
  });

  it('says so when a turn fails through a fault of its own', async () => {
    const engine = await start();
    stores.messages.append = () => Promise.reject(new Error('the disk is full'));
    await connector.write('one');
    await engine.idle();
    expect(connector.sent).toEqual([expect.stringContaining('the disk is full')]);
    expect(await stores.inbox.unfinished()).toEqual([]);
  });
});
