import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  collectTurn,
  createClaudeStage,
  finishOf,
  textOf,
  type ClaudeStage,
} from '../fixtures/claude-stage.ts';
import { message, text, toolUse } from '../fixtures/messages-api/reply.ts';

describe('a question of one round whose gate refuses everything, as for a commit message', () => {
  let stage: ClaudeStage;
  beforeAll(async () => {
    stage = await createClaudeStage();
    writeFileSync(join(stage.home.project, 'note.txt'), 'hush-4711');
  });
  afterAll(() => stage.dispose());

  it.each([
    ['Read', { file_path: 'note.txt' }],
    ['Bash', { command: 'touch made' }],
    ['Agent', { description: 'x', prompt: 'x', subagent_type: 'general-purpose' }],
    ['ToolSearch', { query: 'select:Read' }],
  ])('runs no %s, and reads nothing that its text names', async (tool, input) => {
    const asked: string[] = [];
    const conversation = stage.open({
      maxTurns: 1,
      gate: async (call) => {
        asked.push(call.tool);
        return { kind: 'deny', message: 'no tool may be used here' };
      },
    });
    const before = stage.api.requests().length;
    stage.api.enqueue(message([toolUse(tool, input, `toolu_${tool}`)]));
    const words = '<diff>\n+@note.txt\n+!`touch made`\n/compact\n</diff>';
    expect(finishOf(await collectTurn(conversation, words)).outcome.kind).toBe('max-turns');
    await conversation.close();
    expect(asked).toEqual([tool]);
    expect(stage.api.requests()).toHaveLength(before + 1);
    expect(JSON.stringify(stage.api.requests().slice(before))).not.toContain('hush-4711');
    expect(existsSync(join(stage.home.project, 'made'))).toBe(false);
  });

  it('offers no tool where it is told to', async () => {
    const deny = async () => ({ kind: 'deny', message: 'no tool may be used here' }) as const;
    const conversation = stage.open({ maxTurns: 1, hasTools: false, gate: deny });
    stage.api.on(({ prompt }) => prompt.includes('Write it.'), text('feat: add a shop'));
    const events = await collectTurn(conversation, 'Write it.');
    expect([textOf(events), finishOf(events).outcome.kind]).toEqual(['feat: add a shop', 'done']);
    await conversation.close();
    const request = stage.api.requests().find(({ prompt }) => prompt.includes('Write it.'));
    expect([request === undefined, request?.body.tools ?? []]).toEqual([false, []]);
  });
});
