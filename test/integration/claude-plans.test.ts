import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanVerdict, ReviewPlan } from '../../src/core/ports/agent.ts';
import { collectTurn, createClaudeStage, finishOf, type ClaudeStage } from '../fixtures/claude-stage.ts';
import { text, useTool, type ReplySource } from '../fixtures/messages-api/reply.ts';

// The real program in its own plan mode, behind a gate that allows everything: what that mode and leashd's answers to
// it hold back by themselves. What the gate holds back is in test/e2e/plan.test.ts.

const ECHO = join(import.meta.dirname, '../fixtures/mcp-echo-child.ts');

let stage: ClaudeStage;
let reviewed: string[];
let verdict: PlanVerdict;
const reviewPlan: ReviewPlan = (plan) => {
  reviewed.push(plan);
  return Promise.resolve(verdict);
};
beforeEach(async () => {
  stage = await createClaudeStage();
  reviewed = [];
  verdict = { kind: 'refused', message: 'Not yet.' };
});
afterEach(async () => stage.dispose());

const writePlan: ReplySource = ({ body }) => {
  const [path = ''] = /\/[^"\\\s`]*\/plans\/[\w-]+\.md/.exec(JSON.stringify(body)) ?? [];
  return useTool('Write', { file_path: path, content: '# The plan' }, { id: 'toolu_plan' });
};
const exit = (id: string): ReplySource => useTool('ExitPlanMode', { plan: 'forged' }, { id });
const heard = (id: string): string => stage.api.lastToolResult(id)?.text ?? '';

describe('the real program’s plan mode', () => {
  it('writes nothing but its plan, whatever the person’s own Claude settings say, and shows no other', async () => {
    const own = { plansDirectory: './plans', permissions: { allow: ['Write'], defaultMode: 'acceptEdits' } };
    await writeFile(join(stage.home.config, 'settings.json'), JSON.stringify(own));
    const file = join(stage.home.project, 'a.txt');
    stage.api.enqueue(
      exit('toolu_unwritten'),
      useTool('Write', { file_path: file, content: 'x' }, { id: 'toolu_write' }),
      useTool('Write', { file_path: join(stage.home.config, 'plans/o.md'), content: 'x' }, { id: 'toolu_o' }),
      // Only looks, as far as the gate knows.
      useTool('Bash', { command: 'node --print looked=1' }, { id: 'toolu_bash' }),
      useTool('Bash', { command: 'node --print looked=1 && ls' }, { id: 'toolu_chain' }),
      useTool('mcp__echo__say', { words: 'looked' }, { id: 'toolu_mcp' }),
      writePlan,
      exit('toolu_exit'),
      text('Waiting.'),
    );
    const mcpServers = { echo: { type: 'stdio', command: process.execPath, args: [ECHO], env: {} } } as const;
    const conversation = stage.open(
      { isPlanning: true, reviewPlan },
      { mcpServers, environment: { ...stage.home.environment, ENABLE_TOOL_SEARCH: 'false' } },
    );
    expect(finishOf(await collectTurn(conversation, 'go')).outcome).toEqual({ kind: 'done' });
    expect(heard('toolu_unwritten')).toContain('There is no plan yet');
    expect(heard('toolu_write')).toContain('holds this back');
    expect(heard('toolu_o')).toContain('holds this back');
    expect(existsSync(file)).toBe(false);
    expect(heard('toolu_bash')).toBe('1');
    expect(heard('toolu_chain')).toContain('one by one');
    expect(heard('toolu_mcp')).toContain('looked');
    expect(heard('toolu_plan')).toContain(join(stage.home.config, 'plans'));
    expect(heard('toolu_exit')).toBe('Not yet.');
    expect(reviewed).toEqual(['# The plan']);
  });

  it('goes on where its plan has changed behind the card', async () => {
    const file = join(stage.home.project, 'a.txt');
    const change: ReviewPlan = async () => {
      const [path = ''] =
        /\/[^"\\\s`]*\/plans\/[\w-]+\.md/.exec(JSON.stringify(stage.api.requests().at(-1)?.body)) ?? [];
      await writeFile(path, '# Another plan');
      return { kind: 'accepted' };
    };
    stage.api.enqueue(
      writePlan,
      exit('toolu_exit'),
      useTool('Write', { file_path: file, content: 'x' }, { id: 'toolu_write' }),
      text('Waiting.'),
    );
    await collectTurn(stage.open({ isPlanning: true, reviewPlan: change }), 'go');
    expect(heard('toolu_exit')).toContain('The plan has changed since it was shown');
    expect(heard('toolu_write')).toContain('holds this back');
    expect(existsSync(file)).toBe(false);
  });

  it('ends with the acceptance: in the same turn, or with the turn', async () => {
    const file = join(stage.home.project, 'a.txt');
    stage.api.enqueue(
      writePlan,
      exit('toolu_exit'),
      useTool('Write', { file_path: file, content: 'x' }, { id: 'toolu_write' }),
      text('Done.'),
    );
    verdict = { kind: 'accepted' };
    await collectTurn(stage.open({ isPlanning: true, reviewPlan }), 'go');
    expect(heard('toolu_exit')).toContain('approved your plan');
    expect(readFileSync(file, 'utf8')).toBe('x');

    verdict = { kind: 'accepted-afresh' };
    stage.api.enqueue(writePlan, exit('toolu_afresh'), text('Not to be seen.'));
    const before = stage.api.requests().length;
    const events = await collectTurn(stage.open({ isPlanning: true, reviewPlan }), 'go');
    expect(finishOf(events).outcome).toEqual({ kind: 'done' });
    expect(
      stage.api
        .requests()
        .slice(before)
        .filter(({ kind }) => kind === 'main'),
    ).toHaveLength(2);
  });
});
