import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text, useTool, type Reply } from '../fixtures/messages-api/reply.ts';
import type { RecordedRequest } from '../fixtures/messages-api/request.ts';
import { createRig, type Rig } from './rig.ts';
import { labels, Talk } from './talk.ts';

// leashd as a process with the real `claude` under it: what plan mode holds back, and the ways out of it.

const ECHO = join(import.meta.dirname, '../fixtures/mcp-echo-child.ts');

type Step = (request: RecordedRequest) => Reply;

let rig: Rig;
let chat: Talk;
let steps: Step[] = [];
beforeAll(async () => {
  rig = await createRig();
  chat = new Talk(rig, rig.owner.chat, 'Nobody');
  rig.model.on(
    ({ kind, body }) => kind === 'main' && JSON.stringify(body.messages).includes('Plan: '),
    (request) => steps.shift()?.(request) ?? text('The script has no reply left.'),
  );
  await writeFile(join(rig.project, 'there.txt'), 'old\n');
  await mkdir(join(rig.project, '.git'));
  const echo = { command: process.execPath, args: [ECHO] };
  await rig.start({ LEASHD_MCP_SERVERS: JSON.stringify({ echo }), ENABLE_TOOL_SEARCH: 'false' });
}, 40_000);
afterAll(() => rig.dispose());

const inProject = (name: string): string => join(rig.project, name);
const plans = (): string => join(rig.home.config, 'plans');
const call =
  (id: string, tool: string, input: unknown): Step =>
  () =>
    useTool(tool, input, { id });
const say =
  (words: string): Step =>
  () =>
    text(words);

/** Where Claude Code has told its model to write the plan. */
function planFileIn({ body }: RecordedRequest): string {
  const told = /\/[^"\\\s`]*\/plans\/[\w-]+\.md/.exec(JSON.stringify(body));
  if (!told) throw new Error('no plan file was named');
  return told[0];
}

const writePlan =
  (id: string, content: string): Step =>
  (request) =>
    useTool('Write', { file_path: planFileIn(request), content }, { id });
const exit = (id: string): Step => call(id, 'ExitPlanMode', { plan: 'forged' });

async function plan(words: string, ...script: readonly Step[]): Promise<void> {
  steps = [...script];
  // What a turn leaves to be done after its answer takes a moment.
  for (let isPlanning = false; !isPlanning;) {
    const sent = rig.owner.send('/plan');
    const answer = await rig.sees(({ id, text: said }) => id > sent && /Mode: plan|is working/.test(said));
    isPlanning = answer.text.includes('Mode: plan');
  }
  rig.owner.send(`Plan: ${words}`);
}

const heard = (id: string): string => rig.model.lastToolResult(id)?.text ?? '';

describe('plan mode with the real claude', () => {
  it('changes nothing but the plan, takes words to adjust it, and then asks for each edit', async () => {
    await writeFile(inProject('n.ipynb'), '{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}');
    await plan(
      'a health check',
      call('c_write', 'Write', { file_path: inProject('new.txt'), content: 'x' }),
      call('c_read', 'Read', { file_path: inProject('there.txt') }),
      call('c_edit', 'Edit', { file_path: inProject('there.txt'), old_string: 'old', new_string: 'new' }),
      call('c_look', 'Read', { file_path: inProject('n.ipynb') }),
      call('c_book', 'NotebookEdit', {
        notebook_path: inProject('n.ipynb'),
        new_source: 'x',
        edit_mode: 'insert',
        cell_type: 'code',
      }),
      call('c_bash', 'Bash', { command: 'echo x > by-bash.txt' }),
      call('c_plans', 'Bash', { command: `echo x > ${plans()}/by-bash.md` }),
      call('c_mcp', 'mcp__echo__say', { words: 'changed' }),
      call('c_other', 'Write', { file_path: join(plans(), 'other.md'), content: 'x' }),
      writePlan('c_plan', '# First plan\n\n1. **One** file'),
      exit('c_exit'),
      (request) =>
        useTool(
          'Edit',
          { file_path: planFileIn(request), old_string: '**One** file', new_string: 'Two files' },
          { id: 'c_adjust' },
        ),
      exit('c_again'),
      call('c_asked', 'Write', { file_path: inProject('one.txt'), content: '1' }),
      say('Carried out.'),
    );
    const first = await chat.card('First plan');
    expect(labels(first)).toEqual([
      '✅ Edits, fresh context',
      '✅ Accept edits',
      '👀 Approve each edit',
      '✏️ Adjust',
    ]);
    expect(first.text).toContain('One file');
    expect(first.text).not.toMatch(/\*\*|forged/);
    for (const id of ['c_write', 'c_edit', 'c_book', 'c_bash', 'c_mcp'])
      expect.soft(heard(id), id).toContain('nothing may be changed');
    expect(heard('c_plans')).toContain('outside');
    expect(heard('c_other')).toContain('holds this back');
    expect(readdirSync(rig.project).toSorted()).toEqual(['.git', 'n.ipynb', 'there.txt']);
    expect(readFileSync(inProject('there.txt'), 'utf8')).toBe('old\n');
    expect(readdirSync(plans())).toHaveLength(1);

    rig.owner.send('make it two files');
    await chat.closes(first, /✏️ Ada, \d\d:\d\d: make it two files$/);
    const second = await chat.card('Two files');
    expect(heard('c_exit')).toContain('wants it changed: make it two files');
    rig.owner.tap('👀 Approve each edit', { message: second.id });
    await chat.closes(second, /✅ Accepted by Ada, \d\d:\d\d: each edit is asked for$/);
    const write = await chat.card('one.txt');
    expect(heard('c_again')).toContain('approved your plan');
    rig.owner.tap('✅ Approve', { message: write.id });
    await chat.says('Carried out.');
    expect(readFileSync(inProject('one.txt'), 'utf8')).toBe('1');

    const changed = rig.auditLines().filter(({ event }) => event === 'mode_changed');
    expect(changed.at(-1)).toMatchObject({ from: 'plan', to: 'default', by: 'telegram:4242' });
    expect(changed.at(-1)?.['plan']).toMatch(/^[0-9a-f]{64}$/);
    steps = [say('Next turn.')];
    rig.owner.send('Plan: and now?');
    await chat.says('Next turn.');
    const { system = '' } = rig.model.requests().findLast(({ kind }) => kind === 'main')?.body ?? {};
    expect(JSON.stringify(system)).not.toContain('You are in plan mode');
  }, 60_000);

  it('accepts edits inside the project, and never those on a protected path', async () => {
    await plan(
      'once more',
      writePlan('d_plan', '# Second plan'),
      exit('d_exit'),
      call('d_free', 'Write', { file_path: inProject('free.txt'), content: 'f' }),
      call('d_git', 'Write', { file_path: inProject('.git/config'), content: 'f' }),
      say('All done.'),
    );
    const shown = await chat.card('Second plan');
    rig.owner.tap('✅ Accept edits', { message: shown.id });
    await chat.says('All done.');
    expect(readFileSync(inProject('free.txt'), 'utf8')).toBe('f');
    expect(rig.model.lastToolResult('d_git')?.isError).toBe(true);
    expect(existsSync(inProject('.git/config'))).toBe(false);
  }, 40_000);

  it('hands the plan to a fresh conversation, which knows nothing of the old one', async () => {
    await plan(
      'a third time',
      writePlan('e_plan', '# Third plan\n\nPlan: write fresh.txt'),
      exit('e_exit'),
      call('e_free', 'Write', { file_path: inProject('fresh.txt'), content: 'f' }),
      say('Freshly done.'),
    );
    const shown = await chat.card('Third plan');
    rig.owner.tap('✅ Edits, fresh context', { message: shown.id });
    await chat.says('Freshly done.');
    expect(readFileSync(inProject('fresh.txt'), 'utf8')).toBe('f');
    const { messages = [] } = rig.model.requests().findLast(({ kind }) => kind === 'main')?.body ?? {};
    const said = JSON.stringify(messages);
    expect(said).toContain('Carry out this plan');
    expect(said).not.toContain('a third time');
    const notices = chat.chat.messages().map((message) => message.text);
    expect(notices.filter((words) => words.includes('Stopped'))).toEqual([]);
    rig.owner.send('/status');
    await chat.says('auto');
  }, 40_000);
});
