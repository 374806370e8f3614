import { statSync } from 'node:fs';
import { delimiter, isAbsolute } from 'node:path';

/** Where a machine has its programs, for a person whose PATH says nothing. */
const USUAL = ['/usr/local/bin', '/usr/bin', '/bin'];

/**
 * The PATH that a service gets, from the person's own: the agent's tools are looked for there. Only absolute folders
 * that exist, each once; what npm puts ahead to run a script is left out, it belongs to one project.
 */
export function pathForService(path: string): string {
  const kept = path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !isOfScript(folder) && isFolder(folder));
  return [...new Set(kept.length > 0 ? kept : USUAL)].join(delimiter);
}

function isOfScript(folder: string): boolean {
  return /\/node_modules\/(?:\.bin|@npmcli\/run-script\/.*|npm\/.*node-gyp-bin)\/?$/.test(folder);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
