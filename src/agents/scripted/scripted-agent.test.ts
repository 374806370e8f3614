import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import type { AgentEvent, AgentSessionId, ConversationOptions } from '../../core/ports/agent.ts';
import type { ToolCall, ToolGate } from '../../core/ports/gate.ts';
import { systemClock } from '../../util/clock.ts';
import type { Script, ScriptStep, StepResult } from './script.ts';
import { createScriptedAgent, type ScriptedAgentOptions } from './scripted-agent.ts';

let directory: string;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'leashd-script-')));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const allowAll: ToolGate = async () => ({ kind: 'allow' });

function open(
  script: Script,
  gate: ToolGate = allowAll,
  more: Partial<ScriptedAgentOptions & ConversationOptions> = {},
) {
  const environment = { PATH: process.env['PATH'] };
  return createScriptedAgent({ script, delayMs: 0, clock: systemClock, environment, ...more }).open({
    directory,
    otherDirectories: [],
    instructions: '',
    maxTurns: 25,
    gate,
    gateTimeoutMs: 60_000,
    onUnprompted: () => {},
    ...more,
  });
}

async function all(events: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const seen: AgentEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

function steps(...list: readonly ScriptStep[]): Script {
  return function* play() {
    yield* list;
  };
}

const say = (text: string): ScriptStep => ({ kind: 'say', text });
const use = (tool: string, input: Record<string, unknown>): ScriptStep => ({ kind: 'tool', tool, input });

/** Plays one tool call and tells what became of it. */
async function resultOf(tool: string, input: Record<string, unknown>): Promise<StepResult | undefined> {
  let result: StepResult | undefined;
  const script: Script = function* play() {
    result = yield use(tool, input);
  };
  await all(open(script).run({ text: 'go' }));
  return result;
}

describe('the scripted agent', () => {
  it('is ready without a log-in', async () => {
    const agent = createScriptedAgent({ script: steps(), delayMs: 0, clock: systemClock, environment: {} });
    expect(await agent.readiness()).toMatchObject({ ready: true });
  });

  it('says its text in words, between its start and its end', async () => {
    const events = await all(open(steps(say('one two\n\nthree'), say('four'))).run({ text: 'go' }));
    expect(events.map(({ kind }) => kind).join(' ')).toBe(
      'started text text text text-end text text-end finished',
    );
    const text = events.flatMap((event) => (event.kind === 'text' ? [event.delta] : []));
    expect(text).toEqual(['one ', 'two\n\n', 'three', 'four']);
    expect(events.at(-1)).toMatchObject({ outcome: { kind: 'done' }, costUsd: 0 });
  });

  it('asks the gate before each tool and really does what was allowed', async () => {
    const asked: ToolCall[] = [];
    const path = join(directory, 'a.txt');
    const gate: ToolGate = async (call) => {
      asked.push(call);
      await expect(readFile(path)).rejects.toThrow('ENOENT');
      return { kind: 'allow' };
    };
    const input = { file_path: path, content: 'hello' };
    const events = await all(open(steps(use('Write', input)), gate).run({ text: 'go' }));
    expect(asked).toMatchObject([{ tool: 'Write', input, directory }]);
    expect(await readFile(path, 'utf8')).toBe('hello');
    expect(events.slice(1, -1)).toEqual([
      { kind: 'tool-started', callId: asked[0]?.id, tool: 'Write', summary: 'a.txt' },
      { kind: 'tool-ended', callId: asked[0]?.id, isError: false },
    ]);
  });

  it('does nothing that was denied, and hands the reason to the script', async () => {
    const path = join(directory, 'a.txt');
    let result: StepResult | undefined;
    const script: Script = function* play() {
      result = yield use('Bash', { command: `touch '${path}'` });
      yield say('so be it');
    };
    const events = await all(
      open(script, async () => ({ kind: 'deny', message: 'no.' })).run({ text: 'go' }),
    );
    expect(result).toEqual({ kind: 'denied', message: 'no.' });
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    expect(events.some((event) => event.kind === 'tool-ended' && event.isError)).toBe(true);
    expect(events.at(-1)).toMatchObject({ outcome: { kind: 'done' } });
  });

  it('takes a gate that fails for a denial', async () => {
    let result: StepResult | undefined;
    const script: Script = function* play() {
      result = yield use('Read', { file_path: 'a' });
    };
    await all(open(script, () => Promise.reject(new Error('broken'))).run({ text: 'go' }));
    expect(result).toEqual({ kind: 'denied', message: 'The gate failed: broken.' });
  });

  it('takes a silent gate for a denial, and tells it that the call is no longer wanted', async () => {
    const clock = manualClock();
    let given: AbortSignal | undefined;
    const silent: ToolGate = (_call, signal) => {
      given = signal;
      return new Promise(() => {});
    };
    const turn = all(
      open(steps(use('Bash', { command: 'true' })), silent, { clock, gateTimeoutMs: 1_000 }).run({
        text: 'go',
      }),
    );
    await expect.poll(() => given).toBeDefined();
    clock.advance(1_000);
    expect((await turn).at(-2)).toMatchObject({ kind: 'tool-ended', isError: true });
    expect(given?.aborted).toBe(true);
  });

  it('gives the script what a tool brought back', async () => {
    await writeFile(join(directory, 'a.txt'), 'one');
    const script: Script = function* play() {
      const read = yield use('Read', { file_path: join(directory, 'a.txt') });
      yield say(read.kind === 'done' ? read.output : 'nothing');
    };
    expect(await all(open(script).run({ text: 'go' }))).toContainEqual({ kind: 'text', delta: 'one' });
  });

  it('stops after its number of rounds', async () => {
    const call = use('Bash', { command: 'true' });
    const events = await all(open(steps(call, call, call), allowAll, { maxTurns: 2 }).run({ text: 'go' }));
    expect(events.filter(({ kind }) => kind === 'tool-started')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ outcome: { kind: 'max-turns' } });
  });

  it('ends with a failure when its script throws', async () => {
    const script: Script = function* play() {
      yield say('a');
      throw new Error('lost the thread');
    };
    expect((await all(open(script).run({ text: 'go' }))).at(-1)).toMatchObject({
      kind: 'finished',
      outcome: { kind: 'failed', reason: 'the script broke: lost the thread', isResumeStale: false },
    });
  });
});

describe('a scripted conversation', () => {
  it('keeps its name over turns, and takes up a name it is given', async () => {
    const numbers: number[] = [];
    const conversation = open(
      function* play(turn) {
        numbers.push(turn.number);
        yield say(turn.text);
      },
      allowAll,
      { resume: 'earlier' as AgentSessionId },
    );
    const first = await all(conversation.run({ text: 'a' }));
    const second = await all(conversation.run({ text: 'b' }));
    expect([first[0], second[0]]).toEqual([
      { kind: 'started', agentSession: 'earlier' },
      { kind: 'started', agentSession: 'earlier' },
    ]);
    expect(numbers).toEqual([1, 2]);
  });

  it('runs one turn at a time', async () => {
    const conversation = open(steps(say('a')));
    const first = conversation.run({ text: 'a' });
    expect(() => conversation.run({ text: 'b' })).toThrow('a second turn was started');
    await all(first);
    expect((await all(conversation.run({ text: 'b' }))).at(-1)).toMatchObject({ outcome: { kind: 'done' } });
  });

  it('can be interrupted between two words and spoken to again', async () => {
    const clock = manualClock();
    const conversation = open(steps(say('one two three')), allowAll, { clock, delayMs: 1_000 });
    const events: AgentEvent[] = [];
    const turn = (async () => {
      for await (const event of conversation.run({ text: 'go' })) events.push(event);
    })();
    await expect.poll(() => events.length).toBe(1);
    clock.advance(1_000);
    await expect.poll(() => events.length).toBe(2);
    await conversation.interrupt();
    await turn;
    expect(events.filter(({ kind }) => kind === 'text')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ kind: 'finished', outcome: { kind: 'interrupted' } });
    expect(conversation.isOpen).toBe(true);
    const again = all(conversation.run({ text: 'go' }));
    await conversation.interrupt();
    expect((await again).at(-1)).toMatchObject({ outcome: { kind: 'interrupted' } });
  });

  it('does not run a tool whose approval came after the interruption', async () => {
    const path = join(directory, 'late.txt');
    let approve = (): void => {};
    const gate: ToolGate = () => new Promise((resolve) => (approve = () => resolve({ kind: 'allow' })));
    const conversation = open(steps(use('Bash', { command: `touch '${path}'` }), say('after')), gate);
    const events: AgentEvent[] = [];
    const turn = (async () => {
      for await (const event of conversation.run({ text: 'go' })) events.push(event);
    })();
    await expect.poll(() => events.length).toBe(2);
    await conversation.interrupt();
    approve();
    await turn;
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    expect(events.map(({ kind }) => kind)).not.toContain('text');
  });

  it('ends a running command when it is closed, and opens no further turn', async () => {
    const conversation = open(steps(use('Bash', { command: 'echo begun > begun; sleep 60' })));
    const turn = all(conversation.run({ text: 'go' }));
    await expect.poll(() => readFile(join(directory, 'begun'), 'utf8').catch(() => '')).toBe('begun\n');
    const before = performance.now();
    await conversation.close();
    expect(performance.now() - before).toBeLessThan(5_000);
    expect((await turn).at(-1)).toMatchObject({ outcome: { kind: 'interrupted' } });
    expect(conversation.isOpen).toBe(false);
    expect((await all(conversation.run({ text: 'more' }))).at(-1)).toMatchObject({
      outcome: { kind: 'failed', reason: 'the conversation is closed' },
    });
    await conversation.close();
  });
});

describe('the tools of a script', () => {
  it('edits where the text stands once, and nowhere else', async () => {
    const path = join(directory, 'a.txt');
    await writeFile(path, 'one two one');
    const input = { file_path: path, old_string: 'two', new_string: '$&2' };
    expect(await resultOf('Edit', input)).toMatchObject({ kind: 'done' });
    expect(await resultOf('Edit', { ...input, old_string: 'one' })).toEqual({
      kind: 'failed',
      output: `expected the text to replace to stand once in ${path}, found it 2 times`,
    });
    expect(await resultOf('Edit', { ...input, old_string: 'none' })).toMatchObject({ kind: 'failed' });
    expect(
      await resultOf('Edit', { ...input, old_string: 'one', new_string: '1', replace_all: true }),
    ).toMatchObject({
      kind: 'done',
    });
    expect(await readFile(path, 'utf8')).toBe('1 $&2 1');
  });

  it('finds files and lines', async () => {
    await writeFile(join(directory, 'top.js'), 'let a;\nlet b;\n');
    await resultOf('Write', { file_path: join(directory, 'src/deep/x.test.js'), content: 'let b;' });
    await resultOf('Write', { file_path: join(directory, 'src/y.ts'), content: 'let (b);' });
    await resultOf('Write', { file_path: join(directory, '.git/z.js'), content: 'let b;' });
    const top = join(directory, 'top.js');
    const deep = join(directory, 'src/deep/x.test.js');
    expect(await resultOf('Glob', { pattern: '**/*.js' })).toEqual({
      kind: 'done',
      output: `${deep}\n${top}`,
    });
    expect(await resultOf('Glob', { pattern: '*.{js,ts}' })).toEqual({ kind: 'done', output: top });
    expect(await resultOf('Glob', { pattern: 'deep/?.test.js', path: join(directory, 'src') })).toEqual({
      kind: 'done',
      output: deep,
    });
    expect(await resultOf('Grep', { pattern: 'let b' })).toEqual({
      kind: 'done',
      output: 'src/deep/x.test.js:1:let b;\ntop.js:2:let b;',
    });
  });

  it('runs commands in the directory with only the environment it was given', async () => {
    expect(await resultOf('Bash', { command: 'pwd; echo "$HOME"; env | grep -c LEASHD' })).toEqual({
      kind: 'failed',
      output: `${directory}\n\n0\n`,
    });
  });

  it('says what it expected when it can’t do something', async () => {
    expect(await resultOf('Read', { file_path: join(directory, 'none') })).toMatchObject({ kind: 'failed' });
    expect(await resultOf('Read', { path: 'x' })).toMatchObject({ kind: 'failed' });
    expect(await resultOf('Teleport', {})).toEqual({
      kind: 'failed',
      output: 'expected one of Read, Write, Edit, Glob, Grep, Bash, got Teleport',
    });
  });
});
