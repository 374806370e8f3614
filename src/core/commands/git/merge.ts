import { formatCount } from '../../../util/figures.ts';
import { code, concat, plain } from '../../../util/rich-text.ts';
import type { NextStep } from '../command.ts';
import { shownName } from '../../ports/git.ts';
import type { Branch, Refused } from '../../ports/git-data.ts';
import { branchMeant } from './checkout.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { listText, pathLabel, sections, statLine, statSum } from './git-words.ts';
import { offerMergeHelp } from './merge-conflicts.ts';

const MOST_FILES = 12;

export const mergeSubcommand: GitSubcommand = {
  name: 'merge',
  usage: '<branch>',
  summary: 'merge a branch into this one; in conflict, Claude can resolve it',
  isChanging: true,
  run: async (task) => {
    if (task.args === '') return showMerge(task);
    const branch = await branchMeant(task, 'merge', (branches) => stepsTo(task, branches));
    if (branch === undefined) return undefined;
    const { name } = branch;
    const done = await task.change('merge', (repository) => repository.merge(name), { detail: name });
    switch (done.kind) {
      case 'refused':
        return sayNotMerged(task, done);
      case 'up-to-date':
        return task.offer(concat('Nothing to merge: all of ', code(shownName(name)), ' is here.'), [
          task.step('📋 Status', 'status'),
        ]);
      case 'conflicts':
        return offerMergeHelp(task, done.merge);
      case 'done': {
        const how = done.isFastForward ? ', which only moved the branch forward' : '';
        const heading = concat(
          '🔀 Merged ',
          code(shownName(name)),
          `: ${formatCount(done.commits, 'commit')}${how}.`,
        );
        const list = listText(`${statSum(done.files)}:`, done.files.map(statLine), MOST_FILES);
        return task.offer(sections(heading, done.files.length === 0 ? undefined : list), [
          task.step('⬆️ Push', 'push'),
          task.step('📜 Log', 'log'),
          task.step('📋 Status', 'status'),
        ]);
      }
      default:
        return done satisfies never;
    }
  },
};

/** Where another merge is open, that one is a tap away. */
async function sayNotMerged(task: GitTask, refused: Refused): Promise<void> {
  const state = refused.cause === 'in-progress' ? await task.place.repository.mergeState() : undefined;
  const isOpen = state?.kind === 'done' && state.merge !== undefined;
  const steps = [task.step('🔀 Show the merge', 'merge'), task.step('📋 Status', 'status')];
  await task.sayRefused(refused, isOpen ? steps : undefined);
}

/** The merge that is under way; or how to begin one. */
async function showMerge(task: GitTask): Promise<void> {
  const state = await task.read('merge state', (repository) => repository.mergeState());
  if (state.kind === 'refused') return task.sayRefused(state);
  if (state.merge) return offerMergeHelp(task, state.merge);
  const found = await task.read('branch', (repository) => repository.branches());
  const branches = found.kind === 'done' ? found.branches : [];
  return task.offer(
    plain('Which branch is to be merged into this one? /git merge <branch>'),
    stepsTo(task, branches),
  );
}

function stepsTo(task: GitTask, branches: readonly Branch[]): readonly NextStep[] {
  return branches
    .filter(({ isCurrent }) => !isCurrent)
    .slice(0, 8)
    .map(({ name }) => task.step(`🔀 ${pathLabel(name)}`, 'merge', name));
}
