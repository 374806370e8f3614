import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import type { PuppetTurn } from '../../../test/fixtures/puppet-agent.ts';
import { recordingConnector, type ShownPrompt } from '../../../test/fixtures/recording-connector.ts';
import { personFiles } from '../../app/read-for-person.ts';
import { testRuns } from '../../app/test-runs.ts';
import { createRedactor } from '../../util/redact.ts';
import { silentLog } from '../../util/log.ts';
import type { Engine } from '../engine.ts';
import type { PersonId } from '../ports/chat.ts';
import type { GateContext } from '../ports/gate.ts';

const SECRET = 'correct-horse-9';

let bench: EngineBench;
let engine: Engine;
let directory: string;
beforeEach(() => {
  bench = new EngineBench();
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-test-run-')));
  mkdirSync(join(directory, '.leashd'));
  write(
    'package.json',
    JSON.stringify({ name: 'shop', scripts: { test: 'node --test', start: 'node server.js' } }),
  );
  write('.leashd/test.yaml', `url: 4321\ncredentials: { user: ada, password: ${SECRET} }\n`);
});
afterEach(async () => {
  await bench.dispose();
  rmSync(directory, { recursive: true });
});

function write(path: string, content: string | Uint8Array): void {
  writeFileSync(join(directory, path), content);
}

const SESSION = '.leashd/test-session.md';
const session = (): string => readFileSync(join(directory, SESSION), 'utf8');

/** As the agent does it. */
function mark(turn: PuppetTurn, ...states: readonly (readonly [phase: number, mark: string])[]): void {
  let text = session();
  for (const [phase, sign] of states)
    text = text.replace(new RegExp(`- \\[.\\] ${phase}\\.`), `- [${sign}] ${phase}.`);
  write(SESSION, text);
  turn.emit({ kind: 'tool-ended', callId: 'c', isError: false });
}

const start = async (changes: Parameters<EngineBench['start']>[0] = {}): Promise<void> => {
  engine = await bench.start({
    ...testRuns({
      redactor: createRedactor([]),
      browser: { kind: 'ready', isAlways: false },
      log: silentLog,
    }),
    files: personFiles,
    ...changes,
    settings: { approvedDirectories: [directory, '/projects/site'], ...changes.settings },
  });
};
const send = (name: string, args = '') => bench.connector.act({ kind: 'command', name, args });

async function offer(words: string): Promise<ShownPrompt> {
  const find = (): ShownPrompt | undefined =>
    bench.connector.prompts.findLast(
      ({ view, outcome }) =>
        outcome === undefined && view.choices.length > 0 && view.body.text.includes(words),
    );
  await bench.connector.until(() => find() !== undefined);
  return find() as ShownPrompt;
}

async function live(words: string): Promise<ShownPrompt> {
  const find = (): ShownPrompt | undefined =>
    bench.connector.prompts.findLast(
      ({ view }) => view.choices.length === 0 && view.body.text.includes(words),
    );
  await bench.connector.until(() => find() !== undefined);
  return find() as ShownPrompt;
}

async function context(turn: PuppetTurn): Promise<GateContext['mode']> {
  const call = { id: 'c', tool: 'Bash', input: { command: 'npm test' }, directory };
  await turn.options.gate(call, new AbortController().signal);
  const last = bench.gated.at(-1);
  if (!last) throw new Error('the gate was not asked');
  return last.mode;
}

const modes = (): readonly unknown[] =>
  bench.audited.flatMap((line) => (line.event === 'mode_changed' ? [`${line.from} ${line.to}`] : []));

describe('a test run', () => {
  it('says what was found, runs in its mode, shows each phase in one message and ends with the report', async () => {
    await start();
    await send('test', '—no-backend the cart');
    const turn = await bench.agent.turn(0);
    const [found] = bench.connector.sent;
    for (const words of [
      'shop: node',
      'Tests: npm run test',
      'Server: npm run start',
      'Address: http://localhost:4321',
    ])
      expect(found).toContain(words);
    expect(found).toContain('5 Backend verification: not wanted (flags)');
    expect(found).toMatch(/Without asking, while it runs: .*npm run test, .*requests to localhost:4321/);
    expect(turn.text).toContain('(The person wrote: /test —no-backend the cart)');
    expect(turn.options.instructions).toContain('You are in test mode');
    expect(turn.options.instructions).toContain(`password: "${SECRET}"`);

    const mode = await context(turn);
    expect(mode).toMatchObject({ name: 'test', mayChange: true, grants: [], rulesFrom: 'test' });
    expect(mode.writes).toEqual([join(directory, SESSION)]);
    expect(mode.rules?.find(({ words }) => words === 'npm run test')).toMatchObject({
      folder: directory,
      source: join(directory, 'package.json'),
    });

    const card = await live('phase 1 of 9 · Discovery');
    mark(turn, [1, 'x'], [2, 'x'], [3, '~']);
    await live('🧪 Test run · phase 3 of 9 · Smoke test');
    write('cart.png', 'picture');
    write(SESSION, `${session().replace(/\|( +\|){4}$/m, '| 41 | 2 | 1 | 1 |')}\n- cart.png\n`);
    mark(turn, [3, 'x'], [4, 'x'], [6, '-'], [7, 'x'], [8, 'x'], [9, '~']);
    turn.emit({ kind: 'text', delta: 'All is well.' });
    turn.finish();
    await engine.idle();
    expect(card.view.body.text).toBe(
      [
        '🧪 Test run · report',
        '✅ 41 passed · ❌ 2 failed · 🔧 1 fixed · 📌 1 left',
        '⏭ 5 Backend verification: not wanted (flags)',
        '⏭ 6 End-to-end in the browser: skipped by Claude',
        '📷 1 screenshot below',
      ].join('\n'),
    );
    expect(card.outcome).toBe('✅ The test run is over');
    expect(bench.connector.notices.at(-1)?.attachment).toMatchObject({ fileName: 'cart.png' });
    expect(bench.calls.at(-1)).toMatchObject({ tool: 'Read', isPersons: true });
    expect(modes()).toEqual(['default test', 'test default']);
  });

  it('lets edits of sources pass where they did before, and asks where somebody else has to approve', async () => {
    await start({ settings: { defaultMode: 'auto' } });
    await send('test');
    const turn = await bench.agent.turn(0);
    expect((await context(turn)).grants).toEqual(['edit-files']);
    expect(bench.connector.sent[0]).toContain('edits of all files of the project, as with /edit');
    turn.finish({ kind: 'interrupted' });
    await engine.idle();
    expect(modes()).toEqual(['auto test', 'test auto']);
    const other = new EngineBench();
    await other.start({
      ...testRuns({
        redactor: createRedactor([]),
        browser: { kind: 'ready', isAlways: false },
        log: silentLog,
      }),
      approvers: ['test:2' as PersonId],
      settings: { approvedDirectories: [directory] },
    });
    await other.connector.act({ kind: 'command', name: 'test', args: '' });
    await other.connector.until(() => other.connector.sent.length > 0);
    expect(other.connector.sent).toEqual(['Only those who may approve can start a test run.']);
    await other.dispose();
  });

  it.each([
    ['max-turns', { kind: 'max-turns' }, '⏸ Claude’s rounds were used up here'],
    ['/stop', { kind: 'interrupted' }, '⏹ Stopped here'],
    [
      'a crash of the agent',
      { kind: 'failed', reason: 'it broke', isResumeStale: false },
      '⚠️ Broke off here',
    ],
    ['an early end', { kind: 'done' }, '⏸ Claude ended its turn here'],
  ] as const)(
    'that ends before its report, by %s, goes on in its phase with a tap',
    async (_, outcome, words) => {
      await start();
      await send('test');
      const turn = await bench.agent.turn(0);
      mark(turn, [1, 'x'], [2, '-'], [3, '-'], [4, 'x'], [5, '~']);
      const card = await live('phase 5 of 9');
      turn.finish(outcome);
      await engine.idle();
      expect(card.outcome).toBe(words);
      const { view } = await offer('phase 5 of 9 · Backend verification');
      expect(view.choices.map(({ label }) => label)).toEqual(['▶️ Go on with phase 5', '🔁 Start anew']);
      expect(modes()).toEqual(['default test', 'test default']);
      await bench.connector.tap(view.id, view.choices[0]?.id ?? '');
      const next = await bench.agent.turn(1);
      expect(next.options.instructions).toContain('go on with phase 5; do not repeat what is done');
      expect((await context(next)).rules).not.toEqual([]);
      expect(session()).toContain('- [x] 4.');
      next.finish();
      await engine.idle();
    },
  );

  it('is offered to go on or to begin anew when it is asked for again; another plan begins anew', async () => {
    await start();
    await send('test');
    const turn = await bench.agent.turn(0);
    mark(turn, [1, 'x'], [2, '~']);
    turn.finish({ kind: 'interrupted' });
    await engine.idle();
    await send('test');
    const { view } = await offer('A test run of the same plan is not over: phase 2 of 9 · Server start');
    await bench.connector.tap(view.id, view.choices[1]?.id ?? '');
    const anew = await bench.agent.turn(1);
    expect(anew.options.instructions).toContain('Work through the phases in their order.');
    expect(session()).not.toContain('[x]');
    mark(anew, [1, 'x']);
    anew.finish({ kind: 'interrupted' });
    await engine.idle();
    await send('test', '--unit');
    const other = await bench.agent.turn(2);
    expect(bench.connector.sent.at(-1)).toContain('phase 1 to 9 (the last run had another plan)');
    expect(other.options.instructions).toContain('Work through the phases in their order.');
    other.finish();
    await engine.idle();
  });

  it.each(['stop', 'clear'])('brings nothing along any more once /%s has ended it', async (name) => {
    await start();
    await send('test');
    const { options } = await bench.agent.turn(0);
    expect(options.hasBrowser).toBe(true);
    await send(name);
    await engine.idle();
    await bench.connector.write('and now?');
    const next = await bench.agent.turn(1);
    expect(next.options.instructions).not.toMatch(/test mode|correct-horse/);
    const mode = await context(next);
    expect([mode.name, mode.rules ?? []]).toEqual(['default', []]);
    next.finish();
    await engine.idle();
  });

  it('goes on after a budget has stopped it, with the one button that raises the budget', async () => {
    await start({ settings: { budgets: { perTurnUsd: 1 } } });
    await send('test');
    const turn = await bench.agent.turn(0);
    mark(turn, [1, 'x'], [2, '~']);
    turn.emit({ kind: 'cost', costUsd: 2 });
    const { view } = await offer('Claude was stopped');
    expect(bench.connector.sent.at(-1)).toContain('phase 2 of 9 · Server start');
    const open = bench.connector.prompts.filter(
      ({ view: { choices }, outcome }) => choices.length > 0 && !outcome,
    );
    expect(open).toHaveLength(1);
    await bench.connector.tap(view.id, 'go-on');
    const next = await bench.agent.turn(1);
    expect((await context(next)).name).toBe('test');
    expect(next.options.instructions).toContain('go on with phase 2');
    next.finish();
    await engine.idle();
  });

  it('skips the browser where there is none, and says how to get one', async () => {
    const browser = { kind: 'missing', reason: 'no Chromium was found', hint: 'Install one.' } as const;
    await start(testRuns({ redactor: createRedactor([]), browser, log: silentLog }));
    await send('test');
    const { options } = await bench.agent.turn(0);
    const why = '6 End-to-end in the browser: no Chromium was found. Install one.';
    expect(bench.connector.sent[0]).toContain(why);
    expect(options.hasBrowser).not.toBe(true);
    expect(options.instructions).toContain('Phase 6 of 9: End-to-end in the browser – skipped: no Chromium');
  });

  it('tells each phase in a line where nobody can be asked', async () => {
    const connector = recordingConnector({ canPrompt: false });
    await start({ connector });
    await connector.act({ kind: 'command', name: 'test', args: '' });
    const turn = await bench.agent.turn(0);
    mark(turn, [1, 'x']);
    await connector.until(() => connector.sent.length === 3);
    expect(connector.sent.slice(1)).toEqual([
      '🧪 Test run · phase 1 of 9 · Discovery',
      '🧪 Test run · phase 2 of 9 · Server start',
    ]);
    turn.finish({ kind: 'max-turns' });
    await engine.idle();
    expect(connector.sent.at(-1)).toContain('It is not over yet; what is done is kept.\n\nNext: /test');
    // The same again goes on.
    await connector.act({ kind: 'command', name: 'test', args: '' });
    expect((await bench.agent.turn(1)).options.instructions).toContain('go on with phase 2');
  });

  it('does not begin with another plan than was agreed to', async () => {
    await start();
    await bench.connector.write('something else');
    const before = await bench.agent.turn(0);
    const work = { directory, line: '', digest: '0123456789abcdef' };
    const modeWork = { mode: 'test', about: JSON.stringify(work), back: 'default' };
    await bench.connector.act({ kind: 'text', text: 'Test this project', modeWork });
    before.finish();
    await bench.connector.until(() => bench.connector.sent.some((said) => said.includes('another plan now')));
    await engine.idle();
    expect(bench.agent.turns).toHaveLength(1);
    expect(modes()).toEqual([]);
  });

  it('tells what is wrong with what was typed, and with test.yaml, and starts nothing', async () => {
    await start();
    await send('test', '--fast');
    await bench.connector.until(() => bench.connector.sent.length === 1);
    await send('test', '--help');
    await bench.connector.until(() => bench.connector.sent.length === 2);
    write('.leashd/test.yaml', 'sever: x\n');
    await send('test');
    await bench.connector.until(() => bench.connector.sent.length === 3);
    const [typed, help, yaml] = bench.connector.sent;
    expect(typed).toContain('"--fast" is no flag of /test');
    expect(help).toContain('--server -s <command> – what starts it');
    expect(yaml).toContain('.leashd/test.yaml:1:1: no key is called "sever"; did you mean server?');
    expect(bench.agent.turns).toHaveLength(0);
  });

  it('keeps private values out of words, store, audit and session file', async () => {
    await start();
    await send('test');
    const turn = await bench.agent.turn(0);
    turn.emit({ kind: 'tool-started', callId: 'c', tool: 'Bash', summary: `curl -d ${SECRET.slice(0, 8)}…` });
    for (const delta of ['It is ', ...SECRET.split(''), '. Done.']) turn.emit({ kind: 'text', delta });
    write(SESSION, `${session()}\n  - logged in with ${SECRET}\n`);
    mark(turn, [1, 'x']);
    await live('phase 2 of 9');
    turn.finish({ kind: 'interrupted' });
    await engine.idle();
    expect(session()).toContain('logged in with [redacted]');
    const shown = bench.connector.replies.flatMap((reply) => [...reply.shown, reply.final]);
    expect(bench.connector.replies.at(-1)?.final?.markdown).toContain('It is [redacted]. Done.');
    const kept = await bench.stores.messages.latest(bench.connector.chat, 99);
    const all = JSON.stringify([shown, kept, bench.audited, bench.connector.sent, bench.connector.prompts]);
    for (let length = 6; length <= SECRET.length; length += 1)
      expect(all).not.toContain(SECRET.slice(0, length));
  });
});

describe('a test run in a workspace', () => {
  const other = (): string => {
    const path = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-test-other-')));
    writeFileSync(
      join(path, 'package.json'),
      JSON.stringify({ name: 'web', scripts: { test: 'node --test' } }),
    );
    return path;
  };

  it('asks which project: one tap tests it where Claude is, or goes there first', async () => {
    const web = other();
    const workspaces = [{ name: 'shop', directories: [directory, web] as const }];
    await start({ settings: { workspaces, approvedDirectories: [directory, web] } });
    await send('workspace', 'shop');
    await engine.idle();
    await send('test', '--unit');
    const asked = await offer('Which project of shop is to be tested?');
    expect(asked.view.choices).toHaveLength(2);
    const [, elsewhere] = asked.view.choices;
    await bench.connector.tap(asked.view.id, elsewhere?.id ?? '');
    const turn = await bench.agent.turn(0);
    expect(turn.options.directory).toBe(web);
    expect(bench.connector.sent.join('\n')).toContain('The workspace `shop` is left.');
    expect(bench.connector.sent.at(-1)).toContain('web: node');
    turn.finish();
    await engine.idle();
    rmSync(web, { recursive: true });
  });

  it('keeps the workspace where its first project is tested', async () => {
    const web = other();
    const workspaces = [{ name: 'shop', directories: [directory, web] as const }];
    await start({ settings: { workspaces, approvedDirectories: [directory, web] } });
    await send('workspace', 'shop');
    await engine.idle();
    await send('test', '--unit');
    const asked = await offer('Which project of shop is to be tested?');
    await bench.connector.tap(asked.view.id, asked.view.choices[0]?.id ?? '');
    const turn = await bench.agent.turn(0);
    expect([turn.options.directory, turn.options.otherDirectories]).toEqual([directory, [web]]);
    turn.finish();
    await engine.idle();
    rmSync(web, { recursive: true });
  });
});
