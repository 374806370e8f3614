import { formatCount } from '../../../util/figures.ts';
import { bold, code, concat, join, type RichText } from '../../../util/rich-text.ts';
import { kindWords, mergeMessage } from '../../merge/merge-instruction.ts';
import type { NextStep } from '../command.ts';
import { shownName } from '../../ports/git.ts';
import type { ConflictedFile, GitStatus, MergeState } from '../../ports/git-data.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { pathText, sections } from './git-words.ts';

/** More files are only counted, so that the buttons are in sight on a phone. */
const MOST_SHOWN = 12;
const ABORT = 'merge --abort';
const RESOLVE = 'merge --resolve';
const CONTINUE = 'merge --continue';

/** A merge with conflicts as it stands on the disk, and what may be done about it. `note`: whether tests ran. */
export async function offerMergeHelp(task: GitTask, merge: MergeState, note?: RichText): Promise<void> {
  await task.offer(sections(standing(task, merge), note), stepsFor(task, merge));
}

/** How far a merge has come, from what git says and the files themselves. */
function standing({ hide }: Pick<GitTask, 'hide'>, merge: MergeState): RichText {
  const { left, resolved, markers, isResolved } = merge;
  const title = concat('🔀 ', bold(shownName(hide(merge.title))));
  if (isResolved)
    return sections(
      concat(
        title,
        resolved.length === 0
          ? '\nNothing is in conflict; it is not committed yet.'
          : `\n✅ ${formatCount(resolved.length, 'file')} resolved and staged, no conflict markers left. Nothing is committed yet.`,
      ),
      listed(resolved.map((path) => pathText(path))),
    );
  const again = markers.filter(({ path }) => resolved.includes(path));
  const done = resolved.length - again.length;
  return sections(
    concat(
      title,
      ...(left.length === 0 ? [] : [`\n⚠️ ${formatCount(left.length, 'file')} in conflict`]),
      ...(done === 0 ? [] : [`\n✅ ${formatCount(done, 'file')} resolved and staged`]),
    ),
    listed(left.map((file) => fileLine(file))),
    again.length === 0
      ? undefined
      : concat(
          'Staged, but with conflict markers still in it:\n',
          listed(
            again.map(({ path, hunks }) => concat(pathText(path), ` ${formatCount(hunks, 'conflict')}`)),
          ),
        ),
  );
}

function fileLine(file: ConflictedFile): RichText {
  const { from } = file;
  const was = from === undefined ? [] : [', was ', pathText(from)];
  return concat(pathText(file.path), ` ${kindWords({ ...file, from: undefined })}`, ...was);
}

function listed(lines: readonly RichText[]): RichText {
  const shown = lines.slice(0, MOST_SHOWN);
  const rest = lines.length - shown.length;
  return concat(join(shown, '\n'), rest > 0 ? `\n… and ${rest} more` : '');
}

function stepsFor(task: GitTask, { isResolved, left, resolved }: MergeState): readonly NextStep[] {
  const abort = task.step('↩️ Abort', ABORT, '', { confirm: '↩️ Yes, abort the merge' });
  if (isResolved)
    return [
      task.step('💾 Commit', CONTINUE),
      task.step('🔍 Diff', 'diff', '--staged'),
      task.step('🤖 Go on', RESOLVE),
      abort,
    ];
  const isBegun = resolved.length > 0 || left.length === 0;
  return [
    task.step(isBegun ? '🤖 Go on' : '🤖 Auto-resolve', RESOLVE),
    ...(isBegun ? [task.step('🔍 Diff', 'diff')] : []),
    abort,
  ];
}

/** Claude resolves it, in merge mode. */
const resolve: GitSubcommand = {
  name: RESOLVE,
  summary: 'Claude resolves the conflicts and stages them',
  isChanging: true,
  run: async (task) => {
    const state = await task.read(RESOLVE, (repository) => repository.mergeState());
    if (state.kind === 'refused') await task.sayRefused(state);
    else if (state.merge === undefined) await task.sayRefused(NO_MERGE);
    else {
      const { services } = task.invocation;
      const work = { mode: 'merge', about: task.place.directory };
      await services.modeRuns.send(task.invocation, work, mergeMessage(state.merge));
      await task.invocation.say(
        concat(
          '🤖 Claude resolves it in ',
          code('merge'),
          ' mode: it asks you where both sides can’t hold, and stages.',
        ),
      );
    }
  },
};

/** The message that git has prepared; the person commits, never the agent. */
const commit: GitSubcommand = {
  name: CONTINUE,
  summary: 'commit a merge that is resolved',
  isChanging: true,
  run: async (task) => {
    const committed = await task.change(CONTINUE, async (repository) => {
      const state = await repository.mergeState();
      if (state.kind === 'refused') return state;
      return state.merge === undefined ? NO_MERGE : repository.commit({});
    });
    if (committed.kind === 'refused') {
      await task.sayRefused(committed);
      return;
    }
    const { short, subject } = committed.commit;
    const words = concat('💾 Committed ', code(short), ` ${shownName(task.hide(subject))}`);
    await task.offer(words, [task.step('⬆️ Push', 'push'), task.step('📜 Log', 'log')]);
  },
};

/** Back to what was before, whoever has resolved what. */
const abort: GitSubcommand = {
  name: ABORT,
  summary: 'go back to before the merge',
  isChanging: true,
  run: async (task) => {
    const aborted = await task.change(ABORT, (repository) => repository.mergeAbort());
    if (aborted.kind === 'refused') {
      await task.sayRefused(aborted);
      return;
    }
    const status = await task.place.repository.status();
    const rest = status.kind === 'done' ? remainder(status) : undefined;
    const words = concat(
      '↩️ The merge is aborted; the files are as they were at ',
      code(aborted.head.slice(0, 10)),
      '.',
    );
    await task.offer(sections(words, rest), [task.step('📋 Status', 'status')]);
  },
};

/** What aborting does not take back: files that the merge has nothing to do with. */
function remainder({ staged, unstaged }: GitStatus): RichText | undefined {
  const paths = [...new Set([...staged, ...unstaged].map(({ path }) => path))];
  if (paths.length === 0) return undefined;
  return concat('Other changes are still there:\n', listed(paths.map((path) => pathText(path))));
}

const NO_MERGE = {
  kind: 'refused',
  cause: 'not-in-progress',
  reason: 'No merge is under way here.',
  hint: 'Begin one with /git merge and a branch.',
} as const;

/** What /git merge can do once there are conflicts. */
export const mergeSubcommands: readonly GitSubcommand[] = [resolve, commit, abort];
