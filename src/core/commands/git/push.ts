import { formatCount } from '../../../util/figures.ts';
import { code, concat, plain, pre, type RichText } from '../../../util/rich-text.ts';
import { shownName } from '../../ports/git.ts';
import type { Done, Outgoing } from '../../ports/git-data.ts';
import { confirm } from './confirm.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { commitLine, listText, sections } from './git-words.ts';

const MOST_COMMITS = 10;

export const pushSubcommand: GitSubcommand = {
  name: 'push',
  summary: 'push the branch, shown first; never by force',
  isChanging: true,
  run: async (task) => {
    if (task.args !== '') {
      await task.offer(
        plain('/git push takes nothing behind it: it pushes the branch you are on, to where it belongs.'),
        [task.step('⬆️ Push', 'push')],
      );
      return;
    }
    const shown = await task.read('outgoing', (repository) => repository.outgoing());
    if (shown.kind === 'refused') return task.sayRefused(shown);
    if (shown.behind > 0) return sayBehind(task, shown);
    if (shown.ahead === 0 && !shown.isNewBranch && !shown.isNewUpstream)
      return task.offer(concat('Nothing to push: ', code(whereTo(shown)), ' has all of it.'), [
        task.step('📋 Status', 'status'),
        task.step('🔄 Fetch', 'fetch'),
      ]);
    return pushShown(task, shown);
  },
};

async function pushShown(task: GitTask, shown: Done<Outgoing>): Promise<void> {
  const { branch, head } = shown;
  const by = await confirm(task, {
    body: cardText(task, shown),
    subject: `Push ${shownName(branch)} to ${whereTo(shown)}`,
    yes: '⬆️ Push',
    words: '/git push',
  });
  if (!by) return;
  const detail = `${branch} ${head} → ${whereTo(shown)} (${shown.urls.join(', ')})`;
  const done = await task.change('push', (repository) => repository.push(shown), { detail, by });
  if (done.kind === 'refused') return task.sayRefused(done);
  const said = task.hide(done.words).trim();
  const upstream = done.isUpstreamSet ? ' It is the branch’s upstream now.' : '';
  await task.offer(
    sections(
      concat('⬆️ Pushed to ', code(whereTo(done)), `.${upstream}`),
      said === '' ? undefined : pre(said),
    ),
    [task.step('📋 Status', 'status'), task.step('📜 Log', 'log')],
  );
}

function cardText({ hide }: GitTask, shown: Outgoing): RichText {
  const { branch, urls, commits, ahead, isNewBranch, isNewUpstream } = shown;
  const lines = commits.map((commit) => commitLine(commit, hide));
  const notes = [
    ...(isNewBranch ? ['The remote has no such branch yet.'] : []),
    ...(isNewUpstream ? ['It becomes the branch’s upstream.'] : []),
  ];
  return sections(
    concat('⬆️ Push ', code(shownName(branch)), ' → ', code(whereTo(shown)), '?'),
    urls.map((url) => shownName(hide(url))).join('\n'),
    lines.length === 0
      ? undefined
      : concat(
          listText(`${formatCount(ahead, 'commit')}:`, lines, MOST_COMMITS),
          commits.length < ahead && lines.length <= MOST_COMMITS
            ? `\n… and ${ahead - commits.length} more`
            : '',
        ),
    notes.join(' '),
  );
}

async function sayBehind(task: GitTask, shown: Outgoing): Promise<void> {
  const words = ` has ${formatCount(shown.behind, 'commit')} that are not here, so it would refuse a push. Pull first.`;
  await task.offer(concat(code(whereTo(shown)), words), [
    task.step('⬇️ Pull', 'pull'),
    task.step('📋 Status', 'status'),
  ]);
}

function whereTo({ remote, remoteBranch }: Pick<Outgoing, 'remote' | 'remoteBranch'>): string {
  return shownName(`${remote}/${remoteBranch}`);
}
