import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../fixtures/messages-api/reply.ts';
import { blocksOf, type Block } from '../fixtures/messages-api/request.ts';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import { PDF, png } from '../fixtures/pictures.ts';
import { createRig, type Rig } from './rig.ts';

const MEGABYTE = 1024 * 1024;
/** How long the turn took stands in the last line of its answer. */
const ENDED = /\d m?s$/;

describe('files on Telegram', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
    mkdirSync(join(rig.project, 'docs'));
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());

  const says = (words: string): Promise<SeenMessage> =>
    rig.sees(({ text: said, attached }) => attached === undefined && said.includes(words));

  /** What the model is shown of the message that this answer answers. */
  async function shownFor(answer: string, send: () => void): Promise<readonly Block[]> {
    rig.model.enqueue(text(answer));
    send();
    // Its words are there before its turn has ended; a command sent in between would be refused.
    await rig.sees(({ text: said }) => said.includes(answer) && ENDED.test(said));
    const request = rig.model.requests().findLast(({ kind }) => kind === 'main');
    const message = request?.body.messages.findLast(({ role }) => role === 'user');
    return message ? blocksOf(message) : [];
  }

  const dataOf = (blocks: readonly Block[]): readonly unknown[] =>
    blocks.flatMap(({ source }) => (source instanceof Object && 'data' in source ? [source.data] : []));
  const wordsOf = (blocks: readonly Block[]): string =>
    blocks.flatMap((block) => (typeof block['text'] === 'string' ? [block['text']] : [])).join('\n');

  it('go to Claude byte for byte, with their caption; an album goes as one', async () => {
    const photo = png(60, 40);
    rig.telegram.failNext('download', { drop: 'before' });
    const one = await shownFor('A blue picture.', () => {
      rig.owner.photo({ content: photo, caption: 'What is this?' });
    });
    expect(dataOf(one)).toEqual([photo.toString('base64')]);
    expect(wordsOf(one)).toContain('What is this?');

    const turns = rig.model.requests().length;
    const notes = 'one\r\ntwo – ünïcödé\n';
    const three = await shownFor('Three of them.', () => {
      rig.owner.document({ name: 'notes.md', content: notes, caption: '/edit compare', album: 'a1' });
      rig.owner.document({ name: 'plan.pdf', content: PDF, album: 'a1' });
      rig.owner.photo({ content: png(10, 10, 0xff0000), album: 'a1' });
    });
    const red = png(10, 10, 0xff0000).toString('base64');
    expect(new Set(dataOf(three))).toEqual(new Set([notes, PDF.toString('base64'), red]));
    expect(wordsOf(three)).toContain('compare');
    expect(
      rig.model
        .requests()
        .slice(turns)
        .filter(({ kind }) => kind === 'main'),
    ).toHaveLength(1);
    await says('Mode: auto');
  });

  it('that Claude can’t take are refused in words, and the rest goes on', async () => {
    rig.owner.voice();
    await says('I can’t take a voice message');
    rig.owner.document({ name: 'film.bin', content: new Uint8Array(20 * MEGABYTE + 1) });
    await says('film.bin did not go to Claude: it has 20.1 MB, more than the 20 MB');
    const blocks = await shownFor('Without the archive.', () => {
      rig.owner.document({ name: 'a.pdf', content: Buffer.from('PK\x03\x04rest'), caption: 'unpack it' });
    });
    await says('a.pdf did not go to Claude: it is a ZIP archive or an Office document');
    expect(dataOf(blocks)).toEqual([]);
    expect(wordsOf(blocks)).toMatch(/unpack it\s+\[leashd: the person also sent “a\.pdf”/);
    expect(rig.leashd.output()).not.toContain(rig.telegram.token);
  });

  it('that Claude can read come back with /file, and no others', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251));
    writeFileSync(join(rig.project, 'docs', 'chart.bin'), bytes);
    writeFileSync(join(rig.project, '.env'), 'TOKEN=secret-one\n');
    symlinkSync('/etc/hostname', join(rig.project, 'docs', 'link.txt'));
    rig.owner.send('/file docs/chart.bin');
    const sent = await rig.sees(({ attached }) => attached?.name === 'chart.bin');
    expect(sent.attached?.bytes.equals(bytes)).toBe(true);
    for (const path of ['.env', '../../etc/hostname', 'docs/link.txt']) {
      rig.owner.send(`/file ${path}`);
      await says(`⛔ ${path} is not sent:`);
    }
    const files = rig.owner.chat.messages().filter(({ from, attached }) => from.isBot && attached);
    expect(files).toHaveLength(1);
    const decided = rig.auditLines().filter((line) => JSON.stringify(line).includes('chart.bin'));
    expect(JSON.stringify(decided)).toMatch(/"turn":"file".*"tool":"Read"|"tool":"Read".*"turn":"file"/);
  });
});
