import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings, type LoadedSettings } from './load-settings.ts';
import { settingKeys, settingTable } from './settings.ts';

const TOKEN = `123456:${'aB3-_'.repeat(7)}`;
let root = '';
let start = '';
let home = '';

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leashd-config-')));
  start = path.join(root, 'projects', 'start');
  home = path.join(root, 'home');
  mkdirSync(start, { recursive: true });
  mkdirSync(path.join(home, '.leashd'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, content: string, mode = 0o600): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}
const dotenv = (content: string, mode?: number) => write(path.join(start, '.env'), content, mode);
const config = (content: string, mode?: number) =>
  write(path.join(home, '.leashd', 'config.yaml'), content, mode);
const load = (environment: Record<string, string | undefined> = {}): LoadedSettings =>
  loadSettings({ startDirectory: start, homeDirectory: home, environment });

describe('loadSettings, defaults', () => {
  it('has every default of the documentation when nothing is set', () => {
    const { settings, origins, warnings } = load();
    expect(settings).toEqual({
      approvedDirectories: [],
      browser: 'off',
      browserPath: undefined,
      telegramBotToken: undefined,
      allowedUserIds: [],
      maxTurns: 25,
      systemPrompt: undefined,
      defaultMode: 'default',
      allowedTools: [],
      disallowedTools: [],
      mcpServers: {},
      maxCostUsdPerTurn: undefined,
      maxCostUsdPerDay: undefined,
      agentTimeoutSeconds: 1800,
      agentIdleSeconds: 900,
      claudePath: undefined,
      policyFiles: ['default.yaml', 'dev-tools.yaml'],
      approvalTimeoutSeconds: 300,
      approverIds: [],
      confirmRisk: 'critical',
      plugins: [],
      osSandbox: 'off',
      rateLimitRpm: 0,
      rateLimitBurst: 5,
      storageBackend: 'sqlite',
      storagePath: path.join(start, '.leashd/messages.db'),
      auditLogPath: path.join(start, '.leashd/audit.jsonl'),
      auditMaxMb: 64,
      logLevel: 'INFO',
      logDir: path.join(start, '.leashd/logs'),
      logMaxBytes: 10_485_760,
      logBackupCount: 5,
      stateDir: path.join(home, '.leashd'),
      streamingEnabled: true,
      streamingThrottleSeconds: 1.5,
      telegramApiRoot: 'https://api.telegram.org',
    });
    expect(new Set(Object.values(origins).map(({ kind }) => kind))).toEqual(new Set(['default']));
    expect(warnings).toEqual([]);
  });

  it('names every variable after its key', () => {
    for (const key of settingKeys) {
      const snake = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      expect(settingTable[key].yaml).toBe(snake);
      expect(settingTable[key].env).toBe(`LEASHD_${snake.toUpperCase()}`);
    }
  });

  it('has defaults that its own schemas take', () => {
    for (const key of settingKeys) {
      const { default: value, schema } = settingTable[key];
      expect(value === undefined ? undefined : schema.parse(value)).toEqual(value);
    }
  });
});

describe('loadSettings, sources', () => {
  it('lets the environment win over .env, .env over config.yaml, and that over the default', () => {
    config('max_turns: 1\nrate_limit_rpm: 2\nlog_level: debug\n');
    dotenv('# mine\nLEASHD_MAX_TURNS=3\nexport LEASHD_RATE_LIMIT_RPM=4\n');
    const { settings, origins, files } = load({ LEASHD_MAX_TURNS: '5', PATH: '/bin' });
    expect(settings).toMatchObject({ maxTurns: 5, rateLimitRpm: 4, logLevel: 'DEBUG', rateLimitBurst: 5 });
    expect(origins).toMatchObject({
      maxTurns: { kind: 'environment' },
      rateLimitRpm: { kind: 'dotenv', path: path.join(start, '.env'), line: 3 },
      logLevel: { kind: 'file', path: path.join(home, '.leashd/config.yaml'), line: 3, column: 12 },
      rateLimitBurst: { kind: 'default' },
    });
    expect(files).toEqual([path.join(home, '.leashd/config.yaml'), path.join(start, '.env')]);
  });

  it('never puts .env into its own environment', () => {
    dotenv('LEASHD_MAX_TURNS=3\nSOMETHING_ELSE=1\n');
    load();
    expect(process.env['LEASHD_MAX_TURNS']).toBeUndefined();
    expect(process.env['SOMETHING_ELSE']).toBeUndefined();
  });

  it('counts an empty variable as not set, in each source', () => {
    config('max_turns: 7\nsystem_prompt:\nlog_level: ""\n');
    dotenv('LEASHD_MAX_TURNS=\nLEASHD_RATE_LIMIT_RPM= \nLEASHD_RATE_LIMIT_BURST=9\n');
    const { settings } = load({ LEASHD_MAX_TURNS: '', LEASHD_LOG_LEVEL: '  ' });
    expect(settings).toMatchObject({ maxTurns: 7, rateLimitRpm: 0, rateLimitBurst: 9, logLevel: 'INFO' });
    expect(settings.systemPrompt).toBeUndefined();
  });

  it('takes a directory called .env, an empty config.yaml and one of comments for nothing', () => {
    mkdirSync(path.join(start, '.env'));
    config('# nothing yet\n');
    expect(load().settings.maxTurns).toBe(25);
    config('');
    expect(load().settings.maxTurns).toBe(25);
  });

  it('says which line of .env counts when a name stands there twice, or inside quotes', () => {
    dotenv(
      'LEASHD_MAX_TURNS=1\nLEASHD_SYSTEM_PROMPT="first\nLEASHD_MAX_TURNS=3\n"\r\nLEASHD_RATE_LIMIT_RPM=2\r\n',
    );
    const { settings, origins } = load();
    expect(settings).toMatchObject({
      maxTurns: 1,
      systemPrompt: 'first\nLEASHD_MAX_TURNS=3\n',
      rateLimitRpm: 2,
    });
    expect(origins.maxTurns).toMatchObject({ line: 1 });
    expect(origins.rateLimitRpm).toMatchObject({ line: 5 });
  });
});

describe('loadSettings, values', () => {
  it('takes lists as text with commas and as YAML lists', () => {
    config('policy_files: [a.yaml, "b, c.yaml"]\ndisallowed_tools: Bash, Write\nallowed_user_ids: 42\n');
    expect(load({ LEASHD_ALLOWED_TOOLS: ' Read, Edit ,,' }).settings).toMatchObject({
      policyFiles: ['a.yaml', 'b, c.yaml'],
      disallowedTools: ['Bash', 'Write'],
      allowedUserIds: [42],
      allowedTools: ['Read', 'Edit'],
    });
  });

  it.each([
    ['true', true],
    ['1', true],
    ['YES', true],
    ['on', true],
    ['False', false],
    ['0', false],
    ['no', false],
    ['off', false],
  ])('takes %s for %s', (given, expected) => {
    expect(load({ LEASHD_STREAMING_ENABLED: given }).settings.streamingEnabled).toBe(expected);
    config(`streaming_enabled: ${given}`);
    expect(load().settings.streamingEnabled).toBe(expected);
  });

  it.each([
    ['42', [42]],
    ['42, 4503599627370495,42', [42, 4_503_599_627_370_495]],
    ['*', '*'],
  ])('takes user IDs %j', (given, expected) => {
    expect(load({ LEASHD_ALLOWED_USER_IDS: given }).settings.allowedUserIds).toEqual(expected);
  });

  it('takes MCP servers as JSON and as YAML', () => {
    config('mcp_servers:\n  web: { command: npx, args: [-y, 3000], env: { PORT: 3000 } }\n');
    expect(load().settings.mcpServers).toEqual({
      web: { type: 'stdio', command: 'npx', args: ['-y', '3000'], env: { PORT: '3000' } },
    });
    const json = '{"a":{"type":"http","url":"https://example.com/mcp","headers":{"X-Key":"k"}}}';
    expect(load({ LEASHD_MCP_SERVERS: json }).settings.mcpServers).toEqual({
      a: { type: 'http', url: 'https://example.com/mcp', headers: { 'X-Key': 'k' } },
    });
  });

  it('makes paths absolute from the start directory, wherever they were set, and knows ~', () => {
    config('storage_path: db/x.db\n');
    const { settings } = load({
      LEASHD_LOG_DIR: '~/logs',
      LEASHD_AUDIT_LOG_PATH: '/var/a.jsonl',
      LEASHD_STATE_DIR: '~',
    });
    expect(settings).toMatchObject({
      storagePath: path.join(start, 'db/x.db'),
      logDir: path.join(home, 'logs'),
      auditLogPath: '/var/a.jsonl',
      stateDir: home,
    });
  });

  it('follows approved directories to their real paths, each once', () => {
    mkdirSync(path.join(root, 'project'));
    mkdirSync(path.join(home, 'other'));
    symlinkSync(path.join(root, 'project'), path.join(start, 'link'));
    const { settings } = load({ LEASHD_APPROVED_DIRECTORIES: `link,${root}/project/, ~/other` });
    expect(settings.approvedDirectories).toEqual([path.join(root, 'project'), path.join(home, 'other')]);
  });

  it('takes a program that exists, and leaves policy files as they were given', () => {
    const program = write(path.join(start, 'bin/claude'), '#!/bin/sh\n', 0o700);
    const { settings } = load({
      LEASHD_CLAUDE_PATH: 'bin/claude',
      LEASHD_POLICY_FILES: 'policies/strict.yaml',
    });
    expect(settings).toMatchObject({ claudePath: program, policyFiles: ['policies/strict.yaml'] });
  });

  it('takes ~ in a policy file for the home directory', () => {
    const { settings } = load({ LEASHD_POLICY_FILES: 'default,~/mine.yaml,own/x.yaml' });
    expect(settings.policyFiles).toEqual(['default', path.join(home, 'mine.yaml'), 'own/x.yaml']);
  });

  it('cuts the slash at the end of an address', () => {
    expect(load({ LEASHD_TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/' }).settings.telegramApiRoot).toBe(
      'http://127.0.0.1:8081',
    );
  });
});

describe('loadSettings, warnings', () => {
  it('tells to close files that others may read while they hold the bot token', () => {
    config(`telegram_bot_token: "${TOKEN}"\n`, 0o640);
    mkdirSync(path.join(root, 'project'));
    dotenv(`LEASHD_TELEGRAM_BOT_TOKEN=${TOKEN}\nLEASHD_APPROVED_DIRECTORIES=../../project\n`, 0o604);
    expect(load().warnings).toEqual([
      '~/.leashd/config.yaml holds the bot token, and others on this machine may open it: ' +
        'chmod 600 ~/.leashd/config.yaml',
      '.env holds the bot token, and others on this machine may open it: chmod 600 .env',
    ]);
    chmodSync(path.join(home, '.leashd/config.yaml'), 0o600);
    chmodSync(path.join(start, '.env'), 0o400);
    expect(load().warnings).toEqual([]);
  });

  it('says nothing of an open file without the token', () => {
    config('max_turns: 3\n', 0o644);
    expect(load().warnings).toEqual([]);
  });

  it.each([
    ['', 'by default'],
    ['.', 'itself'],
    ['..', 'from above'],
  ])("says what the project's own .env sets (approved: %j, %s)", (approved) => {
    dotenv('LEASHD_MAX_TURNS=3\nLEASHD_LOG_LEVEL=\nLEASHD_DEFAULT_MODE=auto\nOTHER=1\n', 0o644);
    expect(load({ LEASHD_APPROVED_DIRECTORIES: approved }).warnings).toEqual([
      "the project's own .env sets leashd's settings; make sure you wrote it: " +
        'LEASHD_MAX_TURNS, LEASHD_DEFAULT_MODE',
    ]);
  });

  it('warns of directories that hold the whole home, and of a bot API without encryption', () => {
    const { warnings } = load({
      LEASHD_APPROVED_DIRECTORIES: '~,/',
      LEASHD_TELEGRAM_API_ROOT: 'http://10.0.0.7:8081',
    });
    expect(warnings).toEqual([
      `LEASHD_APPROVED_DIRECTORIES holds ${home}, your whole home directory: name the projects instead`,
      'LEASHD_APPROVED_DIRECTORIES holds /, more than your home directory: name the projects instead',
      'LEASHD_TELEGRAM_API_ROOT is plain http:// to another machine: whoever listens on the way reads the bot token',
    ]);
    expect(load({ LEASHD_TELEGRAM_API_ROOT: 'http://127.0.0.1:1' }).warnings).toEqual([]);
  });

  it('warns at every start that * lets anyone in, once there is a bot', () => {
    expect(load({ LEASHD_ALLOWED_USER_IDS: '*' }).warnings).toEqual([]);
    expect(load({ LEASHD_ALLOWED_USER_IDS: '*', LEASHD_TELEGRAM_BOT_TOKEN: TOKEN }).warnings).toEqual([
      'LEASHD_ALLOWED_USER_IDS is *: anyone who finds the bot can drive the agent on this machine',
    ]);
  });
});
