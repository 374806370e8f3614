import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import type { SessionId } from '../ports/chat.ts';
import type { StoredMessage } from '../ports/store.ts';

describe('/history', () => {
  let bench: EngineBench;
  beforeEach(() => {
    bench = new EngineBench();
  });
  afterEach(() => bench.dispose());

  /** The clock's day and a minute past two, where this machine stands. */
  const at = (minute: number): number => new Date(2026, 0, 31, 14, minute).getTime();

  async function said(fields: Partial<StoredMessage>): Promise<void> {
    const chat = bench.connector.chat;
    const message = { session: 's' as SessionId, chat, role: 'person', text: 'hi', at: at(1) } as const;
    await bench.stores.messages.append({ ...message, ...fields });
  }

  async function history(args: string) {
    bench.clock.advance(at(30) - bench.clock.now());
    const engine = await bench.start();
    await bench.connector.act({ kind: 'command', name: 'history', args });
    await engine.idle();
    const notice = bench.connector.notices.at(-1);
    return { text: bench.connector.sent.at(-1) ?? '', file: notice?.attachment };
  }

  it('shows who said what, when, for how much', async () => {
    await said({ text: 'Add a health check', at: at(5) });
    await said({ role: 'agent', text: 'Done: `GET /health`', costUsd: 0.12, durationMs: 35_000, at: at(6) });
    const { text, file } = await history('');
    expect(text).toBe(
      'You · 14:05\nAdd a health check\n\nClaude · 14:06 · $0.12 · 35 s\nDone: `GET /health`',
    );
    expect(file).toBeUndefined();
  });

  it('shows what a turn has left, under a running one, too', async () => {
    const engine = await bench.start();
    await bench.connector.write('one');
    const turn = await bench.agent.turn(0);
    await bench.connector.act({ kind: 'command', name: 'history', args: '' });
    await bench.connector.until(() => bench.connector.sent.length === 1);
    expect(bench.connector.sent[0]).toMatch(/^You · .*\none$/);
    turn.finish();
    await engine.idle();
  });

  it('names the day when it is another one, and only the first lines', async () => {
    const yesterday = new Date(2026, 0, 30, 9, 7).getTime();
    await said({ text: `one\n\ntwo\nthree\nfour`, at: yesterday });
    await said({ text: 'x'.repeat(1000) });
    const { text } = await history('');
    expect(text).toContain('You · 2026-01-30 09:07\none\ntwo\nthree …\n');
    expect(text).toMatch(/x{240} …$/);
  });

  it('shows the last ten, more when asked, and how to see more', async () => {
    for (let number = 1; number <= 12; number += 1) await said({ text: `number ${number}.` });
    const { text } = await history('');
    expect(text).not.toContain('number 2.');
    expect(text).toMatch(/number 3\.[^]*number 12\.\n\nMore: \/history 50$/);
    expect((await history('12')).text).toMatch(/^You · 14:01\nnumber 1\.[^]*number 12\.$/);
    expect((await history('0')).text).toMatch(/^You · 14:01\nnumber 12\./);
  });

  it('looks for words, and shows where they stand', async () => {
    await said({ text: `${'long '.repeat(100)}and the Health\nof the shop` });
    await said({ text: 'the shop' });
    await said({ text: 'elsewhere: the health of the shop', chat: { connector: 'test', chat: '2' } });
    const { text } = await history('shop HEALTH');
    expect(text).toMatch(/^You · 14:01\n… [^\n]{0,80}and the Health\nof the shop$/);
    expect((await history('zebra')).text).toBe('Nobody has said “zebra” here.');
    expect((await history('a b c d e f g h i')).text).toContain('at most 8');
  });

  it('sends a file with all of it when it is too long for a message', async () => {
    for (let number = 1; number <= 30; number += 1)
      await said({ text: `number ${number} ${'long '.repeat(100)}end.` });
    const { text, file } = await history('30');
    expect(text).toBe('30 messages since 14:01:');
    expect(file?.fileName).toBe('history.txt');
    expect(String(file?.content).match(/end\./g)).toHaveLength(30);
    expect(file?.content).toMatch(/^== You · 14:01\nnumber 1 /);
  });

  it('says when there is nothing', async () => {
    expect((await history('')).text).toBe('Nothing was said here yet.');
  });
});
