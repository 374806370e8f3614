import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { text } from '../fixtures/messages-api/reply.ts';
import { createRig, type Rig } from './rig.ts';

const PAIRING = { LEASHD_ALLOWED_USER_IDS: '' };

describe('a bot without allowed users', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await createRig();
  });
  afterEach(() => rig.dispose());

  it('serves nobody until the code from the terminal is sent to it, then that person alone', async () => {
    const leashd = await rig.start(PAIRING);
    const [, code = ''] = await leashd.printed(/\/start ([2-9A-Z]{8})\b/);
    const stranger = rig.telegram.person(666, 'Eve');

    stranger.send('hello');
    stranger.send('/status');
    stranger.send('/start');
    await rig.telegram.waitFor(() => rig.telegram.pendingUpdates().length === 0);
    expect(stranger.chat.messages().filter(({ from }) => from.isBot)).toEqual([]);

    stranger.send('/start AAAAAAAA');
    await rig.sees(({ text: words }) => words.includes('4 tries left'), stranger);
    rig.owner.send(`/start ${code}`);
    await rig.sees(({ text: words }) => words.includes('Paired'));
    await leashd.printed(/Paired with Ada/);

    rig.model.enqueue(text('At your service.'));
    rig.owner.send('hello');
    await rig.sees(({ text: words }) => words.includes('At your service.'));

    await leashd.stop();
    const again = await rig.start(PAIRING);
    stranger.send(`/start ${code}`);
    rig.model.enqueue(text('Still at your service.'));
    rig.owner.send('and now?');
    await rig.sees(({ text: words }) => words.includes('Still at your service.'));
    expect(again.output()).not.toContain('/start');
    expect(stranger.chat.messages().filter(({ from }) => from.isBot)).toHaveLength(1);
  });

  it('warns at every start when it is open to anyone', async () => {
    const leashd = await rig.start({ LEASHD_ALLOWED_USER_IDS: '*' });
    expect(leashd.output()).toMatch(/LEASHD_ALLOWED_USER_IDS.*any/i);
    rig.model.enqueue(text('Whoever you are.'));
    const stranger = rig.telegram.person(666, 'Eve');
    stranger.send('hello');
    await rig.sees(({ text: words }) => words.includes('Whoever you are.'), stranger);
  });
});
