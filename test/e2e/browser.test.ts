import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, NO_CHROMIUM } from '../fixtures/chromium.ts';
import { text, useTool, type Reply } from '../fixtures/messages-api/reply.ts';
import { createRig, type Rig } from './rig.ts';
import { Talk } from './talk.ts';

const PAGE = '<!doctype html><title>Shop</title><button>Add</button><p></p><script src="app.js"></script>';
const FIXED = `const cart = [];
document.querySelector('button').onclick = () => {
  document.querySelector('p').textContent = cart.push('shoe') + ' in the cart';
};
`;
const APP = FIXED.replace('cart.push', 'card.push');

const browser = (tool: string, input: object, id: string): Reply =>
  useTool(`mcp__playwright__browser_${tool}`, input, { id });

/** Serves the project's folder as it is at that moment, on this machine alone. */
async function serve(directory: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(({ url = '/' }, response) => {
    const name = url === '/' ? 'index.html' : url.slice(1);
    const isThere = /^[\w.]+$/.test(name) && existsSync(join(directory, name));
    response.setHeader('content-type', name.endsWith('.js') ? 'text/javascript' : 'text/html');
    response.setHeader('cache-control', 'no-store');
    response.statusCode = isThere ? 200 : 404;
    response.end(isThere ? readFileSync(join(directory, name)) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe.skipIf(CHROMIUM === undefined)(`a bug found and mended in a real browser${NO_CHROMIUM}`, () => {
  let rig: Rig;
  let chat: Talk;
  let site: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    rig = await createRig();
    writeFileSync(join(rig.project, 'index.html'), PAGE);
    writeFileSync(join(rig.project, 'app.js'), APP);
    site = await serve(rig.project);
    chat = new Talk(rig, rig.owner.chat, 'Shop');
    await rig.start({ LEASHD_BROWSER: 'on', LEASHD_BROWSER_PATH: CHROMIUM ?? '' });
  }, 30_000);
  afterAll(async () => {
    site.close();
    await rig.dispose();
  });

  async function approve(words: string): Promise<void> {
    const card = await chat.card(words);
    rig.owner.tap('✅ Approve', { message: card.id });
    await chat.closes(card, /✅ Approved by Ada/);
  }
  const result = (id: string): string => rig.model.lastToolResult(id)?.text ?? '';
  const decided = (call: string): unknown =>
    rig.auditLines().find((line) => line['call'] === call && line['event'] === 'tool_decided');

  it('looks without a tap, acts with one, and sees the bug and its end', async () => {
    const edit = { file_path: join(rig.project, 'app.js'), content: FIXED };
    chat.begin(
      rig.owner,
      'the button does nothing, mend it',
      browser('navigate', { url: site.url }, 'open'),
      browser('snapshot', {}, 'look'),
      browser('click', { element: 'Add', target: 'button' }, 'press'),
      browser('console_messages', {}, 'errors'),
      useTool('Read', { file_path: edit.file_path }, { id: 'source' }),
      useTool('Write', edit, { id: 'mend' }),
      browser('navigate', { url: site.url }, 'again'),
      browser('click', { element: 'Add', target: 'button' }, 'press-again'),
      browser('find', { text: 'in the cart' }, 'see'),
      browser('take_screenshot', {}, 'shot'),
      text('Mended: the cart counts.'),
    );
    await approve(`Opens ${site.url} in the browser`);
    await approve('Clicks “Add” in the browser');
    await approve('app.js');
    await approve(`Opens ${site.url} in the browser`);
    await approve('Clicks “Add” in the browser');
    await chat.says('Mended: the cart counts.');

    expect(result('look')).toContain('button "Add"');
    expect(result('errors')).toContain('card is not defined');
    expect(readFileSync(edit.file_path, 'utf8')).toBe(FIXED);
    expect(result('see')).toContain('1 in the cart');
    for (const call of ['look', 'errors', 'see', 'shot'])
      expect(decided(call)).toMatchObject({ decision: 'allow', layer: 'policy', rule: 'browser-looks' });
    for (const call of ['open', 'press', 'mend', 'again', 'press-again'])
      expect(decided(call)).toMatchObject({ decision: 'allow', layer: 'approval', answer: 'approved' });
  }, 60_000);

  it('saves outside of the project, offers the subagents, and leaves nothing behind', async () => {
    const [, shot = ''] = /\((\/\S+\.png)\)/.exec(result('shot')) ?? [];
    expect(shot).toMatch(/\/leashd-browser-[0-9a-f]{16}\//);
    expect(existsSync(shot)).toBe(true);
    expect(readdirSync(rig.project).sort()).toEqual(['app.js', 'index.html']);
    expect(JSON.stringify(rig.model.requests()[0])).toContain('playwright-test-healer');

    rig.owner.send(`/file ${shot}`);
    const picture = await rig.sees(({ attached }) => attached !== undefined);
    expect(picture.attached?.bytes.equals(readFileSync(shot))).toBe(true);
    rig.owner.send('/healer');
    await chat.says('No Playwright tests were found');
    const profiles = (): readonly string[] =>
      readdirSync(rig.home.environment['TMPDIR'] ?? '').filter((name) => name.includes('profile'));
    expect(profiles()).toHaveLength(1);
    await rig.leashd.stop();
    expect(existsSync(shot)).toBe(false);
    await expect.poll(profiles, { timeout: 10_000 }).toEqual([]);
  }, 30_000);
});
