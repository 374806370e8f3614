import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text, useTool } from '../fixtures/messages-api/reply.ts';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import { createRig, type Rig } from './rig.ts';

describe('a workspace of two directories, from Telegram with the real claude', () => {
  let rig: Rig;
  let web: string;
  let third: string;
  beforeAll(async () => {
    rig = await createRig();
    [web, third] = ['web', 'third'].map((name) => join(dirname(rig.project), name)) as [string, string];
    for (const folder of [web, third, join(rig.home.home, '.leashd')]) mkdirSync(folder);
    writeFileSync(
      join(rig.home.home, '.leashd', 'workspaces.yaml'),
      `workspaces:\n  shop:\n    description: API and front end\n    directories: [${rig.project}, ${web}]\n`,
    );
    await rig.start({ LEASHD_APPROVED_DIRECTORIES: [rig.project, web, third].join(',') });
  }, 40_000);
  afterAll(() => rig.dispose());

  const says = (words: string): Promise<SeenMessage> =>
    rig.sees((message) => message.text.includes(words) && message.keyboard.length === 0);
  /** The end of an answer: behind it stands what it cost. */
  const answers = (words: string): Promise<SeenMessage> =>
    rig.sees(({ text: said }) => said.includes(words) && said.includes('$'));
  const write = (path: string, id: string) => useTool('Write', { file_path: path, content: 'x\n' }, { id });

  it('is one conversation over both, keeps the third one out, and is there to come back to', async () => {
    rig.owner.send('/ws');
    const question = await rig.card();
    expect(question.keyboard.flat().map(({ label }) => label)).toEqual(['shop', '• No workspace']);
    rig.owner.tap('shop');
    await says(`🗂 shop: ${rig.project}, ${web}.`);

    rig.model.enqueue(
      write(join(rig.project, 'a.txt'), 'toolu_a'),
      write(join(web, 'b.txt'), 'toolu_b'),
      write(join(third, 'c.txt'), 'toolu_c'),
      text('Both are written.'),
    );
    rig.owner.send('/edit write them');
    await answers('Both are written.');
    const paths = [join(rig.project, 'a.txt'), join(web, 'b.txt'), join(third, 'c.txt')];
    expect(paths.map((path) => existsSync(path))).toEqual([true, true, false]);
    expect(JSON.stringify(rig.model.requests().at(-1)?.body.system)).toContain(
      'the workspace “shop” (API and front end)',
    );

    rig.owner.send('/dir third');
    await says('The workspace shop is left.');
    rig.model.enqueue(text('Another conversation.'));
    rig.owner.send('hello there');
    await answers('Another conversation.');
    expect(JSON.stringify(rig.model.requests().at(-1)?.body)).not.toContain('Both are written.');

    rig.owner.send('/workspace shop');
    await says('going on after 1 turn');
    rig.model.enqueue(text('Still the shop.'));
    rig.owner.send('and now?');
    await answers('Still the shop.');
    const told = JSON.stringify(rig.model.requests().at(-1)?.body.messages);
    expect(told).toContain('Both are written.');
    expect(told).not.toContain('Another conversation.');

    const lines = rig.auditLines();
    expect(
      lines
        .filter(({ event }) => event === 'tool_decided')
        .map(({ call, decision, rule }) => [call, decision, rule]),
    ).toEqual([
      ['toolu_a', 'allow', expect.any(String)],
      ['toolu_b', 'allow', expect.any(String)],
      ['toolu_c', 'deny', 'outside-directories'],
    ]);
    expect(
      lines
        .filter(({ event }) => event === 'directory_changed')
        .map(({ fromWorkspace, toWorkspace, to }) => [fromWorkspace, toWorkspace, to]),
    ).toEqual([
      [undefined, 'shop', rig.project],
      ['shop', undefined, third],
      [undefined, 'shop', rig.project],
    ]);
  }, 60_000);
});
