import type { FileView } from '../file-view.ts';
import { couldFit } from './loose-glob.ts';
import { isWithin } from '../paths.ts';
import type { OwnFiles } from './protected-paths.ts';
import { secretKind } from './secrets.ts';
import type { TreeReach } from '../types.ts';

const LARGEST_IGNORE_FILE = 64 * 1024;

/** Names that a search through a tree may look at on its way, and how deep. What lies beyond is taken on trust. */
const MOST_NAMES = 20_000;
const DEEPEST = 12;
/** Files that are looked at for being a link. */
const MOST_LINKS = 4000;
/** Full of other people's files, test keys among them. */
const SKIPPED = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.venv',
  'venv',
  '__pycache__',
  'target',
  'vendor',
]);

/**
 * The first file that a search through `folder` would read although it may not be read by itself: a secret below
 * it, or one of leashd's own files. Folders of packages are not looked into.
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
  let links = 0;
  const isSecret = (path: string): boolean => {
    if (secretKind(path) !== undefined && view.kind(path) !== 'directory') return isRead(path);
    if (reach?.followsLinks !== true || links > MOST_LINKS || !isRead(path)) return false;
    links += 1;
    return leadsOut(path, folder, own, view);
  };
  return ownFiles.find((path) => isRead(path)) ?? firstSecret(folder, isSecret, view);
}

/** Whether it is a link to a secret, or out of the folder. */
function leadsOut(path: string, folder: string, own: OwnFiles, view: FileView): boolean {
  if (view.kind(path) !== 'link') return false;
  const real = view.real(path);
  if (real === undefined) return false;
  return !isWithin(real, folder) || secretKind(real) !== undefined || own.isUntouchable(real);
}

function firstSecret(
  folder: string,
  isSecret: (path: string) => boolean,
  view: FileView,
): string | undefined {
  let names = 0;
  let level = [folder === '/' ? '' : folder];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const place of level) {
      for (const name of view.list(place === '' ? '/' : place)) {
        names += 1;
        if (names > MOST_NAMES) return undefined;
        const path = `${place}/${name}`;
        if (isSecret(path)) return path;
        if (mayBeFolder(name) && view.kind(path) === 'directory') next.push(path);
      }
    }
    level = next;
  }
  return undefined;
}

/** A name with an ending is a file's, as a rule: asking the disk about each would cost more than the search. */
function mayBeFolder(name: string): boolean {
  return !SKIPPED.has(name) && (name.startsWith('.') || !/\.[a-z]\w{0,4}$/i.test(name));
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

/** The first of leashd's own files that a deletion of so much of the tree would take with it. */
export function ownInTree(
  folder: string,
  reach: TreeReach | undefined,
  own: OwnFiles,
  view: FileView,
): string | undefined {
  const files = own.untouchableBelow(folder).flatMap((path) => filesBelow(path, view));
  return files.find((path) => fits(path.slice(folder.length).replace(/^\//, ''), reach?.only));
}

/** What a deletion of `folder` would take with it that must stay: a repository, or one of leashd's own files. */
export function keptInTree(folder: string, own: OwnFiles, view: FileView): string | undefined {
  const git = folder === '/' ? '/.git' : `${folder}/.git`;
  if (view.kind(git) !== undefined) return git;
  return own.unwritableBelow(folder).find((path) => view.kind(path) !== undefined);
}
