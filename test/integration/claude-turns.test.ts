import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ToolGate } from '../../src/core/ports/gate.ts';
import { run } from '../../src/process/run.ts';
import {
  collectTurn,
  createClaudeStage,
  finishOf,
  textOf,
  type ClaudeStage,
} from '../fixtures/claude-stage.ts';
import { held, message, text, toolUse, useTool } from '../fixtures/messages-api/reply.ts';

// The real `claude` against a scripted Messages API on loopback.

let stage: ClaudeStage;
beforeEach(async () => {
  stage = await createClaudeStage();
});
afterEach(async () => stage.dispose());

async function commandLineOf(pid: number): Promise<string> {
  const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)], {
    cwd: stage.home.project,
    env: stage.home.environment,
    timeoutMs: 5000,
    maxOutputBytes: 1_000_000,
  });
  return stdout;
}

describe('a turn', () => {
  it('streams its text, and tells how it ended, what it cost and as which session', async () => {
    stage.api.enqueue(
      text('Hello there.', { chunkSize: 4, usage: { input_tokens: 1000, output_tokens: 100 } }),
    );
    const events = await collectTurn(stage.open(), 'hi');
    expect(events.map((event) => event.kind)).toEqual([
      'started',
      'text',
      'text',
      'text',
      'text-end',
      'finished',
    ]);
    expect(textOf(events)).toBe('Hello there.');
    const finished = finishOf(events);
    expect(finished.outcome).toEqual({ kind: 'done' });
    expect(finished.agentSession).toMatch(/^[0-9a-f-]{36}$/);
    expect(finished.costUsd).toBeGreaterThan(0);
    expect(finished.durationMs).toBeGreaterThan(0);
    expect(stage.api.requests().map((request) => request.prompt)).toEqual(['hi']);
  });

  it('hands each call to the gate as it would be executed, and executes what is allowed', async () => {
    await writeFile(join(stage.home.project, 'in.txt'), 'what it says\n');
    const read = toolUse('Read', { file_path: join(stage.home.project, 'in.txt') });
    const write = toolUse('Write', { file_path: join(stage.home.project, 'out.txt'), content: 'written' });
    stage.api.enqueue(
      message([{ type: 'text', text: 'First I read.' }, read]),
      message([write]),
      text('Done.'),
    );
    const events = await collectTurn(stage.open(), 'copy it');
    expect(stage.calls).toEqual(
      [read, write].map((block) =>
        block.type === 'tool_use'
          ? {
              id: block.id,
              tool: block.name,
              input: block.input,
              directory: stage.home.project,
              subagent: undefined,
            }
          : block,
      ),
    );
    expect(await readFile(join(stage.home.project, 'out.txt'), 'utf8')).toBe('written');
    expect(events.filter((event) => event.kind.startsWith('tool'))).toEqual([
      { kind: 'tool-started', callId: stage.calls[0]?.id, tool: 'Read', summary: 'in.txt' },
      { kind: 'tool-ended', callId: stage.calls[0]?.id, isError: false },
      { kind: 'tool-started', callId: stage.calls[1]?.id, tool: 'Write', summary: 'out.txt' },
      { kind: 'tool-ended', callId: stage.calls[1]?.id, isError: false },
    ]);
    expect(stage.api.lastToolResult(stage.calls[0]?.id ?? '')?.text).toContain('what it says');
  });

  it('does not execute what is denied, and tells the model why', async () => {
    const write = toolUse(
      'Write',
      { file_path: join(stage.home.project, 'out.txt'), content: 'x' },
      'toolu_w',
    );
    stage.api.enqueue(message([write]), text('I see.'));
    const gate: ToolGate = () => Promise.resolve({ kind: 'deny', message: 'Not in this house.' });
    const events = await collectTurn(stage.open({ gate }), 'write');
    expect(existsSync(join(stage.home.project, 'out.txt'))).toBe(false);
    expect(stage.api.lastToolResult('toolu_w')).toMatchObject({ isError: true });
    expect(stage.api.lastToolResult('toolu_w')?.text).toContain('Not in this house.');
    expect(finishOf(events).outcome.kind).toBe('done');
  });

  it('does not execute what the gate fails on', async () => {
    stage.api.enqueue(useTool('Bash', { command: 'touch ran' }, { id: 'toolu_b' }), text('I see.'));
    const gate: ToolGate = () => Promise.reject(new Error('broken'));
    await collectTurn(stage.open({ gate }), 'go');
    expect(existsSync(join(stage.home.project, 'ran'))).toBe(false);
    expect(stage.api.lastToolResult('toolu_b')?.isError).toBe(true);
  });

  it('does not execute what nobody answers in time', async () => {
    stage.api.enqueue(useTool('Bash', { command: 'touch ran' }, { id: 'toolu_b' }), text('I see.'));
    await collectTurn(stage.open({ gate: () => new Promise(() => {}), gateTimeoutMs: 50 }), 'go');
    expect(existsSync(join(stage.home.project, 'ran'))).toBe(false);
    expect(stage.api.lastToolResult('toolu_b')?.text).toContain('Nobody answered in time');
  });

  it('gates what a helper wants to do, and names the helper', async () => {
    stage.api.enqueue(
      useTool('Agent', {
        description: 'look',
        prompt: 'HELPER go',
        subagent_type: 'general-purpose',
        run_in_background: false,
      }),
      text('Done.'),
    );
    stage.api.on(
      (request) => request.kind === 'subagent' && request.prompt.includes('HELPER'),
      useTool('Bash', { command: 'touch ran' }, { id: 'toolu_sub' }),
      { times: 1 },
    );
    const gate: ToolGate = (call) => {
      stage.calls.push(call);
      return Promise.resolve(
        call.subagent === undefined ? { kind: 'allow' } : { kind: 'deny', message: 'no' },
      );
    };
    const events = await collectTurn(stage.open({ gate }), 'delegate');
    expect(stage.calls.map(({ tool, subagent }) => [tool, subagent])).toEqual([
      ['Agent', undefined],
      ['Bash', 'general-purpose'],
    ]);
    expect(existsSync(join(stage.home.project, 'ran'))).toBe(false);
    expect(textOf(events)).toBe('Done.');
  });

  it('tells the gate where the shell is now', async () => {
    await mkdir(join(stage.home.project, 'sub'));
    stage.api.enqueue(
      useTool('Bash', { command: 'cd sub' }),
      useTool('Bash', { command: 'pwd' }),
      text('Done.'),
    );
    await collectTurn(stage.open(), 'go');
    expect(stage.calls.map((call) => call.directory)).toEqual([
      stage.home.project,
      join(stage.home.project, 'sub'),
    ]);
  });

  it('gates the tools of the person’s MCP servers, and starts those servers alone', async () => {
    const id = 'toolu_mcp';
    stage.api.enqueue(useTool('mcp__echo__say', { words: 'hello' }, { id }), text('Done.'));
    const echo = join(import.meta.dirname, '..', 'fixtures', 'mcp-echo-child.ts');
    const mcpServers = {
      echo: { type: 'stdio', command: process.execPath, args: [echo], env: { ECHO_KEY: 'mcp-secret' } },
    } as const;
    const conversation = stage.open({}, { mcpServers });
    await collectTurn(conversation, 'say hello');
    expect(stage.calls).toMatchObject([{ tool: 'mcp__echo__say', input: { words: 'hello' } }]);
    expect(stage.api.lastToolResult(id)?.text).toBe('hello with mcp-secret');
    expect(await commandLineOf(await stage.pidOf(conversation))).not.toContain('mcp-secret');
  });

  it('runs in the person’s environment, without secrets and leashd’s own settings', async () => {
    const environment = {
      ...stage.home.environment,
      LEASHD_TELEGRAM_BOT_TOKEN: '7:token',
      COPY: 'has 7:token in it',
      MINE: 'kept',
    };
    stage.api.enqueue(useTool('Bash', { command: 'env' }, { id: 'toolu_env' }), text('Done.'));
    await collectTurn(stage.open({}, { environment, secrets: ['7:token'] }), 'env');
    const seen = stage.api.lastToolResult('toolu_env')?.text ?? '';
    expect(seen).toContain('MINE=kept');
    expect(seen).not.toMatch(/7:token|LEASHD_/);
  });

  it('ends after its rounds, and leaves the conversation usable', async () => {
    for (let round = 0; round < 3; round += 1)
      stage.api.enqueue(useTool('Bash', { command: `echo ${round}` }));
    const conversation = stage.open({ maxTurns: 2 });
    expect(finishOf(await collectTurn(conversation, 'loop')).outcome).toEqual({ kind: 'max-turns' });
    expect(stage.calls).toHaveLength(2);
    expect(conversation.isOpen).toBe(true);
    stage.api.reset();
    stage.api.enqueue(useTool('Bash', { command: 'echo more' }), text('And on.'));
    const events = await collectTurn(conversation, 'go on');
    expect(textOf(events)).toBe('And on.');
    expect(finishOf(events).outcome).toEqual({ kind: 'done' });
  });

  it('refuses to run beside another', async () => {
    const { reply, release } = held(text('late'));
    stage.api.enqueue(reply);
    const conversation = stage.open();
    const first = collectTurn(conversation, 'one');
    expect(() => conversation.run({ text: 'two' })).toThrow('before the last one had finished');
    release();
    expect(textOf(await first)).toBe('late');
  });
});

describe('instructions', () => {
  it('reach the model, with the project’s own and the person’s, and change when it is resumed', async () => {
    await writeFile(join(stage.home.project, 'CLAUDE.md'), 'PROJECT RULE');
    await writeFile(join(stage.home.config, 'CLAUDE.md'), 'PERSONAL RULE');
    stage.api.enqueue(text('one'), text('two'));
    const first = stage.open({ instructions: 'MODE ONE' });
    const { agentSession } = finishOf(await collectTurn(first, 'a'));
    await first.close();
    await collectTurn(stage.open({ instructions: 'MODE TWO', resume: agentSession }), 'b');
    const [before = '', after = ''] = stage.api.requests().map((request) => JSON.stringify(request.body));
    for (const words of ['PROJECT RULE', 'PERSONAL RULE', 'MODE ONE']) {
      expect(before).toContain(words);
    }
    expect(after).toContain('MODE TWO');
    expect(after).not.toContain('MODE ONE');
  });

  it('may be long, and are no argument that others on the machine could read', async () => {
    await writeFile(join(stage.home.project, 'CLAUDE.md'), 'x'.repeat(200_000));
    const conversation = stage.open({ instructions: 'PRIVATE WORDS' });
    const pid = await stage.pidOf(conversation);
    expect(JSON.stringify(stage.api.requests()[0]?.body)).toContain('PRIVATE WORDS');
    const commandLine = await commandLineOf(pid);
    expect(commandLine).toContain('claude');
    expect(commandLine).not.toContain('PRIVATE WORDS');
  });

  it('are taken as they are written: no file is read and no command is run for them', async () => {
    await writeFile(join(stage.home.project, 'notes.txt'), 'NOTES INSIDE');
    stage.api.enqueue(text('ok'), text('ok'));
    const conversation = stage.open();
    await collectTurn(conversation, 'look at @notes.txt');
    await collectTurn(conversation, '/clear');
    expect(stage.api.requests().map((request) => request.prompt)).toEqual(['look at @notes.txt', '/clear']);
    expect(JSON.stringify(stage.api.requests())).not.toContain('NOTES INSIDE');
  });

  it('offer no tool that needs a person in front of Claude Code', async () => {
    stage.api.enqueue(text('ok'));
    await collectTurn(stage.open(), 'hi');
    const body = stage.api.requests()[0]?.body;
    const listed = JSON.stringify(body?.messages).split('\\n');
    const names = [...(body?.tools ?? []).map((tool) => tool.name), ...listed];
    expect(names).toContain('Bash');
    expect(names).toContain('WebFetch');
    expect(names).not.toContain('AskUserQuestion');
    expect(names).not.toContain('EnterPlanMode');
    expect(names).not.toContain('ExitPlanMode');
  });
});
