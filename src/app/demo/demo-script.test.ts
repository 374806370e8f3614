import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Execute } from '../../agents/scripted/execute-tool.ts';
import { createScriptedAgent } from '../../agents/scripted/scripted-agent.ts';
import type { Conversation, TurnOutcome } from '../../core/ports/agent.ts';
import type { ToolCall } from '../../core/ports/gate.ts';
import { run } from '../../process/run.ts';
import { systemClock } from '../../util/clock.ts';
import { demoEnvironment } from './demo-environment.ts';
import { demoFiles } from './demo-files.ts';
import { createDemoProject, type DemoProject } from './demo-project.ts';
import { demoRequest, demoScript } from './demo-script.ts';

let project: DemoProject;
beforeEach(async () => {
  project = await createDemoProject();
});
afterEach(async () => {
  await project.remove();
});

type Played = {
  readonly said: string;
  readonly calls: readonly string[];
  readonly conversation: Conversation;
};

/** Plays the demo against a gate that refuses what `refused` matches: `Edit src/app.js`, `Bash node --test`. */
async function play(
  refused: RegExp,
  { execute, isWatched = true }: { readonly execute?: Execute; readonly isWatched?: boolean } = {},
): Promise<Played> {
  const calls: string[] = [];
  const agent = createScriptedAgent({
    script: demoScript({ isWatched }),
    delayMs: 0,
    clock: systemClock,
    environment: demoEnvironment(),
    execute,
  });
  const conversation = agent.open({
    directory: project.directory,
    otherDirectories: [],
    instructions: '',
    maxTurns: 25,
    gateTimeoutMs: 10_000,
    onUnprompted: () => {},
    gate: async (call) => {
      calls.push(named(call));
      return refused.test(named(call)) ? { kind: 'deny', message: 'not today.' } : { kind: 'allow' };
    },
  });
  const said = await saidIn(conversation, demoRequest);
  return { said, calls, conversation };
}

async function saidIn(conversation: Conversation, text: string): Promise<string> {
  let said = '';
  let outcome: TurnOutcome | undefined;
  for await (const event of conversation.run({ text })) {
    if (event.kind === 'text') said += event.delta;
    if (event.kind === 'text-end') said += '\n';
    if (event.kind === 'finished') outcome = event.outcome;
  }
  expect(outcome).toEqual({ kind: 'done' });
  return said;
}

function named({ tool, input }: ToolCall): string {
  const { file_path: file, command } = input as { file_path?: string; command?: string };
  return `${tool} ${command ?? file?.slice(project.directory.length + 1)}`;
}

function inProject(path: string): Promise<string> {
  return readFile(join(project.directory, path), 'utf8');
}

async function git(...args: readonly string[]): Promise<string> {
  const options = {
    cwd: project.directory,
    env: demoEnvironment(),
    timeoutMs: 10_000,
    maxOutputBytes: 10_000,
  };
  return (await run('git', args, options)).stdout.trim();
}

const OVERREACH = /^Read \.env$|push/;

describe('the demo’s script', () => {
  it('adds the endpoint and its test when both are approved, tests and commits them', async () => {
    const remoteBefore = await git('ls-remote', 'origin');
    const { said, calls } = await play(OVERREACH);
    expect(calls).toEqual([
      'Read src/app.js',
      'Edit src/app.js',
      'Edit test/app.test.js',
      'Bash node --test',
      'Read .env',
      'Bash git push --force origin main',
      'Bash git commit -am "Add a health check endpoint"',
    ]);
    expect(await inProject('src/app.js')).toContain(`'/health'`);
    expect(said).toContain('I am a script, not Claude');
    expect(said).toContain('All 3 tests pass.');
    expect(said).toContain('Denied, as it should be. What the gate told me:\n\n> not today.');
    expect(said).toContain('Refused: reading .env; pushing by force.');
    expect(await git('log', '-1', '--format=%s')).toBe('Add a health check endpoint');
    expect(await git('ls-remote', 'origin')).toBe(remoteBefore);
  });

  it('leaves everything as it was when the edit is rejected, and repeats the reason', async () => {
    const { said, calls } = await play(/^Edit|\.env|push/);
    expect(calls.filter((call) => /^Edit|commit/.test(call))).toEqual(['Edit src/app.js']);
    expect(await inProject('src/app.js')).toBe(demoFiles['src/app.js']);
    expect(said).toContain('src/app.js stays as it was. What I was told:\n\n> not today.');
    expect(said).toContain('All 2 tests pass.');
    expect(said).toContain('Refused: changing src/app.js;');
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('speaks of no person when nobody watches', async () => {
    const { said } = await play(/^Edit|\.env|push/, { isWatched: false });
    expect(said).toContain('leashd itself gave the safe answer: src/app.js stays as it was.');
    expect(said).not.toContain('yours to approve');
    expect(said.match(/not today/g)).toHaveLength(2);
  });

  it('goes on without its test when only that is rejected', async () => {
    const { said, calls } = await play(/^Edit test|\.env|push|commit/);
    expect(calls.at(-1)).toContain('commit');
    expect(await inProject('test/app.test.js')).toBe(demoFiles['test/app.test.js']);
    expect(said).toContain('Done: the endpoint is in src/app.js; the tests pass.');
    expect(said).toContain('committing it.');
  });

  it('ends politely when it may do nothing at all', async () => {
    const { said, calls } = await play(/./);
    expect(calls).toEqual(['Read src/app.js', 'Read .env', 'Bash git push --force origin main']);
    expect(said).toContain('I may not even read it');
    expect(said).toContain('Nothing was changed.');
  });

  it('says so when a loose policy lets it overreach, and does not repeat the secret', async () => {
    const pretend: Execute = async ({ tool }) => ({
      kind: 'done',
      output: tool === 'Read' ? 'a-secret' : '',
    });
    const { said } = await play(/^$/, { execute: pretend });
    expect(said.match(/That was allowed!/g)).toHaveLength(2);
    expect(said).not.toContain('a-secret');
  });

  it('knows no second piece', async () => {
    const { conversation } = await play(/./);
    expect(await saidIn(conversation, 'and now?')).toContain('I am a script');
  });
});
