import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeDefault, describeSettings, type SettingRow } from './describe-settings.ts';
import { loadSettings } from './load-settings.ts';
import { settingKeys } from './settings.ts';

const TOKEN = `123456:${'aB3-_'.repeat(7)}`;
const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'leashd-describe-')));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function rows(environment: Record<string, string>): Map<string, SettingRow> {
  const loaded = loadSettings({ startDirectory: home, homeDirectory: home, environment });
  return new Map(describeSettings(loaded).map((row) => [row.key, row]));
}

describe('describeSettings', () => {
  it('has a row for every setting, and survives JSON', () => {
    const all = [...rows({}).values()];
    expect(all.map(({ key }) => key)).toEqual(settingKeys);
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
    expect(all.every(({ value, origin }) => value.length > 0 && origin === 'default')).toBe(true);
  });

  it('shows a value as it would be written, and where it came from', () => {
    const shown = rows({ LEASHD_ALLOWED_USER_IDS: '1, 2', LEASHD_STREAMING_ENABLED: 'no' });
    expect(shown.get('allowedUserIds')).toEqual({
      key: 'allowedUserIds',
      env: 'LEASHD_ALLOWED_USER_IDS',
      yaml: 'allowed_user_ids',
      value: '1, 2',
      origin: 'environment',
      isDefault: false,
    });
    expect(shown.get('streamingEnabled')?.value).toBe('false');
    expect(shown.get('auditLogPath')?.value).toBe(path.join(home, '.leashd/audit.jsonl'));
  });

  it("shows the bot's number and hides the rest of its token, wherever it stands", () => {
    const shown = rows({ LEASHD_TELEGRAM_BOT_TOKEN: TOKEN, LEASHD_SYSTEM_PROMPT: `use ${TOKEN}` });
    expect(shown.get('telegramBotToken')?.value).toBe('123456:…');
    expect(JSON.stringify([...shown.values()])).not.toContain(TOKEN.slice(7));
  });

  it('hides the keys of MCP servers', () => {
    const servers = {
      local: {
        command: 'run',
        args: ['--token', 'hunter2', '--api-key=hunter2', '-v'],
        env: { A: 'hunter2' },
      },
      remote: { type: 'http', url: 'https://example.com/mcp?key=hunter2', headers: { 'X-A': 'hunter2' } },
    };
    const value = rows({ LEASHD_MCP_SERVERS: JSON.stringify(servers) }).get('mcpServers')?.value;
    expect(value).not.toContain('hunter2');
    expect(JSON.parse(value ?? '')).toEqual({
      local: {
        type: 'stdio',
        command: 'run',
        args: ['--token', '[redacted]', '--api-key=[redacted]', '-v'],
        env: { A: '[redacted]' },
      },
      remote: { type: 'http', url: 'https://example.com/mcp?[redacted]', headers: { 'X-A': '[redacted]' } },
    });
  });
});

describe('describeDefault', () => {
  it.each([
    ['maxTurns', '25'],
    ['stateDir', '~/.leashd'],
    ['policyFiles', 'default.yaml, dev-tools.yaml'],
    ['systemPrompt', 'none'],
    ['allowedTools', 'all'],
    ['mcpServers', 'none'],
  ] as const)('of %s is %s', (key, expected) => {
    expect(describeDefault(key)).toBe(expected);
  });
});
