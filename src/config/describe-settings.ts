import { createRedactor } from '../util/redact.ts';
import { REDACTED } from '../util/secret-forms.ts';
import { isSecretName } from '../util/secret-name.ts';
import type { LoadedSettings } from './load-settings.ts';
import type { McpServer, McpServers } from './mcp-servers.ts';
import { describeOrigin } from './origin.ts';
import type { PluginSetting } from './plugins.ts';
import {
  settingKeys,
  settingTable,
  type SettingDefinition,
  type SettingKey,
  type Settings,
} from './settings.ts';

/** A setting as a person is shown it: text only, secrets masked. */
export type SettingRow = {
  readonly key: SettingKey;
  readonly env: string;
  readonly yaml: string;
  readonly value: string;
  /** `default`, `environment`, `.env:3`, `~/.leashd/config.yaml:5:13`. */
  readonly origin: string;
  readonly isDefault: boolean;
};

/** Every setting with its value and where that came from, in the documentation's order. */
export function describeSettings(loaded: LoadedSettings): readonly SettingRow[] {
  const redactor = createRedactor([loaded.settings.telegramBotToken ?? '']);
  return settingKeys.map((key) => {
    const { env, yaml } = settingTable[key];
    const origin = loaded.origins[key];
    const isDefault = origin.kind === 'default';
    const value = redactor.redact(describeCurrent(key, loaded));
    return { key, env, yaml, value, origin: describeOrigin(origin, loaded), isDefault };
  });
}

function describeCurrent(key: SettingKey, { settings, origins }: LoadedSettings): string {
  const { defaultText }: SettingDefinition<unknown> = settingTable[key];
  const isDefault = origins[key].kind === 'default';
  return isDefault && defaultText !== undefined ? defaultText : describeValue(key, settings[key]);
}

/** A default as the documentation tells it. */
export function describeDefault(key: SettingKey): string {
  const definition: SettingDefinition<unknown> = settingTable[key];
  return definition.defaultText ?? describeValue(key, settingTable[key].default);
}

function describeValue(key: SettingKey, value: Settings[SettingKey]): string {
  const { secret }: SettingDefinition<unknown> = settingTable[key];
  if (value === undefined) return 'none';
  if (typeof value === 'string') return secret === true ? maskToken(value) : value;
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return value.length === 0 ? 'none' : value.map((item) => describeItem(item)).join(', ');
  return describeServers(value);
}

type List = readonly string[] | readonly number[] | readonly PluginSetting[];

function isList(value: Settings[SettingKey]): value is List {
  return Array.isArray(value);
}

function describeItem(item: List[number]): string {
  if (typeof item !== 'object') return String(item);
  // The options may hold keys.
  const names = Object.keys(item.options);
  return names.length === 0 ? item.module : `${item.module} (with ${names.join(', ')})`;
}

/** The bot's ID is public (it is its user ID); what follows the colon is not. */
function maskToken(token: string): string {
  return `${token.split(':', 1)[0] ?? ''}:…`;
}

function describeServers(servers: McpServers): string {
  const masked = Object.entries(servers).map(([name, server]) => [name, maskServer(server)]);
  return masked.length === 0 ? 'none' : JSON.stringify(Object.fromEntries(masked));
}

function maskServer(server: McpServer): McpServer {
  if (server.type === 'stdio') return { ...server, args: maskArguments(server.args), env: mask(server.env) };
  return { ...server, url: withoutQuery(server.url), headers: mask(server.headers) };
}

function mask(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, REDACTED]));
}

/** `--token abc` and `--token=abc`: what belongs to an option whose name says it is secret. */
function maskArguments(given: readonly string[]): string[] {
  return given.map((argument, index) => {
    const [option = '', value] = argument.split(/=(.*)/s, 2);
    if (value !== undefined && option.startsWith('-') && isSecretName(option)) return `${option}=${REDACTED}`;
    const before = given[index - 1] ?? '';
    const isValue = before.startsWith('-') && !before.includes('=') && isSecretName(before);
    return isValue && !argument.startsWith('-') ? REDACTED : argument;
  });
}

/** Some servers take their key in the address. */
function withoutQuery(url: string): string {
  const { search } = new URL(url);
  return search === '' ? url : url.replace(search, `?${REDACTED}`);
}
