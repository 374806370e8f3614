import type { Readable } from 'node:stream';
import { createClaudeAgent } from '../agents/claude/claude-agent.ts';
import { scratchDirectory } from '../agents/claude/scratch-directory.ts';
import type { LoadedSettings } from '../config/load-settings.ts';
import type { TerminalStream } from '../connectors/terminal/output.ts';
import type { Channel } from '../core/create-engine.ts';
import type { Agent, AgentReadiness } from '../core/ports/agent.ts';
import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import type { Redactor } from '../util/redact.ts';
import { approvedDirectoriesOf } from './approved-directories.ts';
import { createApp, type App } from './create-app.ts';
import { createGate } from './create-gate.ts';
import { checkDatabase } from './database-trust.ts';
import { checkDotenv } from './dotenv-trust.ts';
import { keepOutOfGit } from './keep-out-of-git.ts';
import { secretsOf } from './secrets.ts';
import { telegramChannel } from './telegram-channel.ts';
import { terminalChannel } from './terminal-channel.ts';

export interface StartOptions {
  readonly loaded: LoadedSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input: Readable;
  readonly output: TerminalStream;
  readonly isTty: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Tells the person at the machine, in a line. */
  readonly announce: (line: string) => void;
  /** Asks the person at the machine; absent where nobody sits there. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** The terminal's input ended: let running turns finish, then stop. */
  readonly onInputEnd: () => void;
}

export type Started =
  | { readonly kind: 'started'; readonly app: App }
  /** Nothing was opened. */
  | { readonly kind: 'not-ready'; readonly readiness: AgentReadiness & { readonly ready: false } };

/**
 * leashd with Claude Code, on Telegram where a bot token is set, else in the terminal.
 * @throws LeashdError when a setting, a policy, the database or the bot can't be used.
 */
export async function startLeashd(options: StartOptions): Promise<Started> {
  const { loaded, log } = options;
  await checkDotenv(options);
  const approvedDirectories = approvedDirectoriesOf(loaded);
  const gate = createGate({ ...options, agentScratch: [scratchDirectory(options.environment)] });
  const agent = claudeFor(options, approvedDirectories);
  const readiness = await agent.readiness();
  if (!readiness.ready) return { kind: 'not-ready', readiness };

  keepOutOfGit(loaded);
  checkDatabase(loaded);
  const lines = new HeldLines(options.announce);
  const channel = await channelFor({ ...options, announce: (line) => lines.add(line) });
  const app = createApp({ ...options, approvedDirectories, channels: [channel], agent, gate });
  log.info('cli_starting', { connector: channel.connector.name, directories: approvedDirectories });
  options.announce(`Claude (${readiness.detail}) works in ${approvedDirectories.join(', ')}.`);
  try {
    await app.start();
  } catch (fault) {
    await app.stop('leashd could not start');
    throw fault;
  }
  lines.release();
  return { kind: 'started', app };
}

/** Lines that make sense only once leashd has started: nobody is to pair with a bot that does not come up. */
class HeldLines {
  readonly #announce: (line: string) => void;
  #held: string[] | undefined = [];

  constructor(announce: (line: string) => void) {
    this.#announce = announce;
  }

  add(line: string): void {
    if (this.#held) this.#held.push(line);
    else this.#announce(line);
  }

  release(): void {
    for (const line of this.#held ?? []) this.#announce(line);
    this.#held = undefined;
  }
}

function claudeFor(
  { loaded, environment, log, clock }: StartOptions,
  approvedDirectories: readonly string[],
): Agent {
  const { mcpServers, claudePath } = loaded.settings;
  const secrets = secretsOf(loaded.settings);
  return createClaudeAgent({ environment, secrets, approvedDirectories, mcpServers, claudePath, log, clock });
}

async function channelFor(options: StartOptions): Promise<Channel> {
  const token = options.loaded.settings.telegramBotToken;
  return token === undefined
    ? terminalChannel({ ...options, onEnd: options.onInputEnd })
    : telegramChannel({ ...options, token });
}
