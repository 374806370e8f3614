import { concat, type RichText } from '../../../util/rich-text.ts';
import { formatDay } from '../../../util/figures.ts';
import { shownName } from '../../ports/git.ts';
import type { Commit, LogOptions } from '../../ports/git-data.ts';
import { clip } from '../../../util/clip.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { commitLine, listText } from './git-words.ts';
import { unquoted } from './paths.ts';

const FEW = 10;
const MOST = 40;
const LONGEST_AUTHOR = 24;
const LONGEST_REFS = 60;

export const logSubcommand: GitSubcommand = {
  name: 'log',
  usage: '[number, branch, main..feature or path]',
  summary: 'the last commits',
  isChanging: false,
  run: async (task) => {
    const found = await commitsFor(task);
    if (found.kind === 'refused') return task.sayRefused(found);
    const { commits } = found;
    if (commits.length === 0) return task.offer('There is no commit.', [task.step('📋 Status', 'status')]);
    const of = task.args === '' ? '' : ` of ${shownName(task.args)}`;
    const lines = commits.map((commit) => lineOf(commit, task.hide));
    return task.offer(listText(`Last commits${of} (${commits.length})`, lines, MOST), [
      task.step('📋 Status', 'status'),
      task.step('⬆️ Push', 'push'),
      task.step('⏪ Undo the last one', 'undo'),
    ]);
  },
};

/** What is no commit and no branch is taken for a file. */
async function commitsFor(task: GitTask): ReturnType<typeof look> {
  const { args } = task;
  if (args === '') return look(task, { limit: FEW });
  if (/^\d{1,3}$/.test(args)) return look(task, { limit: Math.min(Math.max(1, Number(args)), MOST) });
  const ofRange = await look(task, { limit: FEW, range: args });
  if (ofRange.kind === 'done') return ofRange;
  const ofPath = await look(task, { limit: FEW, path: unquoted(args) });
  return ofPath.kind === 'done' && ofPath.commits.length > 0 ? ofPath : ofRange;
}

function look(task: GitTask, options: LogOptions): ReturnType<GitTask['place']['repository']['log']> {
  return task.read('log', (repository) => repository.log(options), task.args || undefined);
}

function lineOf(commit: Commit, hide: (text: string) => string): RichText {
  const names = commit.refs.map(shownName).join(', ');
  const refs = names === '' ? '' : ` ${clip(`(${names})`, LONGEST_REFS)}`;
  return concat(
    commitLine(commit, hide),
    `${refs} · ${clip(shownName(commit.author), LONGEST_AUTHOR)}, ${formatDay(commit.at)}`,
  );
}
