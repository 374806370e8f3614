import type { PullResult, Refused } from '../core/ports/git-data.ts';
import { countIn, headOf } from './log.ts';
import { moved } from './merge.ts';
import { fetch } from './push.ts';
import { isRefused, refusalOf, refuse } from './refusals.ts';
import { ongoingIn, parsedStatus, refuseOngoing } from './status.ts';
import type { Work } from './work.ts';

export async function pull(work: Work): Promise<PullResult | Refused> {
  const ongoing = await ongoingIn(work);
  if (ongoing !== undefined) return refuseOngoing(ongoing);
  const before = await parsedStatus(work);
  if (before.head.kind === 'detached')
    return refuse(
      'detached',
      'No branch is checked out, so there is none to pull.',
      'Check out a branch first.',
    );
  if (before.upstream === undefined)
    return refuse(
      'no-upstream',
      'This branch follows no remote branch.',
      'Push it first, or set its upstream at the desk.',
    );
  const fetched = await fetch(work);
  if (isRefused(fetched)) return fetched;
  const upstream = before.upstream.name;
  const theirs = await upstreamCommit(work, before.head.branch);
  if (theirs === undefined)
    return refuse(
      'no-upstream',
      'The remote branch is gone.',
      'Push the branch again, or follow another one.',
    );
  return forward(work, upstream, theirs);
}

async function upstreamCommit(work: Work, branch: string): Promise<string | undefined> {
  const args = ['for-each-ref', '--format=%(refname)%00%(upstream)', 'refs/heads'];
  const { text } = await work.readPart(args);
  const line = text.split('\n').find((one) => one.startsWith(`refs/heads/${branch}\0`));
  const ref = line?.split('\0')[1];
  if (ref === undefined || ref === '') return undefined;
  const { exitCode, stdout } = await work.tryRead([
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    ref,
  ]);
  return exitCode === 0 ? stdout.trim() : undefined;
}

async function forward(work: Work, upstream: string, theirs: string): Promise<PullResult | Refused> {
  const ours = await headOf(work);
  if (ours === undefined) return firstCommit(work, upstream, theirs);
  const [ahead, behind] = await Promise.all([
    countIn(work, [ours, '--not', theirs]),
    countIn(work, [theirs, '--not', ours]),
  ]);
  if (behind === 0) return { kind: 'up-to-date', upstream, ahead };
  if (ahead > 0) return { kind: 'diverged', upstream, ahead, behind };
  const how = ['--ff-only', '--no-edit', '--no-autostash', '--no-squash', '--no-progress'];
  const result = await work.change(['merge', ...how, theirs]);
  if (result.exitCode !== 0) return refusalOf(result, 'move the branch forward');
  return { ...(await moved(work, ours, theirs)), upstream };
}

/** Into a branch that has no commit yet, git merges by taking over the other one. */
async function firstCommit(work: Work, upstream: string, theirs: string): Promise<PullResult | Refused> {
  const result = await work.change(['merge', '--ff-only', theirs]);
  if (result.exitCode !== 0) return refusalOf(result, 'take over the remote branch');
  const commits = await countIn(work, [theirs]);
  return { kind: 'done', from: '', to: theirs, commits, files: [], upstream };
}
