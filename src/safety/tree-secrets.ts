import type { FileView } from './file-view.ts';
import { couldFit } from './loose-glob.ts';
import type { OwnFiles } from './protected-paths.ts';
import { secretKind } from './secrets.ts';
import type { TreeReach } from './types.ts';

const LARGEST_IGNORE_FILE = 64 * 1024;

/**
 * The first file that a search through `folder` would read although it may not be read by itself: a secret right in
 * that folder, or one of leashd's own files anywhere below. Secrets further down are not looked for: a search
 * through a large tree must not cost a walk through all of it.
 */
export function secretInTree(
  folder: string,
  reach: TreeReach | undefined,
  own: OwnFiles,
  view: FileView,
): string | undefined {
  const contents = reach?.contents ?? 'all';
  if (contents === 'names') return undefined;
  const isRead = (path: string): boolean => {
    const below = path.slice(folder.length).replace(/^\//, '');
    if (contents === 'visible' && below.split('/').some((name) => name.startsWith('.'))) return false;
    if (!fits(below, reach?.only)) return false;
    return !(contents === 'unignored' && isIgnored(folder, below, view));
  };
  const ownFiles = own.untouchableBelow(folder).flatMap((path) => filesBelow(path, view));
  const secrets = view
    .list(folder)
    .map((name) => (folder === '/' ? `/${name}` : `${folder}/${name}`))
    .filter((path) => secretKind(path) !== undefined && view.kind(path) !== 'directory');
  return [...ownFiles, ...secrets].find((path) => isRead(path));
}

/** The file itself, or what a folder holds; leashd's own are small. */
function filesBelow(path: string, view: FileView, depth = 0): string[] {
  const kind = view.kind(path);
  if (kind !== 'directory' || depth > 3) return kind === undefined ? [] : [path];
  return view.list(path).flatMap((name) => filesBelow(`${path}/${name}`, view, depth + 1));
}

function fits(below: string, only: readonly string[] | undefined): boolean {
  if (only === undefined || only.length === 0) return true;
  const name = below.slice(below.lastIndexOf('/') + 1);
  return only.some((glob) => {
    const pattern = glob.replace(/^\/+/, '');
    return couldFit(pattern, below) || couldFit(pattern, name);
  });
}

/** Whether the nearest .gitignore files say so in plain words; anything cleverer counts as "no". */
function isIgnored(folder: string, below: string, view: FileView): boolean {
  const names = below.split('/');
  const inOwnFolder = names.some((_, index) => {
    const inside = [folder, ...names.slice(0, index + 1)].join('/');
    return ignoreLines(inside, view).includes('*');
  });
  if (inOwnFolder) return true;
  for (let place = folder; place !== ''; place = place.slice(0, place.lastIndexOf('/'))) {
    if (isNamed(ignoreLines(place, view), names)) return true;
    if (view.kind(`${place}/.git`) !== undefined) return false;
  }
  return false;
}

function isNamed(lines: readonly string[], names: readonly string[]): boolean {
  const plain = new Set(lines.map((line) => line.replace(/^(?:\*\*)?\//, '').replace(/\/$/, '')));
  if (lines.some((line) => line.startsWith('!'))) return false;
  return names.some(
    (name) =>
      plain.has(name) ||
      plain.has(`*${extensionOf(name)}`) ||
      (name.startsWith('.env') && plain.has('.env*')),
  );
}

function extensionOf(name: string): string {
  return name.includes('.') ? name.slice(name.lastIndexOf('.')) : '\0';
}

function ignoreLines(folder: string, view: FileView): string[] {
  const text = view.read(`${folder}/.gitignore`, LARGEST_IGNORE_FILE) ?? '';
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** What a deletion of `folder` would take with it that must stay: a repository, or one of leashd's own files. */
export function keptInTree(folder: string, own: OwnFiles, view: FileView): string | undefined {
  const git = folder === '/' ? '/.git' : `${folder}/.git`;
  if (view.kind(git) !== undefined) return git;
  return own.unwritableBelow(folder).find((path) => view.kind(path) !== undefined);
}
