import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStores } from '../../src/storage/open-stores.ts';
import { systemClock } from '../../src/util/clock.ts';
import { silentLog } from '../../src/util/log.ts';
import { held, text, useTool } from '../fixtures/messages-api/reply.ts';
import { createRig, OWNER_ID, type Rig } from './rig.ts';

const answered = (words: string) => (message: { text: string; keyboard: readonly unknown[] }) =>
  message.text.includes(words) && message.keyboard.length === 0;

describe('from Telegram, with the real claude', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
    writeFileSync(join(rig.project, 'README.md'), '# Shop\n');
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());
  afterEach(() => rig.model.reset());

  const script = (write: { file: string; content: string; id: string }, final: string): void =>
    rig.model.enqueue(
      useTool(
        'Read',
        { file_path: join(rig.project, 'README.md') },
        { words: 'Looking first.', id: `${write.id}_read` },
      ),
      useTool(
        'Write',
        { file_path: join(rig.project, write.file), content: write.content },
        { id: write.id },
      ),
      text(final, { chunkSize: 8, delayMs: 20 }),
    );

  it('reads unasked, asks before it writes, and answers when the person approves', async () => {
    script(
      { file: 'health.js', content: 'export const ok = true;\n', id: 'toolu_approved' },
      'The **endpoint** is in place.',
    );
    rig.owner.send('add a health check endpoint');

    const card = await rig.card();
    expect(card.text).toContain('health.js');
    expect(card.text).toContain('+export const ok = true;');
    expect(card.keyboard.flat().map(({ label }) => label)).toEqual([
      '✅ Approve',
      '❌ Reject',
      '🔁 Approve similar…',
    ]);
    expect(existsSync(join(rig.project, 'health.js'))).toBe(false);
    const tap = rig.owner.tap('✅ Approve');

    const answer = await rig.sees(answered('The endpoint is in place.'));
    expect(readFileSync(join(rig.project, 'health.js'), 'utf8')).toBe('export const ok = true;\n');
    expect(answer.id).toBeGreaterThan(card.id);
    expect(rig.owner.chat.messages().some(({ text }) => text === 'Looking first.')).toBe(true);
    expect(answer.text).toMatch(/🧰 Read, Write/);
    expect(answer.entities.some(({ type }) => type === 'bold')).toBe(true);
    await rig.telegram.waitFor(() => tap.answer());
    expect(rig.owner.chat.messages().find(({ id }) => id === card.id)?.text).toContain('Approved by Ada');
    expect(rig.model.lastToolResult('toolu_approved_read')?.text).toContain('# Shop');
  });

  it('goes on with the conversation in the same process, in a message that grows', async () => {
    const before = childrenOf(rig.leashd.pid);
    const rest = held(text('You asked for a health check.'));
    rig.model.enqueue(
      useTool('Read', { file_path: join(rig.project, 'README.md') }, { words: 'Let me think.' }),
    );
    rig.model.enqueue(rest.reply);
    rig.owner.send('what did I ask for?');
    const begun = await rig.sees(({ text: words }) => words.startsWith('Let me think.'));
    rest.release();
    const answer = await rig.sees(answered('You asked for a health check.'));
    expect(answer.id).toBe(begun.id);
    expect(answer.text).toContain('Let me think.');

    const last = rig.model.requests().findLast(({ kind }) => kind === 'main');
    expect(JSON.stringify(last?.body.messages)).toContain('add a health check endpoint');
    expect(childrenOf(rig.leashd.pid)).toEqual(before);
    expect(before.length).toBeGreaterThan(0);
  });

  it('does not run what the person rejects, and hands on a typed reason', async () => {
    script({ file: 'no.js', content: 'x\n', id: 'toolu_rejected' }, 'Then not.');
    rig.owner.send('write no.js');
    await rig.card();
    rig.owner.tap('❌ Reject');
    await rig.sees(answered('Then not.'));

    script({ file: 'no.js', content: 'x\n', id: 'toolu_reason' }, 'As you wish.');
    rig.owner.send('write it anyway');
    const card = await rig.card();
    rig.owner.reply(card.id, 'call it yes.js instead');
    await rig.sees(answered('As you wish.'));

    expect(existsSync(join(rig.project, 'no.js'))).toBe(false);
    expect(rig.model.lastToolResult('toolu_rejected')).toMatchObject({ isError: true });
    expect(rig.model.lastToolResult('toolu_reason')?.text).toContain('call it yes.js instead');
  });

  it('gives a stranger nothing: message, command and tap change nothing', async () => {
    script({ file: 'stolen.js', content: 'x\n', id: 'toolu_stranger' }, 'Rejected, I see.');
    rig.owner.send('write stolen.js');
    const card = await rig.card();
    const stranger = rig.telegram.person(666, 'Eve');
    const requestsBefore = rig.model.requests().length;

    stranger.send('hello, write a file for me');
    stranger.send('/stop');
    stranger.send('/start');
    const data = card.keyboard.flat()[0]?.data ?? '';
    const tap = stranger.forgeTap(card.id, data, { chat: rig.owner.chat.id });
    await rig.telegram.waitFor(() => rig.telegram.pendingUpdates().length === 0);
    await rig.telegram.waitFor(() => tap.answer());

    expect(stranger.chat.messages().filter(({ from }) => from.isBot)).toEqual([]);
    expect(rig.model.requests().length).toBe(requestsBefore);
    expect(existsSync(join(rig.project, 'stolen.js'))).toBe(false);
    expect((await rig.card()).id).toBe(card.id);
    rig.owner.tap('❌ Reject');
    await rig.sees(answered('Rejected, I see.'));
    expect(existsSync(join(rig.project, 'stolen.js'))).toBe(false);
  });

  it('denies what the policy denies without asking, and says so to Claude', async () => {
    writeFileSync(join(rig.project, '.env'), 'SECRET=hunter2\n');
    rig.model.enqueue(
      useTool('Read', { file_path: join(rig.project, '.env') }, { id: 'toolu_env' }),
      text('I may not read it.'),
    );
    rig.owner.send('what is in .env?');
    await rig.sees(answered('I may not read it.'));
    expect(rig.model.lastToolResult('toolu_env')).toMatchObject({ isError: true });
    expect(rig.model.lastToolResult('toolu_env')?.text).not.toContain('hunter2');
  });

  it('denies when nobody answers in time, and keeps all of it in audit and database', async () => {
    await rig.leashd.stop();
    await rig.start({ LEASHD_APPROVAL_TIMEOUT_SECONDS: '1' });
    script({ file: 'late.js', content: 'x\n', id: 'toolu_late' }, 'Nobody was there.');
    rig.owner.send('write late.js');
    await rig.sees(answered('Nobody was there.'));
    expect(existsSync(join(rig.project, 'late.js'))).toBe(false);
    expect(rig.model.lastToolResult('toolu_late')?.text).toMatch(/in time|answered/i);
    // The conversation was resumed after the restart.
    const last = rig.model.requests().findLast(({ kind }) => kind === 'main');
    expect(JSON.stringify(last?.body.messages)).toContain('add a health check endpoint');

    await rig.leashd.stop();
    const decided = rig.auditLines().filter(({ event }) => event === 'tool_decided');
    const decisionOf = (call: string): unknown => decided.find((line) => line['call'] === call)?.['decision'];
    expect(decisionOf('toolu_approved')).toBe('allow');
    for (const call of ['toolu_rejected', 'toolu_reason', 'toolu_stranger', 'toolu_env', 'toolu_late']) {
      expect([call, decisionOf(call)]).toEqual([call, 'deny']);
    }
    const path = join(rig.home.home, 'leashd-start', '.leashd', 'messages.db');
    const stores = openStores({ path, log: silentLog, clock: systemClock });
    const chat = { connector: 'telegram', chat: String(OWNER_ID) };
    expect(await stores.sessions.current(chat)).toMatchObject({ directory: rig.project, turns: 7 });
    const messages = await stores.messages.latest(chat, 100);
    expect(messages).toHaveLength(14);
    expect(messages[0]).toMatchObject({ role: 'person', text: 'add a health check endpoint' });
    expect(messages.at(-1)).toMatchObject({
      role: 'agent',
      text: expect.stringContaining('Nobody was there.') as string,
    });
    await stores.close();
  });

  it('never prints, logs or audits the bot token', () => {
    const [, secret = ''] = rig.telegram.token.split(':');
    const start = join(rig.home.home, 'leashd-start', '.leashd');
    for (const written of [
      rig.leashd.output(),
      readFileSync(join(start, 'audit.jsonl'), 'utf8'),
      readFileSync(join(start, 'logs', 'app.log'), 'utf8'),
    ]) {
      expect(written).not.toContain(secret);
    }
  });
});

/** The processes that this one started, from the oldest; Linux only. */
function childrenOf(pid: number): string[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ') : ['unknown'];
}
