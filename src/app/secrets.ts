import type { Settings } from '../config/settings.ts';

/** What must reach no log, error, audit line, chat or agent. */
export function secretsOf(settings: Settings): readonly string[] {
  return settings.telegramBotToken === undefined ? [] : [settings.telegramBotToken];
}
