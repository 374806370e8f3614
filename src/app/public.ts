import { homedir } from 'node:os';
import process from 'node:process';
import { loadSettings, type GivenSettings, type LoadedSettings } from '../config/load-settings.ts';
import type { Channel } from '../core/create-engine.ts';
import { eventView } from '../core/events/event-view.ts';
import type { Middleware } from '../core/middleware/compose.ts';
import type { Agent } from '../core/ports/agent.ts';
import type { Plugin, PluginEvents } from '../core/ports/plugin.ts';
import type { Stores } from '../core/ports/store.ts';
import { MachineError, PersonError } from '../errors.ts';
import { systemClock, type Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import { createRedactor } from '../util/redact.ts';
import { checkBroughtAlong } from './brought-along.ts';
import { buildApp } from './build-app.ts';
import type { App as WiredApp } from './create-app.ts';
import type { Reloaded } from './reload/reloaded.ts';
import { openLog } from './open-log.ts';
import { secretsOf } from './secrets.ts';
import { telegramChannel } from './telegram-channel.ts';

export interface CreateAppOptions {
  /** Settings that win over `config.yaml`, `.env` and the environment. */
  readonly settings?: GivenSettings | undefined;
  /** Where people are, and who may talk and approve there. Left out: the Telegram bot of the settings. */
  readonly channels?: readonly Channel[] | undefined;
  /** Left out: Claude Code. */
  readonly agent?: Agent | undefined;
  /** What an inbound passes once its person was let in, in this order. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** In place of parts of leashd's own database; grants and the audit's head stay there. */
  readonly stores?: Partial<Stores> | undefined;
  /** Beside those that the settings name. */
  readonly plugins?: readonly Plugin[] | undefined;
  /** Left out: those of the process. `.env` is read in the one, `.leashd/config.yaml` in the other. */
  readonly startDirectory?: string | undefined;
  readonly homeDirectory?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Tells the person at the machine, in a line: the pairing code, warnings. Left out: on stderr. */
  readonly announce?: ((line: string) => void) | undefined;
  /** Asks the person at the machine whether a `.env` is theirs; left out: nobody is asked. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Left out: as the settings say, on stderr and in a file. */
  readonly log?: Log | undefined;
  readonly clock?: Clock | undefined;
}

/** leashd, wired. */
export interface App {
  readonly events: PluginEvents;
  /** Serves people from here on. When it rejects, everything is stopped again. */
  start(): Promise<void>;
  /** Resolves when no turn and no command runs. */
  idle(): Promise<void>;
  /**
   * Takes the settings of the files, policies, workspaces and directories anew, all or nothing, without interrupting a
   * turn. What `createApp` was given stays.
   * @throws LeashdError when anything is wrong: nothing has changed then.
   */
  reload(): Promise<Reloaded>;
  /** Within five seconds; harmless when repeated. */
  stop(reason?: string): Promise<void>;
}

/**
 * leashd with parts of your own. There is no part for the gate: sandbox, policies, approvals and audit are leashd's
 * own, as the settings have them, whatever else is replaced.
 * @throws LeashdError when a setting, a policy, a plugin, the agent, the database or the bot can't be used.
 */
export async function createApp(options: CreateAppOptions = {}): Promise<App> {
  const { clock = systemClock, environment = process.env } = options;
  const announce = options.announce ?? ((line: string): void => void process.stderr.write(`${line}\n`));
  const { startDirectory = process.cwd(), homeDirectory = homedir() } = options;
  const load = (): LoadedSettings =>
    loadSettings({ startDirectory, homeDirectory, environment, given: options.settings });
  const loaded = load();
  for (const warning of loaded.warnings) announce(`warning: ${warning}`);
  const redactor = createRedactor(secretsOf(loaded.settings));
  await checkBroughtAlong({ loaded, environment, confirm: options.confirm });
  const own = options.log === undefined ? openLog({ loaded, console: process.stderr }) : undefined;
  const log = options.log ?? own?.log;
  if (log === undefined) throw new TypeError('there is no log');
  const close = async (): Promise<void> => own?.close();
  try {
    const built = await buildApp({
      loaded,
      environment,
      clock,
      log,
      redactor,
      announce,
      confirm: options.confirm,
      setLevel: own?.setLevel,
      openChannels: async () =>
        options.channels ?? [await botChannel({ loaded, clock, log, redactor, announce })],
      agent: options.agent,
      middleware: options.middleware,
      stores: options.stores,
      plugins: options.plugins?.map((plugin) => ({ plugin, options: {} })),
    });
    if (built.kind === 'built') return publicApp(built.app, load, close);
    throw new MachineError('AGENT_NOT_READY', `the agent is not ready: ${built.readiness.reason}`, {
      hint: built.readiness.hint,
    });
  } catch (fault) {
    await close();
    throw fault;
  }
}

type BotOptions = Omit<Parameters<typeof telegramChannel>[0], 'token'> & { readonly loaded: LoadedSettings };

async function botChannel(options: BotOptions): Promise<Channel> {
  const token = options.loaded.settings.telegramBotToken;
  if (token !== undefined) return telegramChannel({ ...options, token });
  throw new PersonError(
    'NO_CHANNELS',
    'createApp: expected channels, or a bot token in the settings, got neither',
    {
      hint: 'Give it channels: [{ connector, access }], or set LEASHD_TELEGRAM_BOT_TOKEN.',
    },
  );
}

function publicApp(app: WiredApp, load: () => LoadedSettings, close: () => Promise<void>): App {
  const stop = async (reason: string): Promise<void> => {
    await app.stop(reason);
    await close();
  };
  return {
    events: eventView(app.events),
    start: async () => {
      try {
        await app.start();
      } catch (fault) {
        await stop('leashd could not start');
        throw fault;
      }
    },
    idle: () => app.engine.idle(),
    reload: () => app.reload(load),
    stop: (reason = 'leashd was stopped') => stop(reason),
  };
}
