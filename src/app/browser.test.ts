import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBrowserFolder } from '../agents/claude/browser-server.ts';
import { loadSettings } from '../config/load-settings.ts';
import { silentLog } from '../util/log.ts';
import { browserFor, type AppBrowser } from './browser.ts';

let home = '';
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'leashd-find-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function program(path: string): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  chmodSync(file, 0o755);
  return file;
}

function find(
  settings: Readonly<Record<string, string>> = {},
  platform: NodeJS.Platform = 'linux',
): AppBrowser {
  const environment = { ...settings, PATH: `bin:${home}/project/bin:${home}/a:${home}/b` };
  const loaded = loadSettings({ environment, startDirectory: home, homeDirectory: home });
  const approvedDirectories = [realpathSync(home) + '/project'];
  return browserFor({ loaded, approvedDirectories, environment, log: silentLog, platform });
}

describe('browserFor', () => {
  it('takes the first that is found on PATH, by name, and never one from a relative folder or a project', () => {
    program('bin/chromium');
    program('project/bin/chromium');
    program('a/google-chrome');
    const chromium = program('b/chromium');
    expect(find().browser?.program).toBe(chromium);
    chmodSync(chromium, 0o644);
    expect(find().browser?.program).toBe(join(home, 'a/google-chrome'));
  });

  it('looks among the apps of macOS, there alone', () => {
    const chrome = program('Applications/Chromium.app/Contents/MacOS/Chromium');
    expect(find({}, 'darwin').browser?.program).toBe(chrome);
    expect(find().state.kind).toBe('missing');
  });

  it('takes the one that is set, and says what is wrong with it', () => {
    program('a/chromium');
    const other = program('elsewhere/brave');
    expect(find({ LEASHD_BROWSER_PATH: other }).browser?.program).toBe(other);
    expect(() => find({ LEASHD_BROWSER_PATH: join(home, 'none') })).toThrow(
      /LEASHD_BROWSER_PATH.*does not exist/,
    );
    expect(() => find({ LEASHD_BROWSER: 'maybe' })).toThrow(/LEASHD_BROWSER.*off or on/);
  });

  it('is for every conversation where it is on, else for those that ask, without a word', () => {
    program('a/chromium');
    expect(find({ LEASHD_BROWSER: 'on' })).toMatchObject({ state: { kind: 'ready', isAlways: true } });
    expect(find({ LEASHD_BROWSER: 'on' }).words).toContain('/a/chromium, headless');
    expect(find()).toMatchObject({ state: { kind: 'ready', isAlways: false }, words: undefined });
  });

  it('says how to get one, at the start only where one is wanted', () => {
    const { state, words, browser } = find({ LEASHD_BROWSER: 'on' });
    expect(state).toMatchObject({
      kind: 'missing',
      hint: expect.stringContaining('apt install chromium') as string,
    });
    expect(words).toMatch(/^Claude goes WITHOUT a browser: no Chromium or Chrome.*LEASHD_BROWSER_PATH/);
    expect(browser).toBeUndefined();
    expect(find().words).toBeUndefined();
    expect(find({ LEASHD_BROWSER: 'on' }, 'darwin').words).toContain('Install Google Chrome');
  });

  it('leaves the place to the person’s own server of that name, and says so', () => {
    program('a/chromium');
    const own = find({ LEASHD_MCP_SERVERS: '{"playwright":{"command":"mine"}}' });
    expect(own).toMatchObject({ state: { kind: 'ready', isAlways: true } });
    expect(own.browser).toBeUndefined();
    expect(own.words).toContain('your own MCP server');
    expect(find({ LEASHD_MCP_SERVERS: '{"other":{"command":"mine"}}' }).browser).toBeDefined();
  });

  it('has a folder of its own at every start, that others can’t look into, and takes it away', () => {
    program('a/chromium');
    const [one, two] = [find(), find()];
    expect(one.browser?.folder).not.toBe(two.browser?.folder);
    makeBrowserFolder(one.browser?.folder ?? '');
    one.close();
    expect(() => chmodSync(one.browser?.folder ?? '', 0o700)).toThrow(/ENOENT/);
  });
});
