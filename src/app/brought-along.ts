import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LoadedSettings } from '../config/load-settings.ts';
import { PersonError } from '../errors.ts';
import { isWithin } from '../safety/paths.ts';
import { checkDotenv, type DotenvTrustOptions } from './dotenv-trust.ts';

/**
 * What a project could bring along to say where leashd writes. To be asked before anything is written.
 * @throws PersonError naming the file.
 */
export async function checkBroughtAlong(options: DotenvTrustOptions): Promise<void> {
  refuseLinks(options.loaded);
  await checkDotenv(options);
}

/** git keeps links: a `.leashd` that is one would have leashd write over files anywhere. */
function refuseLinks({ settings, startDirectory }: LoadedSettings): void {
  const { storagePath, auditLogPath, logDir } = settings;
  const folder = join(startDirectory, '.leashd');
  for (const place of [dirname(storagePath), dirname(auditLogPath), logDir]) {
    for (let path = place; isWithin(path, folder); path = dirname(path)) {
      if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
      throw new PersonError('START_FOLDER_LINK', `${path} is a link, so nothing was written there`, {
        hint: 'Take it away. To have these files elsewhere: LEASHD_STORAGE_PATH, LEASHD_AUDIT_LOG_PATH and LEASHD_LOG_DIR.',
      });
    }
  }
}
