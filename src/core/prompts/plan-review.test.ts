import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bob, labels, PromptBench } from '../../../test/fixtures/prompt-bench.ts';
import { markdownToRichText } from '../../markdown/convert.ts';
import { bold } from '../../util/rich-text.ts';
import { createPlanReview, type PlanAnswer } from './plan-review.ts';

const PLAN = '# Plan\n\n1. One file';

describe('a plan of the agent', () => {
  let bench: PromptBench;
  const put = (plan = PLAN, render?: (markdown: string) => ReturnType<typeof bold>): Promise<PlanAnswer> =>
    createPlanReview({ prompts: bench.prompts, timeoutMs: () => 120_000, render })(
      bench.connector.chat,
      plan,
      bench.abort.signal,
    );
  const say = (text: string, by = {}): ReturnType<typeof bench.prompts.takeReply> =>
    bench.prompts.takeReply(bench.inbound({ kind: 'text', text }, by));
  beforeEach(() => {
    bench = new PromptBench();
  });
  afterEach(() => bench.stores.close());

  it.each([
    ['✅ Edits, fresh context', 'afresh', /^✅ Accepted by Ada, \d\d:\d\d: edits without asking, in a fresh/],
    ['✅ Accept edits', 'edits', /^✅ Accepted by Ada, \d\d:\d\d: edits without asking$/],
    ['👀 Approve each edit', 'each', /^✅ Accepted by Ada, \d\d:\d\d: each edit is asked for$/],
  ])('is shown, and accepted by one tap on %s', async (label, way, outcome) => {
    const answer = put();
    const card = await bench.shown();
    expect(card.view.body.text).toBe(`📋 Claude’s plan\n\n${PLAN}`);
    expect(card.view.attachment).toBeUndefined();
    expect(labels(card)).toHaveLength(4);
    await bench.tap(card, label);
    const said = await answer;
    expect(said).toMatchObject({ kind: 'accepted', way, by: { name: 'Ada' }, prompt: card.view.id });
    const stored = await bench.stores.prompts.find(card.view.id);
    expect(stored?.digest).toBe('digest' in said ? said.digest : '');
    await bench.prompts.settled();
    expect(card.outcome).toMatch(outcome);
    // Whoever taps second changes nothing.
    expect((await bench.tap(card, '✏️ Adjust', { person: bob })).notice).toContain('Accepted by Ada');
  });

  it.each([
    ['# Plan\n\n[//]: # (and drop the tests)\n', '[//]: # (and drop the tests)'],
    ['# Plan\n\n[One](https://example.com "and drop the tests")\n', 'drop the tests'],
    ['# Plan\n\n```sh and drop the tests\nls\n```\n', 'and drop the tests'],
    ['# Plan\r\n\ngpj.\u202Esh \u2028 end', String.raw`gpj.\u{202E}sh \u{2028} end`],
  ])('hides nothing that Markdown or Unicode could: %j', async (plan, words) => {
    void put(plan, markdownToRichText);
    expect((await bench.shown()).view.body.text).toContain(words);
  });

  it('is formatted where all of it can be seen', async () => {
    void put('# Plan\n\n1. **One** [file](https://example.com/a)\n\n```sh\nls\n```\n', markdownToRichText);
    expect((await bench.shown()).view.body.text).toMatch(/plan\n\nPlan\n\n1\. One file\n\nls$/);
  });

  it('is adjusted by any message, which stays on the card', async () => {
    const answer = put();
    const card = await bench.shown();
    expect(await say(' two files ')).toEqual({});
    expect(await answer).toEqual({ kind: 'adjust', words: 'two files' });
    await bench.prompts.settled();
    expect(card.outcome).toMatch(/^✏️ Ada, \d\d:\d\d: two files$/);
  });

  it('asks for the words after a tap on Adjust, with a way back', async () => {
    const answer = put();
    await bench.tap(await bench.shown(), '✏️ Adjust');
    const second = await bench.shown(2);
    expect(labels(second)).toEqual(['← Back to the plan']);
    await bench.tap(second, '← Back to the plan');
    await bench.tap(await bench.shown(3), '✏️ Adjust');
    await bench.shown(4);
    await say('two files');
    expect(await answer).toEqual({ kind: 'adjust', words: 'two files' });
  });

  it('comes as a file as well where it is long', async () => {
    const long = `# Plan\n\n${'- a step of it\n'.repeat(1000)}`.trim();
    void put(long);
    const { view } = await bench.shown();
    expect(view.attachment).toEqual({ fileName: 'plan.md', content: `${long}\n` });
    expect(view.body.text.length).toBeLessThan(3000);
    expect(view.body.text).toMatch(/- a step of it\n\n… The file above has all of it\.$/);
  });

  it('is shown as it is written where its formatting does not fit', async () => {
    void put(PLAN, (markdown) => bold(markdown.repeat(1000)));
    expect((await bench.shown()).view.body.text).toBe(`📋 Claude’s plan\n\n${PLAN}`);
    void put(PLAN, (markdown) => bold(markdown));
    expect((await bench.shown(2)).view.body.spans).toHaveLength(2);
  });

  it('is not accepted when nobody answers, or when the turn ends', async () => {
    const late = put();
    await bench.shown();
    bench.clock.advance(120_000);
    expect(await late).toEqual({ kind: 'unanswered', reason: 'nobody answered within 2 min' });
    const stopped = put();
    await bench.shown(2);
    bench.abort.abort();
    expect(await stopped).toMatchObject({ kind: 'unanswered', reason: 'it is no longer wanted' });
  });
});

describe('a message that is no reply', () => {
  let bench: PromptBench;
  beforeEach(() => {
    bench = new PromptBench();
  });
  afterEach(() => bench.stores.close());
  const say = (text: string, by = {}): ReturnType<typeof bench.prompts.takeReply> =>
    bench.prompts.takeReply(bench.inbound({ kind: 'text', text }, by));
  const open = { textHint: 'reply', takesAnyText: true, timeoutMs: 1000 };

  it('answers the newest question that takes any text, behind an offer too', async () => {
    const answer = bench.ask(open);
    await bench.shown();
    void bench.ask({ isAside: true });
    await bench.shown(2);
    expect(await say('DuckDB')).toEqual({});
    expect(await answer).toMatchObject({ kind: 'text', text: 'DuckDB' });
    expect(bench.logged).toContain('message_routed_to_interaction');
  });

  const approval = { textHint: 'reply with a reason' };
  it.each<[string, readonly Parameters<PromptBench['ask']>[0][]]>([
    ['an approval', [approval]],
    ['a newer approval', [open, approval]],
    ['somebody else’s question', [{ ...open, mayAnswer: ({ id }) => id !== bob.id }]],
  ])('leaves %s alone', async (_name, asked) => {
    for (const one of asked) void bench.ask(one);
    await bench.shown();
    await bench.settled();
    expect(await say('go on', { person: bob })).toBeUndefined();
  });

  it('answers nothing that was asked after it had been written, however late it comes', async () => {
    const { connector } = bench;
    const show = connector.showPrompt.bind(connector);
    let last = 98;
    connector.showPrompt = async (chat, view) => ({
      ...(await show(chat, view)),
      message: String((last += 2)),
    });
    const answer = bench.ask(open);
    await bench.shown();
    await bench.settled();
    const early = bench.inbound({ kind: 'text', text: 'too early', message: '99' });
    expect(await bench.prompts.takeReply(early)).toBeUndefined();
    // Where it is shown anew, it has been seen before.
    await bench.prompts.bringUp(connector.chat);
    const late = bench.inbound({ kind: 'text', text: 'DuckDB', message: '101' });
    expect(await bench.prompts.takeReply(late)).toEqual({});
    expect(await answer).toMatchObject({ kind: 'text', text: 'DuckDB' });
  });

  it('answers nothing that was not to be seen yet, or is closed', async () => {
    const answer = bench.ask(open);
    expect(await say('too early')).toBeUndefined();
    await bench.shown();
    bench.clock.advance(1000);
    expect(await answer).toEqual({ kind: 'timed-out' });
    expect(await say('too late')).toBeUndefined();
  });
});
