import { join, resolve } from 'node:path';
import { readSource } from '../../config/read-source.ts';
import { absolutePath } from '../../config/resolve-paths.ts';

type Surroundings = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly startDirectory: string;
  readonly homeDirectory: string;
};

/**
 * The state folder that the settings name. Where none of them can name it, they are not even loaded: that takes
 * longer than all else that `leashd status` does, and a setting that is wrong must keep nobody from `leashd stop`.
 * @throws SettingsError, and PersonError where a `.env` that git tracks names it.
 */
export async function findStateDir(surroundings: Surroundings): Promise<string> {
  const { environment, startDirectory, homeDirectory } = surroundings;
  const files = [join(homeDirectory, '.leashd', 'config.yaml'), join(startDirectory, '.env')];
  const given = environment['LEASHD_STATE_DIR'];
  if (given !== undefined && given.trim() !== '') return absolutePath(given.trim(), surroundings);
  if (!files.some(namesStateDir)) return join(resolve(homeDirectory), '.leashd');
  const { loadSettings } = await import('../../config/load-settings.ts');
  const loaded = loadSettings(surroundings);
  if (loaded.origins.stateDir.kind === 'dotenv') {
    const { checkDotenv } = await import('../dotenv-trust.ts');
    // What a project calls its state folder may say that leashd was started anywhere, and logs anywhere.
    await checkDotenv({ loaded, environment });
  }
  return loaded.settings.stateDir;
}

function namesStateDir(path: string): boolean {
  const source = readSource(path);
  // What is there but can't be read is for the settings to complain about.
  return source.kind === 'fault' || (source.kind === 'text' && /state_dir/i.test(source.text));
}
