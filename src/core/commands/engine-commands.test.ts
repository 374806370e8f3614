import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import { openTo } from '../access/open-to.ts';
import { ada } from '../../../test/fixtures/recording-connector.ts';
import { personId } from '../ports/chat.ts';

describe('commands in a chat', () => {
  let bench: EngineBench;
  beforeEach(() => {
    bench = new EngineBench();
  });
  afterEach(() => bench.dispose());

  it('let only those who may approve switch to what lets edits pass', async () => {
    const { agent, connector } = bench;
    const ben = { id: personId('test', 2), name: 'Ben' };
    const engine = await bench.start({ approvers: [ben.id], access: openTo([ada.id, ben.id]) });
    await connector.act({ kind: 'command', name: 'edit', args: 'change it' });
    await engine.idle();
    expect(connector.sent).toEqual([
      'Only those who may approve can switch to **auto**; the mode is **default**. Your text was not sent on.',
    ]);
    expect(agent.turns).toEqual([]);
    await connector.act({ kind: 'command', name: 'edit', args: '' }, { person: ben });
    await engine.idle();
    expect((await bench.stores.sessions.current(connector.chat))?.mode).toBe('auto');
  });

  it('tells the gate for whom it decides, with the mode of that moment', async () => {
    const { agent, connector, gated } = bench;
    const engine = await bench.start();
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
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
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
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
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
    const { agent, connector } = bench;
    const engine = await bench.start();
    await connector.write('one');
    await agent.turn(0);
    await connector.write('two');
    await connector.act({ kind: 'command', name: 'stop', args: '' });
    await engine.idle();
    expect(agent.turns).toHaveLength(1);
    expect(bench.lastReply()).toContain('Stopped');
  });

  it('forgets with /clear, in the middle of a turn too', async () => {
    const { agent, connector } = bench;
    const engine = await bench.start();
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

  it('refuses what it can not read, and commands it does not know, in words', async () => {
    const { connector } = bench;
    const engine = await bench.start();
    await connector.act({ kind: 'unsupported', what: 'a voice message' });
    await connector.act({ kind: 'command', name: 'foo', args: '' });
    await engine.idle();
    expect(connector.sent).toEqual([
      expect.stringContaining('a voice message'),
      expect.stringContaining('There is no /foo'),
    ]);
  });

  it.each(['stop', 'clear'])('never runs what /%s dropped, not even after a restart', async (command) => {
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
    await connector.write('one');
    await agent.turn(0);
    await connector.write('delete everything');
    await connector.act({ kind: 'command', name: command, args: '' });
    await engine.idle();
    expect(await stores.inbox.unfinished()).toEqual([]);
    expect(agent.turns).toHaveLength(1);
  });

  it('answers what is sent during /clear in the fresh conversation', async () => {
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
    await connector.write('one');
    (await agent.turn(0)).finish();
    await engine.idle();
    await connector.act({ kind: 'command', name: 'clear', args: '' });
    await connector.write('two');
    (await agent.turn(1)).finish();
    await engine.idle();
    expect(agent.opened[1]?.resume).toBeUndefined();
    expect((await stores.sessions.current(connector.chat))?.turns).toBe(1);
  });
});
