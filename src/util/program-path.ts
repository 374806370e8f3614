import { delimiter, isAbsolute } from 'node:path';

/** Where a machine has its programs, for a PATH that says nothing else. */
const USUAL = ['/usr/local/bin', '/usr/bin', '/bin'];

/**
 * A PATH without what hangs on the directory one stands in (`.`, an empty entry, `./node_modules/.bin`): in a project
 * that brings a `git` or an `ls` along, that would be found in the place of the real one.
 */
export function programPath(path: string): string {
  const kept = path.split(delimiter).filter((folder) => isAbsolute(folder));
  return (kept.length > 0 ? kept : USUAL).join(delimiter);
}
