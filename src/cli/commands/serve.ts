import type { Connection } from '../../app/control/connection.ts';
import type { Daemon } from '../../app/control/daemon.ts';
import type { App } from '../../app/create-app.ts';
import type { InputEnd, StartOptions, Started } from '../../app/start-leashd.ts';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { messageOf } from '../../errors.ts';
import { systemClock } from '../../util/clock.ts';
import type { Surroundings } from './cli-command.ts';
import { listenForStop, type StopSignals } from './stop-signals.ts';
import { terminalIsGone } from './terminal-is-gone.ts';

const TERMINAL_CLOSED = 'the terminal was closed';

export type ServeOptions = {
  readonly surroundings: Surroundings;
  readonly loaded: LoadedSettings;
  /** Reads the settings again, as they were read for this. */
  readonly loadAgain: () => LoadedSettings;
  /** Where log lines for people go. */
  readonly console: NodeJS.WritableStream;
  /** Tells the person at the machine, in a line. */
  readonly announce: (line: string) => void;
  /** Asks the person at the machine; left out: nobody sits there. */
  readonly confirm?: ((question: string, signal: AbortSignal) => Promise<boolean>) | undefined;
  /** It serves; or it waits for Telegram, which can't be reached. Perhaps more than once. */
  readonly onUp?: ((up: Up) => void) | undefined;
  /** What is announced goes to the log, too: nobody stays to hear it. */
  readonly isBackground?: boolean | undefined;
};

export type Up = {
  readonly bot: string | undefined;
  readonly isWaiting: boolean;
};

export type Served =
  { readonly kind: 'ended' } | { readonly kind: 'not-ready'; readonly reason: string; readonly hint: string };

/**
 * leashd in this process, from its lock to its end: one a state folder, with a socket for those at the machine.
 * @throws LeashdError when it can't start.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { loaded } = options;
  const [{ claimInstance }, { openLog }, { checkBroughtAlong }] = await Promise.all([
    import('../../app/control/claim-instance.ts'),
    import('../../app/open-log.ts'),
    import('../../app/brought-along.ts'),
  ]);
  const { confirm, surroundings } = options;
  const ask = confirm && ((question: string) => confirm(question, new AbortController().signal));
  await checkBroughtAlong({ loaded, environment: surroundings.environment, confirm: ask });
  const { stateDir, logDir } = loaded.settings;
  const { startDirectory } = loaded;
  const instance = { pid: process.pid, startedAt: Date.now(), startDirectory, logDir };
  const claim = await claimInstance(stateDir, instance);
  try {
    const opened = openLog({ loaded, console: options.console });
    try {
      return await serveWith(options, opened);
    } finally {
      await opened.close();
    }
  } finally {
    claim.release();
  }
}

type OpenedLog = Pick<StartOptions, 'log' | 'redactor' | 'setLevel'>;

async function serveWith(options: ServeOptions, opened: OpenedLog): Promise<Served> {
  const { surroundings, loaded, loadAgain } = options;
  const { log, redactor } = opened;
  const [{ Daemon }, { Connection }, { listenForControl }] = await Promise.all([
    import('../../app/control/daemon.ts'),
    import('../../app/control/connection.ts'),
    import('../../app/control/control-server.ts'),
  ]);
  const redact = (text: string): string => redactor.redact(text);
  const { environment } = surroundings;
  surroundings.onCrash?.((fault) => log.error('crashed', { fault }));
  const common = { loaded, clock: systemClock, log, redact };
  let onFailed = (): void => {};
  const connection = new Connection({ ...common, onFailed: () => onFailed() });
  const daemon: Daemon = new Daemon({
    ...common,
    environment,
    isBackground: options.isBackground === true,
    loadAgain,
    connection,
    onStop: (reason) => signals.ask(reason),
  });
  const announce = announcer(options, opened, connection);
  for (const warning of loaded.warnings) announce(`warning: ${warning}`);
  const signals = listenForStop(surroundings, () => hungUp(loaded, daemon, announce));
  const { stateDir } = loaded.settings;
  const control = await listenForControl({ ...common, stateDir, handlers: daemon.handlers });
  const house = { ...options, opened, announce, connection, daemon, signals };
  onFailed = () => tellUp(house, true);
  try {
    return await run(house);
  } catch (fault) {
    // It was told to end before it was up.
    if (signals.begun.aborted && fault === signals.begun.reason) return { kind: 'ended' };
    throw fault;
  } finally {
    signals.unlisten();
    await control.close();
  }
}

type House = ServeOptions & {
  readonly opened: OpenedLog;
  readonly connection: Connection;
  readonly daemon: Daemon;
  readonly signals: StopSignals;
};

async function run(house: House): Promise<Served> {
  const { signals, daemon, loaded, opened } = house;
  const inputEnd = Promise.withResolvers<InputEnd>();
  const started = await start(house, inputEnd.resolve);
  if (started.kind === 'not-ready') return { kind: 'not-ready', ...started.readiness };
  const { app } = started;
  const { keepLean } = await import('../../app/lean-memory.ts');
  daemon.started();
  tellUp(house, false);
  const endLean = keepLean({ events: app.events, clock: systemClock });
  const reason = await Promise.race([signals.asked, closed(app, inputEnd.promise)]);
  endLean();
  opened.log.info('cli_shutting_down', { reason });
  const words = reason === TERMINAL_CLOSED ? reason : 'leashd was stopped';
  // Who ends a conversation in the terminal is there, and wants to be out of it.
  if (loaded.settings.telegramBotToken !== undefined) await daemon.drain(words, signals.hurry);
  else daemon.stopping();
  await app.stop(words);
  return { kind: 'ended' };
}

async function start(house: House, onInputEnd: (end: InputEnd) => void): Promise<Started> {
  const { startLeashd } = await import('../../app/start-leashd.ts');
  const { surroundings, confirm, signals, daemon, opened } = house;
  return startLeashd({
    ...house,
    ...surroundings,
    ...opened,
    clock: systemClock,
    confirm: confirm && ((question) => confirm(question, signals.begun)),
    onInputEnd,
    signal: signals.begun,
    onBuilt: ({ app, directories }) => daemon.built(app, directories),
  });
}

async function closed(app: App, inputEnd: Promise<InputEnd>): Promise<string> {
  if ((await inputEnd) === 'finished') await app.engine.idle();
  return TERMINAL_CLOSED;
}

function tellUp({ onUp, connection }: House, isWaiting: boolean): void {
  onUp?.({ bot: connection.botName(), isWaiting });
}

function announcer(
  { announce, isBackground = false }: ServeOptions,
  { log }: OpenedLog,
  connection: Connection,
): (line: string) => void {
  return (line) => {
    announce(line);
    // Whoever may read a log is not to have the code.
    if (isBackground && line !== connection.pairing) log.info('announced', { line });
  };
}

/** SIGHUP: the terminal was closed, or somebody asks to take the settings anew. */
function hungUp(
  { settings }: LoadedSettings,
  daemon: Daemon,
  announce: (line: string) => void,
): 'ends' | 'goes-on' {
  if (settings.telegramBotToken === undefined || terminalIsGone()) return 'ends';
  void reload(daemon, announce);
  return 'goes-on';
}

async function reload(daemon: Daemon, announce: (line: string) => void): Promise<void> {
  try {
    const { applied, needsRestart } = await daemon.reload();
    const changes = [
      ...(applied.length > 0 ? [`holds now: ${applied.join(', ')}`] : []),
      ...(needsRestart.length > 0 ? [`needs a restart: ${needsRestart.join(', ')}`] : []),
    ];
    announce(`Reloaded: ${changes.join('; ') || 'nothing has changed'}.`);
  } catch (fault) {
    announce(`Not reloaded, the old settings hold: ${messageOf(fault)}`);
  }
}
