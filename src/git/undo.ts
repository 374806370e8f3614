import type { Done, Refused, UndoPreview } from '../core/ports/git-data.ts';
import { filesOfCommit } from './commit.ts';
import { commitAt, headOf } from './log.ts';
import { refusalOf, refuse } from './refusals.ts';
import { ongoingIn, parsedStatus, refuseOngoing } from './status.ts';
import type { Work } from './work.ts';

export async function undoPreview(work: Work): Promise<Done<UndoPreview> | Refused> {
  const ongoing = await ongoingIn(work);
  if (ongoing !== undefined) return refuseOngoing(ongoing);
  const head = await headOf(work);
  const commit = head === undefined ? undefined : await commitAt(work, head);
  if (commit === undefined)
    return refuse('no-commits', 'There is no commit yet.', 'There is nothing to take back.');
  if (commit.parents.length === 0)
    return refuse(
      'first-commit',
      'This is the first commit here: nothing stands before it.',
      'Amend it at the desk.',
    );
  if (commit.parents.length > 1)
    return refuse('merge-commit', 'The last commit is a merge.', 'Taking a merge back is for the desk.');
  const remotes = await work.read([
    'for-each-ref',
    '--count=3',
    '--format=%(refname:short)',
    `--contains=${commit.commit}`,
    'refs/remotes',
  ]);
  const [remote] = remotes.split('\n');
  if (remote !== undefined && remote !== '')
    return refuse(
      'pushed',
      `The last commit is on ${remote} already.`,
      'Others may have it; revert it at the desk.',
    );
  const [{ head: at }, files, message] = await Promise.all([
    parsedStatus(work),
    filesOfCommit(work, commit),
    work.read([
      'log',
      '--max-count=1',
      '--no-show-signature',
      '--no-notes',
      '--format=%B',
      '--end-of-options',
      commit.commit,
      '--',
    ]),
  ]);
  return {
    kind: 'done',
    commit: commit.commit,
    subject: commit.subject,
    message: message.trim(),
    at: commit.at,
    ...(at.kind === 'branch' ? { branch: at.branch } : {}),
    files,
  };
}

/** A soft reset in one step that fails when HEAD has moved: what is staged and in the files stays as it is. */
export async function undo(
  work: Work,
  shown: Pick<UndoPreview, 'commit'>,
): Promise<Done<UndoPreview> | Refused> {
  const preview = await undoPreview(work);
  if (preview.kind === 'refused') return preview;
  if (preview.commit !== shown.commit)
    return refuse(
      'changed',
      'Another commit is the last one by now.',
      'Look again at what would be taken back.',
    );
  const reflog = ['-m', 'reset: moving to HEAD~1'];
  const result = await work.change(['update-ref', ...reflog, 'HEAD', `${preview.commit}^`, preview.commit]);
  return result.exitCode === 0 ? preview : refusalOf(result, 'take the commit back');
}
