import { dirname, isAbsolute, join } from 'node:path';
import type { LoadedSettings } from '../config/load-settings.ts';
import { isWithin } from '../safety/paths.ts';
import type { OwnPaths } from '../safety/sandbox/protected-paths.ts';
import { socketPath } from './control/socket-path.ts';
import type { OwnProgram } from '../safety/sandbox/own-program.ts';
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

/** The start directory's `.leashd`, where database, audit log and log lie by default; undefined when none of them does. */
export function startFolder({ settings, startDirectory }: LoadedSettings): string | undefined {
  const { storagePath, auditLogPath, logDir } = settings;
  const folder = join(startDirectory, '.leashd');
  const own = [dirname(storagePath), dirname(auditLogPath), logDir];
  return own.some((path) => isWithin(path, folder)) ? folder : undefined;
}

/** leashd as it runs now: not for the agent to start, stop or end. */
export function ownProgram(): OwnProgram {
  const commandLine = [process.title, process.execPath, ...process.argv.slice(1)].join(' ');
  return { folder: packageRoot, pid: process.pid, commandLine };
}

/** What is leashd's own, wherever it lies: out of the agent's reach. */
export function ownPaths(loaded: LoadedSettings, policyFiles: readonly string[]): OwnPaths {
  const { settings, files, homeDirectory } = loaded;
  const { stateDir, storagePath, auditLogPath, logDir, claudePath, browserPath, plugins } = settings;
  const folder = startFolder(loaded);
  const socket = socketPath(stateDir);
  const modules = plugins.map(({ module }) => module).filter((module) => isAbsolute(module));
  const programs = [claudePath, browserPath].filter((program) => program !== undefined);
  return {
    untouchable: [
      join(homeDirectory, '.leashd'),
      stateDir,
      // Where a long path leaves no room for the socket in there.
      ...(isWithin(socket, stateDir) ? [] : [socket]),
      ...files,
      storagePath,
      auditLogPath,
      logDir,
      // The folder itself too: what is moved, closed or put into git with it is gone or told.
      ...(folder === undefined ? [] : [folder]),
    ],
    unwritable: [packageRoot, ...policyFiles, ...modules, ...programs],
  };
}
