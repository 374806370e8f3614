import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callMethod } from '../../../test/fixtures/bot-api/call-method.ts';
import { startBotApi, type BotApi } from '../../../test/fixtures/bot-api/start.ts';
import { daemonStatus } from '../../../test/fixtures/daemon-status.ts';
import { checkNamed, createPatient, type Patient } from '../../../test/fixtures/doctor-patient.ts';
import { systemClock } from '../../util/clock.ts';
import type { DaemonStatus } from '../control/protocol.ts';
import { ownerFile } from '../paths.ts';
import type { Finding } from './check.ts';
import type { DoctorContext } from './context.ts';
import { createContext } from './create-context.ts';
import { telegramChecks } from './telegram.ts';

let patient: Patient;
let api: BotApi;
let settings: Record<string, string> = {};
beforeEach(async () => {
  patient = createPatient();
  api = await startBotApi({ flood: 'off' });
  settings = {
    LEASHD_APPROVED_DIRECTORIES: patient.project,
    LEASHD_TELEGRAM_BOT_TOKEN: api.token,
    LEASHD_TELEGRAM_API_ROOT: api.url,
  };
});
afterEach(async () => {
  await api.stop();
  patient.remove();
});

async function found(name: string, over: Partial<DoctorContext> = {}): Promise<readonly Finding[]> {
  return patient.findings(checkNamed(telegramChecks, name), settings, over);
}

const running = (changes: Partial<DaemonStatus> = {}): Pick<DoctorContext, 'daemon'> => ({
  daemon: async () => ({ kind: 'answered', result: daemonStatus(changes) }),
});

describe('bot', () => {
  it('answers, and the server of one’s own is named', async () => {
    expect(await found('bot')).toMatchObject([
      {
        level: 'ok',
        says: expect.stringMatching(/@leashd_test_bot: the Bot API at http:.* answers in \d+ ms/) as string,
      },
    ]);
  });

  it('is refused with a wrong token, which is not shown', async () => {
    const wrong = '123456:abcdefghijklmnopqrstuvwxyz012345678';
    settings = { ...settings, LEASHD_TELEGRAM_BOT_TOKEN: wrong };
    const told = await found('bot');
    expect(told).toMatchObject([
      {
        level: 'problem',
        says: expect.stringContaining('does not know') as string,
        todo: expect.stringContaining('@BotFather') as string,
      },
    ]);
    expect(JSON.stringify(told)).not.toContain('abcdefgh');
  });

  it.each([
    ['stumbles', { status: 502 }, /status 502/],
    ['is no Bot API', { status: 200, body: '<html>Log in to this hotel</html>' }, /no Bot API, status 200/],
    ['hangs up', { drop: 'before' as const }, /breaks off/],
  ])('is out of reach when the server %s', async (_what, fault, words) => {
    api.failNext('getMe', fault);
    const told = await found('bot');
    expect(told).toMatchObject([
      { level: 'problem', says: expect.stringMatching(words) as string, todo: expect.any(String) as string },
    ]);
    expect(JSON.stringify(told)).not.toContain(api.token);
  });

  it('is out of reach when nobody listens', async () => {
    await api.stop();
    const told = await found('bot');
    expect(told).toMatchObject([
      { level: 'problem', says: expect.stringContaining('nobody listens there') as string },
    ]);
    expect(JSON.stringify(told)).not.toContain(api.token);
    // Nobody can say anything about the rest.
    for (const name of ['webhook', 'poller', 'clock']) expect(await found(name)).toEqual([]);
  });

  it('need not be there', async () => {
    settings = {};
    expect(await found('bot')).toMatchObject([
      { level: 'note', todo: expect.stringContaining('leashd init') as string },
    ]);
    for (const name of ['webhook', 'poller', 'clock', 'owner']) expect(await found(name)).toEqual([]);
  });
});

describe('webhook', () => {
  it('in the way is a warning that names its host alone', async () => {
    expect(await found('webhook')).toMatchObject([{ level: 'ok' }]);
    await callMethod(api, 'setWebhook', { url: 'https://example.org/secret-path' });
    const told = await found('webhook');
    expect(told).toMatchObject([
      { level: 'warning', says: expect.stringContaining('example.org') as string },
    ]);
    expect(JSON.stringify(told)).not.toContain('secret-path');
    // It has its own line: the poller says nothing about it.
    expect(await found('poller')).toEqual([]);
  });

  it('messages that wait are told', async () => {
    api.person(42, 'Ada').send('hello');
    expect(await found('webhook')).toMatchObject([
      { level: 'ok' },
      { level: 'note', says: expect.stringMatching(/^1 message/) as string },
    ]);
  });
});

describe('poller', () => {
  it('finds nobody, confirms nothing and changes no list of kinds', async () => {
    await callMethod(api, 'getUpdates', { allowed_updates: ['message'] });
    api.person(42, 'Ada').send('hello');
    expect(await found('poller')).toMatchObject([{ level: 'ok' }]);
    expect(api.pendingUpdates()).toHaveLength(1);
    const params = api.calls('getUpdates').at(-1)?.params;
    expect(params).not.toHaveProperty('offset');
    expect(params).not.toHaveProperty('allowed_updates');
  });

  it('finds another one, which is thrown out once, comes back and loses nothing', async () => {
    const statuses: number[] = [];
    const gone = new AbortController();
    const other = (async () => {
      while (!gone.signal.aborted) {
        const { status } = await callMethod(api, 'getUpdates', { timeout: 20 }, { signal: gone.signal });
        statuses.push(status);
      }
    })().catch(() => {});
    await api.waitFor(() => api.isPolled());
    expect(await found('poller')).toMatchObject([
      {
        level: 'problem',
        says: expect.stringContaining('another program') as string,
        todo: expect.any(String) as string,
      },
    ]);
    api.person(42, 'Ada').send('hello');
    await api.waitFor(() => statuses.includes(200));
    expect(statuses.filter((status) => status === 409)).toHaveLength(1);
    gone.abort();
    await other;
  });

  it('is not looked for while our own leashd receives, which knows it', async () => {
    expect(await found('poller', running())).toMatchObject([{ level: 'ok' }]);
    const lastFault = { at: 0, message: 'another program is receiving the messages of this bot token' };
    expect(await found('poller', running({ isPolling: false, lastFault }))).toMatchObject([
      { level: 'problem' },
    ]);
    expect(await found('poller', { daemon: async () => ({ kind: 'hanging' }) })).toMatchObject([
      { level: 'note' },
    ]);
    expect(api.calls('getUpdates')).toEqual([]);
  });
});

describe('clock', () => {
  it('may be off by a minute', async () => {
    expect(await found('clock')).toMatchObject([{ level: 'ok' }]);
  });

  it.each([
    [-120_000, /120 s behind|119 s behind|121 s behind/],
    [120_000, /1(?:19|20|21) s ahead/],
  ])('that is off by %d ms is a warning', async (shift, words) => {
    const clock = { ...systemClock, now: () => Date.now() + shift };
    const place = {
      environment: settings,
      startDirectory: patient.project,
      homeDirectory: patient.home,
      clock,
    };
    const { bot } = await createContext(place);
    expect(await found('clock', { bot })).toMatchObject([
      {
        level: 'warning',
        says: expect.stringMatching(words) as string,
        todo: expect.stringContaining('sudo') as string,
      },
    ]);
  });

  it('goes by the server’s header', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { date: 'Thu, 01 Jan 2004 00:00:00 GMT' }).end('{"ok":true,"result":{}}');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    settings = { ...settings, LEASHD_TELEGRAM_API_ROOT: `http://127.0.0.1:${port}` };
    expect(await found('clock')).toMatchObject([
      { level: 'warning', says: expect.stringContaining('ahead of') as string },
    ]);
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
});

describe('owner', () => {
  const paired = (id: number) => {
    const path = ownerFile('home/.leashd', api.token.split(':')[0] ?? '');
    return patient.write(path, JSON.stringify({ owner: `telegram:${id}`, pairedAt: '2026-01-31T12:00:00Z' }));
  };

  it('is paired, or not yet', async () => {
    expect(await found('owner')).toMatchObject([{ level: 'note', says: 'nobody is paired yet' }]);
    paired(42);
    expect(await found('owner')).toMatchObject([{ level: 'ok', says: 'paired with telegram:42' }]);
  });

  it('is a problem when its file is broken, or approvals can never come', async () => {
    const file = paired(42);
    settings = { ...settings, LEASHD_APPROVER_IDS: '7' };
    expect(await found('owner')).toMatchObject([
      { level: 'problem', todo: expect.stringContaining(file) as string },
    ]);
    patient.write(join('home/.leashd', file.split('/').at(-1) ?? ''), '{}');
    expect(await found('owner')).toMatchObject([{ level: 'problem', todo: 'Delete it to pair again.' }]);
    settings = { ...settings, LEASHD_ALLOWED_USER_IDS: '8' };
    expect(await found('owner')).toMatchObject([
      { level: 'problem', says: expect.stringContaining('LEASHD_APPROVER_IDS') as string },
    ]);
  });

  it('is those who are allowed', async () => {
    settings = { ...settings, LEASHD_ALLOWED_USER_IDS: '42,43' };
    expect(await found('owner')).toMatchObject([
      { level: 'ok', says: expect.stringContaining('42, 43') as string },
    ]);
  });
});
