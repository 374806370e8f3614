import { identifyBot, type BotIdentification } from '../../connectors/telegram/identify-bot.ts';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { personId, type PersonId } from '../../core/ports/chat.ts';
import { systemClock } from '../../util/clock.ts';
import { createRedactor } from '../../util/redact.ts';
import { openPairing, type OpenPairing } from './pair-owner.ts';

/** A bot whose token is known. */
export type Bot = {
  readonly token: string;
  /** What the token begins with. */
  readonly id: string;
  /** Without the @; undefined where Telegram was not asked. */
  readonly username: string | undefined;
};

/** Whom a bot is to serve. */
export type Owner = { readonly person: PersonId; readonly name: string };

export function telegramOwner(userId: number): Owner {
  const person = personId('telegram', userId);
  return { person, name: person };
}

export function unaskedBot(token: string): Bot {
  return { token, id: token.split(':', 1)[0] ?? '', username: undefined };
}

/** Asks Telegram whose token this is. Never rejects. */
export function askTelegram(
  token: string,
  { settings }: LoadedSettings,
  signal: AbortSignal,
): Promise<BotIdentification> {
  const redactor = createRedactor([token]);
  const redact = (text: string): string => redactor.redact(text);
  return identifyBot({ token, apiRoot: settings.telegramApiRoot, redact, signal });
}

/** @throws LeashdError when the bot can't be reached. */
export function pairWith(
  { token }: Bot,
  { settings }: LoadedSettings,
  options: { readonly withinMs: number; readonly onTrouble: (words: string) => void },
): Promise<OpenPairing> {
  const redactor = createRedactor([token]);
  const redact = (text: string): string => redactor.redact(text);
  return openPairing({ token, apiRoot: settings.telegramApiRoot, redact, clock: systemClock, ...options });
}
