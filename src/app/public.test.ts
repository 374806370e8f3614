import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { puppetAgent } from '../../test/fixtures/puppet-agent.ts';
import type { Plugin } from '../core/ports/plugin.ts';
import type { Verdict } from '../core/ports/gate.ts';
import { openTo, openToAnyone } from '../core/access/open-to.ts';
import { ada, recordingConnector, type RecordingConnector } from '../testing/recording-connector.ts';
import { silentLog } from '../util/log.ts';
import { createApp, type App, type CreateAppOptions } from './public.ts';

describe('createApp', () => {
  let folder: string;
  let apps: App[];
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-public-')));
    for (const name of ['home', 'start', 'project']) mkdirSync(join(folder, name));
    apps = [];
  });
  afterEach(async () => {
    for (const app of apps) await app.stop();
    rmSync(folder, { recursive: true });
  });

  const create = async (options: CreateAppOptions = {}): Promise<App> => {
    const app = await createApp({
      startDirectory: join(folder, 'start'),
      homeDirectory: join(folder, 'home'),
      environment: { PATH: process.env['PATH'] },
      announce: () => {},
      log: silentLog,
      ...options,
      settings: { approvedDirectories: [join(folder, 'project')], ...options.settings },
    });
    apps.push(app);
    return app;
  };

  /** What the gate says to a call of the agent, in a turn of its own. */
  async function verdictOn(
    { connector = recordingConnector(), ...options }: CreateAppOptions & { connector?: RecordingConnector },
    tool: string,
    input: object,
  ): Promise<{ verdict: Verdict }> {
    const agent = puppetAgent();
    const app = await create({ channels: [{ connector, access: openTo([ada.id]) }], agent, ...options });
    await app.start();
    await connector.write('go');
    const turn = await agent.turn(0);
    const directory = turn.options.directory;
    const verdict = await turn.options.gate(
      { id: 'c1', tool, input, directory },
      new AbortController().signal,
    );
    turn.finish();
    await app.idle();
    await app.stop();
    return { verdict };
  }

  it('takes the files anew while it runs, or keeps the old ones', async () => {
    const config = join(folder, 'home', '.leashd', 'config.yaml');
    mkdirSync(join(folder, 'home', '.leashd'));
    const app = await create({
      channels: [{ connector: recordingConnector(), access: openToAnyone }],
      agent: puppetAgent(),
    });
    await app.start();
    writeFileSync(config, 'max_turns: 7\nos_sandbox: auto\napproved_directories: [/]\n');
    // The directory that was given wins over the file's, as it did at the start.
    expect(await app.reload()).toEqual({
      applied: ['LEASHD_MAX_TURNS'],
      needsRestart: ['LEASHD_OS_SANDBOX'],
    });
    writeFileSync(config, 'max_turns: many\n');
    await expect(app.reload()).rejects.toMatchObject({ code: 'SETTINGS_INVALID', fault: 'person' });
  });

  it('writes nothing where a link of the project leads', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync('../elsewhere', join(folder, 'start', '.leashd'));
    const parts = {
      channels: [{ connector: recordingConnector(), access: openToAnyone }],
      agent: puppetAgent(),
    };
    await expect(create({ ...parts, log: undefined })).rejects.toMatchObject({ code: 'START_FOLDER_LINK' });
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
  });

  it('puts every part behind the same gate, and writes the audit', async () => {
    const outside = { file_path: join(folder, 'home', 'x'), content: '' };
    const { verdict } = await verdictOn({}, 'Write', outside);
    expect(verdict).toMatchObject({ kind: 'deny', layer: 'sandbox' });
    expect(readFileSync(join(folder, 'start', '.leashd', 'audit.jsonl'), 'utf8')).toContain('tool_decided');
  });

  it('lets a plugin ask where the policy would allow', async () => {
    const file_path = join(folder, 'project', 'a.txt');
    writeFileSync(file_path, 'a');
    expect((await verdictOn({}, 'Read', { file_path })).verdict).toEqual({ kind: 'allow' });

    const connector = recordingConnector();
    const plugin: Plugin = {
      name: 'curious',
      initialize: () => {},
      vote: () => ({ action: 'ask', reason: 'I want to know' }),
    };
    const channels = [{ connector, access: openTo([ada.id]) }];
    const asked = verdictOn({ channels, connector, plugins: [plugin] }, 'Read', { file_path });
    await connector.until(() => connector.prompts.length > 0);
    const [prompt] = connector.prompts;
    expect(prompt?.view.body.text).toContain('I want to know');
    if (prompt) await connector.tap(prompt.view.id, 'reject');
    expect((await asked).verdict).toMatchObject({ kind: 'deny', layer: 'approval' });
  });

  it('takes Claude Code for an agent, which says when it has no log-in', async () => {
    const channels = [{ connector: recordingConnector(), access: openToAnyone }];
    await expect(create({ channels })).rejects.toMatchObject({ code: 'AGENT_NOT_READY' });
  });

  it('wants to know where people are', async () => {
    await expect(create({ agent: puppetAgent() })).rejects.toMatchObject({ code: 'NO_CHANNELS' });
  });

  it('checks settings as everywhere else', async () => {
    const settings = { maxTurns: 0 };
    await expect(create({ settings })).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  });

  it('does not take an agent of its own for one in the sandbox of the system', async () => {
    const settings = { osSandbox: 'required' } as const;
    await expect(create({ agent: puppetAgent(), settings })).rejects.toMatchObject({
      code: 'OS_SANDBOX_UNAVAILABLE',
    });
  });

  it('stops everything again when a plugin with a vote can not begin', async () => {
    const connector = recordingConnector();
    const plugin: Plugin = {
      name: 'broken',
      initialize: () => Promise.reject(new Error('no key')),
      vote: () => undefined,
    };
    const app = await create({
      channels: [{ connector, access: openToAnyone }],
      agent: puppetAgent(),
      plugins: [plugin],
    });
    await expect(app.start()).rejects.toMatchObject({ code: 'PLUGIN_FAILED' });
    await expect(connector.write('hello')).rejects.toThrow('was not started');
  });

  it('lets what is brought in see inbounds behind the door only', async () => {
    const seen: string[] = [];
    const connector = recordingConnector();
    const app = await create({
      channels: [{ connector, access: openTo([ada.id]) }],
      agent: puppetAgent(),
      middleware: [
        async (inbound) => {
          seen.push(inbound.person.name);
          return {};
        },
      ],
    });
    await app.start();
    await connector.act(
      { kind: 'text', text: 'hi' },
      { person: { ...ada, id: 'test:9' as typeof ada.id, name: 'Eve' } },
    );
    await connector.write('hi');
    expect(seen).toEqual(['Ada']);
  });
});
