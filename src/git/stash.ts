import type { Done, Refused, Stash, StashOptions, StashPopped } from '../core/ports/git-data.ts';
import { conflictedFiles } from './merge-state.ts';
import { refusalOf, refuse } from './refusals.ts';
import { ongoingIn, parsedStatus, refuseOngoing } from './status.ts';
import { headOf } from './log.ts';
import type { Work } from './work.ts';

type Stashes = Done<{ readonly stashes: readonly Stash[] }>;

const FORMAT = '--format=tformat:%H%x00%ct%x00%gs';

export async function stashes(work: Work): Promise<Stashes> {
  const known = await work.tryRead(['rev-parse', '--verify', '--quiet', 'refs/stash']);
  if (known.exitCode !== 0) return { kind: 'done', stashes: [] };
  const { text } = await work.readPart([
    'log',
    '--walk-reflogs',
    FORMAT,
    '--no-show-signature',
    'refs/stash',
    '--',
  ]);
  const stashes = text.split('\n').flatMap((line) => {
    const [commit = '', seconds, message = ''] = line.split('\0');
    return commit === '' ? [] : [{ commit, message, at: Number(seconds) * 1000 }];
  });
  return { kind: 'done', stashes };
}

export async function stash(
  work: Work,
  options: StashOptions = {},
): Promise<Done<{ readonly stash: Stash }> | Refused> {
  const ongoing = await ongoingIn(work);
  if (ongoing !== undefined && ongoing !== 'bisect') return refuseOngoing(ongoing);
  if ((await headOf(work)) === undefined)
    return refuse(
      'no-commits',
      'There is no commit yet, and git can stash only changes to one.',
      'Commit first.',
    );
  const before = (await stashes(work)).stashes.length;
  const message = options.message?.replaceAll(/[\0\s]+/g, ' ').trim() ?? '';
  const untracked = options.untracked === true ? ['--include-untracked'] : ['--no-include-untracked'];
  // `=` keeps a message that begins with "-" from being an option.
  const named = message === '' ? [] : [`--message=${message}`];
  const result = await work.change(['stash', 'push', '--quiet', ...untracked, ...named]);
  if (result.exitCode !== 0) return refusalOf(result, 'stash');
  const after = (await stashes(work)).stashes;
  const [stash] = after;
  if (stash === undefined || after.length === before)
    return refuse(
      'nothing-to-do',
      'There are no changes to stash.',
      'New files count only when they are asked for.',
    );
  return { kind: 'done', stash };
}

export async function stashPop(work: Work, commit?: string): Promise<StashPopped | Refused> {
  const ongoing = await ongoingIn(work);
  if (ongoing !== undefined && ongoing !== 'bisect') return refuseOngoing(ongoing);
  const { stashes: all } = await stashes(work);
  const index = commit === undefined ? 0 : all.findIndex((one) => one.commit === commit);
  const stash = all[index];
  if (stash === undefined)
    return refuse(
      'nothing-to-do',
      all.length === 0 ? 'Nothing is stashed.' : 'That stash is gone.',
      'See /git stash list.',
    );
  const { conflicted } = await parsedStatus(work);
  if (conflicted.length > 0)
    return refuse('conflicted', 'Files are in conflict already.', 'Resolve them first.');
  const result = await work.change(['stash', 'pop', '--quiet', `stash@{${index}}`]);
  if (result.exitCode === 0) return { kind: 'done', stash };
  const files = await conflictedFiles(work);
  return files.length > 0 ? { kind: 'conflicts', stash, files } : refusalOf(result, 'bring the stash back');
}
