import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { puppetAgent, type PuppetAgent } from '../../../test/fixtures/puppet-agent.ts';
import {
  ada,
  recordingConnector,
  type RecordingConnector,
} from '../../../test/fixtures/recording-connector.ts';
import { loadSettings, type LoadedSettings } from '../../config/load-settings.ts';
import { openTo } from '../../core/access/open-to.ts';
import type { Verdict } from '../../core/ports/gate.ts';
import { systemClock } from '../../util/clock.ts';
import { silentLog } from '../../util/log.ts';
import { createRedactor } from '../../util/redact.ts';
import { buildApp } from '../build-app.ts';
import type { App } from '../create-app.ts';

const { signal } = new AbortController();
const rule = (action: string): string =>
  `rules:\n  - { name: touching, commands: [touch *], action: ${action}, risk_level: medium, reason: it touches }\n`;

describe('reloading', () => {
  let folder: string;
  let app: App;
  let agent: PuppetAgent;
  let connector: RecordingConnector;
  let redactor: ReturnType<typeof createRedactor>;
  let levels: string[];
  /** What the channel has against other settings. */
  let fault: Error | undefined;
  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-reload-')));
    for (const name of ['home/.leashd', 'start', 'one', 'two'])
      mkdirSync(join(folder, name), { recursive: true });
    agent = puppetAgent();
    connector = recordingConnector();
    redactor = createRedactor([]);
    levels = [];
    fault = undefined;
    configure({});
    policy(rule('require_approval'));
  });
  afterEach(async () => {
    await app.stop('the test is over');
    rmSync(folder, { recursive: true });
  });

  const at = (...path: string[]): string => join(folder, ...path);
  const policy = (text: string): void => writeFileSync(at('home/.leashd/mine.yaml'), text);
  const DEFAULTS = { approved_directories: ['one', 'two'], policy_files: ['default', 'mine.yaml'] };
  function configure(changes: Readonly<Record<string, unknown>>): void {
    const settings = { ...DEFAULTS, ...changes };
    const absolute = (names: readonly string[], base: string): readonly string[] =>
      names.map((name) => (name === 'default' || name.startsWith('/') ? name : at(base, name)));
    const written = {
      ...settings,
      approved_directories: absolute(settings.approved_directories, '.'),
      policy_files: absolute(settings.policy_files, 'home/.leashd'),
    };
    writeFileSync(at('home/.leashd/config.yaml'), JSON.stringify(written));
  }
  const load = (): LoadedSettings =>
    loadSettings({
      startDirectory: at('start'),
      homeDirectory: at('home'),
      environment: { LEASHD_STATE_DIR: at('home/.leashd') },
    });
  async function prepareReload(): Promise<() => void> {
    if (fault) throw fault;
    return () => {};
  }
  async function start(): Promise<void> {
    const built = await buildApp({
      loaded: load(),
      environment: { PATH: process.env['PATH'], HOME: at('home') },
      clock: systemClock,
      log: silentLog,
      redactor,
      announce: () => {},
      openChannels: async () => [{ connector, access: openTo([ada.id]), prepareReload }],
      setLevel: ({ settings }) => void levels.push(settings.logLevel),
      agent,
    });
    if (built.kind !== 'built') throw new Error('it is not ready');
    ({ app } = built);
    await app.start();
  }
  const audited = (): readonly Record<string, unknown>[] =>
    readFileSync(at('start/.leashd/audit.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const touch = { id: 'c1', tool: 'Bash', input: { command: 'touch a.txt' } };

  it('a card that is open across a reload which denies runs nothing, and the turn goes on', async () => {
    await start();
    await connector.write('touch it');
    const turn = await agent.turn(0);
    const verdict = turn.options.gate({ ...touch, directory: at('one') }, signal);
    await connector.until(() => connector.prompts.length === 1);
    policy(rule('deny'));
    expect(await app.reload(load)).toEqual({ applied: [at('home/.leashd/mine.yaml')], needsRestart: [] });
    expect(connector.prompts[0]?.outcome).toBeUndefined();
    const id = connector.prompts[0]?.view.id;
    if (id) await connector.tap(id, 'approve');
    expect(await verdict).toMatchObject({ kind: 'deny', rule: 'touching', layer: 'policy' });
    expect(connector.sent).toEqual(['⛔ Approved, but not run: it touches.']);
    turn.emit({ kind: 'text', delta: 'It was denied.' });
    turn.finish();
    await app.engine.idle();
    expect(connector.replies.at(-1)?.final?.markdown).toContain('It was denied.');
    expect(audited().map(({ event, decision }) => [event, decision])).toEqual([
      ['log_opened', undefined],
      ['approval_requested', 'ask'],
      ['leashd_reloaded', undefined],
      ['approval_resolved', 'deny'],
      ['tool_decided', 'deny'],
    ]);
  });

  it('takes what can be taken, and names what only a start takes', async () => {
    await start();
    configure({
      max_turns: 9,
      log_level: 'DEBUG',
      approved_directories: ['two'],
      storage_path: at('other.db'),
      telegram_bot_token: '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11',
      os_sandbox: 'auto',
    });
    writeFileSync(at('home/.leashd/workspaces.yaml'), `workspaces:\n  shop: [${at('two')}]\n`);
    expect(await app.reload(load())).toEqual({
      applied: [
        'LEASHD_APPROVED_DIRECTORIES',
        'LEASHD_MAX_TURNS',
        'LEASHD_LOG_LEVEL',
        at('home/.leashd/workspaces.yaml'),
      ],
      needsRestart: ['LEASHD_TELEGRAM_BOT_TOKEN', 'LEASHD_OS_SANDBOX', 'LEASHD_STORAGE_PATH'],
    });
    expect(app.approvedDirectories()).toEqual([at('two')]);
    expect(levels).toEqual(['DEBUG']);
    expect(redactor.redact('it is 123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11')).toBe('it is [redacted]');
    expect(audited().at(-1)).toMatchObject({
      event: 'leashd_reloaded',
      changed: expect.arrayContaining(['LEASHD_MAX_TURNS']) as unknown,
      needsRestart: expect.arrayContaining(['LEASHD_STORAGE_PATH']) as unknown,
      settings: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      directories: [at('two')],
    });
    expect(JSON.stringify(audited())).not.toContain('ABC-DEF');
    // Nothing has changed since, but for what still waits for a start.
    expect(await app.reload(load())).toMatchObject({ applied: [], needsRestart: { length: 3 } });

    await connector.write('where am I?');
    const turn = await agent.turn(0);
    expect(turn.options).toMatchObject({ directory: at('two'), maxTurns: 9 });
    // Neither the policy file nor what the next start will open is the agent's to write.
    const write = (path: string) =>
      turn.options.gate(
        { id: 'w', tool: 'Write', input: { file_path: path, content: '' }, directory: at('two') },
        signal,
      );
    expect(await write(at('other.db'))).toMatchObject({ kind: 'deny', layer: 'sandbox' });
    turn.finish();
    await app.engine.idle();
  });

  it('closes a policy file that comes to lie in an approved directory', async () => {
    await start();
    writeFileSync(at('one/strict.yaml'), rule('deny'));
    await connector.write('hello');
    const turn = await agent.turn(0);
    const write = (): Promise<Verdict> => {
      const input = { file_path: at('one/strict.yaml'), content: 'rules: []\n' };
      return turn.options.gate({ id: 'w', tool: 'Write', input, directory: at('one') }, signal);
    };
    const before = write();
    await connector.until(() => connector.prompts.length === 1);
    configure({ policy_files: ['default', at('one/strict.yaml')] });
    await app.reload(load());
    const id = connector.prompts[0]?.view.id;
    if (id) await connector.tap(id, 'approve');
    expect(await before).toMatchObject({ kind: 'deny', layer: 'sandbox', rule: 'own-files' });
    turn.finish();
    await app.engine.idle();
  });

  it.each<[string, () => void, string | RegExp]>([
    [
      'settings with faults',
      () => configure({ max_turns: 'many' }),
      /A setting is wrong:\n {2}~\/\.leashd\/config\.yaml:1:\d+ max_turns: expected/,
    ],
    ['a policy with a fault', () => policy('rules:\n  - { name: x, action: denny }\n'), /mine\.yaml:2:\d+ /],
    ['a policy file that is gone', () => rmSync(at('home/.leashd/mine.yaml')), /mine\.yaml/],
    [
      'a directory that is gone',
      () => rmSync(at('two'), { recursive: true }),
      /config\.yaml:1:\d+ approved_directories: expected a directory that exists, but ".*\/two" does not exist/,
    ],
    [
      'workspaces with a fault',
      () => writeFileSync(at('home/.leashd/workspaces.yaml'), 'workspaces:\n  shop: [/nowhere]\n'),
      /workspaces\.yaml:2:10 shop: expected a directory that exists/,
    ],
    ['people who can not be let in', () => (fault = new Error('nobody is left')), 'nobody is left'],
  ])('keeps all of the old with %s', async (_what, spoil, words) => {
    await start();
    configure({ max_turns: 9, default_mode: 'plan', confirm_risk: 'never', system_prompt: 'Be rude.' });
    spoil();
    await expect(app.reload(load)).rejects.toThrow(words);
    expect(audited().at(-1)).toMatchObject({
      event: 'reload_refused',
      why: expect.stringMatching(words) as unknown,
    });
    expect(app.approvedDirectories()).toEqual([at('one'), at('two')]);
    expect(levels).toEqual([]);
    await connector.write('hello');
    const turn = await agent.turn(0);
    expect(turn.options).toMatchObject({ directory: at('one'), maxTurns: 25 });
    expect(turn.options.instructions).not.toContain('rude');
    const verdict = turn.options.gate({ ...touch, directory: at('one') }, signal);
    await connector.until(() => connector.prompts.length === 1);
    const id = connector.prompts[0]?.view.id;
    if (id) await connector.tap(id, 'approve');
    expect(await verdict).toEqual({ kind: 'allow' });
    turn.finish();
    await app.engine.idle();
  });

  it('changes nothing while it can not be written down', async () => {
    await start();
    const mend = spoilAudit();
    configure({ approved_directories: ['two'] });
    await expect(app.reload(load)).rejects.toMatchObject({ code: 'AUDIT_UNWRITABLE' });
    expect(app.approvedDirectories()).toEqual([at('one'), at('two')]);
    mend();
    expect(await app.reload(load)).toMatchObject({ applied: ['LEASHD_APPROVED_DIRECTORIES'] });
  });

  it('takes one after the other, and the last one holds', async () => {
    await start();
    const both = [];
    configure({ max_turns: 9 });
    both.push(app.reload(load()));
    configure({ max_turns: 11 });
    both.push(app.reload(load()));
    expect((await Promise.all(both)).map(({ applied }) => applied)).toEqual([
      ['LEASHD_MAX_TURNS'],
      ['LEASHD_MAX_TURNS'],
    ]);
    await connector.write('hello');
    const turn = await agent.turn(0);
    expect(turn.options.maxTurns).toBe(11);
    turn.finish();
    await app.engine.idle();
  });

  /** Nothing can be written to the log until what is returned is called. */
  function spoilAudit(): () => void {
    const path = at('start/.leashd/audit.jsonl');
    renameSync(path, `${path}.away`);
    mkdirSync(path);
    return () => {
      rmdirSync(path);
      renameSync(`${path}.away`, path);
    };
  }
});
