import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import { ada, type ShownPrompt } from '../../../test/fixtures/recording-connector.ts';
import { newId } from '../../util/ids.ts';
import type { AgentSessionId } from '../ports/agent.ts';
import type { InboundId } from '../ports/chat.ts';

let bench: EngineBench;
beforeEach(() => {
  bench = new EngineBench();
});
afterEach(() => bench.dispose());

/** The question, once it stands there. */
async function shown(index: number): Promise<ShownPrompt> {
  bench.clock.advance(700);
  await bench.connector.until(() => bench.connector.prompts.length > index);
  const prompt = bench.connector.prompts[index];
  if (!prompt) throw new Error('no question was shown');
  return prompt;
}

describe('after a crash', () => {
  /** What the last process left of a turn. */
  async function leave(
    body: { kind: 'text'; text: string } | { kind: 'command'; name: string; args: string },
  ) {
    const { connector, stores } = bench;
    const id: InboundId = newId<'InboundId'>();
    const base = { chat: connector.chat, isPrivate: true, person: ada, receivedAt: 0 };
    await stores.inbox.add({ ...base, id, ...body });
    await stores.inbox.start([id]);
    return id;
  }
  const knowsTheAgent = () =>
    bench.stores.sessions.save({
      id: newId(),
      chat: bench.connector.chat,
      directory: '/projects/app',
      mode: 'default',
      agentSession: 'agent-7' as AgentSessionId,
      turns: 1,
      costUsd: 0,
      createdAt: 0,
      updatedAt: 0,
    });
  const left = async () => (await bench.stores.inbox.unfinished()).map(({ state }) => state);

  it('runs nothing, and goes on in the agent’s session at a tap', async () => {
    await knowsTheAgent();
    await leave({ kind: 'text', text: 'tidy up' });
    const { agent, connector } = bench;
    const engine = await bench.start();
    const offer = await shown(0);
    expect(offer.view.body.text).toMatch(/^⚠️ leashd was stopped while it worked on “tidy up”\./);
    expect([agent.turns.length, await left()]).toEqual([0, ['started']]);
    await connector.tap(offer.view.id, 'resume');
    const turn = await agent.turn(0);
    expect(turn.options.resume).toBe('agent-7');
    expect(turn.text).toMatch(/^Go on where you were cut off\.[^]*outcome of your last tool call is unknown/);
    expect(turn.text).toContain('\n\n> tidy up');
    expect(await left()).toEqual(['started']);
    turn.finish();
    await engine.idle();
    expect([await left(), offer.outcome]).toEqual([[], expect.stringMatching(/^▶️ Resumed by Ada/)]);
  });

  it('drops it at a tap', async () => {
    await leave({ kind: 'text', text: 'tidy up' });
    const engine = await bench.start();
    const offer = await shown(0);
    await bench.connector.tap(offer.view.id, 'drop');
    await engine.idle();
    expect([bench.agent.turns, await left()]).toEqual([[], []]);
  });

  it('has it among what is pending, and brings it up again', async () => {
    await leave({ kind: 'text', text: 'tidy up' });
    const { connector } = bench;
    await bench.start();
    const offer = await shown(0);
    await connector.act({ kind: 'command', name: 'pending', args: '' });
    const again = await shown(1);
    await connector.until(() => offer.outcome !== undefined);
    expect(connector.sent.at(-1)).toContain('1. ⚠️ leashd was stopped while it worked on “tidy up”');
    expect([offer.outcome, again.view.id]).toEqual(['⬇️ Moved below', offer.view.id]);
  });

  it('passes over it when something else is sent', async () => {
    await leave({ kind: 'text', text: 'tidy up' });
    const { agent, connector } = bench;
    const engine = await bench.start();
    const offer = await shown(0);
    await connector.write('never mind, add a test');
    const turn = await agent.turn(0);
    expect(turn.text).toBe('never mind, add a test');
    turn.finish();
    await engine.idle();
    expect([await left(), offer.outcome]).toEqual([[], expect.stringContaining('Passed over')]);
    expect((await connector.tap(offer.view.id, 'resume')).notice).toContain('Passed over');
    expect(agent.turns).toHaveLength(1);
  });

  it.each(['stop', 'clear'])('drops it at /%s', async (name) => {
    await leave({ kind: 'text', text: 'tidy up' });
    const engine = await bench.start();
    const offer = await shown(0);
    await bench.connector.act({ kind: 'command', name, args: '' });
    await engine.idle();
    expect([bench.agent.turns, await left(), offer.outcome]).toEqual([[], [], '⏹ Dropped']);
  });

  it('offers it again after one more stop, of a turn that was resumed too', async () => {
    await leave({ kind: 'text', text: 'tidy up' });
    const { agent, clock, connector, stores } = bench;
    const first = await bench.start();
    const offer = await shown(0);
    const stopped = first.stop('the test says so');
    await connector.until(() => offer.outcome !== undefined);
    clock.advance(10_000);
    await stopped;
    expect(offer.outcome).toContain('it asks again when it is back');
    expect(await left()).toEqual(['started']);

    await bench.start();
    const again = await shown(1);
    await connector.tap(again.view.id, 'resume');
    await agent.turn(0);
    // As after a crash in it.
    const [entry] = await stores.inbox.unfinished();
    expect(entry).toMatchObject({ state: 'started', inbound: { text: 'tidy up' } });
  });

  it('keeps it when the question can not be shown, until something else is sent', async () => {
    await leave({ kind: 'text', text: 'tidy up' });
    const { agent, connector } = bench;
    connector.showPrompt = () => Promise.reject(new Error('no network'));
    const engine = await bench.start();
    await engine.idle();
    expect(await left()).toEqual(['started']);
    await connector.write('hello');
    (await agent.turn(0)).finish();
    await engine.idle();
    expect(await left()).toEqual([]);
  });

  it('knows the text behind a command, and several messages of one turn', async () => {
    await leave({ kind: 'command', name: 'plan', args: 'look around' });
    await leave({ kind: 'text', text: 'and here' });
    const { agent, connector } = bench;
    const engine = await bench.start();
    const offer = await shown(0);
    expect(offer.view.body.text).toContain('“look around” and 1 more');
    await connector.tap(offer.view.id, 'resume');
    const turn = await agent.turn(0);
    expect(turn.text).toMatch(/> look around\n\n> and here$/);
    turn.finish();
    await engine.idle();
    expect(await left()).toEqual([]);
  });

  it('keeps what its person was not told yet when it is stopped once more', async () => {
    await leave({ kind: 'command', name: 'dir', args: 'site' });
    const { clock, connector } = bench;
    const send = connector.send.bind(connector);
    const gone = Promise.withResolvers<never>();
    connector.send = () => gone.promise;
    const first = await bench.start();
    const stopped = first.stop('the test says so');
    gone.reject(new Error('the connector has stopped'));
    await first.idle();
    clock.advance(10_000);
    await stopped;
    expect(await left()).toEqual(['started']);
    connector.send = send;
    const second = await bench.start();
    await second.idle();
    expect(connector.sent).toEqual([expect.stringContaining('while it worked on /dir')]);
    expect(await left()).toEqual([]);
  });

  it('says in words that another command was cut off, and where nobody can be asked', async () => {
    await leave({ kind: 'command', name: 'dir', args: 'site' });
    const engine = await bench.start();
    await engine.idle();
    const said = '⚠️ leashd was stopped while it worked on /dir. Send it again to go on.';
    expect([bench.connector.sent, bench.connector.prompts, await left()]).toEqual([[said], [], []]);
    await leave({ kind: 'text', text: 'tidy up' });
    Object.assign(bench.connector, { asksOneByOne: true });
    const second = await bench.start();
    await second.idle();
    expect(bench.connector.sent.at(-1)).toContain('“tidy up”. Send “go on” to take it up.');
    expect(await left()).toEqual([]);
  });
});
