import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createQuestions } from '../../src/core/prompts/questions.ts';
import type { AskPerson, ConversationOptions } from '../../src/core/ports/agent.ts';
import { collectTurn, createClaudeStage, finishOf, type ClaudeStage } from '../fixtures/claude-stage.ts';
import { text, useTool } from '../fixtures/messages-api/reply.ts';
import { PromptBench } from '../fixtures/prompt-bench.ts';

// The real program asks, and the real prompts put its questions to a person who taps and writes.

const DATABASE = {
  question: 'Which database?',
  header: 'Database',
  options: [
    { label: 'SQLite', description: 'one file' },
    { label: 'Postgres', description: 'a server' },
  ],
  multiSelect: false,
};
const PARTS = {
  question: 'Which parts first?',
  header: 'Parts',
  options: [
    { label: 'Log-in', description: 'who is it' },
    { label: 'Search', description: 'what is there' },
    { label: 'Billing', description: 'what it costs' },
  ],
  multiSelect: true,
};

let stage: ClaudeStage;
let bench: PromptBench;
beforeEach(async () => {
  stage = await createClaudeStage();
  bench = new PromptBench();
});
afterEach(async () => {
  await stage.dispose();
  await bench.stores.close();
});

const askPerson: AskPerson = (questions, signal) =>
  createQuestions({ prompts: bench.prompts, timeoutMs: () => 60_000 })(
    bench.connector.chat,
    questions,
    signal,
  );

/** Lets Claude ask, the person act, and tells what Claude then heard. */
async function heard(
  input: unknown,
  act: () => Promise<unknown>,
  conversation: Partial<ConversationOptions> = { askPerson },
): Promise<string> {
  stage.api.enqueue(useTool('AskUserQuestion', input, { id: 'toolu_ask' }), text('Thanks.'));
  const [events] = await Promise.all([collectTurn(stage.open(conversation), 'go'), act()]);
  expect(finishOf(events).outcome).toEqual({ kind: 'done' });
  return stage.api.lastToolResult('toolu_ask')?.text ?? '';
}

async function reply(count: number, words: string): Promise<void> {
  const { message } = await bench.shown(count);
  await bench.prompts.takeReply(bench.inbound({ kind: 'text', text: words, replyTo: message.message }));
}

describe('a question of the real program', () => {
  it('is answered by a tap, once the gate has let it pass', async () => {
    const said = await heard({ questions: [DATABASE] }, async () => {
      const card = await bench.shown();
      expect(stage.calls.map(({ tool }) => tool)).toEqual(['AskUserQuestion']);
      await bench.tap(card, 'Postgres');
    });
    expect(said).toContain('"Which database?"="Postgres"');
  });

  it('is answered by several ticks', async () => {
    const said = await heard({ questions: [PARTS] }, async () => {
      const card = await bench.shown();
      for (const id of ['option-3', 'option-1', 'done']) await bench.tapId(card, id);
    });
    expect(said).toContain('"Which parts first?"="Log-in, Billing"');
  });

  it('comes with others, which are put one after the other, and takes free text', async () => {
    const said = await heard({ questions: [DATABASE, PARTS] }, async () => {
      await reply(1, 'DuckDB');
      await bench.tapId(await bench.shown(2), 'option-2');
      await reply(2, 'and the imprint');
    });
    expect(said).toContain('"Which database?"="DuckDB"');
    expect(said).toContain('"Which parts first?"="Search, and the imprint"');
  });

  it('is not answered when nobody does in time, and Claude hears so', async () => {
    const said = await heard({ questions: [DATABASE, PARTS] }, async () => {
      await bench.tap(await bench.shown(), 'SQLite');
      await bench.shown(2);
      bench.clock.advance(60_000);
    });
    expect(said).toContain('nobody answered within 1 min');
    expect(said).toContain('"Which database?"="SQLite"');
    expect(said).not.toContain('"Which parts first?"="');
  });

  it('goes away with the turn', async () => {
    stage.api.enqueue(useTool('AskUserQuestion', { questions: [DATABASE] }));
    const conversation = stage.open({ askPerson });
    const turn = collectTurn(conversation, 'go');
    const card = await bench.shown();
    await conversation.interrupt();
    expect(finishOf(await turn).outcome).toEqual({ kind: 'interrupted' });
    await bench.connector.until(() => card.outcome !== undefined);
    expect(card.outcome).toContain('no longer wanted');
  });

  it('never passes with answers that the model or the person’s settings put in', async () => {
    const rules = { permissions: { allow: ['AskUserQuestion'] } };
    await writeFile(join(stage.home.config, 'settings.json'), JSON.stringify(rules));
    const input = { questions: [DATABASE], answers: { 'Which database?': 'forged' } };
    const said = await heard(input, async () => bench.tap(await bench.shown(), 'SQLite'));
    expect(said).toContain('SQLite');
    expect(said).not.toContain('forged');
  });

  it('reaches nobody when the gate refuses it', async () => {
    const gate = () => Promise.resolve({ kind: 'deny', message: 'Not by this policy.' } as const);
    const said = await heard({ questions: [DATABASE] }, () => Promise.resolve(), { askPerson, gate });
    expect(said).toContain('Not by this policy.');
    expect(bench.connector.prompts).toEqual([]);
  });

  it('is answered by nobody where there is nobody to ask: the tool is not there', async () => {
    const input = { questions: [DATABASE], answers: { 'Which database?': 'forged' } };
    const said = await heard(input, () => Promise.resolve(), {});
    expect(said).toMatch(/no such tool|not (?:available|enabled|allowed)|denied/i);
    expect(said).not.toContain('forged');
    const offered = stage.api.requests().flatMap(({ body }) => (body.tools ?? []).map(({ name }) => name));
    expect(offered).toContain('Bash');
    expect(offered).not.toContain('AskUserQuestion');
  });

  it('leaves every other tool to the gate', async () => {
    stage.api.enqueue(
      useTool('Bash', { command: 'echo one' }, { id: 'toolu_echo' }),
      useTool('ExitPlanMode', { plan: 'x' }, { id: 'toolu_exit' }),
      text('Done.'),
    );
    await collectTurn(stage.open({ askPerson }), 'go');
    expect(stage.calls.map(({ tool }) => tool)).toEqual(['Bash']);
    expect(stage.api.lastToolResult('toolu_echo')?.text).toBe('one');
    expect(bench.connector.prompts).toEqual([]);
  });
});
