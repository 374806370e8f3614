import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionId } from '../../core/ports/chat.ts';
import type { StoredMessage } from '../../core/ports/store.ts';
import { openDatabase } from '../../storage/database.ts';
import { openStores } from '../../storage/open-stores.ts';
import { systemClock } from '../../util/clock.ts';
import { silentLog } from '../../util/log.ts';
import { runCli } from '../run-cli.ts';

const NOON = Date.parse('2026-01-31T12:00:00Z');
const phone = { connector: 'telegram', chat: '42' };
const topic = { ...phone, thread: '7' };
const desk = { connector: 'terminal', chat: 'local' };

let folder = '';
let path = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-history-cli-')));
  mkdirSync(join(folder, 'home'));
  path = join(folder, '.leashd', 'messages.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function history(...args: readonly string[]) {
  return historyIn({}, ...args);
}

async function historyIn(environment: NodeJS.ProcessEnv, ...args: readonly string[]) {
  let output = '';
  let errors = '';
  const into = (take: (text: string) => void): Writable =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        take(chunk.toString());
        done();
      },
    });
  const status = await runCli(['history', ...args], {
    input: new PassThrough().end(),
    output: into((text) => (output += text)),
    errorOutput: into((text) => (errors += text)),
    isTty: false,
    environment,
    startDirectory: folder,
    homeDirectory: join(folder, 'home'),
    untilStopped: () => new Promise(() => {}),
  });
  return { status, output, errors };
}

/** A minute between two of them, from noon on. */
async function say(...messages: readonly Partial<StoredMessage>[]): Promise<void> {
  const stores = openStores({ path, log: silentLog, clock: systemClock });
  const base = { session: 's1' as SessionId, chat: phone, role: 'person', text: 'hi' } as const;
  for (const [index, message] of messages.entries())
    await stores.messages.append({ ...base, at: NOON + index * 60_000, ...message });
  await stores.close();
}

const answer: Partial<StoredMessage> = { role: 'agent', text: 'Done.', costUsd: 0.12, durationMs: 35_000 };

describe('leashd history', () => {
  it('shows what was said where, oldest first', async () => {
    await say({ text: 'Add a health\ncheck' }, answer, { chat: desk, session: 's2' as SessionId });
    const { status, output, errors } = await history();
    expect([status, errors]).toEqual([0, '']);
    expect(output).toBe(
      [
        'telegram:42, session s1',
        '2026-01-31 12:00:00 person',
        '  Add a health',
        '  check',
        '2026-01-31 12:01:00 agent · $0.12 · 35 s',
        '  Done.',
        '',
        'terminal:local, session s2',
        '2026-01-31 12:02:00 person',
        '  hi',
        '',
      ].join('\n'),
    );
  });

  it('is for programs with --json, each message whole on its line', async () => {
    const text = 'line\n'.repeat(50) + '\u009b31m';
    await say({ text }, answer);
    const { output } = await history('--json');
    expect(output).not.toContain('\u009b');
    expect(
      output
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { at: '2026-01-31T12:00:00.000Z', chat: 'telegram:42', session: 's1', role: 'person', text },
      {
        at: '2026-01-31T12:01:00.000Z',
        chat: 'telegram:42',
        session: 's1',
        role: 'agent',
        text: 'Done.',
        costUsd: 0.12,
        durationMs: 35_000,
      },
    ]);
  });

  it('is filtered by chat, session, role, time and text', async () => {
    const b = { session: 's2' as SessionId };
    await say(
      { text: 'one' },
      { ...answer, text: 'two' },
      { ...b, text: 'three' },
      { chat: topic, text: 'four' },
    );
    await say({ chat: desk, text: 'fünf ÄPFEL', at: NOON + 86_400_000 });
    const texts = async (...args: readonly string[]): Promise<string[]> =>
      [...(await history('--json', ...args)).output.matchAll(/"text":"(.*?)"/g)].map(([, text = '']) => text);
    expect(await texts('--chat', 'telegram:42')).toEqual(['one', 'two', 'three']);
    expect(await texts('--chat', 'terminal')).toEqual(['fünf ÄPFEL']);
    expect(await texts('--session', 's2')).toEqual(['three']);
    expect(await texts('--role', 'agent')).toEqual(['two']);
    expect(await texts('--since', '2026-01-31T12:02Z', '--until', '2026-02-01')).toEqual(['three', 'four']);
    expect(await texts('--grep', 'äpfel')).toEqual(['fünf ÄPFEL']);
    expect(await texts('--grep', 'O', '--limit', '0')).toEqual(['one', 'two', 'four']);
    expect(await texts('--limit', '2')).toEqual(['four', 'fünf ÄPFEL']);
    expect(await history('--grep', 'zebra')).toEqual({
      status: 0,
      output: '',
      errors: 'Nothing in the history fits.\n',
    });
  });

  it('shows how long messages begin, and all of them with --full', async () => {
    await say({ text: Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n') });
    expect((await history()).output).toMatch(/line 5\n {2}…\n$/);
    expect((await history('--full')).output).toMatch(/line 18\n {2}line 19\n$/);
    expect((await history('--json')).output).toContain('line 19');
  });

  it('lets no message command the terminal', async () => {
    await say({ text: 'a\u001b[2Jb\u009b31m\rc\td' });
    // oxlint-disable-next-line no-control-regex -- they are what must not be there
    expect((await history('--full')).output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('says when there is none, and makes none', async () => {
    const missing = await history();
    expect([missing.status, missing.errors]).toEqual([2, expect.stringContaining(`no history yet: ${path}`)]);
    await say();
    expect(await history()).toMatchObject({ status: 0, output: '' });
    const memory = await historyIn({ LEASHD_STORAGE_BACKEND: 'memory' });
    expect([memory.status, memory.errors]).toEqual([2, expect.stringContaining('keeps no history')]);
  });

  it('refuses the database of a newer leashd, in words', async () => {
    await say({});
    const database = openDatabase(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const { status, errors } = await history();
    expect([status, errors]).toEqual([2, expect.stringMatching(/version 99, made by a newer leashd/)]);
  });

  it.each([
    [['--role', 'claude'], 'expected person or agent, got "claude"'],
    [['--limit', 'many'], '--limit: expected a number, got "many"'],
    [['--since', 'soon'], '--since: expected a time'],
    [['--chat', '43'], 'expected one of telegram:42, telegram:42:7, got "43"'],
    [['--chat', 'tele'], '"tele" fits several chats: telegram:42, telegram:42:7'],
    [['health'], 'too many arguments'],
  ])('answers %j with what was expected', async (args, said) => {
    await say({}, { chat: topic });
    const { status, errors } = await history(...args);
    expect([status, errors]).toEqual([2, expect.stringContaining(said)]);
  });
});
