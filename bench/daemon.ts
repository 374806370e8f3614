import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startBotApi } from '../test/fixtures/bot-api/start.ts';
import { createClaudeHome } from '../test/fixtures/claude-home.ts';
import { startMessagesApi } from '../test/fixtures/messages-api/api.ts';
import { text } from '../test/fixtures/messages-api/reply.ts';

/** The program as it is installed; `npm run bench` builds it first. */
export const BUILT: string = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js');

const OWNER = 4242;
const PATIENCE_MS = 30_000;

export type RunningDaemon = {
  readonly pid: number;
  /** From its start until it asked for messages. */
  readonly readyMs: number;
  /** For commands beside it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  /** A message, answered by the real Claude Code. */
  takeTurn(): Promise<void>;
  stop(): Promise<void>;
};

/** `leashd start --foreground` in a home of its own, with Telegram and the model on loopback. */
export async function startDaemon(): Promise<RunningDaemon> {
  if (!existsSync(BUILT)) throw new Error('build it first: npm run build');
  const model = await startMessagesApi();
  // It holds an empty poll for as long as the real one does.
  const telegram = await startBotApi({ pace: 'telegram' });
  const home = await createClaudeHome(model.url);
  const directory = join(home.home, 'start');
  mkdirSync(directory);
  const environment = {
    ...home.environment,
    LEASHD_APPROVED_DIRECTORIES: home.project,
    LEASHD_TELEGRAM_BOT_TOKEN: telegram.token,
    LEASHD_TELEGRAM_API_ROOT: telegram.url,
    LEASHD_ALLOWED_USER_IDS: String(OWNER),
  };
  const started = performance.now();
  const child = spawn(process.execPath, [BUILT, 'start', '--foreground'], {
    cwd: directory,
    env: environment,
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await telegram.stop();
    await model.close();
    await home.remove();
  };
  try {
    await telegram.waitFor(() => telegram.isPolled(), PATIENCE_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: child.pid ?? NaN,
    readyMs: performance.now() - started,
    environment,
    directory,
    takeTurn: async () => {
      model.enqueue(text('Here I am.'));
      const owner = telegram.person(OWNER);
      owner.send('Are you there?');
      const isAnswer = ({ text: words }: { readonly text: string }): boolean => words.includes('Here I am.');
      await telegram.waitFor(() => owner.chat.messages().some(isAnswer), PATIENCE_MS);
    },
    stop,
  };
}
