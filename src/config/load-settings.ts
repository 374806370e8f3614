import path from 'node:path';
import { findGiven, findSourceFaults, type Environment, type Given, type Sources } from './collect.ts';
import { describeIssue, SettingsError, type SettingFault } from './diagnostics.ts';
import { describeOrigin, type Origin, type Places } from './origin.ts';
import { readConfigFile } from './read-config-file.ts';
import { noDotenv, readDotenv } from './read-dotenv.ts';
import type { Resolved } from './resolve-paths.ts';
import {
  settingKeys,
  settingTable,
  type SettingDefinition,
  type SettingKey,
  type Settings,
} from './settings.ts';
import { findWarnings } from './warnings.ts';

export type LoadOptions = {
  /** Absolute: where `.env` is looked for, and what relative paths start from. */
  readonly startDirectory: string;
  /** Absolute: where `.leashd/config.yaml` is looked for, and what `~` means. */
  readonly homeDirectory: string;
  readonly environment: Environment;
  /** Settings that win over all others, by their names in `Settings`; checked as the others are. */
  readonly given?: GivenSettings | undefined;
  /** What config.yaml would say, in place of what it says: to see whether leashd could load it. */
  readonly configText?: string | undefined;
  /** Looks into config.yaml alone: what stands there is checked even where a stronger source would win. */
  readonly isConfigFileAlone?: boolean | undefined;
};

/** Some settings, as a program gives them. */
export type GivenSettings = { readonly [Key in Exclude<SettingKey, 'plugins'>]?: Settings[Key] };

export type LoadedSettings = Places & {
  readonly settings: Settings;
  readonly origins: Readonly<Record<SettingKey, Origin>>;
  /** Absolute paths of the files that were looked into, whether or not they exist: never for the agent's hands. */
  readonly files: readonly string[];
  /** Sentences for the person, at every start. */
  readonly warnings: readonly string[];
};

/**
 * The settings for this run. Sources, the later ones winning: defaults, `~/.leashd/config.yaml`, `.env` in the
 * start directory, the environment, what the program itself gives.
 * @throws SettingsError with every fault at once.
 */
export function loadSettings(options: LoadOptions): LoadedSettings {
  const places: Places = {
    startDirectory: path.resolve(options.startDirectory),
    homeDirectory: path.resolve(options.homeDirectory),
  };
  const sources = sourcesOf(options, places);
  const faults = findSourceFaults(sources, places);
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const key of settingKeys) {
    const given = findGiven(key, sources);
    origins[key] = given?.origin ?? { kind: 'default' };
    const read = readValue(key, given, places);
    if ('value' in read) values[key] = read.value;
    else faults.push(...describeProblems(read.problems, settingTable[key].env, given, places));
  }
  if (faults.length > 0) throw new SettingsError(faults);

  // Each value came out of its own setting's schema.
  const settings = values as Settings;
  return {
    ...places,
    settings,
    origins: origins as Record<SettingKey, Origin>,
    files: [sources.configFile.path, sources.dotenv.path],
    warnings: findWarnings(settings, sources, places),
  };
}

function sourcesOf(options: LoadOptions, { startDirectory, homeDirectory }: Places): Sources {
  const { environment, given, configText, isConfigFileAlone = false } = options;
  const configFile = readConfigFile(configFilePath(homeDirectory), configText);
  const dotenvPath = path.join(startDirectory, '.env');
  if (isConfigFileAlone) return { configFile, dotenv: noDotenv(dotenvPath), environment: {} };
  return { configFile, dotenv: readDotenv(dotenvPath), environment, given };
}

/** Where the settings lie that hold for everything started on this machine. */
export function configFilePath(homeDirectory: string): string {
  return path.join(homeDirectory, '.leashd', 'config.yaml');
}

function readValue(key: SettingKey, given: Given | undefined, places: Places): Resolved<unknown> {
  const definition: SettingDefinition<unknown> = settingTable[key];
  if (given === undefined) return resolve(definition, definition.default, places, { kind: 'default' });
  const parsed = definition.schema.safeParse(given.raw, { reportInput: true });
  if (parsed.success) return resolve(definition, parsed.data, places, given.origin);
  const isSecret = definition.secret === true;
  return { problems: parsed.error.issues.map((issue) => describeIssue(issue, isSecret)) };
}

function resolve(
  definition: SettingDefinition<unknown>,
  value: unknown,
  places: Places,
  origin: Origin,
): Resolved<unknown> {
  return definition.resolve === undefined ? { value } : definition.resolve(value, places, origin);
}

function describeProblems(
  problems: readonly string[],
  env: string,
  given: Given | undefined,
  places: Places,
): SettingFault[] {
  const where = describeOrigin(given?.origin ?? { kind: 'default' }, places);
  return problems.map((problem) => ({ where, name: given?.name ?? env, problem }));
}
