import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labels, PromptBench } from '../../../test/fixtures/prompt-bench.ts';
import type { AgentQuestion } from '../ports/agent.ts';
import { createQuestions } from './questions.ts';

const DATABASE: AgentQuestion = {
  question: 'Which database?',
  header: 'Database',
  options: [
    { label: 'SQLite', description: 'one file, no server' },
    { label: 'Postgres', description: 'a server of its own' },
  ],
  isMultiple: false,
};
const PARTS: AgentQuestion = {
  question: 'Which parts first?',
  header: 'Parts',
  options: [{ label: 'Log-in' }, { label: 'Search' }, { label: 'Billing' }],
  isMultiple: true,
};

describe('questions of the agent', () => {
  let bench: PromptBench;
  const ask = (...questions: readonly AgentQuestion[]): ReturnType<ReturnType<typeof createQuestions>> =>
    createQuestions({ prompts: bench.prompts, timeoutMs: () => 120_000 })(
      bench.connector.chat,
      questions,
      bench.abort.signal,
    );
  beforeEach(() => {
    bench = new PromptBench();
  });
  afterEach(() => bench.stores.close());

  it('are answered by one tap, and the card keeps the answer', async () => {
    const answers = ask(DATABASE);
    const card = await bench.shown();
    expect(card.view.body.text).toBe(
      '❓ Claude asks · Database\n\nWhich database?\n\n1. SQLite – one file, no server\n2. Postgres – a server of its own',
    );
    expect(labels(card)).toEqual(['SQLite', 'Postgres']);
    expect(card.view.choices.map(({ key }) => key)).toEqual(['1', '2']);
    await bench.tap(card, 'Postgres');
    expect(await answers).toEqual({ kind: 'answered', answers: [['Postgres']] });
    await bench.prompts.settled();
    expect(card.outcome).toMatch(/^💬 Ada, \d\d:\d\d: Postgres$/);
  });

  it('are ticked on and off where several may be right, until Done', async () => {
    const answers = ask(PARTS);
    const card = await bench.shown();
    expect(labels(card)).toEqual(['☐ Log-in', '☐ Search', '☐ Billing', '✅ Done']);
    expect(await bench.tap(card, '✅ Done')).toEqual({
      notice: 'Nothing is ticked yet: tick something, or write your own answer.',
    });
    await bench.tap(card, '☐ Billing');
    await bench.settled();
    await bench.tap(card, '☐ Search');
    await bench.settled();
    await bench.tap(card, '☐ Log-in');
    await bench.settled();
    await bench.tap(card, '☑ Search');
    await bench.settled();
    expect(labels(card)).toEqual(['☑ Log-in', '☐ Search', '☑ Billing', '✅ Done (2)']);
    expect(bench.prompts.openIn(bench.connector.chat)).toBe(1);
    await bench.tap(card, '✅ Done (2)');
    expect(await answers).toEqual({ kind: 'answered', answers: [['Log-in', 'Billing']] });
    await bench.prompts.settled();
    expect(card.outcome).toMatch(/: Log-in, Billing$/);
  });

  it('count taps that come faster than the buttons change', async () => {
    const answers = ask(PARTS);
    const card = await bench.shown();
    await Promise.all(['option-1', 'option-2', 'option-1'].map((id) => bench.tapId(card, id)));
    await bench.tapId(card, 'done');
    expect(await answers).toEqual({ kind: 'answered', answers: [['Search']] });
  });

  it('keep what is ticked when the card is shown anew further down', async () => {
    const answers = ask(PARTS);
    await bench.tap(await bench.shown(), '☐ Search');
    await bench.prompts.bringUp(bench.connector.chat);
    const anew = await bench.shown(2);
    expect(labels(anew)).toEqual(['☐ Log-in', '☑ Search', '☐ Billing', '✅ Done (1)']);
    await bench.tap(anew, '✅ Done (1)');
    expect(await answers).toMatchObject({ answers: [['Search']] });
  });

  it('come one after the other, and say how many there are', async () => {
    const answers = ask(DATABASE, PARTS);
    const first = await bench.shown();
    expect(first.view.body.text).toContain('Claude asks (1 of 2) · Database');
    expect(bench.connector.prompts).toHaveLength(1);
    await bench.tap(first, 'SQLite');
    const second = await bench.shown(2);
    expect(second.view.body.text).toContain('Claude asks (2 of 2) · Parts');
    await bench.tap(second, '☐ Log-in');
    await bench.tapId(second, 'done');
    expect(await answers).toEqual({ kind: 'answered', answers: [['SQLite'], ['Log-in']] });
  });

  it('take the person’s own words, with what is ticked', async () => {
    const own = async (count: number, text: string): Promise<void> => {
      const { message } = await bench.shown(count);
      await bench.prompts.takeReply(bench.inbound({ kind: 'text', text, replyTo: message.message }));
    };
    const answers = ask(DATABASE, PARTS);
    expect((await bench.shown()).view.textHint).toBe('write your own answer');
    await own(1, ' DuckDB, it is for reports ');
    await bench.tap(await bench.shown(2), '☐ Search');
    await own(2, 'and the imprint');
    expect(await answers).toEqual({
      kind: 'answered',
      answers: [['DuckDB, it is for reports'], ['Search', 'and the imprint']],
    });
    await bench.prompts.settled();
    expect(bench.connector.prompts[0]?.outcome).toMatch(/: DuckDB, it is for reports$/);
  });

  it('end with the first that nobody answers in time, and keep the answers before it', async () => {
    const answers = ask(DATABASE, PARTS, DATABASE);
    await bench.tap(await bench.shown(), 'SQLite');
    const second = await bench.shown(2);
    bench.clock.advance(120_000);
    expect(await answers).toEqual({
      kind: 'unanswered',
      reason: 'nobody answered within 2 min',
      answers: [['SQLite']],
    });
    await bench.prompts.settled();
    expect(second.outcome).toMatch(/nobody answered in time; Claude has been told$/);
    expect(bench.connector.prompts).toHaveLength(2);
  });

  it('end when they are no longer wanted, and when the person stops the turn', async () => {
    const stopped = ask(DATABASE);
    await bench.shown();
    bench.prompts.cancel('you stopped the turn', bench.connector.chat);
    expect(await stopped).toEqual({ kind: 'unanswered', reason: 'you stopped the turn', answers: [] });
    const dropped = ask(DATABASE);
    await bench.shown(2);
    bench.abort.abort();
    expect(await dropped).toMatchObject({ kind: 'unanswered', reason: 'it is no longer wanted' });
  });

  it('are not put where nobody can be asked', async () => {
    await bench.stores.close();
    bench = new PromptBench({ canPrompt: false });
    expect(await ask(DATABASE)).toMatchObject({ kind: 'unanswered', reason: /nobody can be asked here/ });
    expect(bench.connector.prompts).toEqual([]);
  });

  it('stand in full where a button is too short for them, with previews as a file', async () => {
    const label = 'Keep every file where it is and write a list of all that would have been moved';
    void ask({ ...DATABASE, header: '', options: [{ label, preview: 'a/\n  b' }, { label: 'Move' }] });
    const { view } = await bench.shown();
    expect(view.body.text).toContain(`1. ${label}`);
    expect(view.body.text).toMatch(/^❓ Claude asks\n/);
    expect(view.choices[0]?.label).toMatch(/^Keep every .{48}…$/);
    expect(view.attachment).toEqual({ fileName: 'options.md', content: `# ${label}\n\na/\n  b\n` });
    bench.prompts.cancel('the test is over');
    await bench.prompts.settled();
  });
});
