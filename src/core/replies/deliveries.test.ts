import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';

let bench: EngineBench;
beforeEach(() => {
  bench = new EngineBench();
});
afterEach(() => bench.dispose());

/** From now on nothing is delivered: what was to be is told. Ends with the function that it gives back. */
function cutOff(how: () => Promise<void> = () => new Promise(() => {})): () => void {
  const { connector } = bench;
  const openReply = connector.openReply.bind(connector);
  connector.openReply = (chat, tracing) => {
    const reply = openReply(chat, tracing);
    return {
      show: (state) => reply.show(state),
      finish: async (state) => {
        await tracing?.keep({ messages: ['m1'], isSending: true });
        await how();
        await reply.finish(state);
      },
    };
  };
  return () => {
    connector.openReply = openReply;
  };
}

async function answered(text: string): Promise<void> {
  const { agent, connector } = bench;
  const count = agent.turns.length;
  await connector.write('go');
  const turn = await agent.turn(count);
  turn.emit({ kind: 'text', delta: text });
  turn.finish({ kind: 'done' }, 0.25);
}

const undelivered = () => bench.stores.outbox.undelivered();
const stored = async (): Promise<boolean> => (await undelivered()).length > 0;

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  throw new Error('it never came to that');
}

describe('an answer on its way', () => {
  it('is kept until it is delivered', async () => {
    const engine = await bench.start();
    await answered('Hello.');
    await engine.idle();
    expect(bench.lastReply()).toBe('Hello.');
    expect(await undelivered()).toEqual([]);
  });

  it('is delivered by the next process, once, and its message is not offered again', async () => {
    const reconnect = cutOff();
    await bench.start();
    await answered('Hello.');
    await until(stored);
    expect(await undelivered()).toMatchObject([
      { state: { markdown: 'Hello.' }, trace: { messages: ['m1'] } },
    ]);
    // Here the process dies.
    reconnect();
    const next = await bench.start();
    await bench.connector.until(() => bench.lastReply() === 'Hello.');
    await until(async () => !(await stored()));
    await next.idle();
    const { replies, prompts, sent } = bench.connector;
    expect(replies.at(-1)?.tracing?.from).toEqual({ messages: ['m1'], isSending: true });
    expect(replies.at(-1)?.final?.status).toMatch(/^↻ perhaps sent twice: leashd was restarted · /);
    expect(replies.filter(({ final }) => final?.markdown === 'Hello.')).toHaveLength(1);
    expect([prompts, sent]).toEqual([[], []]);
    const session = await bench.stores.sessions.current(bench.connector.chat);
    expect([session?.turns, session?.costUsd]).toEqual([1, 0.25]);
  });

  it('is left to the next process when leashd is stopped over it, without an excuse', async () => {
    const held = Promise.withResolvers<void>();
    const reconnect = cutOff(() => held.promise);
    const engine = await bench.start();
    await answered('Hello.');
    await until(stored);
    const stopped = engine.stop('bye');
    held.reject(new Error('the connector has stopped'));
    await until(async () => (await bench.stores.inbox.unfinished()).length === 0);
    bench.clock.advance(10_000);
    await stopped;
    reconnect();
    expect([await stored(), bench.connector.sent]).toEqual([true, []]);
    await bench.start();
    await bench.connector.until(() => bench.lastReply() === 'Hello.');
  });

  it('is given up where the chat refuses it, and the chat is told', async () => {
    cutOff(() => Promise.reject(new Error('the chat is gone')));
    const engine = await bench.start();
    await answered('Hello.');
    await engine.idle();
    expect(await undelivered()).toEqual([]);
    expect(bench.connector.sent.at(-1)).toContain('the chat is gone');
  });

  it('comes with the part that stood before a question, in order', async () => {
    const reconnect = cutOff();
    bench.asks = true;
    await bench.start();
    const { agent, connector } = bench;
    await connector.write('go');
    const turn = await agent.turn(0);
    turn.emit({ kind: 'text', delta: 'Before.' });
    await connector.until(() => connector.replies[0]?.shown.length === 1);
    const call = { id: 'c1', tool: 'Bash', input: {}, directory: '/projects/app' };
    const verdict = turn.options.gate(call, new AbortController().signal);
    await connector.until(() => connector.prompts.length === 1);
    await connector.tap(connector.prompts[0]?.view.id ?? ('' as never), 'approve');
    expect(await verdict).toMatchObject({ kind: 'allow' });
    turn.emit({ kind: 'text', delta: 'After.' });
    turn.finish();
    await until(stored);
    reconnect();
    const before = connector.replies.length;
    await bench.start();
    await until(async () => !(await stored()));
    expect(connector.replies.slice(before).map(({ final }) => final?.markdown)).toEqual([
      'Before.',
      'After.',
    ]);
  });
});

describe('what the agent says unasked', () => {
  it('is stored, paid for and delivered like an answer', async () => {
    const { agent, connector, stores } = bench;
    const engine = await bench.start();
    await answered('Hello.');
    await engine.idle();
    const reconnect = cutOff();
    const { onUnprompted } = agent.turns[0]?.options ?? {};
    onUnprompted?.({ kind: 'text', delta: 'The build ' });
    onUnprompted?.({ kind: 'text', delta: 'is done.' });
    onUnprompted?.({ kind: 'text-end' });
    onUnprompted?.({ kind: 'finished', outcome: { kind: 'done' }, costUsd: 0.5, durationMs: 9 });
    await until(stored);
    const [last] = await stores.messages.latest(connector.chat, 1);
    expect(last).toMatchObject({ role: 'agent', text: 'The build is done.', costUsd: 0.5 });
    expect((await stores.sessions.current(connector.chat))?.costUsd).toBe(0.75);
    reconnect();
    await bench.start();
    await connector.until(() => bench.lastReply() === 'The build is done.');
  });
});
