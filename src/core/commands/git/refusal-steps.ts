import type { NextStep } from '../command.ts';
import type { RefusalCause } from '../../ports/git-data.ts';
import type { GitTask } from './git-task.ts';

type Steps = (task: GitTask) => readonly NextStep[];

const STATUS: Steps = (task) => [task.step('📋 Status', 'status')];

const AFTER: Partial<Record<RefusalCause, Steps>> = {
  dirty: (task) => [
    task.step('💾 Commit', 'commit'),
    task.step('📦 Stash', 'stash'),
    task.step('🔍 Diff', 'diff'),
  ],
  'no-such-branch': (task) => [task.step('🌿 Branches', 'branch')],
  'remote-moved': (task) => [task.step('⬇️ Pull', 'pull'), task.step('📜 Log', 'log')],
  'no-upstream': (task) => [task.step('⬆️ Push', 'push')],
  pushed: (task) => [task.step('📜 Log', 'log')],
};

/** Nothing of git's helps there. */
const HOPELESS: ReadonlySet<RefusalCause> = new Set([
  'busy',
  'bad-name',
  'outside',
  'bare',
  'untrusted-owner',
]);

/** What helps where git declined. */
export function stepsAfter(task: GitTask, cause: RefusalCause): readonly NextStep[] {
  if (HOPELESS.has(cause)) return [];
  return (AFTER[cause] ?? STATUS)(task);
}
