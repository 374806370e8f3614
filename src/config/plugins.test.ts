import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeSettings } from './describe-settings.ts';
import { loadSettings, type LoadedSettings } from './load-settings.ts';

describe('the setting of plugins', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leashd-plugin-settings-'));
    mkdirSync(join(folder, 'home', '.leashd'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = (yaml = '', environment: Record<string, string> = {}): LoadedSettings => {
    writeFileSync(join(folder, 'home', '.leashd', 'config.yaml'), yaml);
    return loadSettings({ startDirectory: folder, homeDirectory: join(folder, 'home'), environment });
  };

  it('takes modules from the environment, from where leashd was started', () => {
    const { plugins } = load('', { LEASHD_PLUGINS: './a.js, ~/b.js,/c.js , @scope/d' }).settings;
    expect(plugins).toEqual([
      { module: join(folder, 'a.js'), from: folder, options: {} },
      { module: join(folder, 'home', 'b.js'), from: folder, options: {} },
      { module: '/c.js', from: folder, options: {} },
      { module: '@scope/d', from: folder, options: {} },
    ]);
  });

  it('takes modules and options from config.yaml, from its folder', () => {
    const { plugins } = load(
      'plugins:\n  - ./a.js\n  - module: b\n    options: { key: abc, deep: [1] }\n',
    ).settings;
    const from = join(folder, 'home', '.leashd');
    expect(plugins).toEqual([
      { module: join(from, 'a.js'), from, options: {} },
      { module: 'b', from, options: { key: 'abc', deep: [1] } },
    ]);
  });

  it('never shows options', () => {
    const rows = describeSettings(load('plugins: [{ module: b, options: { key: hidden } }]\n'));
    expect(rows.find(({ key }) => key === 'plugins')?.value).toBe('b (with key)');
  });

  it.each([
    ['plugins: 5', 'expected modules with commas'],
    ['plugins: [5]', 'expected modules with commas'],
    ['plugins: [{ modul: a }]', 'unknown key "modul"; did you mean module?'],
    ['plugins: [{ options: {} }]', 'module: expected a path or a package'],
    ['plugins: [{ module: a, options: secret-word }]', 'options: expected a mapping'],
    ['plugins: ["https://example.com/x.js"]', 'expected a path'],
    ['plugins: ["data:text/javascript,1"]', 'expected a path'],
  ])('refuses %s', (yaml, problem) => {
    expect(() => load(yaml)).toThrow(problem);
    expect(() => load(yaml)).not.toThrow('secret-word');
  });
});

describe('the settings of approvals', () => {
  it('takes approvers by their IDs, and no asterisk', () => {
    const load = (value: string): readonly number[] =>
      loadSettings({
        startDirectory: '/nowhere',
        homeDirectory: '/nowhere',
        environment: { LEASHD_APPROVER_IDS: value },
      }).settings.approverIds;
    expect(load('7, 8,7')).toEqual([7, 8]);
    expect(() => load('*')).toThrow('LEASHD_APPROVER_IDS: expected user IDs');
    expect(() => load('ada')).toThrow('expected a user ID');
  });
});

describe('settings that a program gives', () => {
  const load = (given: object, environment: Record<string, string> = {}): LoadedSettings =>
    loadSettings({ startDirectory: '/nowhere', homeDirectory: '/nowhere', environment, given });

  it('win over all others, checked as those are', () => {
    const { settings, origins } = load({ maxTurns: 3, logLevel: undefined }, { LEASHD_MAX_TURNS: '7' });
    expect([settings.maxTurns, origins.maxTurns]).toEqual([3, { kind: 'given' }]);
    expect(origins.logLevel).toEqual({ kind: 'default' });
    expect(() => load({ maxTurns: 'many' })).toThrow(
      'createApp maxTurns: expected a whole number from 1 to 1000, got "many"',
    );
  });

  it('must exist', () => {
    expect(() => load({ maxTurn: 3 })).toThrow(
      'createApp maxTurn: no setting has this name; did you mean maxTurns?',
    );
  });
});
