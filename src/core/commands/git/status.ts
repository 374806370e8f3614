import { formatCount } from '../../../util/figures.ts';
import { concat, plain, type RichText } from '../../../util/rich-text.ts';
import type { NextStep } from '../command.ts';
import { shownName } from '../../ports/git.ts';
import type { GitStatus, Ongoing, Upstream } from '../../ports/git-data.ts';
import { otherPlaces } from './git-place.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { changeLine, conflictLine, headText, listText, pathText, sections } from './git-words.ts';

/** Lines of each list: a phone shows some thirty. */
const MOST_SHOWN = 8;

export const statusSubcommand: GitSubcommand = {
  name: 'status',
  aliases: ['st'],
  summary: 'branch, what is staged, changed, new and in conflict',
  isChanging: false,
  run: async (task) => {
    const found = await task.read('status', (repository) => repository.status());
    if (found.kind === 'refused') return task.sayRefused(found, []);
    const session = await task.invocation.services.sessions.open(task.invocation.inbound.chat);
    const others = await otherPlaces(task.invocation, session, task.place);
    const elsewhere = others.length === 0 ? [] : [task.step('📂 Other repository', 'repo')];
    await task.offer(statusText(found), [...statusSteps(task, found), ...elsewhere]);
  },
};

function statusText(status: GitStatus): RichText {
  const { staged, unstaged, untracked, conflicted, stashes } = status;
  const list = (heading: string, lines: readonly RichText[]): RichText | undefined =>
    lines.length === 0 ? undefined : listText(`${heading} (${lines.length})`, lines, MOST_SHOWN);
  const isClean = [staged, unstaged, untracked, conflicted].every(({ length }) => length === 0);
  return sections(
    concat('🌿 ', headText(status.head), upstreamText(status.upstream), ongoingText(status.ongoing)),
    list('In conflict', conflicted.map(conflictLine)),
    list('Staged', staged.map(changeLine)),
    list('Changed', unstaged.map(changeLine)),
    list('New', untracked.map(pathText)),
    isClean ? 'Nothing to commit.' : undefined,
    stashes > 0 ? `📦 ${formatCount(stashes, 'stash', 'stashes')}` : undefined,
    status.filtersOff.length > 0
      ? `${formatCount(status.filtersOff.length, 'file')} of a filter (git-lfs) may be unchanged: looking runs no filters.`
      : undefined,
    status.isCut ? 'There is more than is listed.' : undefined,
  );
}

export function upstreamText(upstream: Upstream | undefined): string {
  if (!upstream) return '';
  const { name, ahead, behind, isGone } = upstream;
  const shown = shownName(name);
  if (isGone) return ` → ${shown} (gone)`;
  const moves = [...(ahead > 0 ? [`↑${ahead}`] : []), ...(behind > 0 ? [`↓${behind}`] : [])];
  return ` → ${shown}${moves.length > 0 ? ` ${moves.join(' ')}` : ', up to date'}`;
}

function ongoingText(ongoing: Ongoing | undefined): RichText {
  return plain(ongoing === undefined ? '' : `\n⚠️ A ${ongoing} is not finished.`);
}

/** The likely next ones first. */
function statusSteps(task: GitTask, status: GitStatus): readonly NextStep[] {
  const { staged, unstaged, untracked, conflicted, upstream, head, ongoing } = status;
  const isLoose = unstaged.length + untracked.length > 0;
  const when = (isSo: boolean, label: string, name: string, args?: string): readonly NextStep[] =>
    isSo ? [task.step(label, name, args)] : [];
  const isClean = !isLoose && staged.length === 0 && conflicted.length === 0;
  const isOnBranch = head.kind === 'branch';
  const isAhead =
    isOnBranch && ongoing === undefined && (upstream === undefined || upstream.isGone || upstream.ahead > 0);
  const abort = { confirm: '↩️ Yes, abort the merge' };
  return [
    ...when(ongoing === 'merge' && conflicted.length > 0, '⚔️ Conflicts', 'merge'),
    ...when(isLoose, '➕ Stage all', 'add', '.'),
    ...when(isLoose, '☑️ Choose files', 'add'),
    ...when(unstaged.length > 0, '🔍 Diff', 'diff'),
    ...when(staged.length > 0, '🔍 Staged diff', 'diff', '--staged'),
    ...when(conflicted.length === 0 && (staged.length > 0 || ongoing === 'merge'), '💾 Commit', 'commit'),
    ...when(staged.length > 0 && ongoing === undefined, '➖ Unstage', 'unstage'),
    ...(ongoing === 'merge' ? [task.step('↩️ Abort merge', 'merge --abort', '', abort)] : []),
    ...when(isAhead, '⬆️ Push', 'push'),
    ...when((upstream?.behind ?? 0) > 0, '⬇️ Pull', 'pull'),
    ...when(isClean && status.stashes > 0, '📦 Stashes', 'stash list'),
    ...when(isClean, '📜 Log', 'log'),
    ...when(isClean, '🌿 Branches', 'branch'),
  ];
}
