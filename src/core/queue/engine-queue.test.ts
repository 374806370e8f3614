import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import type { ShownPrompt } from '../../../test/fixtures/recording-connector.ts';

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

describe('what is sent while the agent works', () => {
  it('is offered to go at once: the turn ends, and all that waited goes as one', async () => {
    const { agent, connector } = bench;
    const engine = await bench.start();
    await connector.write('one');
    await agent.turn(0);
    await connector.write('two');
    const offer = await shown(0);
    expect(offer.view.choices.map(({ label }) => label)).toEqual(['⚡ Send now', '⏳ Wait']);
    expect(offer.view.body.text).toBe('⏳ Queued: Claude is still working. “Send now” interrupts it.');
    await connector.write('three');
    await connector.until(() => offer.view.body.text.startsWith('⏳ 2 messages queued'));
    await connector.tap(offer.view.id, 'now');
    const next = await agent.turn(1);
    expect([connector.replies[0]?.final?.markdown, next.text]).toEqual(['⏹ _Stopped._', 'two\n\nthree']);
    expect(offer.outcome).toMatch(/^⚡ Sent now by Ada/);
    next.emit({ kind: 'text', delta: 'Both.' });
    next.finish();
    await engine.idle();
    expect([agent.turns.length, connector.prompts.length, bench.lastReply()]).toEqual([2, 1, 'Both.']);
  });

  it('is not offered where the turn ends in a moment anyway', async () => {
    const { agent, clock, connector } = bench;
    const engine = await bench.start();
    await connector.write('one');
    const first = await agent.turn(0);
    await connector.write('two');
    first.finish();
    (await agent.turn(1)).finish();
    await engine.idle();
    clock.advance(10_000);
    await engine.idle();
    expect(connector.prompts).toEqual([]);
  });

  it('is not offered while an answer is only on its way to the chat', async () => {
    const { agent, clock, connector } = bench;
    const engine = await bench.start();
    const { promise: isDelivered, resolve: deliver } = Promise.withResolvers<void>();
    const openReply = connector.openReply.bind(connector);
    connector.openReply = (chat) => {
      const reply = openReply(chat);
      return { ...reply, finish: (state) => isDelivered.then(() => reply.finish(state)) };
    };
    await connector.write('one');
    const first = await agent.turn(0);
    const finished = new Promise((resolve) => bench.events.on('turn.finished', resolve));
    first.finish();
    await finished;
    await connector.write('two');
    clock.advance(10_000);
    deliver();
    (await agent.turn(1)).finish();
    await engine.idle();
    expect(connector.prompts).toEqual([]);
  });

  it('waits after “Wait”; what comes then is offered anew', async () => {
    const { agent, connector } = bench;
    const engine = await bench.start();
    await connector.write('one');
    const first = await agent.turn(0);
    await connector.write('two');
    const offer = await shown(0);
    expect((await connector.tap(offer.view.id, 'wait')).notice).toBe('⏳ Wait');
    await connector.write('three');
    const again = await shown(1);
    expect(again.view.body.text).toContain('2 messages');
    expect(agent.turns).toHaveLength(1);
    first.finish();
    const next = await agent.turn(1);
    await connector.until(() => again.outcome !== undefined);
    expect([offer.outcome, again.outcome, next.text]).toEqual([
      '⏳ Waits until Claude is done',
      '▶️ Claude has it',
      'two\n\nthree',
    ]);
    next.finish();
    await engine.idle();
  });

  it('never interrupts the turn of the message itself, when the tap comes too late', async () => {
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
    await connector.write('one');
    const first = await agent.turn(0);
    await connector.write('two');
    const offer = await shown(0);
    const close = stores.prompts.close.bind(stores.prompts);
    stores.prompts.close = async (id, closing) => {
      if (closing.answer !== 'choice') return close(id, closing);
      const hasWon = await close(id, closing);
      // The tap counts, but before anybody has heard of it the turn is over, and the next one runs.
      first.finish();
      (await agent.turn(1)).emit({ kind: 'text', delta: 'On it.' });
      return hasWon;
    };
    await connector.tap(offer.view.id, 'now');
    (await agent.turn(1)).finish();
    await engine.idle();
    expect(bench.lastReply()).toBe('On it.');
  });

  it('holds up no turn, and is not among what is pending', async () => {
    const { agent, clock, connector } = bench;
    const engine = await bench.start();
    await connector.write('slow');
    await agent.turn(0);
    await connector.write('two');
    await shown(0);
    await connector.act({ kind: 'command', name: 'pending', args: '' });
    await connector.until(() => connector.sent.length > 0);
    expect(connector.sent).toEqual(['Nothing waits for you.']);
    clock.advance(60_000);
    (await agent.turn(1)).finish();
    await engine.idle();
    expect(connector.replies[0]?.final?.markdown).toContain('Claude was stopped after 1 min');
  });

  it('closes what Claude asks when it goes at once', async () => {
    const { agent, connector } = bench;
    bench.asks = true;
    const engine = await bench.start();
    await connector.write('write it');
    const turn = await agent.turn(0);
    const call = { id: 'c1', tool: 'Write', input: {}, directory: '/projects/app' };
    const verdict = turn.options.gate(call, new AbortController().signal);
    const card = await shown(0);
    await connector.write('not that');
    const offer = await shown(1);
    expect(offer.view.body.text).toContain('Claude waits for your answer above first');
    await connector.tap(offer.view.id, 'now');
    expect(await verdict).toMatchObject({ kind: 'deny' });
    (await agent.turn(1)).finish();
    await engine.idle();
    expect(card.outcome).toContain('you sent another message instead');
  });

  it.each(['stop', 'clear'])('is dropped by /%s, and its offer says so', async (name) => {
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
    await connector.write('one');
    await agent.turn(0);
    await connector.write('two');
    const offer = await shown(0);
    await connector.act({ kind: 'command', name, args: '' });
    await engine.idle();
    expect(offer.outcome).toBe('⏹ Dropped');
    expect((await connector.tap(offer.view.id, 'now')).notice).toBe('⏹ Dropped');
    expect([agent.turns.length, await stores.inbox.unfinished()]).toEqual([1, []]);
  });

  it('is told of /stop in words where questions come one by one', async () => {
    const { agent, connector } = bench;
    Object.assign(connector, { asksOneByOne: true });
    const engine = await bench.start();
    await connector.write('one');
    const first = await agent.turn(0);
    await connector.write('two');
    const notice = '⏳ Queued: Claude is still working. /stop interrupts it and drops this.';
    expect([connector.sent, connector.prompts]).toEqual([[notice], []]);
    expect(connector.notices[0]?.isPassing).toBe(true);
    first.finish();
    (await agent.turn(1)).finish();
    await engine.idle();
  });

  it('is kept when leashd stops, and answered by the next one', async () => {
    const { agent, clock, connector } = bench;
    const engine = await bench.start();
    await connector.write('one');
    await agent.turn(0);
    await connector.write('two');
    await connector.write('three');
    const offer = await shown(0);
    const stopped = engine.stop('the test says so');
    await connector.until(() => offer.outcome !== undefined);
    clock.advance(10_000);
    await stopped;
    expect(offer.outcome).toContain('leashd was stopped');
    expect(agent.turns).toHaveLength(1);
    await connector.until(() => bench.lastReply() === '⏹ _leashd was stopped. Send “go on” to continue._');
    const second = await bench.start();
    const turn = await agent.turn(1);
    expect(turn.text).toBe('two\n\nthree');
    expect(connector.sent).toEqual(['Going on with what you sent before: “two”, “three”']);
    turn.finish();
    await second.idle();
  });

  it('is kept, too, when it comes while leashd stops', async () => {
    const { agent, clock, connector } = bench;
    const engine = await bench.start();
    await connector.write('one');
    await agent.turn(0);
    const stopped = engine.stop('the test says so');
    expect(await connector.write('two')).toEqual({});
    clock.advance(10_000);
    await stopped;
    expect(agent.turns).toHaveLength(1);
    const second = await bench.start();
    const turn = await agent.turn(1);
    expect(turn.text).toBe('two');
    turn.finish();
    await second.idle();
  });

  it('stops a turn whose agent has not begun yet', async () => {
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
    const { promise: isStored, resolve: store } = Promise.withResolvers<void>();
    const append = stores.messages.append.bind(stores.messages);
    stores.messages.append = async (message) => {
      await isStored;
      return append(message);
    };
    await connector.write('one');
    await connector.act({ kind: 'command', name: 'stop', args: '' });
    store();
    await engine.idle();
    expect([agent.turns, bench.lastReply()]).toEqual([[], '⏹ _Stopped._']);
  });
});
