import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConflictedFile, ConflictKind, Done, MergeState } from '../core/ports/git-data.ts';
import { cleanWords } from './clean-words.ts';
import { DIFF_OPTIONS, statsOf } from './diff.ts';
import { headOf, resolve } from './log.ts';
import { pathOf } from './names.ts';
import type { ParsedStatus } from './parse-status.ts';
import { ongoingIn, parsedStatus } from './status.ts';
import { countMarkers, type Marked } from './work-files.ts';
import type { Work } from './work.ts';

type Unmerged = ParsedStatus['conflicted'][number];

/** Undefined where no merge has been begun. A rebase's or cherry-pick's conflicts are no merge. */
export async function mergeState(work: Work): Promise<Done<{ readonly merge: MergeState | undefined }>> {
  if ((await ongoingIn(work)) !== 'merge') return { kind: 'done', merge: undefined };
  const [ours, theirs] = await Promise.all([headOf(work), resolve(work, 'MERGE_HEAD')]);
  if (ours === undefined || theirs === undefined) return { kind: 'done', merge: undefined };
  const [{ conflicted }, resolved] = await Promise.all([parsedStatus(work), resolvedFiles(work)]);
  const unmerged = new Set(conflicted.map(({ path }) => path));
  const done = resolved.filter((path) => !unmerged.has(path));
  const markers = await countMarkers(work.top, [...unmerged, ...done]);
  const left = await describe(work, { conflicted, markers, ours, theirs });
  return {
    kind: 'done',
    merge: {
      title: await titleOf(work),
      ours,
      theirs,
      left,
      resolved: done,
      markers,
      isResolved: left.length === 0 && markers.length === 0,
    },
  };
}

/** Conflicted files where there is no merge to compare with: those of a stash that was brought back. */
export async function conflictedFiles(work: Work): Promise<readonly ConflictedFile[]> {
  const { conflicted } = await parsedStatus(work);
  const markers = await countMarkers(
    work.top,
    conflicted.map(({ path }) => path),
  );
  return conflicted.map((file) => ({
    path: file.path,
    kind: file.isSubmodule ? 'submodule' : file.conflict,
    hunks: hunksOf(file.path, markers),
  }));
}

/** What git remembers of conflicts that were staged as resolved (git-ls-files(1), `--resolve-undo`). */
async function resolvedFiles(work: Work): Promise<readonly string[]> {
  const { text } = await work.readPart(['ls-files', '--resolve-undo', '--full-name']);
  const paths = text.split('\n').flatMap((line) => {
    const tab = line.indexOf('\t');
    return tab === -1 ? [] : [pathOf(line.slice(tab + 1))];
  });
  return [...new Set(paths)];
}

type Sides = {
  readonly conflicted: readonly Unmerged[];
  readonly markers: readonly Marked[];
  readonly ours: string;
  readonly theirs: string;
};

async function describe(work: Work, { conflicted, markers, ours, theirs }: Sides): Promise<ConflictedFile[]> {
  if (conflicted.length === 0) return [];
  const [renames, binary] = await Promise.all([
    renamesOf(work, ours, theirs),
    binaryFiles(work, conflicted, ours, theirs),
  ]);
  const oldNames = new Set(renames.values());
  return conflicted.map((file) => {
    const from = renames.get(file.path);
    const isRename = from !== undefined || oldNames.has(file.path);
    return {
      path: file.path,
      kind: kindOf(file, isRename, binary.has(file.path)),
      hunks: hunksOf(file.path, markers),
      ...(from === undefined ? {} : { from }),
    };
  });
}

function kindOf(file: Unmerged, isRename: boolean, isBinary: boolean): ConflictKind {
  if (file.isSubmodule) return 'submodule';
  const hasBothSides = file.conflict === 'content' || file.conflict === 'both-added';
  if (isRename && !hasBothSides) return 'rename';
  return isBinary && hasBothSides ? 'binary' : file.conflict;
}

function hunksOf(path: string, markers: readonly Marked[]): number {
  return markers.find((marked) => marked.path === path)?.hunks ?? 0;
}

/** New name → old name, of both sides since they parted. */
async function renamesOf(work: Work, ours: string, theirs: string): Promise<ReadonlyMap<string, string>> {
  const base =
    (await work.tryRead(['merge-base', '--end-of-options', ours, theirs])).stdout.split('\n')[0] ?? '';
  if (base === '') return new Map();
  const sides = await Promise.all(
    [ours, theirs].map(async (side) =>
      work.readPart(['diff', ...DIFF_OPTIONS, '--name-status', '--diff-filter=R', base, side, '--']),
    ),
  );
  const renames = sides
    .flatMap(({ text }) => text.split('\n'))
    .flatMap((line) => {
      const [status = '', from, to] = line.split('\t');
      return status.startsWith('R') && from !== undefined && to !== undefined
        ? [[pathOf(to), pathOf(from)] as const]
        : [];
    });
  return new Map(renames);
}

const MOST_PATHS = 200;

/** Of the files that both sides have, those that git takes for binary. */
async function binaryFiles(
  work: Work,
  conflicted: readonly Unmerged[],
  ours: string,
  theirs: string,
): Promise<ReadonlySet<string>> {
  const asked = conflicted
    .filter(
      ({ conflict, path }) => (conflict === 'content' || conflict === 'both-added') && path.isWellFormed(),
    )
    .slice(0, MOST_PATHS)
    .map(({ path }) => `:(top,literal)${path}`);
  if (asked.length === 0) return new Set();
  const stats = await statsOf(work, ['--no-renames', ours, theirs, '--', ...asked]);
  const binary = stats.filter((file) => file.added === undefined && !file.isSubmodule);
  return new Set(binary.map((file) => file.path));
}

async function titleOf({ gitDir }: Work): Promise<string> {
  try {
    const [first = ''] = (await readFile(join(gitDir, 'MERGE_MSG'), 'utf8')).split('\n');
    return cleanWords(first);
  } catch {
    return 'Merge';
  }
}
