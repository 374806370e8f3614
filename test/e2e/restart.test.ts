import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { text, useTool } from '../fixtures/messages-api/reply.ts';
import { createRig, type Rig } from './rig.ts';

describe('killed with an open card', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());
  afterEach(() => rig.model.reset());

  const at = (id: number) => rig.owner.chat.messages().find((message) => message.id === id);

  it('runs nothing, says so on the card and to the tap that came meanwhile', async () => {
    const file = join(rig.project, 'gone.js');
    rig.model.enqueue(useTool('Write', { file_path: file, content: 'x\n' }), text('Written.'));
    rig.owner.send('write it');
    const card = await rig.card();
    await rig.leashd.stop('SIGKILL');
    const tap = rig.owner.tap('✅ Approve', { message: card.id });
    expect(tap.answer()).toBeUndefined();

    await rig.start();
    const closed = 'Closed: leashd was restarted; nothing was run';
    await rig.telegram.waitFor(() => at(card.id)?.text.includes(closed));
    expect(at(card.id)?.keyboard).toEqual([]);
    await rig.telegram.waitFor(() => tap.answer());
    expect(tap.answer()?.text).toContain(closed);
    expect(existsSync(file)).toBe(false);
    const refused = () => rig.auditLines().filter(({ event }) => event === 'tap_refused');
    // A refused tap changes nothing, so it is answered before its line is on disk.
    await expect.poll(refused, { timeout: 5_000 }).toMatchObject([{ why: 'closed' }]);
  }, 40_000);

  it('takes the next card as if nothing had been', async () => {
    const file = join(rig.project, 'there.js');
    rig.model.enqueue(useTool('Write', { file_path: file, content: 'x\n' }), text('Written now.'));
    rig.owner.send('write the other');
    const card = await rig.card();
    const tap = rig.owner.tap('✅ Approve', { message: card.id });
    await rig.sees((message) => message.text.includes('Written now.'));
    expect(existsSync(file)).toBe(true);
    expect(tap.answer()?.text).toBe('✅ Approve');
    expect(at(card.id)?.text).toMatch(/Approved by Ada, \d\d:\d\d$/);

    const button = card.keyboard.flat()[0]?.data ?? '';
    const [again, forged] = [button, 'p:AAAA:approve'].map((data) => rig.owner.forgeTap(card.id, data));
    await rig.telegram.waitFor(() => again?.answer() && forged?.answer());
    expect(again?.answer()?.text).toMatch(/^Already approved by Ada at \d\d:\d\d$/);
    expect(forged?.answer()?.text).toContain('knows no such question');
    const resolved = rig.auditLines().findLast(({ event }) => event === 'approval_resolved');
    expect(resolved).toMatchObject({ answer: 'approved', prompt: button.split(':')[1] });
  }, 40_000);
});
