import { concat, plain, type RichText } from '../../../util/rich-text.ts';
import { formatClock, formatDay } from '../../../util/figures.ts';
import { shownName } from '../../ports/git.ts';
import type { ConflictedFile, Stash } from '../../ports/git-data.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { listText, pathText, subjectText } from './git-words.ts';

const MOST_SHOWN = 10;
const MOST_BUTTONS = 6;
/** What git stash can do and this can't; none of it is a message. `drop`, `show 1`, `-a`. */
const OTHER_STASH =
  /^(?:(drop|apply|clear|show|branch|create|store)(?:\s+\S+)?|(?!-u(?:\s|$)|--include-untracked(?:\s|$))(-\S+)[^]*)$/;

export const stashSubcommand: GitSubcommand = {
  name: 'stash',
  usage: '[-u] [message]',
  summary: 'put changes aside; with -u new files too',
  isChanging: true,
  run: async (task) => {
    const [, word, flagged] = OTHER_STASH.exec(task.args) ?? [];
    const other = word ?? flagged;
    if (other !== undefined) return sayNoSuch(task, other);
    const [, flag, message = ''] =
      /^(-u(?=\s|$)|--include-untracked(?=\s|$))?\s*([^]*)$/.exec(task.args) ?? [];
    const options = { untracked: flag !== undefined, message: message === '' ? undefined : message };
    const done = await task.change('stash', (repository) => repository.stash(options), {
      detail: options.message,
    });
    if (done.kind === 'refused') {
      const steps = [task.step('📋 Status', 'status'), task.step('📦 Stash new files too', 'stash', '-u')];
      return task.sayRefused(done, done.cause === 'nothing-to-do' && flag === undefined ? steps : undefined);
    }
    return task.offer(concat('📦 Put aside: ', stashText(done.stash, task)), [
      task.step('📦 Bring it back', 'stash pop', done.stash.commit),
      task.step('📋 Status', 'status'),
      task.step('🌿 Branches', 'branch'),
    ]);
  },
};

export const stashListSubcommand: GitSubcommand = {
  name: 'stash list',
  aliases: ['stashes'],
  summary: 'what was put aside',
  isChanging: false,
  run: async (task) => {
    const found = await task.read('stash list', (repository) => repository.stashes());
    if (found.kind === 'refused') return task.sayRefused(found);
    const { stashes } = found;
    if (stashes.length === 0) return task.offer('Nothing is stashed.', [task.step('📋 Status', 'status')]);
    const lines = stashes.map((stash, index) => concat(`${index + 1}. `, stashText(stash, task)));
    const each = stashes
      .slice(0, MOST_BUTTONS)
      .map(({ commit }, index) => task.step(`📦 Bring back ${index + 1}`, 'stash pop', commit));
    return task.offer(listText(`Stashes (${stashes.length})`, lines, MOST_SHOWN), each);
  },
};

export const stashPopSubcommand: GitSubcommand = {
  name: 'stash pop',
  usage: '[number]',
  summary: 'bring back what was put aside last, or that one of the list',
  isChanging: true,
  run: async (task) => {
    const commit = await commitMeant(task);
    if (commit === null) return undefined;
    const notes = { detail: commit };
    const done = await task.change('stash pop', (repository) => repository.stashPop(commit), notes);
    if (done.kind === 'refused') return task.sayRefused(done);
    if (done.kind === 'conflicts') return sayConflicts(task, done.files);
    return task.offer(concat('📦 Back again: ', stashText(done.stash, task)), [
      task.step('📋 Status', 'status'),
      task.step('🔍 Diff', 'diff'),
    ]);
  },
};

/** Null: there is no such one, and it was said. */
async function commitMeant(task: GitTask): Promise<string | undefined | null> {
  const { args } = task;
  if (args === '') return undefined;
  if (/^[0-9a-f]{40,64}$/.test(args)) return args;
  const found = await task.read('stash list', (repository) => repository.stashes());
  if (found.kind === 'refused') {
    await task.sayRefused(found);
    return null;
  }
  const commit = /^\d{1,4}$/.test(args) ? found.stashes[Number(args) - 1]?.commit : undefined;
  if (commit !== undefined) return commit;
  await task.offer(plain(`There is no stash ${shownName(args)}: give its number in the list.`), [
    task.step('📦 Stashes', 'stash list'),
  ]);
  return null;
}

async function sayNoSuch(task: GitTask, other: string): Promise<void> {
  const words = `/git stash knows no “${shownName(other)}”; nothing was changed. It puts aside, lists and brings back.`;
  await task.offer(plain(words), [task.step('📦 Stashes', 'stash list'), task.step('📋 Status', 'status')]);
}

async function sayConflicts(task: GitTask, files: readonly ConflictedFile[]): Promise<void> {
  const words =
    'What was put aside is in conflict with what is here. The stash is kept; resolve the files and stage them.';
  await task.offer(
    concat(
      '⚠️ ',
      listText(
        words,
        files.map(({ path }) => pathText(path)),
        MOST_SHOWN,
      ),
    ),
    [task.step('🔍 Diff', 'diff'), task.step('📋 Status', 'status')],
  );
}

function stashText({ message, at }: Stash, { hide }: GitTask): RichText {
  return plain(`${subjectText(message, hide)} · ${formatDay(at)} ${formatClock(at)}`);
}
