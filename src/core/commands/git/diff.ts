import { concat, pre, type RichText } from '../../../util/rich-text.ts';
import type { NextStep } from '../command.ts';
import type { GitDiff } from '../../ports/git-data.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { listText, pathText, sections, statLine, statSum } from './git-words.ts';
import { unquoted } from './paths.ts';

/** UTF-16 units that stand in the message itself: a phone's screen or three. */
const LONGEST_SHOWN = 2400;
const MOST_FILES = 15;

export const diffSubcommand: GitSubcommand = {
  name: 'diff',
  aliases: ['df'],
  usage: '[--staged] [path]',
  summary: 'what has changed; with --staged, what a commit would contain',
  isChanging: false,
  run: async (task) => {
    const { isStaged, path } = readArgs(task.args);
    const found = await task.read(
      isStaged ? 'diff --staged' : 'diff',
      (repository) => repository.diff({ staged: isStaged, path }),
      path,
    );
    if (found.kind === 'refused') return task.sayRefused(found);
    const what = concat(
      isStaged ? 'Staged' : 'Not staged',
      ...(path === undefined ? [] : [' in ', pathText(path)]),
    );
    if (found.files.length === 0) return sayNothing(task, what, isStaged);
    return sayDiff(task, concat(what, ': '), found, stepsOf(task, isStaged, path));
  },
};

/** In the message where it is short, else as a file. */
async function sayDiff(
  task: GitTask,
  what: RichText,
  diff: GitDiff,
  steps: readonly NextStep[],
): Promise<void> {
  // What is no character (a name's bytes, say) can't be shown or sent.
  const text = task.hide(diff.text).toWellFormed();
  const stats = listText('', diff.files.map(statLine), MOST_FILES);
  const heading = concat(what, statSum(diff.files), stats);
  const isShort = text.length <= LONGEST_SHOWN && !diff.isCut && heading.text.length < 900;
  if (isShort) return task.offer(sections(heading, pre(text.trimEnd(), 'diff')), steps);
  const note = diff.isCut ? 'It is cut: the rest is too long to send.' : undefined;
  return task.offer(sections(heading, note), steps, { fileName: 'changes.diff', content: text });
}

function stepsOf(task: GitTask, isStaged: boolean, path: string | undefined): readonly NextStep[] {
  if (isStaged)
    return [
      task.step('💾 Commit', 'commit'),
      path === undefined ? task.step('➖ Unstage', 'unstage') : task.step('➖ Unstage it', 'unstage', path),
    ];
  return [
    path === undefined ? task.step('➕ Stage all', 'add', '.') : task.step('➕ Stage it', 'add', path),
    task.step('☑️ Choose files', 'add'),
    task.step('📋 Status', 'status'),
  ];
}

async function sayNothing(task: GitTask, what: RichText, isStaged: boolean): Promise<void> {
  const note = isStaged ? '' : ' New files are in no diff until they are staged.';
  const step = isStaged ? task.step('🔍 Diff', 'diff') : task.step('🔍 Staged diff', 'diff', '--staged');
  await task.offer(concat(what, `: nothing differs.${note}`), [step, task.step('📋 Status', 'status')]);
}

function readArgs(args: string): { readonly isStaged: boolean; readonly path: string | undefined } {
  const path = args.replace(/^(?:--staged|--cached|-s)(?=\s|$)\s*/, '');
  return { isStaged: path !== args, path: path === '' ? undefined : unquoted(path) };
}
