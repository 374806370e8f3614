import type { Branch, Done, MergeResult, Moved, Refused } from '../core/ports/git-data.ts';
import { exactBranch, fullRef } from './branches.ts';
import { statsOf } from './diff.ts';
import { countIn, headOf } from './log.ts';
import { stageForAbort } from './merge-restore.ts';
import { mergeState } from './merge-state.ts';
import { isRefused, refusalOf, refuse } from './refusals.ts';
import { ongoingIn, parsedStatus, refuseOngoing, trackedChanges } from './status.ts';
import type { Work } from './work.ts';

export async function merge(work: Work, name: string): Promise<MergeResult | Refused> {
  const ongoing = await ongoingIn(work);
  if (ongoing !== undefined) return refuseOngoing(ongoing);
  const found = await exactBranch(work, name);
  if (isRefused(found)) return found;
  const before = await readyToMerge(work);
  if (isRefused(before)) return before;
  const how = ['--no-edit', '--no-autostash', '--commit', '--no-squash', '--no-progress', '--stat'];
  const result = await work.change(['merge', ...how, '--end-of-options', await nameFor(work, found)]);
  const { merge: state } = await mergeState(work);
  if (result.exitCode === 0 && state === undefined)
    return merged(work, before, (await headOf(work)) ?? before, found);
  if (state !== undefined && state.left.length > 0 && !result.timedOut)
    return { kind: 'conflicts', merge: state };
  // A hook or the signing said no to the merge commit, or time was up: nothing half done stays behind.
  if (state !== undefined) await work.change(['merge', '--abort']);
  return refusalOf(result, 'merge');
}

/** The commit to merge into, where an abort could bring everything back. */
async function readyToMerge(work: Work): Promise<string | Refused> {
  const { head } = await parsedStatus(work);
  if (head.kind === 'unborn')
    return refuse(
      'no-commits',
      'This branch has no commit yet.',
      'Commit something first, or check out the other one.',
    );
  if (head.kind === 'detached')
    return refuse(
      'detached',
      'No branch is checked out, so there is none to merge into.',
      'Check out a branch first.',
    );
  const changed = await trackedChanges(work);
  if (isRefused(changed)) return changed;
  if (changed.length === 0) return head.commit;
  return refuse(
    'dirty',
    `${changed.length === 1 ? 'A file has' : `${changed.length} files have`} changes that are not committed, and aborting the merge might lose them.`,
    'Commit or stash them first.',
  );
}

/** The short name makes the better message and markers, where no tag or the like is called the same. */
async function nameFor(work: Work, branch: Branch): Promise<string> {
  const full = fullRef(branch);
  const args = ['rev-parse', '--symbolic-full-name', '--verify', '--quiet', '--end-of-options', branch.name];
  const { stdout } = await work.tryRead(args);
  return stdout.trim() === full ? branch.name : full;
}

async function merged(work: Work, from: string, to: string, branch: Branch): Promise<MergeResult> {
  if (from === to) return { kind: 'up-to-date' };
  return { ...(await moved(work, from, to)), isFastForward: to === branch.commit };
}

export async function moved(work: Work, from: string, to: string): Promise<Done<Moved>> {
  const [commits, files] = await Promise.all([
    countIn(work, [`${from}..${to}`]),
    statsOf(work, [from, to, '--']),
  ]);
  return { kind: 'done', from, to, commits, files };
}

export async function mergeAbort(work: Work): Promise<Done<{ readonly head: string }> | Refused> {
  const head = await headOf(work);
  const ongoing = await ongoingIn(work);
  if (ongoing !== 'merge' || head === undefined)
    return ongoing === undefined
      ? refuse('not-in-progress', 'No merge is under way here.', 'There is nothing to abort.')
      : refuseOngoing(ongoing);
  await stageForAbort(work);
  const result = await work.change(['merge', '--abort']);
  if (result.exitCode !== 0) return refusalOf(result, 'abort the merge');
  return { kind: 'done', head };
}
