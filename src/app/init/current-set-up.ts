import { editConfigText } from '../../config/edit-config-text.ts';
import { SettingsError, describeFault } from '../../config/diagnostics.ts';
import { configFilePath, loadSettings, type LoadedSettings } from '../../config/load-settings.ts';
import { readSource } from '../../config/read-source.ts';
import { settingTable, type SettingKey } from '../../config/settings.ts';
import { MachineError } from '../../errors.ts';

export type Place = {
  readonly startDirectory: string;
  readonly homeDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** What is set before anything is answered. */
export type CurrentSetUp = {
  readonly place: Place;
  readonly path: string;
  /** As it lies on the disk; undefined where there is none. */
  readonly text: string | undefined;
  /** What holds now, stronger sources included. */
  readonly loaded: LoadedSettings;
  /** What of it has to be answered anew, a line each. */
  readonly broken: readonly string[];
};

/** What `leashd init` asks about. */
export const ASKED_KEYS: readonly SettingKey[] = ['approvedDirectories', 'telegramBotToken', 'policyFiles'];

/**
 * Reads the settings as they are. What can't be loaded and would be asked anyway (a project that has moved) counts as
 * not set.
 * @throws SettingsError for anything else that is wrong: it is not for us to throw away.
 */
export function readCurrentSetUp(place: Place): CurrentSetUp {
  const path = configFilePath(place.homeDirectory);
  const text = textAt(path);
  const common = { place, path, text };
  try {
    return { ...common, loaded: loadSettings(place), broken: [] };
  } catch (fault) {
    if (!(fault instanceof SettingsError) || text === undefined) throw fault;
    const keys = ASKED_KEYS.filter((key) => fault.faults.some(({ name }) => name === settingTable[key].yaml));
    if (keys.length === 0) throw fault;
    const configText = editConfigText(
      text,
      keys.map((key) => ({ key, value: undefined })),
    );
    try {
      const loaded = loadSettings({ ...place, configText });
      return { ...common, loaded, broken: fault.faults.map((one) => describeFault(one)) };
    } catch {
      throw fault;
    }
  }
}

/** @throws MachineError where there is something that can't be read. */
export function textAt(path: string): string | undefined {
  const source = readSource(path);
  if (source.kind === 'fault') {
    throw new MachineError('CONFIG_UNREADABLE', `${path}: ${source.problem}`);
  }
  return source.kind === 'text' ? source.text : undefined;
}
