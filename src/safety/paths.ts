import { posix } from 'node:path';
import { LeashdError } from '../errors.ts';
import type { FileView } from './file-view.ts';
import type { ResolvedPath } from './types.ts';

// Linux: limits.h PATH_MAX and NAME_MAX; macOS is stricter about the whole and the same about a name.
const LONGEST_PATH = 4096;
const LONGEST_NAME = 255;
// Linux gives up after 40 links (path_resolution(7)).
const MOST_LINKS = 40;

/**
 * Where `given` leads on this disk, links followed at every level. `~` and `~/…` are the person's home; a relative
 * path starts in `directory`. What does not exist yet lies under its nearest parent that does.
 * @throws LeashdError for what no file could be called, a loop of links, or a path that programs read in two ways
 * (`link/..` is the folder of the link to some, the folder above its target to others).
 */
export function resolvePath(given: string, directory: string, home: string, view: FileView): ResolvedPath {
  checkName(given);
  const absolute = absolutePath(given, directory, home);
  if (!hasParentStep(absolute)) {
    const real = view.real(absolute);
    if (real !== undefined) return { given, real, exists: true };
    return { given, ...followLinks(absolute, view) };
  }
  const asKernel = followLinks(absolute, view);
  const asText = followLinks(posix.normalize(absolute), view);
  if (asKernel.real !== asText.real) {
    throw unusable(given, `it leads to ${asKernel.real} or to ${asText.real}, depending on who reads it`);
  }
  return { given, ...asKernel };
}

/** `given` as an absolute path, by its text alone. */
export function absolutePath(given: string, directory: string, home: string): string {
  if (given === '~') return home;
  if (given.startsWith('~/')) return `${home}/${given.slice(2)}`;
  return given.startsWith('/') ? given : `${directory}/${given}`;
}

/** Whether `path` is `folder` or lies below it; both real and absolute. */
export function isWithin(path: string, folder: string): boolean {
  if (!path.startsWith(folder)) return false;
  return path.length === folder.length || folder.endsWith('/') || path[folder.length] === '/';
}

// Zero-width and other characters that some file systems leave out when they compare names.
const IGNORED_IN_NAMES = /[\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g;

/** A path as the most forgiving file system compares it: no case, composed, without invisible characters. */
export function foldPath(path: string): string {
  // Almost all paths are plain ASCII, for which the rest changes nothing.
  if (/^[\x20-\x7E]*$/.test(path)) return path.toLowerCase();
  return path.normalize('NFKC').replaceAll(IGNORED_IN_NAMES, '').toLowerCase();
}

function hasParentStep(path: string): boolean {
  return path.includes('..') && path.split('/').includes('..');
}

function checkName(given: string): void {
  if (given.length === 0) throw unusable(given, 'it is empty');
  if (given.includes('\0')) throw unusable(given, 'it has a NUL character in it');
  if (!given.isWellFormed()) throw unusable(given, 'it is no valid text');
  if (Buffer.byteLength(given) > LONGEST_PATH) throw unusable(given, `it is over ${LONGEST_PATH} bytes long`);
  for (const name of given.length > LONGEST_NAME ? given.split('/') : []) {
    if (Buffer.byteLength(name) > LONGEST_NAME) {
      throw unusable(given, `it has a name of over ${LONGEST_NAME} bytes in it`);
    }
  }
}

/** Walks one name after the other, as the kernel does, and goes on by the text where nothing exists. */
function followLinks(absolute: string, view: FileView): { real: string; exists: boolean } {
  const ahead = absolute.split('/').reverse();
  let real = '';
  let missing = 0;
  let links = 0;
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      real = real.slice(0, Math.max(0, real.lastIndexOf('/')));
      missing = Math.max(0, missing - 1);
      continue;
    }
    const here = `${real}/${name}`;
    const kind = missing > 0 ? undefined : view.kind(here);
    if (kind === 'link') {
      links += 1;
      if (links > MOST_LINKS) throw unusable(absolute, 'its symbolic links lead in a circle');
      const target = view.linkTarget(here);
      if (target.startsWith('/')) real = '';
      ahead.push(...target.split('/').reverse());
      continue;
    }
    if (kind === undefined) missing += 1;
    real = here;
  }
  return { real: real === '' ? '/' : real, exists: missing === 0 };
}

function unusable(given: string, why: string): LeashdError {
  const shown = given.length > 200 ? `${given.slice(0, 200)}…` : given;
  return new LeashdError(
    'person',
    'PATH_UNUSABLE',
    `the path ${JSON.stringify(shown)} can't be used: ${why}`,
    {
      hint: 'Give the path of a file or folder in the project, without ".." behind a link.',
    },
  );
}
