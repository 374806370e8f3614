import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClaudeHome, type ClaudeHome } from '../fixtures/claude-home.ts';
import { startMessagesApi, type MessagesApi } from '../fixtures/messages-api/api.ts';
import { text, useTool } from '../fixtures/messages-api/reply.ts';
import { hasPty, readsTheQuestion } from '../fixtures/terminal/pty.ts';
import { startLeashd, type LeashdProcess } from './leashd-process.ts';

describe('in the terminal, with the real claude', () => {
  let model: MessagesApi;
  let home: ClaudeHome;
  let leashd: LeashdProcess | undefined;
  beforeEach(async () => {
    model = await startMessagesApi();
    home = await createClaudeHome(model.url);
  });
  afterEach(async () => {
    await leashd?.stop();
    await model.close();
    await home.remove();
  });

  const start = (isTty: boolean, environment: Record<string, string> = {}): LeashdProcess =>
    (leashd = startLeashd({
      args: [],
      directory: home.project,
      environment: { ...home.environment, ...environment },
      isTty,
    }));
  const scriptWrite = (id: string, final: string): void =>
    model.enqueue(
      useTool('Write', { file_path: join(home.project, 'a.txt'), content: 'hi\n' }, { id }),
      text(final),
    );

  it.skipIf(!hasPty)(
    'asks with y, n or a reason (skipped without python3, whose pty module it needs)',
    async () => {
      const terminal = start(true);
      await terminal.printed(/works in .*project/);
      await terminal.printed(/> /);

      scriptWrite('toolu_reason', 'Then b.txt.');
      terminal.write('write a file\r');
      await terminal.printed(/\[y\] [^]*Approve[^]*\[n\] [^]*Reject[^]*reason/);
      expect(terminal.output()).toContain('+hi');
      await readsTheQuestion();
      terminal.write('call it b.txt\r');
      await terminal.printed(/Then b\.txt\./);
      expect(model.lastToolResult('toolu_reason')?.text).toContain('call it b.txt');
      expect(existsSync(join(home.project, 'a.txt'))).toBe(false);

      scriptWrite('toolu_yes', 'It is written.');
      const soFar = terminal.output().length;
      terminal.write('do it\r');
      await expect.poll(() => terminal.output().slice(soFar), { timeout: 10_000 }).toMatch(/\[y\]/);
      await readsTheQuestion();
      terminal.write('y\r');
      await terminal.printed(/It is written\./);
      expect(readFileSync(join(home.project, 'a.txt'), 'utf8')).toBe('hi\n');
      terminal.write('\u0004');
      expect(await terminal.exited()).toBe(0);
    },
  );

  it('denies without a TTY, answers what was piped in, and ends', async () => {
    scriptWrite('toolu_pipe', 'I may not.');
    const terminal = start(false, { LEASHD_APPROVED_DIRECTORIES: home.project });
    terminal.write('write a file\n');
    terminal.end();
    expect(await terminal.exited()).toBe(0);
    expect(terminal.output()).toContain('I may not.');
    expect(model.lastToolResult('toolu_pipe')).toMatchObject({ isError: true });
    expect(existsSync(join(home.project, 'a.txt'))).toBe(false);
  });

  it('names its steps in the log', async () => {
    model.enqueue(text('Hello.'));
    const terminal = start(false, { LEASHD_LOG_LEVEL: 'DEBUG' });
    terminal.write('hello\n');
    terminal.end();
    await terminal.exited();
    const log = readFileSync(join(home.project, '.leashd', 'logs', 'app.log'), 'utf8');
    const events = log
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    const lifecycle = [
      'engine_building',
      'engine_built',
      'cli_starting',
      'session_created',
      'request_started',
      'agent_execute_started',
      'agent_execute_completed',
      'request_completed',
      'cli_shutting_down',
    ];
    expect(events.filter((event) => lifecycle.includes(event))).toEqual(lifecycle);
    expect(events).toContain('session_updated');
    expect(readFileSync(join(home.project, '.leashd', '.gitignore'), 'utf8')).toMatch(/^\*$/m);
  });
});

describe('without a log-in', () => {
  it('says so at once, with what to do, and offers the demo', async () => {
    const home = await createClaudeHome('http://127.0.0.1:9');
    const { ANTHROPIC_API_KEY: _, ...environment } = home.environment;
    const started = performance.now();
    const leashd = startLeashd({ args: ['start'], directory: home.project, environment });
    expect(await leashd.exited()).toBe(1);
    expect(leashd.output()).toMatch(/Claude is not ready: .+\n.+\/claude auth login.+\n/);
    expect(leashd.output()).toContain('leashd demo');
    // The retries that this spares the person take about three minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
    await home.remove();
  });
});
