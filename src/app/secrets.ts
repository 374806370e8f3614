import type { Settings } from '../config/settings.ts';
import { isSecretName } from '../util/secret-name.ts';

/** What must reach no log, error, audit line, chat or agent. */
export function secretsOf(settings: Settings): readonly string[] {
  const options = settings.plugins.flatMap((plugin) => Object.entries(plugin.options));
  const ofPlugins = options.flatMap(([name, value]) =>
    isSecretName(name) && typeof value === 'string' ? [value] : [],
  );
  return [...(settings.telegramBotToken === undefined ? [] : [settings.telegramBotToken]), ...ofPlugins];
}
