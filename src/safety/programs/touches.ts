import { assertNever } from '../../util/assert-never.ts';
import type { Word } from '../types.ts';
import type { Meaning, Touch } from './table.ts';

/** `~/.ssh/$x` leads into `~/.ssh`, unless it leads out again, which is a doubt anyway. */
export function touchesOfFolder(meaning: Meaning, prefix = ''): Touch[] {
  const end = prefix.lastIndexOf('/');
  const touch = end < 0 ? undefined : touchOf(meaning, prefix.slice(0, end + 1));
  return touch === undefined ? [] : [touch];
}

/** A destination that is a folder gets an entry for each of the others. */
export function touchesOfDestination(folder: string, others: readonly Word[]): Touch[] {
  return others.flatMap((word) => {
    const name = word.kind === 'static' ? (word.value.replace(/\/+$/, '').split('/').at(-1) ?? '') : '';
    return name === '' ? [] : [{ kind: 'write', path: `${folder.replace(/\/+$/, '')}/${name}` }];
  });
}

/** What a word of this meaning does to a file, if anything. */
export function touchOf(meaning: Meaning, path: string): Touch | undefined {
  switch (meaning) {
    case 'data':
    case 'unlisted':
    case 'host':
    case 'url':
    case 'remoteOrReads':
    case 'remoteOrWrites':
    case 'program':
    case 'command':
    case 'script':
    case 'inlineCode':
    case 'runsFile':
    case 'directory':
    case 'destination':
    case 'package':
      return undefined;
    case 'reads':
    case 'sees':
      return path === '-' ? undefined : { kind: 'read', path };
    case 'writes':
      return path === '-' ? undefined : { kind: 'write', path };
    case 'deletes':
      return { kind: 'delete', path };
    case 'readsTree':
      return { kind: 'read-tree', path, reach: { contents: 'all' } };
    case 'readsVisibleTree':
      return { kind: 'read-tree', path, reach: { contents: 'visible' } };
    case 'listsTree':
      return { kind: 'read-tree', path, reach: { contents: 'names' } };
    case 'deletesTree':
      return { kind: 'delete-tree', path };
    case 'searches':
      return path === '-' ? undefined : { kind: 'read-tree', path, reach: { contents: 'all' } };
    case 'revision':
      return revisionTouch(path);
    default:
      return assertNever(meaning, 'meaning');
  }
}

/**
 * `HEAD:src/a.ts` and `:0:src/a.ts` name a file of the past; a plain word may be a branch or a file, one with a
 * pattern in it stands for files anywhere below (gitglossary(7), "pathspec").
 */
function revisionTouch(word: string): Touch {
  const path = word.slice(word.lastIndexOf(':') + 1) || '.';
  if (!/[*?[]/.test(path)) return { kind: 'read', path };
  return { kind: 'read-tree', path: '.', reach: { contents: 'all', only: [path] } };
}
