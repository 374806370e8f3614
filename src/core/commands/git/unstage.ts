import { formatCount } from '../../../util/figures.ts';
import { plain } from '../../../util/rich-text.ts';
import type { Counted, Done, Refused } from '../../ports/git-data.ts';
import { chooseFiles } from './choose-files.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { changeLine } from './git-words.ts';
import { onPaths } from './paths.ts';

export const unstageSubcommand: GitSubcommand = {
  name: 'unstage',
  aliases: ['reset'],
  usage: '[path or .]',
  summary: 'take files out of the next commit; they stay as they are',
  isChanging: true,
  run: async (task) => {
    const { args } = task;
    if (args === '') return unstageTicked(task);
    const done =
      args === '.'
        ? await task.change('unstage', (repository) => repository.unstage('all'), { detail: 'all' })
        : await onPaths(args, (paths) =>
            task.change('unstage', (repository) => repository.unstage(paths), { detail: paths.join(', ') }),
          );
    return sayUnstaged(task, done);
  },
};

async function unstageTicked(task: GitTask): Promise<void> {
  const found = await task.read('status', (repository) => repository.status());
  if (found.kind === 'refused') return task.sayRefused(found, []);
  const files = found.staged.map((file) => ({ path: file.path, line: changeLine(file) }));
  if (files.length === 0) {
    await task.offer(plain('Nothing is staged.'), [task.step('📋 Status', 'status')]);
    return;
  }
  const chosen = await chooseFiles(task, files, {
    what: 'Which files are not to be in the next commit?',
    done: 'unstage',
    usage: '/git unstage <path>, or /git unstage . for all',
  });
  if (!chosen) return;
  const { by } = chosen;
  // Of a renamed file, its old name's deletion is staged as well.
  const sources = found.staged.flatMap(({ path, from }) =>
    from !== undefined && chosen.paths.includes(path) ? [from] : [],
  );
  const paths = [...chosen.paths, ...sources];
  const notes = { detail: paths.join(', '), by };
  await sayUnstaged(task, await task.change('unstage', (repository) => repository.unstage(paths), notes));
}

async function sayUnstaged(task: GitTask, done: Done<Counted> | Refused): Promise<void> {
  if (done.kind === 'refused') return task.sayRefused(done);
  const { staged, changed } = done;
  await task.offer(
    plain(`➖ ${formatCount(changed, 'file')} unstaged; ${formatCount(staged, 'file')} still staged.`),
    [
      ...(staged > 0 ? [task.step('💾 Commit', 'commit')] : [task.step('➕ Stage all', 'add', '.')]),
      task.step('📋 Status', 'status'),
    ],
  );
}
