import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBotApi, type BotApi } from '../../../test/fixtures/bot-api/start.ts';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import { systemClock, type Clock } from '../../util/clock.ts';
import { openPairing, type OpenPairing } from './pair-owner.ts';

const WITHIN_MS = 300_000;

describe('pairing before leashd is set up', () => {
  let telegram: BotApi;
  let pairing: OpenPairing | undefined;
  beforeEach(async () => {
    telegram = await startBotApi({ flood: 'off' });
  });
  afterEach(async () => {
    await pairing?.close();
    await telegram.stop();
  });

  const begin = async (clock: Clock = systemClock, onTrouble: (words: string) => void = () => {}) => {
    const { token, url: apiRoot } = telegram;
    pairing = await openPairing({
      token,
      apiRoot,
      clock,
      redact: (text) => text,
      withinMs: WITHIN_MS,
      onTrouble,
    });
    return pairing;
  };
  const heard = (id: number): readonly string[] =>
    telegram
      .messages(id)
      .filter(({ from }) => from.isBot)
      .map(({ text }) => text);

  it('tells who sent the code, says so to them, and serves nobody', async () => {
    const { code, link, outcome, ...open } = await begin();
    expect(link).toBe(`https://t.me/leashd_test_bot?start=${code}`);
    const [ada, eve] = [telegram.person(7, 'Ada'), telegram.person(8, 'Eve')];
    eve.send('hello');
    eve.send('/start');
    ada.send(`/start ${code}`);
    expect(await outcome).toEqual({ kind: 'paired', person: 'telegram:7', name: 'Ada (telegram:7)' });
    eve.send(`/start ${code}`);
    ada.send('list the files');
    await telegram.waitFor(() => telegram.pendingUpdates().length === 0);
    await open.tell('Well done.');
    await telegram.waitFor(() => heard(7).length === 2);
    expect(heard(7)).toEqual([expect.stringContaining('is this you?'), 'Well done.']);
    expect(heard(8)).toEqual([]);
  });

  it('is over after five wrong codes', async () => {
    const { outcome } = await begin();
    const eve = telegram.person(8, 'Eve');
    for (let tries = 0; tries < 5; tries += 1) eve.send('/start AAAAAAAA');
    expect(await outcome).toEqual({ kind: 'closed' });
  });

  it('is over when its time is', async () => {
    const clock = manualClock();
    const { outcome } = await begin(clock);
    clock.advance(WITHIN_MS);
    expect(await outcome).toEqual({ kind: 'timeout' });
  });

  it('is over when another program receives the messages of the bot', async () => {
    telegram.failNext('getUpdates', { status: 409 });
    const { outcome } = await begin();
    expect(await outcome).toMatchObject({
      kind: 'conflict',
      hint: expect.stringContaining('Stop the other') as string,
    });
  });

  it('does not begin with a token that Telegram does not know', async () => {
    const { url: apiRoot } = telegram;
    const options = { apiRoot, clock: systemClock, redact: (text: string) => text, withinMs: WITHIN_MS };
    const wrong = openPairing({
      ...options,
      token: '7000000001:wrong-but-just-as-long-0000000',
      onTrouble: () => {},
    });
    await expect(wrong).rejects.toThrow(/does not know this bot token/);
  });
});
