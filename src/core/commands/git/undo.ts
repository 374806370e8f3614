import { code, concat, type RichText } from '../../../util/rich-text.ts';
import { shownName } from '../../ports/git.ts';
import type { UndoPreview } from '../../ports/git-data.ts';
import { confirm } from './confirm.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { listText, sections, statLine, statSum, subjectText } from './git-words.ts';

const MOST_FILES = 12;

export const undoSubcommand: GitSubcommand = {
  name: 'undo',
  summary: 'take back the last commit that is not pushed, shown first; its changes stay',
  isChanging: true,
  run: async (task) => {
    const shown = await task.read('undo preview', (repository) => repository.undoPreview());
    if (shown.kind === 'refused') return task.sayRefused(shown);
    const by = await confirm(task, {
      body: cardText(task, shown),
      subject: `Undo the commit ${shown.commit.slice(0, 10)}`,
      yes: '⏪ Undo',
      words: '/git undo',
    });
    if (!by) return;
    const notes = { detail: shown.commit, by };
    const done = await task.change('undo', (repository) => repository.undo(shown), notes);
    if (done.kind === 'refused') return task.sayRefused(done);
    const words = concat('⏪ Taken back: ', named(task, done), '. Its changes are staged.');
    await task.offer(words, [
      task.step('💾 Commit', 'commit'),
      task.step('🔍 Staged diff', 'diff', '--staged'),
      task.step('📋 Status', 'status'),
    ]);
  },
};

function cardText(task: GitTask, shown: UndoPreview): RichText {
  const on = shown.branch === undefined ? '' : ` on ${shownName(shown.branch)}`;
  const { files } = shown;
  return sections(
    concat('⏪ Take back ', named(task, shown), `${on}?`),
    'It is on no remote. Its changes stay, staged.',
    files.length === 0 ? undefined : listText(`${statSum(files)}:`, files.map(statLine), MOST_FILES),
  );
}

function named({ hide }: GitTask, { commit, subject }: UndoPreview): RichText {
  return concat(code(commit.slice(0, 10)), ` ${subjectText(subject, hide)}`);
}
