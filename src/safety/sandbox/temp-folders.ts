import { tmpdir } from 'node:os';
import { isWithin } from '../paths.ts';

/** Where programs keep what may be lost; `/private` is where macOS really has them. */
const TEMP_FOLDERS: readonly string[] = [
  '/tmp',
  '/var/tmp',
  '/private/tmp',
  '/private/var/tmp',
  tmpdir(),
  `/private${tmpdir()}`,
];

/**
 * Whether a real path lies below one of the machine's temporary folders, in a part of it that has nothing to do with
 * any of `kept`: a home or a project that lies there is no scratch.
 */
export function isTemporary(path: string, kept: readonly string[]): boolean {
  return TEMP_FOLDERS.some((folder) => {
    if (path === folder || !isWithin(path, folder)) return false;
    const [name = ''] = path.slice(folder.length + 1).split('/');
    const part = `${folder}/${name}`;
    return !kept.some((place) => isWithin(place, part));
  });
}
