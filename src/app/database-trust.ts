import type { LoadedSettings } from '../config/load-settings.ts';
import { PersonError } from '../errors.ts';
import { hasContent, KnownFiles } from './known-files.ts';

/**
 * A database holds sessions with their modes, and messages that wait to be carried out: one that came with a
 * project would speak in the person's place. So the one that lies where leashd was started must have been made by
 * leashd on this machine.
 * @throws PersonError for one that was not.
 */
export function checkDatabase(loaded: LoadedSettings): void {
  const doubt = databaseDoubt(loaded);
  if (doubt !== undefined) throw doubt;
  const { settings, homeDirectory } = loaded;
  const known = new KnownFiles(homeDirectory);
  if (!isVouchedFor(loaded, known)) known.remember('database', settings.storagePath);
}

/** Why it would be refused; nothing is remembered. */
export function databaseDoubt(loaded: LoadedSettings): PersonError | undefined {
  const { storagePath } = loaded.settings;
  const known = new KnownFiles(loaded.homeDirectory);
  if (isVouchedFor(loaded, known) || !hasContent(storagePath)) return undefined;
  return new PersonError('STORE_UNKNOWN', `${storagePath} was not made by leashd on this machine`, {
    hint: `If it came with the project, delete it. If it is yours, vouch for it: touch ${known.markOf('database', storagePath)}`,
  });
}

function isVouchedFor({ settings, origins }: LoadedSettings, known: KnownFiles): boolean {
  const { storageBackend, storagePath } = settings;
  const isChosen = ['environment', 'file', 'given'].includes(origins.storagePath.kind);
  return storageBackend === 'memory' || isChosen || known.isKnown('database', storagePath);
}
