import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text, useTool } from '../fixtures/messages-api/reply.ts';
import { createRig, type Rig } from './rig.ts';

const ruleThat = (action: string): string =>
  `rules:\n  - { name: touching, commands: [touch *], action: ${action}, risk_level: medium, reason: it touches }\n`;

describe('settings and policies taken anew while the real claude works', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
    mkdirSync(join(rig.home.home, '.leashd'), { mode: 0o700 });
    writeFileSync(policy(), ruleThat('require_approval'));
    writeFileSync(config(), 'system_prompt: Speak plainly.\n');
    await rig.start({ LEASHD_POLICY_FILES: `${policy()},default.yaml` });
  }, 40_000);
  afterAll(() => rig.dispose());

  const policy = (): string => join(rig.home.home, 'mine.yaml');
  const config = (): string => join(rig.home.home, '.leashd', 'config.yaml');

  it('an old card runs nothing that the new rules deny, and the turn goes on', async () => {
    rig.model.enqueue(
      useTool('Bash', { command: 'touch late.txt' }, { id: 'call_late' }),
      text('It was denied.'),
    );
    rig.owner.send('touch it');
    const card = await rig.card();
    writeFileSync(policy(), ruleThat('deny'));
    writeFileSync(config(), 'system_prompt: Speak in riddles.\n');
    rig.leashd.signal('SIGHUP');
    const told = await rig.sees((message) => message.text.includes('LEASHD_SYSTEM_PROMPT'));
    expect(told.text).toContain('mine.yaml');
    rig.owner.tap('✅ Approve', { message: card.id });
    await rig.sees((message) => message.text.includes('It was denied.'));
    expect(existsSync(join(rig.project, 'late.txt'))).toBe(false);
    expect(rig.model.lastToolResult('call_late')?.text).toContain('policy: touching');
    expect(rig.auditLines().map(({ event }) => event)).toEqual([
      'log_opened',
      'approval_requested',
      'leashd_reloaded',
      'approval_resolved',
      'tool_decided',
    ]);
  }, 40_000);

  it('the next turn has a new claude with the new words, in the same conversation', async () => {
    rig.model.enqueue(text('Here I am.'));
    rig.owner.send('who are you by now?');
    await rig.sees((message) => message.text.includes('Here I am.'));
    const asked = await rig.model.waitFor('who are you by now?');
    const whole = JSON.stringify(asked);
    expect(whole).toContain('Speak in riddles.');
    expect(whole).not.toContain('Speak plainly.');
    expect(whole).toContain('touch it');
  }, 40_000);
});
