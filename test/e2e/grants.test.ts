import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text, useTool } from '../fixtures/messages-api/reply.ts';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import { createRig, type Rig } from './rig.ts';

describe('a grant, from Telegram with the real claude', () => {
  let rig: Rig;
  let file: string;
  beforeAll(async () => {
    rig = await createRig();
    file = join(rig.project, 'notes.txt');
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());

  /** Has Claude run the same command once more. */
  const run = (id: string, final: string): void => {
    rmSync(file, { force: true });
    rig.model.enqueue(useTool('Bash', { command: 'touch notes.txt' }, { id }), text(final));
    rig.owner.send(`go: ${id}`);
  };
  const labels = ({ keyboard }: SeenMessage): string[] => keyboard.flat().map(({ label }) => label);
  const says = (words: string): Promise<SeenMessage> =>
    rig.sees((message) => message.text.includes(words) && message.keyboard.length === 0);

  it('is chosen on a card, shown by /grants, saves the next card, and is revoked', async () => {
    run('toolu_first', 'First done.');
    await rig.card();
    rig.owner.tap('🔁 Approve similar…');
    const menu = await rig.sees((message) => labels(message).some((label) => label.endsWith('1 hour')));
    const choice = labels(menu).find((label) => label.endsWith('1 hour')) ?? '';
    rig.owner.tap(choice);
    await says('First done.');
    expect(existsSync(file)).toBe(true);
    await says(`chosen: ${choice.replace('✅ ', '')}`);

    run('toolu_second', 'Second done.');
    await says('Second done.');
    expect(existsSync(file)).toBe(true);

    rig.owner.send('/grants');
    const list = await rig.sees(({ text: words }) => words.startsWith('1 grant'));
    expect(list.text).toContain('touch notes.txt · 1 h left');
    rig.owner.tap(labels(list)[0] ?? '');
    await says('No grants live in this chat');

    run('toolu_third', 'Third was refused.');
    await rig.sees((message) => labels(message).includes('❌ Reject'));
    expect(existsSync(file)).toBe(false);
    rig.owner.tap('❌ Reject');
    await says('Third was refused.');
    expect(existsSync(file)).toBe(false);

    const lines = rig.auditLines();
    const decided = lines.filter(({ event }) => event === 'tool_decided');
    expect(decided.map(({ call, decision, layer }) => [call, decision, layer])).toEqual([
      ['toolu_first', 'allow', 'approval'],
      ['toolu_second', 'allow', 'grant'],
      ['toolu_third', 'deny', 'approval'],
    ]);
    const grant = lines.find(({ event }) => event === 'grant_made')?.['grant'];
    expect(decided[1]?.['grant']).toBe(grant);
    expect(lines.find(({ event }) => event === 'grant_revoked')).toMatchObject({ grant });
  });

  it('ends with /clear, and the chat is told', async () => {
    run('toolu_fourth', 'Fourth done.');
    await rig.card();
    rig.owner.tap('🔁 Approve similar…');
    const menu = await rig.sees((message) => labels(message).some((label) => label.endsWith('until /clear')));
    rig.owner.tap(labels(menu).find((label) => label.endsWith('until /clear')) ?? '');
    await says('Fourth done.');
    rig.owner.send('/clear');
    await says('One grant has ended.');
    expect(rig.auditLines().find(({ event }) => event === 'session_ended')).toMatchObject({ why: 'cleared' });
  });
});
