import { quoteName } from './names.ts';
import { parsedStatus } from './status.ts';
import { mergeState } from './merge-state.ts';
import type { Work } from './work.ts';

/**
 * Stages what the merge's own files have become, so that aborting takes all of it back: git keeps, or stumbles over, what
 * was changed in them and not staged (git-reset(1), `--merge`). Files that the merge has nothing to do with stay as they are.
 */
export async function stageForAbort(work: Work): Promise<void> {
  const [{ conflicted, staged, unstaged }, { merge }] = await Promise.all([
    parsedStatus(work),
    mergeState(work),
  ]);
  const ofMerge = new Set([
    ...conflicted.map(({ path }) => path),
    ...staged.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])),
    ...(merge?.resolved ?? []),
  ]);
  const changed = new Set([...conflicted, ...unstaged].map(({ path }) => path));
  // What was staged as gone and is there again is untracked.
  const paths = [...ofMerge].filter((path) => changed.has(path) || merge?.resolved.includes(path) === true);
  if (paths.length === 0) return;
  const names = paths.map((path) => `${quoteName(path.replace(/^\.\//, ''))}\n`);
  // What can't be staged is git's to complain about when it aborts.
  await work.change(['update-index', '--add', '--remove', '--stdin'], names.join(''));
}
