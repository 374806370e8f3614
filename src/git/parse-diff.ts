import type { FileStat } from '../core/ports/git-data.ts';
import { pathOf } from './names.ts';

const CHANGES: Readonly<Record<string, FileStat['change']>> = {
  A: 'added',
  C: 'copied',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'type-changed',
};

/**
 * Reads `git diff --raw --numstat` with `core.quotePath`: first all files with their names, then, in the same order,
 * all with their counts (where a rename's two names can't be told apart for certain). Files come in git's order.
 */
export function parseDiffStats(output: string): FileStat[] {
  const lines = output.split('\n');
  const raw = lines.filter((line) => line.startsWith(':'));
  const counts = lines.filter((line) => /^(?:\d+|-)\t(?:\d+|-)\t/.test(line));
  const files = raw.flatMap((line, index) => {
    const [head = '', first = '', second] = line.split('\t');
    const [oldMode = '', newMode = '', , , status = ''] = head.slice(1).split(' ');
    const [added = '', removed = ''] = (counts[index] ?? '').split('\t');
    const isConflicted = status.startsWith('U');
    return [
      {
        path: pathOf(second ?? first),
        change: CHANGES[status.charAt(0)] ?? 'modified',
        ...(second === undefined ? {} : { from: pathOf(first) }),
        isSubmodule: oldMode === '160000' || newMode === '160000',
        isConflicted,
        ...(/^\d+$/.test(added) ? { added: Number(added), removed: Number(removed) } : {}),
      } satisfies FileStat,
    ];
  });
  return joinConflicted(files);
}

/** A conflicted file may come twice: that it is in conflict, and how it differs from our side. */
function joinConflicted(files: readonly FileStat[]): FileStat[] {
  const conflicted = new Set(files.filter((file) => file.isConflicted).map((file) => file.path));
  const differing = new Set(files.filter((file) => !file.isConflicted).map((file) => file.path));
  return files
    .filter((file) => !file.isConflicted || !differing.has(file.path))
    .map((file) => ({ ...file, isConflicted: conflicted.has(file.path) }));
}
