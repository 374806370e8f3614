import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import { CHROMIUM, NO_CHROMIUM } from '../fixtures/chromium.ts';
import { held, text, useTool, type Reply, type ReplySource } from '../fixtures/messages-api/reply.ts';
import { createRig, type Rig } from './rig.ts';
import { labels } from './talk.ts';

// leashd as a process with the real `claude` under it, on a project whose tests and server really run.

const SECRET = 'battery-staple-77';
const SESSION = '.leashd/test-session.md';

let rig: Rig;
let port: number;
let steps: ReplySource[] = [];
beforeAll(async () => {
  rig = await createRig();
  port = await freePort();
  const files = {
    'package.json': JSON.stringify({
      name: 'shop',
      type: 'module',
      scripts: { test: 'node --test', start: 'node server.js' },
    }),
    'total.js': 'export const total = (prices) => prices.reduce((sum, price) => sum - price, 0);\n',
    'total.test.js': `import { test } from 'node:test';
import assert from 'node:assert';
import { total } from './total.js';
test('adds', () => assert.equal(total([1, 2]), 3));
test('is nothing for nothing', () => assert.equal(total([]), 0));
`,
    'server.js': `import { createServer } from 'node:http';
const server = createServer((request, response) => response.end('served ' + request.url));
server.on('error', () => process.exit(0));
server.listen(${port}, '127.0.0.1', () => console.log('listening'));
setTimeout(() => process.exit(0), 45_000);
`,
    '.leashd/test.yaml': `credentials: { user: ada, password: ${SECRET} }\n`,
  };
  mkdirSync(join(rig.project, '.leashd'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(rig.project, name), content);
  rig.model.on(
    ({ kind, body }) => kind === 'main' && JSON.stringify(body.messages).includes('Test this project'),
    async (request, signal) => {
      const step = steps.shift() ?? text('The script has no reply left.');
      return typeof step === 'function' ? step(request, signal) : step;
    },
  );
  await rig.start();
}, 40_000);
afterAll(() => rig.dispose());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}

const path = (name: string): string => join(rig.project, name);
const session = (): string => readFileSync(path(SESSION), 'utf8');
const read = (name: string): Reply => useTool('Read', { file_path: path(name) });
const bash = (id: string, command: string, more: object = {}): Reply =>
  useTool('Bash', { command, ...more }, { id });
const heard = (id: string): string => rig.model.lastToolResult(id)?.text ?? '';

const TITLES = [
  'Discovery',
  'Server start',
  'Smoke test',
  'Unit and integration tests',
  'Backend verification',
  'End-to-end in the browser',
  'Error analysis',
  'Healing',
  'Report',
];

/** One phase is done, and the next one begins. */
function next(done: number, begun: number): Reply {
  const line = (phase: number, mark: string): string => `- [${mark}] ${phase}. ${TITLES[phase - 1]}`;
  const between = begun - done === 2 ? [line(done + 1, '-')] : [];
  const lines = (first: string, last: string): string =>
    [line(done, first), ...between, line(begun, last)].join('\n');
  const old = lines(done === 1 ? ' ' : '~', ' ');
  return useTool('Edit', { file_path: path(SESSION), old_string: old, new_string: lines('x', '~') });
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}

describe('a test run with the real claude', () => {
  it('walks through the phases, survives a kill in phase 5, heals a bug with one card, and reports', async () => {
    const thinking = held(text('Nobody is there to hear this.'));
    steps = [
      read(SESSION),
      next(1, 2),
      bash('c_server', 'npm run start', { run_in_background: true }),
      next(2, 3),
      bash('c_smoke', `curl -s http://localhost:${port}/health`),
      next(3, 4),
      bash('c_unit', 'npm test'),
      next(4, 5),
      thinking.reply,
    ];
    rig.owner.send(`/test —no-e2e -u ${port} the total`);
    const found = await rig.sees(({ text: said }) => said.includes('Testing, phase 1 to 9'));
    expect(found.text).toContain('Tests: npm run test');
    expect(found.text).toContain('6 End-to-end in the browser: not wanted (flags)');
    expect(found.text).toContain('Claude is told from test.yaml: user, password');
    const live = await rig.sees(({ text: said }) =>
      said.includes('🧪 Test run · phase 5 of 9 · Backend verification'),
    );
    await rig.telegram.waitFor(() => steps.length === 0, 10_000);
    expect(heard('c_unit')).toMatch(/# (?:pass 1|fail 1)/);
    expect(heard('c_server')).toContain('running in background');
    await rig.leashd.stop('SIGKILL');
    thinking.release();

    await rig.start();
    const offer = await rig.sees(
      ({ text: said, keyboard }) => said.includes('Test this project') && keyboard.length > 0,
    );
    steps = [
      read(SESSION),
      bash('c_again', 'npm run start', { run_in_background: true }),
      bash('c_backend', `curl -s -d password=${SECRET} http://localhost:${port}/login`),
      next(5, 7),
      next(7, 8),
      read('total.js'),
      useTool(
        'Edit',
        { file_path: path('total.js'), old_string: 'sum - price', new_string: 'sum + price' },
        { id: 'c_fix' },
      ),
      bash('c_healed', 'npm test'),
      useTool('Edit', {
        file_path: path(SESSION),
        old_string: '|        |        |       |      |',
        new_string: '| 2 | 0 | 1 | 0 |',
      }),
      next(8, 9),
      text(`Healed the total. I logged in with ${SECRET}.`),
    ];
    rig.owner.tap('▶️ Resume', { message: offer.id });
    const isFix = ({ text: said, keyboard }: SeenMessage): boolean =>
      said.includes('total.js') && keyboard.length > 0;
    const card = await rig.sees(isFix);
    const system = JSON.stringify(rig.model.requests().findLast(({ kind }) => kind === 'main')?.body.system);
    expect(system).toContain('go on with phase 5; do not repeat what is done');
    expect(system).toContain(SECRET);
    expect(session()).toMatch(/- \[x\] 4\..*\n- \[x\] 5\./);
    rig.owner.tap('✅ Approve', { message: card.id });

    const report = await rig.sees(({ text: said }) => said.includes('🧪 Test run · report'));
    expect(report.id).not.toBe(live.id);
    expect(report.text).toContain('✅ 2 passed · ❌ 0 failed · 🔧 1 fixed · 📌 0 left');
    expect(report.text).toContain('⏭ 6 End-to-end in the browser: not wanted (flags)');
    await rig.sees(({ text: said }) => said.includes('I logged in with [redacted].'));
    expect(heard('c_healed')).toMatch(/# pass 2/);
    expect(heard('c_backend')).toContain('served /login');
    expect(readFileSync(path('total.js'), 'utf8')).toContain('sum + price');
    // But the offer to resume, one card was all that was asked.
    const cards = rig.auditLines().filter(({ event }) => event === 'approval_requested');
    expect(cards).toMatchObject([{ call: 'c_fix' }]);
    const switched = rig
      .auditLines()
      .flatMap(({ event, from, to }) => (event === 'mode_changed' ? [[from, to]] : []));
    const [there, back] = [
      ['default', 'test'],
      ['test', 'default'],
    ];
    expect(switched).toEqual([there, back, there, back]);
    expect(labels(report)).toEqual([]);

    await rig.leashd.stop();
    const state = join(rig.home.home, 'leashd-start');
    const kept = [...filesBelow(state), path(SESSION)].filter((file) => readFileSync(file).includes(SECRET));
    expect(kept).toEqual([]);
    expect(JSON.stringify(rig.telegram.calls())).not.toContain(SECRET);
  }, 60_000);

  it.skipIf(CHROMIUM === undefined)(
    `has a browser while it lasts, for the page under test alone${NO_CHROMIUM}`,
    async () => {
      const served = createHttpServer((_, response) => {
        response.setHeader('content-type', 'text/html').end('<title>Shop</title><h1>Open all night</h1>');
      });
      await new Promise<void>((resolve) => served.listen(0, '127.0.0.1', resolve));
      const { port: here } = served.address() as AddressInfo;
      await rig.start();
      const before = rig.telegram.calls().length;
      const go = (url: string, id: string): Reply =>
        useTool('mcp__playwright__browser_navigate', { url }, { id });
      steps = [
        go(`http://localhost:${here}/`, 'c_page'),
        useTool('mcp__playwright__browser_snapshot', {}, { id: 'c_seen' }),
        go('http://192.0.2.1/', 'c_away'),
        text('It is open.'),
      ];
      rig.owner.send(`/test --no-unit --no-backend -u ${here}`);
      const card = await rig.sees(
        ({ text: said, keyboard }) => said.includes('192.0.2.1') && keyboard.length > 0,
      );
      expect(heard('c_page') + heard('c_seen')).toContain('Open all night');
      rig.owner.tap('❌ Reject', { message: card.id });
      await rig.sees(({ text: said }) => said.includes('It is open.'));
      const asked = rig.telegram
        .calls()
        .slice(before)
        .filter(({ params }) => JSON.stringify(params).includes('✅ Approve'));
      expect(asked.every(({ params }) => JSON.stringify(params).includes('192.0.2.1'))).toBe(true);
      await new Promise((resolve) => served.close(resolve));
    },
    60_000,
  );
});
