import { formatCount } from '../../../util/figures.ts';
import { plain } from '../../../util/rich-text.ts';
import type { Counted, Done, Refused } from '../../ports/git-data.ts';
import { chooseFiles } from './choose-files.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { changeLine, conflictLine, pathText } from './git-words.ts';
import { onPaths } from './paths.ts';

export const addSubcommand: GitSubcommand = {
  name: 'add',
  aliases: ['stage'],
  usage: '[path or .]',
  summary: 'stage files; without a path, tick them; . is all',
  isChanging: true,
  run: async (task) => {
    const { args } = task;
    if (args === '') return addTicked(task);
    const done = ['.', '-A', '--all'].includes(args)
      ? await task.change('add', (repository) => repository.add('all'), { detail: 'all' })
      : await onPaths(args, (paths) =>
          task.change('add', (repository) => repository.add(paths), { detail: paths.join(', ') }),
        );
    return sayStaged(task, done);
  },
};

async function addTicked(task: GitTask): Promise<void> {
  const found = await task.read('status', (repository) => repository.status());
  if (found.kind === 'refused') return task.sayRefused(found, []);
  const files = [
    ...found.conflicted.map((file) => ({ path: file.path, line: conflictLine(file) })),
    ...found.unstaged.map((file) => ({ path: file.path, line: changeLine(file) })),
    ...found.untracked.map((path) => ({ path, line: pathText(path) })),
  ];
  if (files.length === 0) {
    const isStaged = found.staged.length > 0;
    await task.offer(
      plain(isStaged ? 'All that has changed is staged.' : 'Nothing has changed.'),
      isStaged ? [task.step('💾 Commit', 'commit')] : [task.step('📜 Log', 'log')],
    );
    return;
  }
  const chosen = await chooseFiles(task, files, {
    what: 'Which files are to be staged?',
    done: 'stage',
    usage: '/git add <path>, or /git add . for all',
  });
  if (!chosen) return;
  const { paths, by } = chosen;
  const notes = { detail: paths.join(', '), by };
  await sayStaged(task, await task.change('add', (repository) => repository.add(paths), notes));
}

async function sayStaged(task: GitTask, done: Done<Counted> | Refused): Promise<void> {
  if (done.kind === 'refused') return task.sayRefused(done);
  const { staged, changed } = done;
  const now = `${formatCount(staged, 'file')} ${staged === 1 ? 'is' : 'are'} staged now.`;
  const words =
    changed === 0
      ? `Nothing new to stage; ${now}`
      : `➕ ${changed === staged ? '' : `${formatCount(changed, 'file')} more; `}${now}`;
  const steps =
    staged === 0
      ? [task.step('📋 Status', 'status')]
      : [
          task.step('💾 Commit', 'commit'),
          task.step('🔍 Staged diff', 'diff', '--staged'),
          task.step('📋 Status', 'status'),
        ];
  await task.offer(plain(words), steps);
}
