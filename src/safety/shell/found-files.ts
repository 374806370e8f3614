import { LeashdError } from '../../errors.ts';
import type { FileView } from '../file-view.ts';
import type { Word } from '../types.ts';
import type { Budget } from './budget.ts';
import { programName } from './normal-form.ts';
import type { ParsedCommand } from './reading.ts';

export type FoundFiles = { readonly folders: readonly string[]; readonly only: readonly string[] };

/** The word that stands for what a search finds. */
export function foundWord(found: FoundFiles | undefined, text: string, isOne = false): Word {
  const why =
    found === undefined
      ? 'it comes from what another command prints'
      : 'it stands for the files that are found';
  return { kind: 'unknown', why, text, isOne, found };
}

/** The files that `find` hands to `-exec`. */
function foundByFind({ reading, argv }: ParsedCommand): FoundFiles | undefined {
  if (reading === undefined) return undefined;
  const trees = reading.touches.filter(({ kind, path }) => kind === 'read-tree' && !path.startsWith('-'));
  if (trees.length === 0 || argv.some((word) => word.kind === 'unknown')) return undefined;
  const only: string[] = [];
  for (const [index, word] of argv.entries()) {
    const name = argv[index + 1];
    if (word.kind !== 'static' || name?.kind !== 'static') continue;
    // With an "or" a file need not fit the name.
    if (/^(?:-o|-or|!|-not|,)$/.test(word.value)) return { folders: trees.map(({ path }) => path), only: [] };
    if (/^-i?name$/.test(word.value)) only.push(name.value);
  }
  return { folders: trees.map(({ path }) => path), only };
}

const PASSING = new Set(['head', 'tail', 'sort', 'uniq', 'grep', 'egrep', 'tac']);

/**
 * What `xargs` gets from the pipe it reads: the files that one command lists, also through filters that only leave
 * lines out. Undefined when that is not certain: a name with a blank or a quote in it becomes other words.
 */
export function foundByPipe(
  commands: (index: number) => ParsedCommand | undefined,
  from: readonly number[],
  isNulSeparated: boolean,
  view: FileView,
  budget: Budget,
): FoundFiles | undefined {
  let [index, ...others] = from;
  for (let step = 0; step < 20 && index !== undefined && others.length === 0; step += 1) {
    const command = commands(index);
    if (command === undefined || command.redirections.some(({ operator }) => operator === '<'))
      return undefined;
    const name = nameOf(command);
    if (PASSING.has(name) && passesOn(command) && command.stdin.kind === 'pipe') {
      [index, ...others] = command.stdin.from;
      continue;
    }
    const found = listedBy(name, command);
    const [place, ...places] = command.places ?? [];
    if (found === undefined || place === undefined || places.length > 0) return undefined;
    if (isNulSeparated && name === 'find') return found;
    return found.folders.every((folder) => hasPlainNames(absolute(folder, place), view, budget))
      ? found
      : undefined;
  }
  return undefined;
}

function listedBy(name: string, command: ParsedCommand): FoundFiles | undefined {
  const values = command.argv.slice(1).map((word) => (word.kind === 'static' ? word.value : undefined));
  if (values.includes(undefined)) return undefined;
  const has = (pattern: RegExp): boolean => values.some((value) => pattern.test(value ?? ''));
  const trees = (command.reading?.touches ?? []).filter(({ kind }) => kind === 'read-tree');
  const folders = trees.map(({ path }) => path);
  switch (name) {
    case 'find':
      return has(/^-(?:f?printf|f?ls|exec|ok|execdir|okdir|fprint0?)$/) ? undefined : foundByFind(command);
    case 'ls':
      return values.every((value) => /^-[1A]+$/.test(value ?? '')) ? { folders: ['.'], only: [] } : undefined;
    case 'git':
      return values[0] === 'ls-files' &&
        values.every((value, index) => index === 0 || !/^[-:]/.test(value ?? ''))
        ? { folders: ['.'], only: [] }
        : undefined;
    case 'grep':
    case 'rg':
      return has(/^(?:-[a-zA-Z]*l[a-zA-Z]*|--files-with-matches|--files)$/) && folders.length > 0
        ? { folders, only: trees.flatMap(({ reach }) => reach?.only ?? []) }
        : undefined;
    default:
      return undefined;
  }
}

/** A filter that reads nothing but its input, and prints its lines as they are. */
function passesOn({ argv, reading }: ParsedCommand): boolean {
  if (reading === undefined || reading.unknowns.length > 0 || reading.acts.length > 0) return false;
  const values = argv.map((word) => (word.kind === 'static' ? word.value : '-?'));
  if (
    values.some(
      (value) => /^-\w*[oncHZ?]|^--(?:only|count|line|with|null|color)/.test(value) && !/^-n\d*$/.test(value),
    )
  )
    return false;
  return reading.touches.every(({ kind, path }) => kind === 'read' && path === '.');
}

const MOST_ENTRIES = 2000;

/** No name below has what `xargs` splits at or an option begins with, and no link leads elsewhere. */
function hasPlainNames(folder: string, view: FileView, budget: Budget): boolean {
  let left = MOST_ENTRIES;
  const ahead = [folder];
  try {
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      const names = view.list(next);
      left -= names.length;
      if (left < 0 || !budget.spend('names', names.length + 1)) return false;
      for (const name of names) {
        const kind = view.kind(`${next}/${name}`);
        if (/^-|[\s'"\\]/.test(name) || kind === 'link') return false;
        if (kind === 'directory') ahead.push(`${next}/${name}`);
      }
    }
    return true;
  } catch (error) {
    if (!(error instanceof LeashdError)) throw error;
    return false;
  }
}

function absolute(path: string, place: string): string {
  return path.startsWith('/') ? path : `${place}/${path}`;
}

function nameOf({ argv }: ParsedCommand): string {
  const [program] = argv;
  return program?.kind === 'static' ? programName(program.value) : '';
}
