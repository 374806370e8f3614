import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isForBrowser } from './browser-environment.ts';
import { browserServer, makeBrowserFolder } from './browser-server.ts';

const browser = { program: '/usr/bin/chromium', folder: '/tmp/saved' };

function argsFor(isRoot: boolean): readonly string[] {
  const server = browserServer(browser, isRoot);
  return server.type === 'stdio' ? server.args : [];
}

describe('browserServer', () => {
  it('goes without Chromium’s sandbox for root alone', () => {
    expect(argsFor(true)).toContain('--no-sandbox');
    expect(argsFor(false)).toContain('--sandbox');
    expect(argsFor(false)).not.toContain('--no-sandbox');
  });

  it('starts an empty browser that nobody sees, with no tools of a page’s own and none beyond the usual', () => {
    const args = argsFor(false);
    expect(args).toEqual(expect.arrayContaining(['--headless', '--isolated', '--no-webmcp']));
    expect(args.join(' ')).toContain('--executable-path /usr/bin/chromium');
    expect(args.join(' ')).not.toMatch(/--caps|unrestricted|--port|--extension/);
  });

  it('saves into a folder that is its owner’s alone', () => {
    const base = mkdtempSync(join(tmpdir(), 'leashd-browser-test-'));
    makeBrowserFolder(join(base, 'saved'));
    expect(statSync(join(base, 'saved')).mode & 0o777).toBe(0o700);
    rmSync(base, { recursive: true });
  });
});

describe('isForBrowser', () => {
  it.each(['PATH', 'HOME', 'LC_ALL', 'https_proxy', 'NO_PROXY', 'TMPDIR'])('leaves %s', (name) => {
    expect(isForBrowser(name)).toBe(true);
  });

  it.each([
    'ANTHROPIC_API_KEY',
    'CLAUDE_CODE_MESSAGING_TOKEN',
    'PLAYWRIGHT_MCP_CAPS',
    'PLAYWRIGHT_MCP_ALLOW_UNRESTRICTED_FILE_ACCESS',
    'NODE_OPTIONS',
    'DEBUG',
    'GITHUB_TOKEN',
  ])('takes %s away', (name) => {
    expect(isForBrowser(name)).toBe(false);
  });
});
