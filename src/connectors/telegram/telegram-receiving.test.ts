import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTelegramBench, until, type TelegramBench } from '../../../test/contract/telegram-bench.ts';
import type { Inbound } from '../../core/ports/chat.ts';
import type { Receipt } from '../../core/ports/connector.ts';
import { MachineError } from '../../errors.ts';
import { systemClock } from '../../util/clock.ts';

let bench: TelegramBench;
let heard: Inbound[];

beforeEach(async () => {
  bench = await openTelegramBench();
  heard = [];
});
afterEach(async () => {
  await bench.close();
});

async function receive(inbound: Inbound): Promise<Receipt> {
  heard.push(inbound);
  return {};
}

function texts(): string[] {
  return heard.map((inbound) => (inbound.kind === 'text' ? inbound.text : inbound.kind));
}

/** A method called past the connector, as another program with the same token would. */
async function callDirectly(method: string, params: object): Promise<unknown> {
  const response = await fetch(`${bench.api.url}/bot${bench.api.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  return response.json();
}

function events(): string[] {
  return bench.logged.map(({ event }) => event);
}

describe('starting', () => {
  it('knows who it is and names the updates it wants', async () => {
    const { api, connector } = bench;
    expect(connector.botId()).toBe(api.token.split(':')[0]);
    expect(connector.botUsername()).toBeUndefined();
    await connector.start(receive);
    expect(connector.botUsername()).toBe(api.bot.username);
    await api.waitFor(() => api.isPolled());
    expect(api.calls('getUpdates')[0]?.params['allowed_updates']).toEqual(['message', 'callback_query']);
  });

  it('keeps what was sent while it was away', async () => {
    const { api, ada, connector } = bench;
    ada.send('one');
    ada.send('two');
    await connector.start(receive);
    await until(() => heard.length === 2);
    expect(texts()).toEqual(['one', 'two']);
    await api.waitFor(() => api.pendingUpdates().length === 0);
  });

  it('sets the command menu', async () => {
    const commands = [{ name: 'plan', description: 'Look first, change nothing' }];
    await bench.another({ commands }).start(receive);
    expect(await callDirectly('getMyCommands', {})).toMatchObject({
      result: [{ command: 'plan', description: 'Look first, change nothing' }],
    });
  });

  it('starts without the menu when that fails, and says so in the log', async () => {
    bench.api.failNext('setMyCommands', { status: 400, description: 'Bad Request: no menu' });
    await bench.another({ commands: [{ name: 'plan', description: 'x' }] }).start(receive);
    expect(events()).toContain('telegram_menu_not_set');
    bench.ada.send('hello');
    await until(() => heard.length === 1);
  });

  it.each(['7000000001:another-token-of-the-same-length-000', 'not-a-token'])(
    'says in words that the token %s is refused, without telling it',
    async (token) => {
      const error: unknown = await bench
        .another({ token })
        .start(receive)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'TELEGRAM_TOKEN_REFUSED', fault: 'machine' });
      expect(error instanceof MachineError && error.hint).toMatch(/BotFather/);
      expect(tellAll(error)).not.toContain(token);
    },
  );

  it('goes on trying while Telegram is out of reach, and says so once', async () => {
    bench.api.failNext('getMe', { drop: 'before', times: 6 });
    const told: string[] = [];
    const connector = bench.another({
      onPollingFault: ({ code }) => told.push(code),
      onReceiving: () => told.push('receiving'),
    });
    await connector.start(receive);
    expect(bench.api.calls('getMe')).toHaveLength(7);
    expect(told).toEqual(['TELEGRAM_UNREACHABLE', 'receiving']);
  });

  it('gives up waiting for Telegram when it is stopped', async () => {
    bench.api.failNext('getMe', { drop: 'before', times: 1000 });
    const outcome = bench.connector.start(receive).catch((thrown: unknown) => thrown);
    await until(() => bench.api.calls('getMe').length > 1);
    await bench.connector.stop();
    expect(await outcome).toMatchObject({ code: 'TELEGRAM_STOPPED' });
  });

  it('gets over a server that stumbles at first', async () => {
    bench.api.failNext('getMe', { status: 502, body: '<html>Bad Gateway</html>' });
    bench.api.failNext('getMe', { drop: 'before' });
    await bench.connector.start(receive);
    expect(bench.connector.botUsername()).toBe(bench.api.bot.username);
  });
});

describe('receiving', () => {
  it('confirms an update only once it is safe', async () => {
    const { api, ada, connector } = bench;
    const { promise: held, resolve: letGo } = Promise.withResolvers<Receipt>();
    await connector.start(() => held);
    ada.send('keep me');
    await api.waitFor(() => api.calls('getUpdates').some(({ status }) => status === 200));
    expect(api.pendingUpdates()).toHaveLength(1);
    letGo({});
    await api.waitFor(() => api.pendingUpdates().length === 0);
  });

  it('tells when the server has no more, asked even before the start', async () => {
    const { ada, connector } = bench;
    const told: string[] = [];
    ada.send('one');
    const asked = connector.caughtUp?.().then(() => told.push('no more'));
    await connector.start(async (inbound) => {
      if (heard.length < 3) ada.send(`after ${heard.length}`);
      told.push('heard');
      return receive(inbound);
    });
    await asked;
    expect(told).toEqual(['heard', 'heard', 'heard', 'heard', 'no more']);
  });

  it('brings back an update that could not be made safe, and those behind it, in order', async () => {
    const { api, ada, connector } = bench;
    let failures = 2;
    ada.send('one');
    ada.send('two');
    await connector.start(async (inbound) => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('the disk is full');
      }
      return receive(inbound);
    });
    await until(() => heard.length === 2);
    expect(texts()).toEqual(['one', 'two']);
    await api.waitFor(() => api.pendingUpdates().length === 0);
    expect(events().filter((event) => event === 'telegram_update_not_taken')).toHaveLength(2);
  });

  it('leaves to the next start what was not safe when it stopped', async () => {
    const { ada } = bench;
    const first = bench.another({ clock: systemClock });
    const { promise: never } = Promise.withResolvers<Receipt>();
    const seen: string[] = [];
    await first.start(async (inbound) => {
      seen.push(inbound.id);
      return seen.length === 1 ? {} : never;
    });
    ada.send('safe');
    ada.send('not safe');
    await until(() => seen.length === 2);
    await first.stop();
    await bench.connector.start(receive);
    await until(() => heard.length > 0);
    expect(texts()).toEqual(['not safe']);
    expect(heard[0]?.id).toBe(seen[1]);
  });

  it('confirms on stopping what it had made safe', async () => {
    const { api, ada } = bench;
    const connector = bench.another({ clock: systemClock });
    const { promise: held, resolve: letGo } = Promise.withResolvers<Receipt>();
    await connector.start(async (inbound) => {
      heard.push(inbound);
      return held;
    });
    ada.send('safe just in time');
    await until(() => heard.length === 1);
    const stopping = connector.stop();
    letGo({});
    await stopping;
    expect(api.pendingUpdates()).toEqual([]);
  });

  it('ignores edits, other bots and forged updates without stumbling', async () => {
    const { ada, connector } = bench;
    await connector.start(receive);
    const id = ada.send('first');
    ada.edit(id, 'first, edited');
    ada.voice();
    ada.send('last');
    await until(() => heard.length === 3);
    expect(texts()).toEqual(['first', 'unsupported', 'last']);
  });
});

describe('what gets in the way of receiving', () => {
  it('yields to another poller, says in words what is going on, and goes on by itself', async () => {
    const { api, ada, connector } = bench;
    await connector.start(receive);
    await api.waitFor(() => api.isPolled());
    const other = callDirectly('getUpdates', { timeout: 1 });
    await until(() => events().includes('telegram_poller_conflict'));
    ada.send('still there?');
    await until(() => heard.length === 1);
    await other;
    const told = bench.logged.find(({ event }) => event === 'telegram_poller_conflict');
    expect(told?.fields['reason']).toContain('another program is receiving');
  });

  it('tells of a lasting conflict once', async () => {
    const { api, ada } = bench;
    const faults: MachineError[] = [];
    const connector = bench.another({ onPollingFault: (error) => faults.push(error) });
    await connector.start(receive);
    await api.waitFor(() => api.isPolled());
    const description = 'Conflict: terminated by other getUpdates request';
    api.failNext('getUpdates', { status: 409, description, times: 4 });
    ada.send('one');
    await until(() => heard.length === 1);
    ada.send('two');
    await until(() => heard.length === 2);
    expect(events()).toContain('telegram_polling_recovered');
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({
      code: 'TELEGRAM_POLLER_CONFLICT',
      fault: 'machine',
      message: expect.stringMatching(/[^.]$/) as string,
      hint: expect.stringMatching(/[^.]\.$/) as string,
    });
    expect(events().filter((event) => event === 'telegram_poller_conflict')).toHaveLength(1);
  });

  it('takes a webhook away without losing what waits', async () => {
    const { ada, connector } = bench;
    ada.send('one');
    await callDirectly('setWebhook', { url: 'https://example.com/hook' });
    await connector.start(receive);
    await until(() => heard.length === 1);
    expect(events()).toContain('telegram_webhook_removed');
  });

  it('comes back after network faults and broken answers', async () => {
    const { api, ada, connector } = bench;
    await connector.start(receive);
    await api.waitFor(() => api.isPolled());
    ada.send('one');
    await until(() => heard.length === 1);
    api.failNext('getUpdates', { drop: 'before', times: 2 });
    api.failNext('getUpdates', { drop: 'after' });
    api.failNext('getUpdates', { status: 502, body: '<html>Bad Gateway</html>' });
    api.failNext('getUpdates', { status: 500 });
    api.failNext('getUpdates', { status: 200, body: { ok: true, result: [{ message: 'no id' }] } });
    api.failNext('getUpdates', { status: 429, retryAfter: 1 });
    ada.send('two');
    await until(() => heard.length === 2);
    ada.send('three');
    await until(() => heard.length === 3);
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect(events()).toContain('telegram_polling_failed');
  });

  it('never tells the token, whatever goes wrong', async () => {
    const { api, ada, connector } = bench;
    const faults: unknown[] = [];
    const other = bench.another({ onPollingFault: (error) => faults.push(error) });
    await other.start(receive);
    const broken = { status: 200, body: `<html>bot${api.token}</html>` };
    for (const method of ['getUpdates', 'sendMessage', 'getMe']) {
      api.failNext(method, broken);
      api.failNext(method, { status: 403, description: `Forbidden: bot${api.token} is not welcome` });
    }
    ada.send('hello');
    await until(() => faults.length > 0);
    const errors: unknown[] = [...faults];
    await connector
      .send(bench.chat, { content: { markdown: 'x' } })
      .catch((error: unknown) => errors.push(error));
    await connector.start(receive).catch((error: unknown) => errors.push(error));
    expect(errors.length).toBeGreaterThanOrEqual(3);
    expect(errors.map(tellAll).join('\n') + JSON.stringify(bench.logged)).not.toContain(api.token.slice(11));
  });
});

/** All that an error could put into a log. */
function tellAll(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const own = Object.entries(error).map(([name, value]) => `${name}: ${String(value)}`);
  return [error.message, error.stack, ...own, error.cause === undefined ? '' : tellAll(error.cause)].join(
    '\n',
  );
}
