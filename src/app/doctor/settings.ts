import { accessSync, constants } from 'node:fs';
import { describeFault, SettingsError } from '../../config/diagnostics.ts';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { loadWorkspaces } from '../../config/workspaces.ts';
import { LeashdError, messageOf } from '../../errors.ts';
import { approvedDirectoriesOf } from '../approved-directories.ts';
import { testPolicies } from '../policy-test.ts';
import { note, ok, problem, warning, type Check, type Told } from './check.ts';
import { loadedOf } from './context.ts';
import { shellWord } from './words.ts';
import { withoutFullStop } from '../../util/without-full-stop.ts';

/** More lines of one policy file are only counted. */
const MOST_LINES = 5;

const settings: Check = {
  name: 'settings',
  run: async ({ settings: read }) => {
    if (read.kind === 'wrong') return wrongSettings(read.fault);
    const { loaded } = read;
    const set = Object.values(loaded.origins).filter(({ kind }) => kind !== 'default').length;
    // The modes of files are looked at by `permissions`.
    const warnings = loaded.warnings.filter((words) => !words.includes(': chmod 600 '));
    const summary =
      set === 0
        ? note('nothing is set: leashd would open in the terminal', 'leashd init sets it up')
        : ok(`${set} set, the others have their defaults (leashd config shows each)`);
    return [summary, ...warnings.map((words) => warning(words))];
  },
};

function wrongSettings(fault: unknown): Told[] {
  const todo = 'Correct it; docs/configuration.md lists every setting and what it takes';
  const told =
    fault instanceof SettingsError
      ? fault.faults.map((one) => problem(describeFault(one), todo))
      : [faultTold(fault)];
  return [...told, note('what hangs on settings was not looked at; correct them and ask again')];
}

function faultTold(fault: unknown): Told {
  const [code, hint] = fault instanceof LeashdError ? [fault.code, fault.hint] : [];
  // Started where nobody can be asked, leashd takes it all the same.
  const level = code === 'DOTENV_UNKNOWN' ? warning : problem;
  return level(messageOf(fault), hint);
}

const directories: Check = {
  name: 'directories',
  run: async (context) => {
    const loaded = loadedOf(context);
    if (loaded === undefined) return [];
    const { telegramBotToken, approvedDirectories: set } = loaded.settings;
    const found = attempt(() => approvedDirectoriesOf(loaded));
    if ('value' in found) return found.value.map((directory) => usable(directory));
    // In the terminal it is the place that one stands in, and another one may do.
    const isHere = telegramBotToken === undefined && set.length === 0;
    return [isHere ? note(found.says, found.todo) : problem(found.says, found.todo)];
  },
};

function usable(directory: string): Told {
  if (!may(directory, constants.R_OK | constants.X_OK))
    return problem(`${directory} can't be read`, `chmod u+rx ${shellWord(directory)}`);
  return may(directory, constants.W_OK)
    ? ok(directory)
    : warning(
        `${directory} can't be written: Claude can only look there`,
        `chmod u+w ${shellWord(directory)}`,
      );
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

const workspaces: Check = {
  name: 'workspaces',
  run: async (context) => {
    const loaded = loadedOf(context);
    const approved = loaded && attempt(() => approvedDirectoriesOf(loaded));
    if (loaded === undefined || approved === undefined || !('value' in approved)) return [];
    const read = attempt(() => workspacesOf(loaded, approved.value));
    if (!('value' in read)) return [problem(read.says, read.todo)];
    return read.value.length === 0 ? [] : [ok(read.value.map(({ name }) => name).join(', '))];
  },
};

function workspacesOf(loaded: LoadedSettings, approvedDirectories: readonly string[]) {
  return loadWorkspaces({ ...loaded, stateDir: loaded.settings.stateDir, approvedDirectories });
}

const policies: Check = {
  name: 'policies',
  isHeavy: true,
  run: async (context) => {
    const loaded = loadedOf(context);
    if (loaded === undefined) return [];
    return loaded.settings.policyFiles.flatMap((file) => policyTold(file, loaded.startDirectory));
  },
};

function policyTold(file: string, startDirectory: string): Told[] {
  const tested = attempt(() => testPolicies([file], startDirectory));
  if (!('value' in tested)) return [problem(tested.says, tested.todo)];
  return tested.value.map(({ kept, broken }) => {
    if (broken.length === 0) return ok(`${file}: ${kept} of its own tests kept`);
    const shown = [...broken.slice(0, MOST_LINES), ...(broken.length > MOST_LINES ? ['…'] : [])];
    const says = `${file} does not keep ${broken.length} of its own tests:\n${shown.map((line) => `  ${line}`).join('\n')}`;
    return problem(says, `Correct the rules or the tests, and see: leashd policy test ${shellWord(file)}`);
  });
}

/** What it gives, or how what it throws is told. */
function attempt<Value>(
  body: () => Value,
): { readonly value: Value } | { readonly says: string; readonly todo?: string | undefined } {
  try {
    return { value: body() };
  } catch (error) {
    if (!(error instanceof LeashdError)) throw error;
    return { says: withoutFullStop(error.message), todo: error.hint };
  }
}

/** What stands in files that the person writes. */
export const settingsChecks: readonly Check[] = [settings, directories, workspaces, policies];
