import { formatCount } from '../../../util/figures.ts';
import { code, concat, plain } from '../../../util/rich-text.ts';
import { shownName } from '../../ports/git.ts';
import type { GitSubcommand } from './git-task.ts';
import { listText, sections, statLine, statSum } from './git-words.ts';

const MOST_FILES = 12;

export const pullSubcommand: GitSubcommand = {
  name: 'pull',
  summary: 'fetch, and move the branch forward; never merges by itself',
  isChanging: true,
  run: async (task) => {
    const done = await task.change('pull', (repository) => repository.pull());
    switch (done.kind) {
      case 'refused':
        return task.sayRefused(done);
      case 'up-to-date': {
        const ahead = done.ahead === 0 ? '' : `, and ${formatCount(done.ahead, 'commit')} ahead`;
        const steps = done.ahead === 0 ? [] : [task.step('⬆️ Push', 'push')];
        return task.offer(concat('Up to date with ', code(shownName(done.upstream)), `${ahead}.`), [
          ...steps,
          task.step('📋 Status', 'status'),
        ]);
      }
      case 'diverged': {
        const { ahead, behind, upstream } = done;
        const words = `: ${formatCount(ahead, 'commit')} here and ${formatCount(behind, 'commit')} there. A merge joins them.`;
        return task.offer(concat('Both sides have moved on, here and ', code(shownName(upstream)), words), [
          task.step('🔀 Merge it', 'merge', upstream),
          task.step('📜 Log of theirs', 'log', `HEAD..${upstream}`),
          task.step('📋 Status', 'status'),
        ]);
      }
      case 'done': {
        const { commits, files, upstream } = done;
        const heading = concat(`⬇️ ${formatCount(commits, 'commit')} from `, code(shownName(upstream)));
        const list =
          files.length === 0 ? plain('') : listText(`${statSum(files)}:`, files.map(statLine), MOST_FILES);
        return task.offer(sections(heading, list), [
          task.step('📜 Log', 'log'),
          task.step('📋 Status', 'status'),
        ]);
      }
      default:
        return done satisfies never;
    }
  },
};
