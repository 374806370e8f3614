import { code, concat, plain } from '../../../util/rich-text.ts';
import { shownName } from '../../ports/git.ts';
import type { Branch } from '../../ports/git-data.ts';
import { branchSteps, sayNone } from './branch.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';

export const checkoutSubcommand: GitSubcommand = {
  name: 'checkout',
  aliases: ['co', 'switch'],
  usage: '<branch>',
  summary: 'go to a branch, a remote one too; nearly its name will do',
  isChanging: true,
  run: async (task) => {
    const { args } = task;
    if (args === '') {
      await task.offer(plain('Which branch? /git checkout <branch>; nearly its name will do.'), [
        task.step('🌿 Branches', 'branch'),
      ]);
      return;
    }
    const branch = await branchMeant(task, 'checkout', (branches) => branchSteps(task, branches));
    if (branch === undefined) return;
    const done = await task.change('checkout', (repository) => repository.checkout(branch.name), {
      detail: branch.name,
    });
    if (done.kind === 'refused') return task.sayRefused(done);
    const tracking = done.tracking === undefined ? '' : `, which tracks ${shownName(done.tracking)}`;
    const words = done.isUnchanged ? 'Already on ' : '🌿 Now on ';
    await task.offer(concat(words, code(shownName(done.branch)), `${tracking}.`), [
      task.step('📋 Status', 'status'),
      task.step('📜 Log', 'log'),
      task.step('⬇️ Pull', 'pull'),
    ]);
  },
};

/** The branch of that name; where there is none, those that may be meant are offered. */
export async function branchMeant(
  task: GitTask,
  operation: string,
  stepsTo: (branches: readonly Branch[]) => ReturnType<typeof branchSteps>,
): Promise<Branch | undefined> {
  const { args } = task;
  const found = await task.read(`find-branch`, (repository) => repository.findBranch(args), args);
  switch (found.kind) {
    case 'exact':
      return found.branch;
    case 'close':
      await task.offer(
        concat('There is no branch ', code(shownName(args)), `. Did you mean to ${operation}:`),
        stepsTo(found.branches),
      );
      return undefined;
    case 'none':
      await sayNone(task, args);
      return undefined;
    case 'refused':
      await task.sayRefused(found);
      return undefined;
    default:
      return found satisfies never;
  }
}
