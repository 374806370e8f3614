import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { text } from '../fixtures/messages-api/reply.ts';
import { startLeashd } from './leashd-process.ts';
import { createRig, type Rig } from './rig.ts';

describe('when Telegram is out of reach', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await createRig();
  });
  afterEach(() => rig.dispose());

  const startWith = (settings: Readonly<Record<string, string>>) => {
    rig.leashd = startLeashd({
      args: ['start', '-f'],
      directory: rig.home.home,
      environment: {
        ...rig.home.environment,
        LEASHD_APPROVED_DIRECTORIES: rig.project,
        LEASHD_TELEGRAM_BOT_TOKEN: rig.telegram.token,
        LEASHD_TELEGRAM_API_ROOT: 'http://127.0.0.1:9',
        LEASHD_ALLOWED_USER_IDS: '1',
        ...settings,
      },
    });
    return rig.leashd;
  };

  it('says so at the start and goes on trying, until it is stopped', async () => {
    const leashd = startWith({});
    await leashd.printed(/^Telegram could not be reached/m);
    expect(await leashd.stop()).toBe(0);
    expect(leashd.output()).not.toContain('unsettled');
  }, 40_000);

  it('ends with 1 where Telegram does not know the token', async () => {
    const token = '7000000001:another-token-of-the-same-length-000';
    const leashd = startWith({
      LEASHD_TELEGRAM_API_ROOT: rig.telegram.url,
      LEASHD_TELEGRAM_BOT_TOKEN: token,
    });
    expect(await leashd.exited()).toBe(1);
    expect(leashd.output()).toMatch(/leashd: Telegram does not know this bot token/);
    expect(leashd.output()).not.toContain(token);
  }, 40_000);

  it('lives through errors of the server, and goes on where it was', async () => {
    await rig.start();
    rig.telegram.failNext('getUpdates', { status: 502, times: 2 });
    rig.model.enqueue(text('Here again.'));
    rig.owner.send('are you there?');
    await rig.sees((message) => message.text.includes('Here again.'));
    rig.telegram.failNext('getUpdates', { status: 409, times: 2 });
    rig.model.enqueue(text('And again.'));
    rig.owner.send('and now?');
    await rig.sees((message) => message.text.includes('And again.'));
    await rig.leashd.printed(/poller|another/i);
    expect(rig.leashd.output()).not.toContain('unsettled');
  }, 40_000);
});
