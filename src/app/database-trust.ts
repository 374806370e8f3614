import type { LoadedSettings } from '../config/load-settings.ts';
import { PersonError } from '../errors.ts';
import { hasContent, KnownFiles } from './known-files.ts';

/**
 * A database holds sessions with their modes, and messages that wait to be carried out: one that came with a
 * project would speak in the person's place. So the one that lies where leashd was started must have been made by
 * leashd on this machine.
 * @throws PersonError for one that was not.
 */
export function checkDatabase({ settings, origins, homeDirectory }: LoadedSettings): void {
  const { storageBackend, storagePath } = settings;
  const isChosen = ['environment', 'file', 'given'].includes(origins.storagePath.kind);
  if (storageBackend === 'memory' || isChosen) return;
  const known = new KnownFiles(homeDirectory);
  if (known.isKnown('database', storagePath)) return;
  if (hasContent(storagePath)) {
    throw new PersonError('STORE_UNKNOWN', `${storagePath} was not made by leashd on this machine`, {
      hint: `If it came with the project, delete it. If it is yours, vouch for it: touch ${known.markOf('database', storagePath)}`,
    });
  }
  known.remember('database', storagePath);
}
