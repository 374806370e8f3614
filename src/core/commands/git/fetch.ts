import { code, concat } from '../../../util/rich-text.ts';
import { shownName } from '../../ports/git.ts';
import type { GitSubcommand } from './git-task.ts';

export const fetchSubcommand: GitSubcommand = {
  name: 'fetch',
  usage: '[remote]',
  summary: 'learn what the remote has; no branch and no file changes',
  isChanging: true,
  run: async (task) => {
    const remote = task.args === '' ? undefined : task.args;
    const done = await task.change('fetch', (repository) => repository.fetch(remote), { detail: remote });
    if (done.kind === 'refused') return task.sayRefused(done);
    await task.offer(concat('🔄 Fetched from ', code(shownName(done.remote)), '.'), [
      task.step('📋 Status', 'status'),
      task.step('⬇️ Pull', 'pull'),
      task.step('🌿 Branches', 'branch'),
    ]);
  },
};
