import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/process/run.ts';
import { startBotApi, type BotApi } from '../fixtures/bot-api/start.ts';
import { createClaudeHome, type ClaudeHome } from '../fixtures/claude-home.ts';
import { startMessagesApi, type MessagesApi } from '../fixtures/messages-api/api.ts';
import { text, useTool } from '../fixtures/messages-api/reply.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const COPIED = ['src', 'policies', 'shell', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
const OWNER_ID = 4242;
const PATIENCE_MS = 30_000;

// Stands in for npm, which would go to the registry: node_modules is there as a link, and what `npm link` does is done by
// hand. The build is the real one.
const NPM = `#!/bin/sh
case "$*" in
  ci) test -d node_modules ;;
  'run build') tsc -p tsconfig.build.json ;;
  link) chmod +x dist/cli/main.js && ln -s "$PWD/dist/cli/main.js" "$BIN/leashd" ;;
  *) echo "not in the README: npm $*" >&2; exit 1 ;;
esac
`;

/** The lines of the quick start's shell blocks. */
function quickStart(): readonly string[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, section = ''] = /^## Quick start\n([^]*?)^## /m.exec(readme) ?? [];
  return [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
}

describe('the quick start of the README, as it stands there', () => {
  let model: MessagesApi;
  let telegram: BotApi;
  let home: ClaudeHome;
  let bin: string;
  let clone: string;
  beforeAll(async () => {
    model = await startMessagesApi();
    telegram = await startBotApi({ flood: 'off' });
    home = await createClaudeHome(model.url);
    bin = join(home.home, 'bin');
    clone = join(home.home, 'leashd');
    for (const name of COPIED) cpSync(join(ROOT, name), join(clone, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
    mkdirSync(bin);
    writeFileSync(join(bin, 'npm'), NPM, { mode: 0o755 });
  });
  afterAll(async () => {
    if (existsSync(join(bin, 'leashd'))) await shell('leashd stop');
    await telegram.stop();
    await model.close();
    await home.remove();
  });

  async function shell(
    line: string,
  ): Promise<{ readonly line: string; readonly exitCode: number | null; output: string }> {
    const path = [
      bin,
      dirname(process.execPath),
      join(ROOT, 'node_modules/.bin'),
      '/usr/local/bin:/usr/bin:/bin',
    ];
    const env = {
      ...home.environment,
      PATH: path.join(':'),
      BIN: bin,
      LEASHD_TELEGRAM_API_ROOT: telegram.url,
    };
    const limits = { timeoutMs: 2 * PATIENCE_MS, maxOutputBytes: 100_000 };
    const { exitCode, stdout, stderr } = await run('bash', ['-c', line], { cwd: clone, env, ...limits });
    return { line, exitCode, output: stdout + stderr };
  }

  it(
    'leads from a clone to an approved edit, and back to nothing running',
    async () => {
      const lines = quickStart();
      expect(lines.at(-1)).toBe('leashd stop');
      // Nobody sits here to answer, so the answers stand behind it.
      const answers = `--yes --directory ${home.project} --token ${telegram.token} --owner ${OWNER_ID} --no-service --no-start`;
      for (const line of lines.slice(0, -1)) {
        const done = await shell(line === 'leashd init' ? `${line} ${answers}` : line);
        expect(done).toEqual({ ...done, exitCode: 0 });
        if (line === 'leashd start') await approveAnEdit();
      }
      const stopped = await shell('leashd stop');
      expect(stopped).toEqual({ ...stopped, exitCode: 0 });
      expect(telegram.isPolled()).toBe(false);
    },
    4 * PATIENCE_MS,
  );

  async function approveAnEdit(): Promise<void> {
    const owner = telegram.person(OWNER_ID, 'Ada');
    const health = join(home.project, 'health.js');
    model.enqueue(
      useTool('Write', { file_path: health, content: 'export const ok = true;\n' }),
      text('It is there.'),
    );
    owner.send('Add a health check endpoint');
    await telegram.waitFor(
      () => owner.chat.messages().some(({ keyboard }) => keyboard.length > 0),
      PATIENCE_MS,
    );
    owner.tap('✅ Approve');
    await telegram.waitFor(
      () => owner.chat.messages().some((seen) => seen.text.includes('It is there.')),
      PATIENCE_MS,
    );
    expect(existsSync(health)).toBe(true);
  }
});
