import { formatCount } from '../../../util/figures.ts';
import { code, concat, plain, pre, type RichText } from '../../../util/rich-text.ts';
import type { Person } from '../../ports/chat.ts';
import { shownName } from '../../ports/git.ts';
import type { Committed, CommitOptions, StagedDiff } from '../../ports/git-data.ts';
import type { PromptAnswer } from '../../prompts/prompt-request.ts';
import { cleanMessage, MOST_READ_BYTES, writeMessage } from './commit-message.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { commitLine, sections, statSum, subjectText } from './git-words.ts';
import { offerMergeHelp } from './merge-conflicts.ts';
import { unquoted } from './paths.ts';

export const commitSubcommand: GitSubcommand = {
  name: 'commit',
  aliases: ['ci'],
  usage: '[message]',
  summary: 'commit what is staged; without a message, Claude writes one to accept',
  isChanging: true,
  run: async (task) => {
    const typed = messageIn(task.args);
    if (typed === undefined) return sayNoFlags(task);
    if (typed !== '') return commit(task, { message: cleanMessage(typed) });
    const state = await task.read('merge state', (repository) => repository.mergeState());
    // Git has prepared its message.
    if (state.kind === 'done' && state.merge) return offerMergeHelp(task, state.merge);
    const options = { maxBytes: MOST_READ_BYTES };
    const staged = await task.read('diff --staged', (repository) => repository.stagedDiff(options));
    if (staged.kind === 'done') return proposeMessage(task, staged);
    return task.sayRefused(staged, staged.cause === 'nothing-to-do' ? stageSteps(task) : undefined);
  },
};

/** Without the `-m "…"` of habit; undefined: with other flags of git. */
function messageIn(args: string): string | undefined {
  const [, behind] = /^(?:-m|--message)(?:[\s=]+([^]*))?$/.exec(args) ?? [];
  if (behind !== undefined) return unquoted(behind.trim());
  return /^(?:-\p{L}|--\p{L})/u.test(args) ? undefined : args;
}

async function sayNoFlags(task: GitTask): Promise<void> {
  const words = '/git commit takes a message and no flags; nothing was committed. It commits what is staged.';
  await task.offer(plain(words), [task.step('📋 Status', 'status'), task.step('💾 Commit', 'commit')]);
}

const stageSteps = (task: GitTask): ReturnType<GitTask['step']>[] => [
  task.step('➕ Stage all', 'add', '.'),
  task.step('☑️ Choose files', 'add'),
  task.step('📋 Status', 'status'),
];

async function proposeMessage(task: GitTask, staged: StagedDiff): Promise<void> {
  const { say, services, inbound } = task.invocation;
  task.letOthers();
  let message: string | undefined;
  for (;;) {
    if (message === undefined) {
      await say(plain(`✍️ Claude reads what is staged (${statSum(staged.files)}) …`));
      const written = await writeMessage(task, staged);
      if (written.kind === 'failed') return sayUnwritten(task, written.reason);
      message = written.text;
    }
    const body = cardText(task, message, staged);
    if (!services.prompts.canAsk(inbound.chat))
      return task.offer(body, [task.step('💾 Commit', 'commit', message)]);
    const answer = await ask(task, body);
    if (answer.kind === 'text') message = cleanMessage(answer.text) || message;
    else if (answer.kind !== 'choice' || answer.choice === 'no') return undefined;
    else if (answer.choice === 'again') message = undefined;
    else return commit(task, { message, fingerprint: staged.fingerprint }, answer.by);
  }
}

function ask(task: GitTask, body: RichText): Promise<PromptAnswer> {
  return task.ask({
    body,
    subject: 'Commit with this message',
    choices: [
      { id: 'yes', label: '💾 Commit', key: 'y' },
      { id: 'again', label: '🔁 Another', key: 'a' },
      { id: 'no', label: '✖️ Don’t', key: 'n' },
    ],
    textHint: 'Reply with another message to use that instead.',
    outcome: outcomeLine,
  });
}

function outcomeLine(answer: PromptAnswer): string {
  if (answer.kind === 'text') return `✏️ ${answer.by.name} has another message, see below`;
  if (answer.kind === 'choice' && answer.choice === 'yes') return `💾 ${answer.by.name}: commit`;
  if (answer.kind === 'choice' && answer.choice === 'again') return `🔁 ${answer.by.name}: another one`;
  return '✖️ Not committed';
}

async function commit(task: GitTask, options: CommitOptions, by?: Person): Promise<void> {
  const [subject = ''] = (options.message ?? '').split('\n');
  const notes = { detail: task.hide(subject), by };
  const done = await task.change('commit', (repository) => repository.commit(options), notes);
  if (done.kind === 'refused')
    return task.sayRefused(done, done.cause === 'nothing-to-do' ? stageSteps(task) : undefined);
  return task.offer(committedText(task, done), [
    task.step('⬆️ Push', 'push'),
    task.step('📋 Status', 'status'),
    task.step('⏪ Undo', 'undo'),
  ]);
}

function committedText(
  { hide }: GitTask,
  { commit: made, branch, files, added, removed }: Committed,
): RichText {
  const on = branch === undefined ? [] : [' on ', code(shownName(branch))];
  return concat(
    '💾 Committed ',
    commitLine(made, hide),
    `\n${formatCount(files, 'file')}, +${added} −${removed}`,
    ...on,
  );
}

function cardText({ hide }: GitTask, message: string, staged: StagedDiff): RichText {
  return sections(concat('💾 Commit ', statSum(staged.files), ' with this message?'), pre(hide(message)));
}

async function sayUnwritten(task: GitTask, reason: string): Promise<void> {
  const words = `Claude wrote no message: ${subjectText(reason, task.hide)}. Write it yourself: /git commit <message>`;
  await task.offer(plain(words), [
    task.step('🔁 Try again', 'commit'),
    task.step('🔍 Staged diff', 'diff', '--staged'),
  ]);
}
