import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import { held, text, useTool } from '../fixtures/messages-api/reply.ts';
import { createRig, type Rig } from './rig.ts';
import { labels } from './talk.ts';

const SLOW_MS = 20_000;

describe('a turn that is broken off, with the real claude', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
    // More than any of the others costs.
    await rig.start({ LEASHD_MAX_COST_USD_PER_TURN: '0.09' });
  }, 40_000);
  afterAll(() => rig.dispose());
  afterEach(() => rig.model.reset());

  const at = (id: number) => rig.owner.chat.messages().find((message) => message.id === id);
  const asked = () => rig.model.requests().filter(({ kind }) => kind === 'main');
  const told = (): string => JSON.stringify(asked().at(-1)?.body.messages);

  it('makes room for a message that is to go at once', async () => {
    const never = held(text('You will not see this.'));
    rig.model.enqueue(never.reply);
    rig.owner.send('a long job');
    await expect.poll(() => asked().length, { timeout: SLOW_MS }).toBeGreaterThan(0);
    rig.owner.send('no, the other one');
    const offer = await rig.card();
    expect([offer.text, labels(offer)]).toEqual([
      '⏳ Queued: Claude is still working. “Send now” interrupts it.',
      ['⚡ Send now', '⏳ Wait'],
    ]);
    rig.model.enqueue(text('The other one it is.'));
    const tap = rig.owner.tap('⚡ Send now', { message: offer.id });
    await rig.sees(({ text: words }) => words.includes('The other one it is.'));
    never.release();
    await rig.sees(({ text: words }) => words.includes('Stopped.'));
    expect(tap.answer()?.text).toBe('⚡ Send now');
    await rig.telegram.waitFor(() => /⚡ Sent now by Ada, \d\d:\d\d$/.test(at(offer.id)?.text ?? ''));
    expect(at(offer.id)?.keyboard).toEqual([]);
    expect(told()).toContain('no, the other one');
    expect(rig.owner.chat.messages().filter(({ text: words }) => words.includes('not see'))).toEqual([]);
  }, 40_000);

  it('stops at its budget, and goes on in the same session when the person says so', async () => {
    const never = held(text('Nobody has paid for this.'));
    const usage = { input_tokens: 10_000, output_tokens: 2_000 };
    const look = () => useTool('Bash', { command: 'ls -la' }, { usage, words: 'A look. ' });
    rig.model.enqueue(look(), look(), never.reply);
    rig.owner.send('look around for long');
    await rig.sees(({ text: words }) => words === '💸 This turn has cost $0.08 of $0.09.');
    const stopped = 'this turn has cost $0.16, and its budget is $0.09 (LEASHD_MAX_COST_USD_PER_TURN)';
    await rig.sees(({ text: words }) => words.includes(`${stopped}. Send “go on” to continue.`));
    const question = await rig.card();
    expect([question.text, labels(question)]).toEqual([
      `⏸ Claude was stopped: ${stopped}.`,
      ['▶️ Go on for another $0.09', '⏹ Stop here'],
    ]);
    // Claude may have been stopped before it asked for more, or while it waited for it.
    rig.model.reset();
    rig.model.enqueue(text('That was all.'));
    rig.owner.tap('▶️ Go on for another $0.09', { message: question.id });
    await rig.sees(({ text: words }) => words.includes('That was all.'));
    never.release();
    expect(told()).toContain('look around for long');
    expect(told()).toContain('Go on where you stopped.');
    await rig.telegram.waitFor(() => at(question.id)?.text.includes('▶️ Went on: Ada'));
  }, 40_000);

  it('goes on after kill -9 at a tap, in the same session, and nothing runs twice', async () => {
    const ran = join(rig.project, 'ran.txt');
    const never = held(text('Nobody reads this.'));
    rig.model.enqueue(useTool('Bash', { command: 'echo ran >> ran.txt' }), never.reply);
    rig.owner.send('run it once');
    const isCard = ({ text: words, keyboard }: SeenMessage) =>
      keyboard.length > 0 && words.includes('echo ran');
    rig.owner.tap('✅ Approve', { message: (await rig.sees(isCard)).id });
    await expect.poll(() => existsSync(ran), { timeout: SLOW_MS }).toBe(true);
    // Else the agent, which lives on for a moment, would ask after the kill.
    await expect.poll(() => asked().length, { timeout: SLOW_MS }).toBe(2);
    await rig.leashd.stop('SIGKILL');
    never.release();
    const before = asked().length;

    await rig.start();
    const isOffer = ({ text: words }: SeenMessage) =>
      words.startsWith('⚠️ leashd was stopped while it worked on “run it once”.');
    const offer = await rig.sees(isOffer);
    expect(labels(offer)).toEqual(['▶️ Resume', '🗑 Drop']);
    expect(asked().length).toBe(before);
    rig.model.enqueue(text('It had run already.'));
    rig.owner.tap('▶️ Resume', { message: offer.id });
    await rig.sees(({ text: words }) => words.includes('It had run already.'));
    expect(told()).toContain('Go on where you were cut off');
    // The session of before: Claude still knows what it did.
    expect(told()).toContain('echo ran >> ran.txt');
    expect(readFileSync(ran, 'utf8')).toBe('ran\n');
    await rig.telegram.waitFor(() => at(offer.id)?.text.includes('▶️ Resumed by Ada'));

    // It is settled: the next start offers nothing.
    await rig.leashd.stop();
    await rig.start();
    rig.model.enqueue(text('All quiet.'));
    rig.owner.send('anything left?');
    await rig.sees(({ text: words }) => words.includes('All quiet.'));
    expect(rig.owner.chat.messages().filter(isOffer)).toHaveLength(1);
  }, 60_000);
});
