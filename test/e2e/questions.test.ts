import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text, useTool } from '../fixtures/messages-api/reply.ts';
import { createClaudeHome } from '../fixtures/claude-home.ts';
import { startMessagesApi } from '../fixtures/messages-api/api.ts';
import { hasPty, readsTheQuestion } from '../fixtures/terminal/pty.ts';
import { startLeashd } from './leashd-process.ts';
import { createRig, type Rig } from './rig.ts';
import { labels, Talk } from './talk.ts';

const QUESTIONS = [
  {
    question: 'Which database?',
    header: 'Database',
    options: [
      { label: 'SQLite', description: 'one file' },
      { label: 'Postgres', description: 'a server' },
    ],
    multiSelect: false,
  },
  {
    question: 'Which parts first?',
    header: 'Parts',
    options: [
      { label: 'Log-in', description: 'who is it' },
      { label: 'Search', description: 'what is there' },
    ],
    multiSelect: true,
  },
  {
    question: 'What is it to be called?',
    header: 'Name',
    options: [
      { label: 'shop', description: 'short' },
      { label: 'store', description: 'long' },
    ],
    multiSelect: false,
  },
];

describe('questions of the real claude on Telegram', () => {
  let rig: Rig;
  let chat: Talk;
  beforeAll(async () => {
    rig = await createRig();
    chat = new Talk(rig, rig.owner.chat, 'Ask');
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());

  it('are tapped, ticked and answered in words, also in plan mode, and keep their answers', async () => {
    rig.owner.send('/plan');
    await chat.says('Mode: plan');
    chat.begin(
      rig.owner,
      'set it up',
      useTool('AskUserQuestion', { questions: QUESTIONS }, { id: 'call_ask' }),
      text('All is clear.'),
    );
    const first = await chat.card('(1 of 3) · Database');
    expect(labels(first)).toEqual(['SQLite', 'Postgres']);
    rig.owner.tap('Postgres', { message: first.id });

    const second = await chat.card('(2 of 3) · Parts');
    expect(labels(second)).toEqual(['☐ Log-in', '☐ Search', '✅ Done']);
    rig.owner.tap('☐ Log-in', { message: second.id });
    await chat.turns(second, (card) => labels(card).includes('☑ Log-in'));
    rig.owner.tap('☐ Search', { message: second.id });
    await chat.turns(second, (card) => labels(card).includes('✅ Done (2)'));
    rig.owner.tap('✅ Done (2)', { message: second.id });

    const third = await chat.card('(3 of 3) · Name');
    rig.owner.reply(third.id, 'call it bazaar');
    await chat.says('All is clear.');
    await chat.closes(first, /💬 Ada, \d\d:\d\d: Postgres$/);
    await chat.closes(second, /💬 Ada, \d\d:\d\d: Log-in, Search$/);
    await chat.closes(third, /💬 Ada, \d\d:\d\d: call it bazaar$/);

    const heard = rig.model.lastToolResult('call_ask')?.text;
    expect(heard).toContain('"Which database?"="Postgres"');
    expect(heard).toContain('"Which parts first?"="Log-in, Search"');
    expect(heard).toContain('"What is it to be called?"="call it bazaar"');
    const asked = rig.auditLines().filter((line) => line['call'] === 'call_ask');
    expect(asked).toMatchObject([{ event: 'tool_decided', decision: 'allow' }]);
  }, 40_000);

  it('go away with /stop', async () => {
    chat.begin(
      rig.owner,
      'once more',
      useTool('AskUserQuestion', { questions: QUESTIONS.slice(0, 1) }, { id: 'call_stopped' }),
      text('Not to be seen.'),
    );
    const card = await rig.sees(
      ({ text: words, keyboard }) => keyboard.length > 0 && words.startsWith('❓ Claude asks · Database'),
    );
    rig.owner.send('/stop');
    const closed = await chat.closes(card, /⏹ Closed, \d\d:\d\d: you stopped the turn$/);
    expect(closed.id).toBe(card.id);
    await chat.says('Stopped.');
    expect(rig.model.lastToolResult('call_stopped')?.text ?? '').not.toContain('"=');
  }, 40_000);
});

describe('questions of the real claude in the terminal', () => {
  it.skipIf(!hasPty)(
    'are answered by number, ticked by number until d, and in words (skipped without python3)',
    async () => {
      const model = await startMessagesApi();
      const home = await createClaudeHome(model.url);
      const leashd = startLeashd({
        args: [],
        directory: home.project,
        environment: home.environment,
        isTty: true,
      });
      try {
        await leashd.printed(/works in .*project/);
        await leashd.printed(/> /);
        model.enqueue(
          useTool('AskUserQuestion', { questions: QUESTIONS }, { id: 'call_ask' }),
          text('All is clear.'),
        );
        leashd.write('set it up\r');
        const types = async (seen: RegExp, line: string): Promise<void> => {
          await leashd.printed(seen);
          await readsTheQuestion();
          leashd.write(`${line}\r`);
        };
        await types(/1 of 3[^]*\[1\][^]*SQLite/, '2');
        await types(/2 of 3[^]*\[1\][^]*☐ Log-in[^]*\[d\][^]*Done/, '2');
        await types(/☑ Search[^]*Done \(1\)/, 'd');
        await types(/3 of 3[^]*\[2\][^]*store/, 'call it bazaar');
        await leashd.printed(/All is clear\./);
        const heard = model.lastToolResult('call_ask')?.text;
        expect(heard).toContain('"Which database?"="Postgres"');
        expect(heard).toContain('"Which parts first?"="Search"');
        expect(heard).toContain('"What is it to be called?"="call it bazaar"');
      } finally {
        await leashd.stop();
        await model.close();
        await home.remove();
      }
    },
    40_000,
  );
});
