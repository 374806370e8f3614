import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentSessionId } from '../../src/core/ports/agent.ts';
import type { ToolGate } from '../../src/core/ports/gate.ts';
import {
  collectTurn,
  createClaudeStage,
  finishOf,
  isAlive,
  textOf,
  type ClaudeStage,
} from '../fixtures/claude-stage.ts';
import type { RecordedRequest } from '../fixtures/messages-api/request.ts';
import { failure, held, text, useTool } from '../fixtures/messages-api/reply.ts';

// The real `claude` against a scripted Messages API on loopback.

let stage: ClaudeStage;
beforeEach(async () => {
  stage = await createClaudeStage();
});
afterEach(async () => stage.dispose());

describe('a conversation', () => {
  it('goes on in the same process and session, and tells each turn’s own cost', async () => {
    const conversation = stage.open();
    const pid = await stage.pidOf(conversation);
    const usage = { input_tokens: 2000, output_tokens: 200 };
    stage.api.enqueue(text('one', { usage }), text('two', { usage }));
    const first = finishOf(await collectTurn(conversation, 'a'));
    const second = finishOf(await collectTurn(conversation, 'b'));
    expect(await stage.pidOf(conversation)).toBe(pid);
    expect(second.agentSession).toBe(first.agentSession);
    expect(second.costUsd).toBeCloseTo(first.costUsd, 6);
    expect(stage.api.requests().at(-1)?.body.messages.length).toBeGreaterThan(6);
  });

  it('ends its process when it is closed, and is taken up again by another, at its own cost', async () => {
    const usage = { input_tokens: 2000, output_tokens: 200 };
    const first = stage.open();
    const pid = await stage.pidOf(first);
    stage.api.enqueue(text('one', { usage }), text('two', { usage }));
    const before = finishOf(await collectTurn(first, 'remember 42'));
    await first.close();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 2000 });
    expect(first.isOpen).toBe(false);
    expect(finishOf(await collectTurn(first, 'x')).outcome).toMatchObject({
      kind: 'failed',
      isResumeStale: false,
    });

    const second = stage.open({ resume: before.agentSession });
    const after = finishOf(await collectTurn(second, 'what?'));
    expect(after.agentSession).toBe(before.agentSession);
    expect(after.costUsd).toBeCloseTo(before.costUsd, 6);
    expect(JSON.stringify(stage.api.requests().at(-1)?.body)).toContain('remember 42');
  });

  it('says that the session to resume is gone', async () => {
    const gone = '11111111-1111-4111-8111-111111111111' as AgentSessionId;
    const conversation = stage.open({ resume: gone });
    const finished = finishOf(await collectTurn(conversation, 'hi'));
    expect(finished).toMatchObject({ outcome: { kind: 'failed', isResumeStale: true } });
    expect(finished.agentSession).toBeUndefined();
    expect(conversation.isOpen).toBe(false);
    const odd = stage.open({ resume: 'no-id-at-all' as AgentSessionId });
    expect(finishOf(await collectTurn(odd, 'hi')).outcome).toMatchObject({ isResumeStale: true });
    expect(stage.api.requests()).toEqual([]);
  });

  it('tells what Claude Code does by itself apart from the turns', async () => {
    const { reply, release } = held(text('It ended.'));
    stage.api.enqueue(
      useTool('Bash', { command: 'sleep 0.5; echo', run_in_background: true, description: 'x' }),
      text('Started.'),
    );
    const isNotice = (request: RecordedRequest): boolean =>
      JSON.stringify(request.body.messages.findLast(({ role }) => role === 'user')).includes(
        '<task-notification>',
      );
    stage.api.on(isNotice, reply, { times: 1 });
    const conversation = stage.open();
    const first = await collectTurn(conversation, 'start it');
    expect(textOf(first)).toBe('Started.');
    await stage.api.waitFor(isNotice);
    stage.api.enqueue(text('Second.'));
    const second = collectTurn(conversation, 'and now?');
    release();
    expect(textOf(await second)).toBe('Second.');
    expect(textOf(stage.unprompted)).toBe('It ended.');
    expect(finishOf(stage.unprompted).costUsd).toBeGreaterThan(0);
  });
});

describe('interrupting', () => {
  it('ends a turn that waits for the gate, and tells the gate', async () => {
    stage.api.enqueue(useTool('Bash', { command: 'touch ran' }));
    const asked = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    const gate: ToolGate = (_call, signal) => {
      signal.addEventListener('abort', () => told.resolve());
      asked.resolve();
      return new Promise(() => {});
    };
    const conversation = stage.open({ gate });
    const running = collectTurn(conversation, 'go');
    await asked.promise;
    await conversation.interrupt();
    expect(finishOf(await running).outcome).toEqual({ kind: 'interrupted' });
    await told.promise;
    expect(existsSync(join(stage.home.project, 'ran'))).toBe(false);
    stage.api.enqueue(text('Still here.'));
    expect(textOf(await collectTurn(conversation, 'hello?'))).toBe('Still here.');
  });

  it('ends a running command with the turn', async () => {
    stage.api.enqueue(useTool('Bash', { command: 'echo $$ > pid; tail -f /dev/null' }));
    const conversation = stage.open();
    const running = collectTurn(conversation, 'go');
    const pidFile = join(stage.home.project, 'pid');
    await vi.waitFor(() => expect(existsSync(pidFile)).toBe(true), { timeout: 8000 });
    await conversation.interrupt();
    expect(finishOf(await running).outcome).toEqual({ kind: 'interrupted' });
    const pid = Number(await readFile(pidFile, 'utf8'));
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 3000 });
  });

  it('ends a turn that has only just begun', async () => {
    stage.api.enqueue(text('too late'));
    const conversation = stage.open();
    const running = collectTurn(conversation, 'go');
    await conversation.interrupt();
    expect(finishOf(await running).outcome).toEqual({ kind: 'interrupted' });
    expect(conversation.isOpen).toBe(true);
  });

  it('ends a turn while the model speaks, also when its listener goes away', async () => {
    stage.api.enqueue(text('word '.repeat(400), { chunkSize: 5, delayMs: 20 }));
    const conversation = stage.open();
    for await (const event of conversation.run({ text: 'talk' })) if (event.kind === 'text') break;
    await vi.waitFor(() => expect(() => conversation.run({ text: 'x' })).not.toThrow(), { timeout: 3000 });
    await conversation.close();
  });

  it('is harmless between turns and before the first', async () => {
    const conversation = stage.open();
    await conversation.interrupt();
    stage.api.enqueue(text('fine'));
    expect(textOf(await collectTurn(conversation, 'hi'))).toBe('fine');
    await conversation.interrupt();
  });
});

describe('closing', () => {
  it('ends a busy turn and its command within five seconds', async () => {
    stage.api.enqueue(useTool('Bash', { command: 'echo $$ > pid; tail -f /dev/null' }));
    const conversation = stage.open();
    const running = collectTurn(conversation, 'go');
    const pidFile = join(stage.home.project, 'pid');
    await vi.waitFor(() => expect(existsSync(pidFile)).toBe(true), { timeout: 8000 });
    const begun = performance.now();
    await conversation.close();
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(finishOf(await running).outcome).toEqual({ kind: 'interrupted' });
    const pid = Number(await readFile(pidFile, 'utf8'));
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 1000 });
  });

  it('is harmless before the first turn, while it starts, and when repeated', async () => {
    const conversation = stage.open();
    await conversation.close();
    await conversation.close();
    const starting = stage.open();
    const running = collectTurn(starting, 'go');
    await starting.close();
    expect(finishOf(await running).outcome).toEqual({ kind: 'interrupted' });
    await starting.close();
  });
});

describe('faults', () => {
  it('ends a turn at once when the log-in is refused, and can go on after a log-in', async () => {
    stage.api.on('hi', failure(401, 'invalid x-api-key'));
    const conversation = stage.open();
    const finished = finishOf(await collectTurn(conversation, 'hi'));
    // Claude Code would try ten times more; on a busy machine one of them may slip out before it is ended.
    expect(stage.api.requests().length).toBeLessThanOrEqual(2);
    expect(finished.outcome).toMatchObject({ kind: 'failed', isResumeStale: false });
    expect(finished.outcome).toHaveProperty('reason', expect.stringContaining('not logged in'));
    expect(finished.outcome).toHaveProperty('hint', expect.stringContaining('auth login'));
    expect(conversation.isOpen).toBe(false);
    stage.api.reset();
    stage.api.enqueue(text('welcome'));
    const again = stage.open({ resume: finished.agentSession });
    expect(textOf(await collectTurn(again, 'hi again'))).toBe('welcome');
  });

  it('says that the API refused, without streaming the refusal as an answer', async () => {
    stage.api.on('hi', failure(403, 'forbidden'));
    const events = await collectTurn(stage.open(), 'hi');
    expect(textOf(events)).toBe('');
    expect(finishOf(events).outcome).toHaveProperty('hint', expect.stringContaining('auth login'));
  });

  it('tells of retries and goes on when the API recovers', async () => {
    stage.api.on('hi', failure(429, 'slow down', { retryAfterSeconds: 0 }), { times: 1 });
    stage.api.enqueue(text('now'));
    const events = await collectTurn(stage.open(), 'hi');
    expect(events).toContainEqual({ kind: 'retrying', attempt: 1, reason: 'the rate limit is reached' });
    expect(textOf(events)).toBe('now');
  });

  it('ends the turn when the process is killed, and can be resumed', async () => {
    const conversation = stage.open();
    const pid = await stage.pidOf(conversation);
    const { reply } = held(text('never'));
    stage.api.on('die', reply);
    const running = collectTurn(conversation, 'die');
    await stage.api.waitFor('die');
    process.kill(pid, 'SIGKILL');
    const finished = finishOf(await running);
    expect(finished.outcome).toMatchObject({ kind: 'failed', isResumeStale: false });
    expect(conversation.isOpen).toBe(false);
    stage.api.enqueue(text('back'));
    const again = stage.open({ resume: finished.agentSession });
    expect(textOf(await collectTurn(again, 'and?'))).toBe('back');
  });

  it('says so when there is no such program', async () => {
    const conversation = stage.open({}, { claudePath: join(stage.home.project, 'no-claude') });
    expect(finishOf(await collectTurn(conversation, 'hi')).outcome).toMatchObject({ kind: 'failed' });
    expect(conversation.isOpen).toBe(false);
  });
});
