import type { LoadedSettings } from '../../config/load-settings.ts';
import type { EngineFigures } from '../../core/engine.ts';
import { LeashdError, MachineError, messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import type { App } from '../create-app.ts';
import type { Reloaded } from '../reload/reloaded.ts';
import { version } from '../version.ts';
import type { Connection } from './connection.ts';
import type { ControlHandlers } from './control-server.ts';
import type { ControlResults, DaemonStatus } from './protocol.ts';

export interface DaemonOptions {
  readonly loaded: LoadedSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether it was started by `leashd start`; else a service or a terminal has it. */
  readonly isBackground: boolean;
  /** Reads the settings again, as the start did. */
  readonly loadAgain: () => LoadedSettings;
  readonly connection: Connection;
  /** Somebody at the machine asks it to end. */
  readonly onStop: (reason: string) => void;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes secrets out of what went wrong. */
  readonly redact: (text: string) => string;
}

/** How long running turns get to end. */
const DRAIN_MS = 10_000;

/** A leashd that runs, as those at the machine see it: what it says of itself, and what it is told to do. */
export class Daemon {
  readonly #options: DaemonOptions;
  readonly #startedAt: number;
  readonly #notices: string[];
  #app: App | undefined;
  #directories: readonly string[] = [];
  #state: DaemonStatus['state'] = 'starting';
  #reloading: Promise<unknown> = Promise.resolve();

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.#notices = options.loaded.warnings.map((warning) => `warning: ${warning}`);
  }

  get handlers(): ControlHandlers {
    return { status: () => this.status(), stop: () => this.#stop(), reload: () => this.reload() };
  }

  built(app: App, directories: readonly string[]): void {
    this.#app = app;
    this.#directories = directories;
  }

  started(): void {
    if (this.#state === 'starting') this.#state = 'running';
  }

  /** Lets running turns end, where there are any. `signal` ends the wait. */
  async drain(reason: string, signal: AbortSignal): Promise<void> {
    const wasRunning = this.#state === 'running';
    this.#state = 'stopping';
    if (wasRunning) await this.#app?.engine.drain({ reason, withinMs: DRAIN_MS, signal });
  }

  stopping(): void {
    this.#state = 'stopping';
  }

  async status(): Promise<DaemonStatus> {
    const { loaded, environment, isBackground, connection } = this.#options;
    const figures = await this.#figures();
    const { running = 0, chats = 0, agents = 0, pending = 0 } = figures ?? {};
    const { waiting = 0, undelivered = 0, todayUsd = 0 } = figures ?? {};
    return {
      version: version(),
      pid: process.pid,
      startedAt: this.#startedAt,
      startDirectory: loaded.startDirectory,
      isBackground,
      logDir: loaded.settings.logDir,
      environmentNames: Object.keys(environment).filter((name) => name.startsWith('LEASHD_')),
      state: this.#state,
      waitsFor: this.#waitsFor(running),
      connector: loaded.settings.telegramBotToken === undefined ? 'terminal' : 'telegram',
      bot: connection.botName(),
      directories: this.#app?.approvedDirectories() ?? this.#directories,
      chats,
      agents,
      pending,
      waiting,
      undelivered,
      residentBytes: process.memoryUsage.rss(),
      todayUsd,
      isPolling: connection.isReceiving,
      lastFault: connection.lastFault,
      notices: [...this.#notices, ...(connection.pairing === undefined ? [] : [connection.pairing])],
    };
  }

  /**
   * Takes settings, policies and directories anew: all of them, or nothing. The chats are told either way.
   * @throws LeashdError when anything is wrong; nothing has changed then.
   */
  reload(): Promise<Reloaded> {
    const reloaded = this.#reloading.then(() => this.#reload());
    this.#reloading = reloaded.catch(() => {});
    return reloaded;
  }

  async #reload(): Promise<Reloaded> {
    const { loadAgain, log, redact } = this.#options;
    const app = this.#app;
    if (app === undefined || this.#state !== 'running')
      throw new MachineError('RELOAD_NOT_NOW', `leashd is ${this.#state}; it takes nothing anew just now`);
    try {
      const reloaded = await app.reload(loadAgain);
      log.info('reloaded', reloaded);
      this.#announce(told(reloaded));
      return reloaded;
    } catch (fault) {
      log.warn('reload_failed', { fault });
      const hint = fault instanceof LeashdError && fault.hint !== undefined ? `\n\n${fault.hint}` : '';
      this.#announce(
        `⚠️ The settings could not be taken anew; the old ones still hold.\n\n${redact(messageOf(fault))}${hint}`,
      );
      throw fault;
    }
  }

  /** Not waited for: a chat may be out of reach for long. */
  #announce(markdown: string): void {
    void this.#app?.engine.announce(markdown);
  }

  async #stop(): Promise<ControlResults['stop']> {
    this.#options.onStop('leashd stop');
    return { pid: process.pid, waitsFor: turns((await this.#figures())?.running ?? 0) };
  }

  /** A database that fails keeps nobody from the rest. */
  async #figures(): Promise<EngineFigures | undefined> {
    try {
      return await this.#app?.engine.figures();
    } catch (fault) {
      this.#options.log.warn('figures_unknown', { reason: messageOf(fault) });
      return undefined;
    }
  }

  #waitsFor(running: number): readonly string[] {
    return this.#state === 'stopping' ? turns(running) : [];
  }
}

function turns(running: number): readonly string[] {
  return running === 0 ? [] : [running === 1 ? 'a turn that runs' : `${running} turns that run`];
}

function told({ applied, needsRestart }: Reloaded): string {
  if (applied.length === 0 && needsRestart.length === 0)
    return '🔄 Settings read again: nothing has changed.';
  return [
    ...(applied.length === 0 ? [] : [`🔄 Holds now: ${names(applied)}.`]),
    ...(needsRestart.length === 0 ? [] : [`Needs \`leashd restart\`: ${names(needsRestart)}.`]),
  ].join('\n');
}

function names(items: readonly string[]): string {
  return items.map((item) => `\`${item}\``).join(', ');
}
