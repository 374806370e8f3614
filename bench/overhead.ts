import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTelegramConnector } from '../src/connectors/telegram/telegram-connector.ts';
import { openTo } from '../src/core/access/open-to.ts';
import type { Inbound, PersonId } from '../src/core/ports/chat.ts';
import { systemClock, type Clock } from '../src/util/clock.ts';
import { silentLog } from '../src/util/log.ts';
import { startBotApi } from '../test/fixtures/bot-api/start.ts';
import { EngineBench } from '../test/fixtures/engine-bench.ts';
import type { Bench, Figure } from './bench.ts';
import { median, tail } from './figures.ts';

const MESSAGES = { full: 2_000, small: 50 };
/** Until all that a first message needs is compiled. */
const WARM_UP = { full: 100, small: 5 };
const OVERHEAD = { most: 10 };
/** Telegram takes a message a second in a chat: so the talk goes from one to the next, and the connector's clock runs faster. */
const PEOPLE = 20;
const FIRST_PERSON = 42;
const SPEED = 25;

export const benchOverhead: Bench = {
  name: 'overhead',
  summary: "what leashd itself adds to a message: from stored, in a database on disk, to the agent's call",
  run: async (size) => {
    const counts = { messages: MESSAGES[size], warmUp: WARM_UP[size] };
    return { figures: [...(await alone(counts)), ...(await onTelegram(counts))] };
  },
};

type Counts = { readonly messages: number; readonly warmUp: number };

/** The engine between a connector and an agent without a wire. */
async function alone(counts: Counts): Promise<readonly Figure[]> {
  return withEngine(async (engine) => {
    const running = await engine.start();
    const { called } = await converse(engine, counts, {
      send: (text) => void engine.connector.write(text),
      settle: () => running.idle(),
    });
    return figuresOf('stored to agent called, without a wire', called);
  });
}

/** The same with Telegram's connector at a Bot API on loopback that allows any number of messages. */
async function onTelegram(counts: Counts): Promise<readonly Figure[]> {
  const server = await startBotApi({ flood: 'off' });
  const connector = createTelegramConnector({
    token: server.token,
    apiRoot: server.url,
    log: silentLog,
    clock: fastClock(),
    redact: (words) => words,
    commands: [],
  });
  try {
    return await withEngine(async (engine) => {
      const people = Array.from({ length: PEOPLE }, (_, index) => server.person(FIRST_PERSON + index));
      const access = openTo(people.map(({ id }) => `telegram:${id}` as PersonId));
      const running = await engine.start({ connector, access });
      const { called, sent } = await converse(engine, counts, {
        send: (text, number) => void people[number % PEOPLE]?.send(text),
        settle: () => running.idle(),
      });
      return [
        ...figuresOf('stored to agent called, on Telegram', called),
        median('sent on the phone to agent called, the loopback Bot API included', 'ms', sent),
      ];
    });
  } finally {
    await connector.stop();
    await server.stop();
  }
}

async function withEngine<Value>(run: (engine: EngineBench) => Promise<Value>): Promise<Value> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-bench-overhead-')));
  const engine = new EngineBench({ path: join(folder, 'messages.db') });
  try {
    return await run(engine);
  } finally {
    await engine.dispose();
    rmSync(folder, { recursive: true });
  }
}

function fastClock(): Clock {
  return {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() * SPEED,
    after: (delayMs, run) => systemClock.after(delayMs / SPEED, run),
  };
}

type Talk = { readonly send: (text: string, number: number) => void; readonly settle: () => Promise<void> };

/** One message after the other, each answered at once. Milliseconds. */
async function converse(
  { agent, stores }: EngineBench,
  { messages, warmUp }: Counts,
  { send, settle }: Talk,
): Promise<{ readonly called: readonly number[]; readonly sent: readonly number[] }> {
  const { inbox } = stores;
  const add = inbox.add.bind(inbox);
  let storedAt = NaN;
  inbox.add = async (inbound: Inbound, state) => {
    const added = await add(inbound, state);
    storedAt = performance.now();
    return added;
  };
  const called: number[] = [];
  const sent: number[] = [];
  for (let message = 0; message < warmUp + messages; message += 1) {
    const sentAt = performance.now();
    send(`message ${message}`, message);
    const turn = await agent.turn(message);
    const calledAt = performance.now();
    if (message >= warmUp) {
      called.push(calledAt - storedAt);
      sent.push(calledAt - sentAt);
    }
    turn.emit({ kind: 'text', delta: 'An answer.' });
    turn.finish();
    await settle();
  }
  return { called, sent };
}

function figuresOf(what: string, called: readonly number[]): readonly Figure[] {
  return [median(what, 'ms', called), tail(`${what}, p99`, 'ms', called, { target: OVERHEAD })];
}
