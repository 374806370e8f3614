import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '..', '..', 'src');

/** Writes down, at the end, every module that was loaded: ours and others' by path, Node's own by name. */
const WATCH = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
process.on('exit', () => {
  process.stderr.write(JSON.stringify([...loaded, ...process.moduleLoadList]));
});
`)}`;

const home = mkdtempSync(join(tmpdir(), 'leashd-loading-'));
afterAll(() => rmSync(home, { recursive: true }));

async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', WATCH, ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: home },
    maxBuffer: 8 * 1024 * 1024,
  });
  return JSON.parse(stderr.slice(stderr.indexOf('["'))) as readonly string[];
}

const packagesOf = (loaded: readonly string[]): readonly string[] => [
  ...new Set(
    loaded.map((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? '').filter(Boolean),
  ),
];

describe('what is loaded', () => {
  it('for --version: next to nothing', async () => {
    const loaded = await loadedBy(join(SOURCE, 'cli/main.ts'), '--version');
    expect(packagesOf(loaded)).toEqual([]);
    expect(loaded.filter((url) => /\/src\/(?:core|safety|config|cli\/commands\/)/.test(url))).toEqual([]);
  });

  it('for --help: no command', async () => {
    const loaded = await loadedBy(join(SOURCE, 'cli/main.ts'), '--help');
    expect(packagesOf(loaded)).toEqual(['commander']);
    expect(loaded.filter((url) => url.includes('/cli/commands/'))).toEqual([]);
  });

  it('for a daemon that waits: no Agent SDK, nothing of the set-up, and neither of the two big HTTP clients', async () => {
    const daemon = ['app/start-leashd.ts', 'cli/commands/serve.ts', 'app/control/daemon.ts'];
    const code = daemon.map((path) => `await import(${JSON.stringify(join(SOURCE, path))});`).join('\n');
    const loaded = await loadedBy('--input-type=module', '--eval', code);
    const packages = packagesOf(loaded);
    // Proof that it would see them.
    expect(packages).toEqual(expect.arrayContaining(['grammy', 'zod', 'yaml']));
    for (const name of [
      '@anthropic-ai/claude-agent-sdk',
      '@playwright/mcp',
      '@clack/prompts',
      'uqr',
      'node-fetch',
    ])
      expect(packages).not.toContain(name);
    expect(loaded.filter((name) => /deps\/undici/.test(name))).toEqual([]);
  });
});
