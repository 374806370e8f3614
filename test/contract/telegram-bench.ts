import { vi } from 'vitest';
import type { ChatRef } from '../../src/core/ports/chat.ts';
import { createTelegramConnector } from '../../src/connectors/telegram/telegram-connector.ts';
import type {
  TelegramConnector,
  TelegramConnectorOptions,
} from '../../src/connectors/telegram/telegram-connector.ts';
import type { Clock } from '../../src/util/clock.ts';
import { systemClock } from '../../src/util/clock.ts';
import type { Log, LogFields } from '../../src/util/log.ts';
import type { Person } from '../fixtures/bot-api/person.ts';
import { startBotApi, type BotApi, type BotApiOptions } from '../fixtures/bot-api/start.ts';

/** The connector's clock and the server's flood limits run that much faster than the world. */
export const SPEED = 25;

type LoggedEvent = { readonly level: string; readonly event: string; readonly fields: LogFields };

/** A Bot API on loopback, a person with a phone, and the connector between them, not started yet. */
export type TelegramBench = {
  readonly api: BotApi;
  /** In a private chat with the bot. */
  readonly ada: Person;
  readonly chat: ChatRef;
  readonly connector: TelegramConnector;
  readonly logged: readonly LoggedEvent[];
  /** Another one for the same bot, stopped with the bench. */
  readonly another: (options?: Partial<TelegramConnectorOptions>) => TelegramConnector;
  readonly close: () => Promise<void>;
};

export async function openTelegramBench(
  options: { readonly server?: BotApiOptions; readonly connector?: Partial<TelegramConnectorOptions> } = {},
): Promise<TelegramBench> {
  const api = await startBotApi({ flood: { scale: SPEED }, hasDrafts: false, ...options.server });
  const ada = api.person(42, 'Ada');
  ada.chat.addBot();
  const logged: LoggedEvent[] = [];
  const made: TelegramConnector[] = [];
  const another = (own: Partial<TelegramConnectorOptions> = {}): TelegramConnector => {
    const connector = createTelegramConnector({
      token: api.token,
      apiRoot: api.url,
      log: recordingLog(logged),
      clock: fastClock(SPEED),
      redact: (text) => text,
      commands: [],
      ...own,
    });
    made.push(connector);
    return connector;
  };
  return {
    api,
    ada,
    chat: { connector: 'telegram', chat: String(ada.id) },
    connector: another(options.connector),
    logged,
    another,
    close: async () => {
      await Promise.all(made.map((connector) => connector.stop()));
      await api.stop();
    },
  };
}

function fastClock(speed: number): Clock {
  return {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() * speed,
    after: (delayMs, run) => systemClock.after(delayMs / speed, run),
  };
}

function recordingLog(into: LoggedEvent[], always: LogFields = {}): Log {
  const record = (level: string) => (event: string, fields?: LogFields) => {
    into.push({ level, event, fields: { ...always, ...fields } });
  };
  return {
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    with: (fields) => recordingLog(into, { ...always, ...fields }),
  };
}

/** Resolves once something on our side of the wire holds. @throws Error after five seconds. */
export async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(
    () => {
      if (!condition()) throw new Error(`never came true: ${condition.toString()}`);
    },
    { timeout: 5_000, interval: 5 },
  );
}
