import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettingsError } from './diagnostics.ts';
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

function faultsOf(environment: Record<string, string> = {}): string[] {
  try {
    load(environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults.map(({ where, name, problem }) => `${where} ${name}: ${problem}`);
  }
  return [];
}

describe('loadSettings, faults', () => {
  it.each([
    ['LEASHD_MAX_TURNS', '0', 'expected a whole number from 1 to 1000, got "0"'],
    ['LEASHD_MAX_TURNS', '2.5', 'expected a whole number from 1 to 1000, got "2.5"'],
    ['LEASHD_MAX_TURNS', '0x10', 'expected a whole number from 1 to 1000, got "0x10"'],
    ['LEASHD_APPROVAL_TIMEOUT_SECONDS', '0', 'expected a number of seconds above 0 and up to 3000, got "0"'],
    [
      'LEASHD_APPROVAL_TIMEOUT_SECONDS',
      '3001',
      'expected a number of seconds above 0 and up to 3000, got "3001"',
    ],
    ['LEASHD_AGENT_TIMEOUT_SECONDS', '-1', 'expected a number of seconds above 0 and up to 86400, got "-1"'],
    ['LEASHD_STREAMING_THROTTLE_SECONDS', 'fast', 'expected a number of seconds from 0 to 60, got "fast"'],
    [
      'LEASHD_MAX_COST_USD_PER_TURN',
      '0',
      'expected a number of US dollars above 0 and up to 1000000, got "0"',
    ],
    [
      'LEASHD_MAX_COST_USD_PER_TURN',
      '-$2',
      'expected a number of US dollars above 0 and up to 1000000, got "-$2"',
    ],
    [
      'LEASHD_MAX_COST_USD_PER_DAY',
      '5 €',
      'expected a number of US dollars above 0 and up to 1000000, got "5 €"',
    ],
    ['LEASHD_RATE_LIMIT_BURST', '0', 'expected a whole number from 1 to 1000, got "0"'],
    ['LEASHD_STREAMING_ENABLED', 'maybe', 'expected true or false, got "maybe"'],
    ['LEASHD_LOG_LEVEL', 'inof', 'expected DEBUG, INFO, WARNING or ERROR, got "inof"; did you mean INFO?'],
    ['LEASHD_STORAGE_BACKEND', 'redis', 'expected sqlite or memory, got "redis"'],
    ['LEASHD_DEFAULT_MODE', 'paln', 'expected default, plan or auto, got "paln"; did you mean plan?'],
    [
      'LEASHD_ALLOWED_USER_IDS',
      '42,@me',
      'expected a user ID (a positive whole number, or * alone), got "@me"',
    ],
    ['LEASHD_ALLOWED_USER_IDS', '-5', 'expected a user ID (a positive whole number, or * alone), got "-5"'],
    ['LEASHD_ALLOWED_USER_IDS', '42,*', 'expected user IDs or * alone, got both'],
    ['LEASHD_STORAGE_PATH', '~bob/x', 'expected a path, got "~bob/x"'],
    ['LEASHD_MCP_SERVERS', '[]', 'expected a mapping of names to servers'],
    [
      'LEASHD_MCP_SERVERS',
      '{"a__b":{"command":"x"}}',
      'server "a__b": expected a name of letters, digits, - and single _',
    ],
    [
      'LEASHD_MCP_SERVERS',
      '{"a":{"comand":"x","command":"y"}}',
      'server "a": unknown key "comand"; did you mean command?',
    ],
    ['LEASHD_MCP_SERVERS', '{"a":{"url":"https://x.example"}}', 'server "a": type: expected http or sse'],
    [
      'LEASHD_MCP_SERVERS',
      '{"a":{"type":"sse","url":"x"}}',
      'server "a": url: expected an http:// or https:// address',
    ],
  ])('%s=%s: %s', (name, value, problem) => {
    expect(faultsOf({ [name]: value })).toEqual([`environment ${name}: ${problem}`]);
  });

  it.each([
    'ftp://x',
    'https://me:pw@api.example',
    'https://api.example?x=1',
    'api.telegram.org',
    'https://',
  ])('refuses the address %s', (address) => {
    expect(faultsOf({ LEASHD_TELEGRAM_API_ROOT: address })[0]).toContain('expected an http:// or https://');
  });

  it('tells all of them at once, each with its place', () => {
    config('max_turns: many\nlog_levl: DEBUG\n');
    dotenv('LEASHD_STREAMING_ENABLED=perhaps\nLEASHD_MAX_TURN=3\nLEASHD_LOG_DIR: logs\n');
    const faults = faultsOf({ LEASHD_RATE_LIMIT_RPM: 'x', LEASHD_ALLOWED_USERS: '1', LEASHD_XYZZY: '' });
    expect(faults.toSorted()).toEqual([
      '.env:1 LEASHD_STREAMING_ENABLED: expected true or false, got "perhaps"',
      '.env:2 LEASHD_MAX_TURN: no setting has this name; did you mean LEASHD_MAX_TURNS?',
      '.env:3 : expected LEASHD_LOG_DIR=value',
      'environment LEASHD_ALLOWED_USERS: no setting has this name; did you mean LEASHD_ALLOWED_USER_IDS?',
      'environment LEASHD_RATE_LIMIT_RPM: expected a whole number from 0 to 10000, got "x"',
      'environment LEASHD_XYZZY: no setting has this name; docs/configuration.md lists all of them',
      '~/.leashd/config.yaml:1:12 max_turns: expected a whole number from 1 to 1000, got "many"',
      '~/.leashd/config.yaml:2:1 log_levl: no setting has this name; did you mean log_level?',
    ]);
  });

  it('is one error of the person, with a line for each fault', () => {
    const attempt = () => load({ LEASHD_MAX_TURNS: 'x', LEASHD_LOG_LEVEL: 'y' });
    expect(attempt).toThrow(SettingsError);
    expect(attempt).toThrow(
      expect.objectContaining({
        fault: 'person',
        code: 'SETTINGS_INVALID',
        message: [
          '2 settings are wrong:',
          '  environment LEASHD_MAX_TURNS: expected a whole number from 1 to 1000, got "x"',
          '  environment LEASHD_LOG_LEVEL: expected DEBUG, INFO, WARNING or ERROR, got "y"',
        ].join('\n'),
      }),
    );
  });

  it('names each approved directory that can not be used', () => {
    const file = write(path.join(start, 'a-file'), '');
    expect(faultsOf({ LEASHD_APPROVED_DIRECTORIES: `.,nope,a-file` })).toEqual([
      `environment LEASHD_APPROVED_DIRECTORIES: expected a directory that exists, but "${start}/nope" does not exist`,
      `environment LEASHD_APPROVED_DIRECTORIES: expected a directory, but "${file}" is a file`,
    ]);
  });

  it('names a claude program that is not there', () => {
    write(path.join(start, 'plain'), '', 0o600);
    expect(faultsOf({ LEASHD_CLAUDE_PATH: 'claude' })[0]).toContain(`"${start}/claude" does not exist`);
    expect(faultsOf({ LEASHD_CLAUDE_PATH: '.' })[0]).toContain('is not a file');
  });

  it.each([
    ['a: [1\nb: 2', '2:1 : not readable as YAML: Flow sequence in block collection must be'],
    ['max_turns: 1\nmax_turns: 2', '2:1 : not readable as YAML: Map keys must be unique'],
    ['system_prompt: "no end', '1:23 : not readable as YAML: Missing closing quote'],
    ['- max_turns', '1:1 : expected a mapping, as in `max_turns: 25`'],
    ['just text', '1:1 : expected a mapping, as in `max_turns: 25`'],
    ['max_turns: 1\n---\nmax_turns: 2', 'not readable as YAML: Source contains multiple documents'],
    ['max_turns: *nowhere', "can't be read: Unresolved alias"],
    ['[1, 2]: 3', '1:1 : expected the name of a setting'],
    ['max_turns: !secret 5', '1:12 : not readable as YAML: Unresolved tag'],
    ['system_prompt: 5', '1:16 system_prompt: expected text, got 5'],
    ['system_prompt: {a: 1}', '1:16 system_prompt: expected text, got a mapping'],
    ['max_turns: [1]', '1:12 max_turns: expected a whole number from 1 to 1000, got a list'],
    ['allowed_tools: [Read, 5]', '1:16 allowed_tools: expected a tool name, got 5'],
    ['allowed_tools: {a: 1}', '1:16 allowed_tools: expected tool names, got a mapping'],
  ])('says where config.yaml is wrong: %j', (content, expected) => {
    config(content);
    const faults = faultsOf();
    expect(faults[0]).toContain(expected);
    expect(faults[0]).toContain('~/.leashd/config.yaml:');
  });

  it('refuses a file that is too large, and one that is no file', () => {
    dotenv(`#${'x'.repeat(1_048_576)}`);
    expect(faultsOf()[0]).toContain('.env:1 : expected at most 1048576 bytes');
  });
});

describe('loadSettings, whatever is written', () => {
  it('gives settings or a SettingsError, never another fault', () => {
    const line = fc.oneof(
      fc.constantFrom(...settingKeys).map((key) => settingTable[key].env),
      fc.constantFrom(...settingKeys).map((key) => settingTable[key].yaml),
      fc.constantFrom(
        '=',
        ': ',
        '\n',
        '"',
        "'",
        '*',
        '{',
        '[',
        '- ',
        '&a ',
        '!!int ',
        '~',
        '\\u0000',
        '\0',
        '1',
        '-1',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    const content = fc.array(line, { maxLength: 12 }).map((parts) => parts.join(''));
    const environment = fc.dictionary(
      fc.constantFrom(...settingKeys.map((key) => settingTable[key].env)),
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.constantFrom('true', '1', '*', '/', 'https://x', '{"a":{"url":"x"}}'),
      ),
    );
    fc.assert(
      fc.property(content, content, environment, (envFile, yamlFile, variables) => {
        dotenv(envFile);
        config(yamlFile);
        expect(faultsOf(variables).every((fault) => fault.length > 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('loadSettings, secrets', () => {
  it('never quotes the bot token, whatever is wrong with it', () => {
    const faults = faultsOf({ LEASHD_TELEGRAM_BOT_TOKEN: `${TOKEN} and more` });
    expect(faults).toEqual([
      'environment LEASHD_TELEGRAM_BOT_TOKEN: expected a bot token as @BotFather gives it ' +
        '(digits, a colon, a long word), got text of 51 characters (not shown)',
    ]);
  });

  it('never quotes a token that was put into the wrong variable', () => {
    const faults = faultsOf({ LEASHD_ALLOWED_USER_IDS: TOKEN, LEASHD_LOG_LEVEL: TOKEN });
    expect(faults).toHaveLength(2);
    expect(faults.join('\n')).not.toContain(TOKEN.slice(7));
  });

  it.each([
    '{"a":{"command":"x","env":{"K":["hunter2"]}}}',
    '{"a":{"command":"x","env":{"K":"hunter2}}}',
    'hunter2',
  ])('never quotes what stands in MCP servers: %s', (json) => {
    const faults = faultsOf({ LEASHD_MCP_SERVERS: json });
    expect(faults).toHaveLength(1);
    expect(faults.join('\n')).not.toContain('hunter2');
  });

  it.each([
    'mcp_servers: {a: "hunter2\n',
    'mcp_servers:\n  a: "x" hunter2\n',
    'x: @hunter2',
    'x: %hunter2: - [',
  ])('never quotes config.yaml when it is not readable: %j', (content) => {
    config(content);
    const faults = faultsOf();
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join('\n')).not.toContain('hunter2');
  });
});
