import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../fixtures/messages-api/reply.ts';
import { startLeashd } from './leashd-process.ts';
import { createRig, type Rig } from './rig.ts';

describe('the history, with the real binary', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());

  /** Runs a command of leashd, beside the one that is running where there is one. */
  async function history(...args: readonly string[]): Promise<readonly [number | null, string]> {
    const directory = join(rig.home.home, 'leashd-start');
    const ran = startLeashd({ args: ['history', ...args], directory, environment: rig.home.environment });
    return [await ran.exited(), ran.output()];
  }

  it('is shown in the chat', async () => {
    rig.model.enqueue(text('The health check is there.'));
    rig.owner.send('add a health check');
    // With its figures: an answer that still grows is not in the history yet.
    await rig.sees(({ text: words }) => words.includes('is there.') && words.includes('$'));
    rig.owner.send('/history');
    const shown = await rig.sees((message) => message.text.startsWith('You · '));
    expect(shown.text).toMatch(
      /^You · \d\d:\d\d\nadd a health check\n\nClaude · \d\d:\d\d · \$[\d.]+ · .*s\nThe health check is there\.$/,
    );
    rig.owner.send('/history zebra');
    await rig.sees((message) => message.text === 'Nobody has said “zebra” here.');
  });

  it('is shown on the command line, while leashd runs and after it was killed', async () => {
    const shows = async (): Promise<void> => {
      const [status, output] = await history('--grep', 'HEALTH CHECK', '--role', 'agent', '--json');
      expect(status).toBe(0);
      expect(JSON.parse(output)).toMatchObject({
        chat: `telegram:${rig.owner.chat.id}`,
        role: 'agent',
        text: 'The health check is there.',
        costUsd: expect.any(Number) as unknown,
        durationMs: expect.any(Number) as unknown,
      });
    };
    await shows();
    await rig.leashd.stop('SIGKILL');
    await shows();
    await rig.start();
    rig.owner.send('/history 1');
    await rig.sees((message) => message.text.startsWith('Claude · ') && message.text.includes('/history 5'));
  });
});
