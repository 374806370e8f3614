import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { held, text, useTool } from '../fixtures/messages-api/reply.ts';
import { createRig, type Rig } from './rig.ts';

const PARAGRAPHS = Array.from({ length: 120 }, (_, index) => `${index} ${'word '.repeat(40).trim()}.`).join(
  '\n\n',
);

describe('an answer as it is written, with the real claude', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig({ hasDrafts: true });
    writeFileSync(join(rig.project, 'README.md'), '# Shop\n');
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());
  afterEach(() => rig.model.reset());

  it('grows in a draft with its running tool, and ends in one message with its figures', async () => {
    const rest = held(text('It is a **shop**.'));
    rig.model.enqueue(
      useTool('Read', { file_path: join(rig.project, 'README.md') }, { words: 'Let me look.' }),
      rest.reply,
    );
    rig.owner.send('what is this?');
    const draft = await rig.telegram.waitFor(
      () => rig.owner.chat.drafts().find(({ text: words }) => words.includes('🔧 Read')),
      20_000,
    );
    expect(draft.text).toMatch(/^Let me look\.\n\n🔧 Read: .*README\.md/);
    expect(rig.owner.chat.messages().filter(({ from }) => from.isBot)).toEqual([]);
    rest.release();
    const answer = await rig.sees(({ text: words }) => words.includes('It is a shop.'));
    expect(answer.text).toMatch(/^Let me look\.\n\nIt is a shop\.\n\n🧰 Read · (?:\$[\d.]+ · )?\d+ m?s$/);
    expect(answer.edits).toBe(0);
    expect(rig.owner.chat.drafts()).toEqual([]);
  }, 40_000);

  it('comes as a first message and a file when it is too long for four', async () => {
    rig.model.enqueue(text(PARAGRAPHS, { chunkSize: 2_000 }));
    rig.owner.send('tell me all');
    const file = await rig.sees(({ attached }) => attached?.name === 'answer.md');
    expect(file.attached?.bytes.toString('utf8')).toBe(PARAGRAPHS);
    const first = await rig.sees(({ text: words }) => words.includes('all of it is in answer.md'));
    await rig.telegram.waitFor(() => {
      const ids = rig.owner.chat.messages().map(({ id }) => id);
      return ids.filter((id) => id >= first.id).length === 2;
    });
  }, 40_000);
});

describe('an answer with streaming off', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig({ hasDrafts: true });
    await rig.start({ LEASHD_STREAMING_ENABLED: 'false' });
  }, 40_000);
  afterAll(() => rig.dispose());

  it('is sent once', async () => {
    rig.model.enqueue(text('All of it at once.', { chunkSize: 3, delayMs: 50 }));
    rig.owner.send('say it');
    await rig.sees(({ text: words }) => words.startsWith('All of it at once.'));
    expect(rig.telegram.calls('sendMessage')).toHaveLength(1);
    expect(rig.telegram.calls('sendMessageDraft')).toEqual([]);
    expect(rig.telegram.calls('editMessageText')).toEqual([]);
  }, 40_000);
});
