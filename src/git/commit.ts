import type { CommitOptions, Committed, Done, Refused } from '../core/ports/git-data.ts';
import { fingerprintOf, statsOf } from './diff.ts';
import { commitAt, headOf } from './log.ts';
import { MachineError } from '../errors.ts';
import { mergeState } from './merge-state.ts';
import { refusalOf, refuse } from './refusals.ts';
import { ongoingIn, parsedStatus, refuseOngoing } from './status.ts';
import type { Work } from './work.ts';

/** The message goes in on stdin: any text, none of it an option. */
export async function commit(work: Work, options: CommitOptions): Promise<Done<Committed> | Refused> {
  const message = options.message?.replaceAll('\0', '').trim();
  const ongoing = await ongoingIn(work);
  const unready = ongoing === undefined ? await nothingStaged(work) : await unfinished(work, ongoing);
  if (unready !== undefined) return unready;
  if (message === '' || (message === undefined && ongoing !== 'merge'))
    return refuse(
      'bad-name',
      'A commit needs a message.',
      'Write one line about what changes, or let Claude do it.',
    );
  if (options.fingerprint !== undefined && options.fingerprint !== (await fingerprintOf(work)))
    return refuse(
      'changed',
      'What is staged has changed since it was shown.',
      'Look at the staged diff again.',
    );
  const before = await headOf(work);
  const how = message === undefined ? ['--no-edit'] : ['--file=-', '--cleanup=whitespace'];
  const result = await work.change(['commit', '--quiet', ...how], message);
  const head = await headOf(work);
  if (result.exitCode !== 0 || head === undefined || head === before) return refusalOf(result, 'commit');
  return committed(work, head);
}

async function committed(work: Work, head: string): Promise<Done<Committed>> {
  const commit = await commitAt(work, head);
  if (commit === undefined) throw new MachineError('GIT_FAILED', 'The commit that was made can not be read.');
  const { head: at } = await parsedStatus(work);
  const files = await filesOfCommit(work, commit);
  return {
    kind: 'done',
    commit,
    ...(at.kind === 'branch' ? { branch: at.branch } : {}),
    files: files.length,
    added: sum(files.map((file) => file.added ?? 0)),
    removed: sum(files.map((file) => file.removed ?? 0)),
  };
}

export async function filesOfCommit(
  work: Work,
  commit: { readonly commit: string; readonly parents: readonly string[] },
): ReturnType<typeof statsOf> {
  const parent = commit.parents[0] ?? (await emptyTree(work));
  return statsOf(work, [parent, commit.commit, '--']);
}

/** The name of the tree without files, which depends on the repository's hash. */
async function emptyTree(work: Work): Promise<string> {
  return (await work.read(['hash-object', '-t', 'tree', '--stdin'])).trim();
}

async function nothingStaged(work: Work): Promise<Refused | undefined> {
  const { staged, conflicted } = await parsedStatus(work);
  if (conflicted.length > 0)
    return refuse('conflicted', 'Files are in conflict.', 'Resolve them and stage them first.');
  return staged.length > 0
    ? undefined
    : refuse('nothing-to-do', 'Nothing is staged.', 'Stage changes first.');
}

async function unfinished(
  work: Work,
  ongoing: Exclude<Awaited<ReturnType<typeof ongoingIn>>, undefined>,
): Promise<Refused | undefined> {
  if (ongoing === 'bisect') return nothingStaged(work);
  if (ongoing !== 'merge') return refuseOngoing(ongoing);
  const { merge } = await mergeState(work);
  if (merge === undefined) return undefined;
  if (merge.left.length > 0)
    return refuse(
      'conflicted',
      `${merge.left.length} of the merge's files are not resolved.`,
      'Resolve and stage them.',
    );
  if (merge.markers.length > 0)
    return refuse(
      'markers-left',
      'Conflict markers are left in resolved files.',
      'Resolve them and stage again.',
    );
  return undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
