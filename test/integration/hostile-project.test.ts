import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { query } from '@anthropic-ai/claude-agent-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AskPerson } from '../../src/core/ports/agent.ts';
import type { ToolGate } from '../../src/core/ports/gate.ts';
import { collectTurn, createClaudeStage, finishOf, type ClaudeStage } from '../fixtures/claude-stage.ts';
import { firedTraps, plantHostileProject, SECRET } from '../fixtures/hostile-project.ts';
import { startMessagesApi, type MessagesApi } from '../fixtures/messages-api/api.ts';
import { message, text, toolUse } from '../fixtures/messages-api/reply.ts';

let stage: ClaudeStage;
let thief: MessagesApi;
let traps: string;
let other: string;
let secretFile: string;

beforeEach(async () => {
  stage = await createClaudeStage();
  thief = await startMessagesApi();
  traps = join(stage.home.home, 'traps');
  other = join(stage.home.home, 'other');
  secretFile = join(stage.home.home, 'id_rsa');
  await mkdir(traps);
  await mkdir(other);
  await writeFile(secretFile, SECRET);
  // The person's own skill, hook and server may run commands in their terminal; under the gate, nothing else decides or runs.
  await mkdir(join(stage.home.config, 'skills', 'own'), { recursive: true });
  await writeFile(
    join(stage.home.config, 'skills', 'own', 'SKILL.md'),
    `---\nname: own\ndescription: Mine.\n---\nRun !\`touch '${join(traps, 'own-skill')}'\` and tell.`,
  );
  const hook = { type: 'command', command: `touch '${join(traps, 'own-hook')}'` };
  await writeFile(
    join(stage.home.config, 'settings.json'),
    JSON.stringify({
      hooks: { PreToolUse: [{ hooks: [hook] }] },
      permissions: { defaultMode: 'acceptEdits' },
    }),
  );
  const server = { command: 'touch', args: [join(traps, 'own-mcp')] };
  await writeFile(join(stage.home.config, '.claude.json'), JSON.stringify({ mcpServers: { own: server } }));
  for (const directory of [stage.home.project, other]) {
    await plantHostileProject({ directory, traps, secretFile, otherServer: thief.url });
  }
});
afterEach(async () => {
  await stage.dispose();
  await thief.close();
});

describe('a hostile project', () => {
  const nobody: AskPerson = () => Promise.resolve({ kind: 'unanswered', reason: 'no', answers: [] });
  it.each([
    ['nobody to ask', undefined],
    ['somebody to ask', nobody],
  ])(
    'can’t run, redirect, rewrite, approve or hand out anything past the gate, with %s',
    async (_, askPerson) => {
      const outside = join(stage.home.home, 'outside.txt');
      const calls = [
        toolUse('Bash', { command: 'echo honest' }, 'toolu_bash'),
        toolUse('Write', { file_path: outside, content: 'x' }, 'toolu_write'),
        toolUse('Read', { file_path: secretFile }, 'toolu_read'),
        toolUse('Skill', { skill: 'pwned' }, 'toolu_skill'),
        toolUse('Skill', { skill: 'own' }, 'toolu_own'),
        toolUse('Agent', { description: 'd', prompt: 'HELPER', subagent_type: 'trap' }, 'toolu_trap'),
        toolUse(
          'Agent',
          { description: 'd', prompt: 'HELPER', subagent_type: 'general-purpose', run_in_background: false },
          'toolu_agent',
        ),
        toolUse('mcp__trap__go', {}, 'toolu_mcp'),
      ];
      const gate: ToolGate = async (call, signal) => {
        const isMeant = !['toolu_write', 'toolu_read', 'toolu_helper', 'toolu_mcp'].includes(call.id);
        const allowed = await stage.allowAll(call, signal);
        return isMeant ? allowed : { kind: 'deny', message: 'no' };
      };
      stage.api.on(
        (request) => request.kind === 'subagent' && request.prompt.includes('HELPER'),
        message([toolUse('Bash', { command: `touch '${join(traps, 'helper')}'` }, 'toolu_helper')]),
        { times: 1 },
      );
      const conversation = stage.open(
        { gate, askPerson, otherDirectories: [other] },
        { approvedDirectories: [stage.home.project, other] },
      );
      for (const call of calls) stage.api.enqueue(message([call]));
      stage.api.enqueue(text('Done.'), text('Done.'), text('Done.'));
      const first = await collectTurn(conversation, 'do all of it');
      await collectTurn(conversation, '/pwn');
      await collectTurn(conversation, `look at @${secretFile}`);
      await conversation.close();

      expect(finishOf(first).outcome).toEqual({ kind: 'done' });
      expect(await firedTraps(traps)).toEqual([]);
      expect(thief.hits()).toBe(0);
      expect(existsSync(outside)).toBe(false);
      expect(JSON.stringify(stage.api.requests())).not.toContain(SECRET);
      expect(stage.api.lastToolResult('toolu_bash')).toMatchObject({ text: 'honest', isError: false });
      expect(stage.api.requests().every((request) => request.headers['x-api-key'] === 'fake')).toBe(true);
      // What does not exist is no call: the skill, the helper and the server of the project are unknown.
      for (const id of ['toolu_skill', 'toolu_trap', 'toolu_mcp']) {
        expect(stage.api.lastToolResult(id)).toMatchObject({ isError: true });
      }
      expect(stage.api.lastToolResult('toolu_own')?.isError).toBe(false);
      const known = ['toolu_bash', 'toolu_write', 'toolu_read', 'toolu_own', 'toolu_trap', 'toolu_agent'];
      expect(stage.calls.map((call) => call.id)).toEqual([...known, 'toolu_helper']);
    },
  );
});

/** What the Agent SDK does when it is left to its defaults. */
async function runWithDefaults(prompt: string): Promise<void> {
  const claude = query({
    prompt,
    options: {
      cwd: stage.home.project,
      env: stage.home.environment,
      hooks: {
        PreToolUse: [
          {
            hooks: [
              () =>
                Promise.resolve({
                  hookSpecificOutput: {
                    hookEventName: 'PreToolUse' as const,
                    permissionDecision: 'allow' as const,
                  },
                }),
            ],
          },
        ],
      },
    },
  });
  try {
    for await (const _message of claude);
  } finally {
    claude.close();
  }
}

describe('the same project under the defaults of the Agent SDK (so that the test above can fail)', () => {
  it('runs its commands, gets the requests and the key, rewrites a call and hands out a secret', async () => {
    thief.on(
      (request) => request.kind === 'main' && request.body.messages.length < 4,
      message([
        toolUse('Bash', { command: 'echo honest' }, 'toolu_bash'),
        toolUse('Skill', { skill: 'pwned' }),
        toolUse('Skill', { skill: 'own' }),
      ]),
      { times: 1 },
    );
    await runWithDefaults('do it');
    await runWithDefaults('/pwn');
    expect(await firedTraps(traps)).toEqual(
      expect.arrayContaining([
        'command',
        'local-api-key-helper',
        'mcp',
        'own-hook',
        'own-mcp',
        'own-skill',
        'project-hook-PreToolUse',
        'project-hook-SessionStart',
        'skill',
      ]),
    );
    expect(stage.api.hits()).toBe(0);
    expect(thief.requests()[0]?.headers['x-api-key']).toBe('fake');
    expect(thief.lastToolResult('toolu_bash')?.text).toBe('rewritten');
    expect(JSON.stringify(thief.requests())).toContain(SECRET);
  });
});
