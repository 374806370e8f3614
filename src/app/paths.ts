import { isAbsolute, join } from 'node:path';
import type { LoadedSettings } from '../config/load-settings.ts';
import type { OwnPaths } from '../safety/sandbox/protected-paths.ts';
import { packageRoot } from './version.ts';

/** Where the built-in policies lie. */
export const builtInPolicies: string = join(packageRoot, 'policies');

/** The owner of one bot; a new bot has to be paired anew. */
export function ownerFile(stateDir: string, botId: string): string {
  return join(stateDir, `owner-${botId}.json`);
}

/** Where the rules lie that the person makes with Always. */
export function rulesFolder(stateDir: string): string {
  return join(stateDir, 'rules');
}

/** What is leashd's own, wherever it lies: out of the agent's reach. */
export function ownPaths(
  { settings, files, homeDirectory }: LoadedSettings,
  policyFiles: readonly string[],
): OwnPaths {
  const { stateDir, storagePath, auditLogPath, logDir, claudePath, plugins } = settings;
  const modules = plugins.map(({ module }) => module).filter((module) => isAbsolute(module));
  return {
    untouchable: [join(homeDirectory, '.leashd'), stateDir, ...files, storagePath, auditLogPath, logDir],
    unwritable: [packageRoot, ...policyFiles, ...modules, ...(claudePath === undefined ? [] : [claudePath])],
  };
}
