import { nearest } from '../util/nearest.ts';
import type { SettingFault } from './diagnostics.ts';
import { describeOrigin, shortPath, type Origin, type Places } from './origin.ts';
import type { ConfigFile } from './read-config-file.ts';
import type { Dotenv } from './read-dotenv.ts';
import { settingKeys, settingTable, type SettingKey } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The places that settings come from, from the weakest to the strongest. */
export type Sources = {
  readonly configFile: ConfigFile;
  readonly dotenv: Dotenv;
  readonly environment: Environment;
  /** By their keys in the settings table. */
  readonly given?: Readonly<Partial<Record<SettingKey, unknown>>> | undefined;
};

/** A value as somebody wrote it. `name` is what it is called where it stands. */
export type Given = { readonly raw: unknown; readonly origin: Origin; readonly name: string };

/** The strongest source's value, or undefined when nobody set it. Empty counts as not set. */
export function findGiven(key: SettingKey, sources: Sources): Given | undefined {
  const { env, yaml } = settingTable[key];
  const { environment, dotenv, configFile, given } = sources;
  const fromProgram = given?.[key];
  if (!isEmpty(fromProgram)) return { raw: fromProgram, origin: { kind: 'given' }, name: key };
  const fromEnvironment = environment[env];
  if (!isEmpty(fromEnvironment)) return { raw: fromEnvironment, origin: { kind: 'environment' }, name: env };
  const fromDotenv = dotenv.entries.get(env);
  if (fromDotenv !== undefined && !isEmpty(fromDotenv.value)) {
    const origin: Origin = { kind: 'dotenv', path: dotenv.path, line: fromDotenv.line };
    return { raw: fromDotenv.value, origin, name: env };
  }
  const fromFile = configFile.entries.get(yaml);
  if (fromFile === undefined || isEmpty(fromFile.value)) return undefined;
  return {
    raw: fromFile.value,
    origin: { kind: 'file', path: configFile.path, ...fromFile.at },
    name: yaml,
  };
}

export function isEmpty(raw: unknown): boolean {
  return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}

/** What is wrong with the files themselves, and names that mean nothing, wherever they stand. */
export function findSourceFaults(sources: Sources, places: Places): SettingFault[] {
  const { configFile, dotenv, environment, given = {} } = sources;
  const faults: SettingFault[] = [];
  for (const name of Object.keys(given)) {
    if (keys.includes(name)) continue;
    faults.push({ where: 'createApp', name: shown(name), problem: unknownName(name, keys) });
  }
  for (const { line, column, problem } of configFile.faults) {
    faults.push({ where: `${shortPath(configFile.path, places)}:${line}:${column}`, name: '', problem });
  }
  for (const [name, { key }] of configFile.entries) {
    if (yamlNames.includes(name)) continue;
    const where = describeOrigin({ kind: 'file', path: configFile.path, ...key }, places);
    faults.push({ where, name: shown(name), problem: unknownName(name, yamlNames) });
  }
  for (const { line, problem } of dotenv.faults) {
    faults.push({ where: `${shortPath(dotenv.path, places)}:${line}`, name: '', problem });
  }
  for (const [name, { line }] of dotenv.entries) {
    if (envNames.includes(name)) continue;
    const where = describeOrigin({ kind: 'dotenv', path: dotenv.path, line }, places);
    faults.push({ where, name: shown(name), problem: unknownName(name, envNames) });
  }
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('LEASHD_') || envNames.includes(name)) continue;
    faults.push({ where: 'environment', name: shown(name), problem: unknownName(name, envNames) });
  }
  return faults;
}

const keys: readonly string[] = settingKeys;
const envNames: readonly string[] = settingKeys.map((key) => settingTable[key].env);
const yamlNames: readonly string[] = settingKeys.map((key) => settingTable[key].yaml);

function unknownName(name: string, known: readonly string[]): string {
  // Without the prefix that all of them share, which would make every name look close to every other.
  const bare = (full: string) => full.replace(/^LEASHD_/i, '');
  const meant = nearest(bare(name), known.map(bare));
  const found = known.find((one) => bare(one) === meant);
  return found === undefined
    ? 'no setting has this name; docs/configuration.md lists all of them'
    : `no setting has this name; did you mean ${found}?`;
}

/** A name as it may stand in an error: whatever was written, on one line. */
function shown(name: string): string {
  return /^\w{1,64}$/.test(name) ? name : JSON.stringify(name.slice(0, 64));
}
