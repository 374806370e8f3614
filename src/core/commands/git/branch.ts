import { code, concat, type RichText } from '../../../util/rich-text.ts';
import type { NextStep } from '../command.ts';
import { shownName } from '../../ports/git.ts';
import type { Branch } from '../../ports/git-data.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { listText, pathLabel, subjectText } from './git-words.ts';
import { upstreamText } from './status.ts';

const MOST_SHOWN = 12;
const MOST_BUTTONS = 8;

export const branchSubcommand: GitSubcommand = {
  name: 'branch',
  aliases: ['branches', 'br'],
  usage: '[query]',
  summary: 'branches, or those whose name has that in it',
  isChanging: false,
  run: async (task) => {
    const { args } = task;
    const found = await task.read('branch', (repository) => repository.branches(), args || undefined);
    if (found.kind === 'refused') return task.sayRefused(found);
    const wanted = args.toLowerCase();
    const fitting = found.branches.filter(({ name }) => name.toLowerCase().includes(wanted));
    if (fitting.length === 0 && args !== '') return sayNone(task, args);
    if (fitting.length === 0) return task.offer('There is no branch yet: the first commit makes one.', []);
    const lines = fitting.map((branch) => branchLine(branch, task));
    const heading =
      args === '' ? `Branches (${lines.length})` : `Branches with “${shownName(args)}” (${lines.length})`;
    return task.offer(listText(heading, lines, MOST_SHOWN), [
      ...branchSteps(task, fitting),
      task.step('📋 Status', 'status'),
    ]);
  },
};

/** Buttons that check the branches out, but for the current one. */
export function branchSteps(task: GitTask, branches: readonly Branch[]): readonly NextStep[] {
  return branches
    .filter(({ isCurrent, isElsewhere }) => !isCurrent && !isElsewhere)
    .slice(0, MOST_BUTTONS)
    .map(({ kind, name }) =>
      task.step(`${kind === 'remote' ? '☁️' : '🌿'} ${pathLabel(name)}`, 'checkout', name),
    );
}

export async function sayNone(task: GitTask, query: string): Promise<void> {
  const name = query.replace(/^-[bBcC]\s+/, '');
  const words = '. /git makes no new branches: ask Claude for one.';
  await task.offer(concat('No branch has a name like ', code(shownName(name)), words), [
    task.step('🌿 Branches', 'branch'),
    task.step('🔄 Fetch', 'fetch'),
  ]);
}

function branchLine(branch: Branch, { hide }: GitTask): RichText {
  const { isCurrent, isElsewhere, kind, name, upstream, subject } = branch;
  const mark = isCurrent ? '• ' : kind === 'remote' ? '☁️ ' : '';
  const elsewhere = isElsewhere && !isCurrent ? ' (in another working tree)' : '';
  return concat(
    mark,
    code(shownName(name)),
    `${upstreamText(upstream)}${elsewhere} · ${subjectText(subject, hide)}`,
  );
}
