import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findClaude } from './binary.ts';
import { claudeReadiness } from './readiness.ts';

// The real `claude`, in a home of its own; `auth status` sends nothing.

let home: string;
let environment: Record<string, string>;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'leashd-ready-'));
  await mkdir(join(home, '.claude'));
  environment = {
    PATH: '/usr/bin:/bin',
    HOME: home,
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  };
});
afterEach(async () => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

async function fake(script: string): Promise<string> {
  const path = join(home, 'fake-claude');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('findClaude', () => {
  it('finds the program that comes with the Agent SDK', () => {
    expect(findClaude()).toMatch(/claude-agent-sdk-[a-z0-9-]+\/claude$/);
  });
});

describe('claudeReadiness', () => {
  it('says what to do without a log-in', async () => {
    const readiness = await claudeReadiness({ environment });
    expect(readiness).toEqual({
      ready: false,
      reason: 'Claude Code is not logged in.',
      hint: `Log in on this machine with \`${findClaude()} auth login\`, or set ANTHROPIC_API_KEY.`,
    });
  });

  it.each([
    ['a key', { ANTHROPIC_API_KEY: 'fake' }, 'logged in with api key'],
    ['a token', { CLAUDE_CODE_OAUTH_TOKEN: 'fake' }, 'logged in with oauth token'],
    ['Bedrock', { CLAUDE_CODE_USE_BEDROCK: '1' }, 'logged in with bedrock'],
    ['Vertex', { CLAUDE_CODE_USE_VERTEX: '1' }, 'logged in with vertex'],
  ])('is ready with %s', async (_name, added, detail) => {
    const readiness = await claudeReadiness({ environment: { ...environment, ...added } });
    expect(readiness).toEqual({ ready: true, detail });
  });

  it('asks the person’s own log-in, not that of a project it was started in', async () => {
    const claudePath = await fake(`test "$PWD" = / && echo '{"loggedIn":true,"authMethod":"claude.ai"}'`);
    expect(await claudeReadiness({ environment, claudePath })).toEqual({
      ready: true,
      detail: 'logged in with claude.ai',
    });
  });

  it.each([
    ['says nothing', 'exit 0', /did not say whether/],
    ['fails', 'echo broken >&2; exit 3', /exit status 3/],
    ['answers something else', 'echo \'{"ok":true}\'', /did not say whether/],
  ])('is not ready when the program %s', async (_name, script, reason) => {
    const readiness = await claudeReadiness({ environment, claudePath: await fake(script) });
    expect(readiness).toMatchObject({ ready: false, reason: expect.stringMatching(reason) as string });
  });

  it('does not wait longer than five seconds', async () => {
    const begun = performance.now();
    const readiness = await claudeReadiness({
      environment,
      claudePath: await fake('exec tail -f /dev/null'),
    });
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(readiness).toMatchObject({ ready: false, reason: expect.stringContaining('in time') as string });
  });

  it('says so when there is no such program', async () => {
    const readiness = await claudeReadiness({ environment, claudePath: join(home, 'missing') });
    expect(readiness).toMatchObject({
      ready: false,
      reason: expect.stringContaining('could not be started') as string,
    });
  });
});
