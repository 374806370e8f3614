import type { Readable } from 'node:stream';
import type { TerminalStream } from '../connectors/terminal/output.ts';
import type { TerminalEnd } from '../connectors/terminal/terminal-connector.ts';
import type { AgentReadiness } from '../core/ports/agent.ts';
import type { AppChannel } from './app-channel.ts';
import { buildApp, type BuildOptions } from './build-app.ts';
import type { Connection } from './control/connection.ts';
import type { App } from './create-app.ts';
import { telegramChannel, type TelegramChannelOptions } from './telegram-channel.ts';
import { terminalChannel } from './terminal-channel.ts';

/** How the terminal's input ended. */
export type InputEnd = TerminalEnd;

export interface StartOptions extends Omit<BuildOptions, 'openChannels'> {
  readonly input: Readable;
  readonly output: TerminalStream;
  readonly isTty: boolean;
  /** The terminal's input ended: let running turns finish, unless they wait for its person, then stop. */
  readonly onInputEnd: (end: InputEnd) => void;
  /** Told how the chat's server is reached. */
  readonly connection?: Connection | undefined;
  /** Ends a start that is not done: Telegram may be waited for. It then throws as `signal` says. */
  readonly signal?: AbortSignal | undefined;
  /** It is all put together, and about to begin. */
  readonly onBuilt?:
    ((built: { readonly app: App; readonly directories: readonly string[] }) => void) | undefined;
}

export type Started =
  | { readonly kind: 'started'; readonly app: App }
  /** Nothing was opened. */
  | { readonly kind: 'not-ready'; readonly readiness: AgentReadiness & { readonly ready: false } };

/**
 * leashd with Claude Code, on Telegram where a bot token is set, else in the terminal.
 * @throws LeashdError when a setting, a policy, a plugin, the database or the bot can't be used.
 */
export async function startLeashd(options: StartOptions): Promise<Started> {
  const lines = new HeldLines(options.announce);
  const openChannels = async (): Promise<readonly AppChannel[]> => [
    await channelFor({
      ...options,
      announce: (line) => lines.add(line),
      announceAtOnce: options.announce,
    }),
  ];
  const built = await buildApp({ ...options, openChannels });
  if (built.kind === 'not-ready') return built;
  const { app, channels, approvedDirectories, words } = built;
  const connector = channels.map((channel) => channel.connector.name).join(', ');
  options.log.info('cli_starting', { connector, directories: approvedDirectories });
  for (const line of words) options.announce(line);
  if (connector === 'terminal' && options.isTty)
    options.announce('Say what you want done. /help lists the commands, Ctrl-D leaves.');
  options.onBuilt?.({ app, directories: approvedDirectories });
  const { signal } = options;
  // Makes a connector give up that waits for its server.
  const giveUp = (): void => void app.stop('leashd was stopped');
  try {
    signal?.throwIfAborted();
    signal?.addEventListener('abort', giveUp, { once: true });
    await app.start();
  } catch (fault) {
    await app.stop('leashd could not start');
    signal?.throwIfAborted();
    throw fault;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  if (channels.every(({ connector }) => connector.name === 'terminal')) options.connection?.receives();
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

async function channelFor(
  options: Omit<StartOptions, 'confirm'> & Pick<TelegramChannelOptions, 'announceAtOnce'>,
): Promise<AppChannel> {
  const token = options.loaded.settings.telegramBotToken;
  return token === undefined
    ? terminalChannel({ ...options, onEnd: options.onInputEnd })
    : telegramChannel({ ...options, token });
}
