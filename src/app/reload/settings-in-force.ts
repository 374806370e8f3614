import type { LoadedSettings } from '../../config/load-settings.ts';
import { settingKeys, settingTable, type SettingKey } from '../../config/settings.ts';

/** What is opened once, when leashd starts. All other settings are read where they are used. */
const ONLY_AT_START: ReadonlySet<SettingKey> = new Set<SettingKey>([
  'telegramBotToken',
  'telegramApiRoot',
  'streamingThrottleSeconds',
  'storageBackend',
  'storagePath',
  'auditLogPath',
  'auditMaxMb',
  'logDir',
  'logMaxBytes',
  'logBackupCount',
  'stateDir',
  'plugins',
  'mcpServers',
  'claudePath',
  'browser',
  'browserPath',
  'osSandbox',
]);

export type SettingsInForce = {
  /** The new settings, but for those that only a start takes: these are the running ones. */
  readonly loaded: LoadedSettings;
  /** Names of those that have changed and hold now. */
  readonly changed: readonly string[];
  /** Names of those that have changed and need a start. */
  readonly needsRestart: readonly string[];
};

/** What holds from now on when `next` is taken while `running` holds. */
export function settingsInForce(running: LoadedSettings, next: LoadedSettings): SettingsInForce {
  const different = settingKeys.filter((key) => !isSame(running.settings[key], next.settings[key]));
  const names = (keys: readonly SettingKey[]): readonly string[] => keys.map((key) => settingTable[key].env);
  const kept = settingKeys.filter((key) => ONLY_AT_START.has(key));
  return {
    loaded: {
      ...next,
      settings: { ...next.settings, ...pick(running.settings, kept) },
      origins: { ...next.origins, ...pick(running.origins, kept) },
    },
    changed: names(different.filter((key) => !ONLY_AT_START.has(key))),
    needsRestart: names(different.filter((key) => ONLY_AT_START.has(key))),
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function pick<Whole extends object>(whole: Whole, keys: readonly (keyof Whole)[]): Partial<Whole> {
  return Object.fromEntries(keys.map((key) => [key, whole[key]])) as Partial<Whole>;
}
