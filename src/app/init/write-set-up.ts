import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { editConfigText, type ConfigChange } from '../../config/edit-config-text.ts';
import { loadSettings, type LoadedSettings } from '../../config/load-settings.ts';
import { describeOrigin } from '../../config/origin.ts';
import { settingTable, type SettingKey } from '../../config/settings.ts';
import type { PersonId } from '../../core/ports/chat.ts';
import { MachineError, PersonError, messageOf } from '../../errors.ts';
import { createOwnerFile } from '../../storage/owner-file.ts';
import { checkPolicies } from '../check-policies.ts';
import { ownerFile } from '../paths.ts';
import { textAt, type CurrentSetUp } from './current-set-up.ts';

/** What was answered; what is absent stays as it is. */
export type Answers = {
  /** Absolute. */
  readonly directories?: readonly string[] | undefined;
  /** `none`: the terminal only, from now on. */
  readonly token?: string | { readonly kind: 'none' } | undefined;
  readonly policyFiles?: readonly string[] | undefined;
};

export type PreparedSetUp = {
  readonly text: string;
  /** Whether the file would be another one. */
  readonly isChanged: boolean;
  readonly changed: readonly SettingKey[];
  /** What will hold once it is written. */
  readonly loaded: LoadedSettings;
  /** Sources that win over what was answered, a line each. */
  readonly overridden: readonly string[];
};

/**
 * The new config.yaml, looked through as leashd itself would.
 * @throws PersonError naming what leashd could not load: then nothing is to be written.
 */
export function prepareSetUp(current: CurrentSetUp, answers: Answers): PreparedSetUp {
  const { place, text: before = '' } = current;
  const changes = changesOf(current, answers);
  const same = editConfigText(before, []);
  const changed = changes.filter((change) => editConfigText(before, [change]) !== same);
  const text = changed.length === 0 ? before : editConfigText(before, changed);
  const draft = { ...place, configText: text };
  const alone = loadSettings({ ...draft, isConfigFileAlone: true });
  const loaded = loadSettings(draft);
  checkPolicies(alone);
  const overridden = changes.flatMap(({ key }) => overridingLine(key, alone, loaded));
  return { text, isChanged: changed.length > 0, changed: changed.map(({ key }) => key), loaded, overridden };
}

function changesOf({ place }: CurrentSetUp, answers: Answers): ConfigChange[] {
  const { directories, token, policyFiles } = answers;
  const changes: ConfigChange[] = [];
  if (directories !== undefined) {
    changes.push({
      key: 'approvedDirectories',
      value: directories,
      sameItem: (written, wanted) => typeof written === 'string' && realOf(written, place) === wanted,
    });
  }
  if (token !== undefined) {
    changes.push({ key: 'telegramBotToken', value: typeof token === 'string' ? token : undefined });
  }
  if (policyFiles !== undefined) changes.push({ key: 'policyFiles', value: policyFiles });
  return changes;
}

function realOf(written: string, place: CurrentSetUp['place']): string | undefined {
  const resolved = settingTable.approvedDirectories.resolve?.([written], place, { kind: 'default' });
  return resolved !== undefined && 'value' in resolved ? resolved.value[0] : undefined;
}

function overridingLine(key: SettingKey, alone: LoadedSettings, loaded: LoadedSettings): string[] {
  const origin = loaded.origins[key];
  if (origin.kind !== 'environment' && origin.kind !== 'dotenv') return [];
  if (JSON.stringify(alone.settings[key]) === JSON.stringify(loaded.settings[key])) return [];
  const { env } = settingTable[key];
  const where = origin.kind === 'environment' ? 'the environment' : describeOrigin(origin, loaded);
  const away = origin.kind === 'environment' ? `unset ${env}` : 'take that line out';
  return [`${env} in ${where} wins over what you chose here: ${away}, or it stays as it was.`];
}

/**
 * Puts the text in the place of config.yaml, whole or not at all, for nobody's eyes but the person's.
 * @throws PersonError when somebody else has changed the file meanwhile; MachineError when it can't be written.
 */
export function writeConfig({ path, text: before }: CurrentSetUp, text: string): void {
  if (textAt(path) !== before) {
    throw new PersonError(
      'CONFIG_CHANGED_MEANWHILE',
      `${path} was changed meanwhile, so nothing was written`,
      {
        hint: 'Run leashd init again.',
      },
    );
  }
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
    // Where it is a link (dotfiles kept elsewhere), it stays one.
    const target = before === undefined ? path : realpathSync(path);
    const draft = resolve(dirname(target), `.config-${randomBytes(6).toString('hex')}.yaml`);
    try {
      writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
      renameSync(draft, target);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (cause) {
    throw new MachineError('CONFIG_NOT_WRITTEN', `${path} could not be written: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** Who the owner of a bot is, when there is one. */
export async function ownerOf(stateDir: string, botId: string): Promise<PersonId | undefined> {
  return createOwnerFile(ownerFile(stateDir, botId)).load();
}

/** Makes somebody the owner, in the place of whoever was it. */
export async function setOwner(stateDir: string, botId: string, person: PersonId): Promise<void> {
  const file = ownerFile(stateDir, botId);
  const owners = createOwnerFile(file);
  // One that is broken is no owner to keep.
  if ((await owners.load().catch(() => undefined)) === person) return;
  rmSync(file, { force: true });
  await owners.save(person);
}
