import { plain, type RichText } from '../../util/rich-text.ts';
import { offerMergeHelp } from '../commands/git/merge-conflicts.ts';
import { directoriesOf, placeAt } from '../commands/git/git-place.ts';
import { refusedText } from '../commands/git/git-words.ts';
import type { GitPlaces } from '../commands/git/git-places.ts';
import type { GitSubcommand, GitTask } from '../commands/git/git-task.ts';
import { runGit, type GitRun } from '../commands/git/run-git.ts';
import type { BegunWork, ModeWorker } from '../modes/mode-runs.ts';
import type { Git } from '../ports/git.ts';
import type { MergeState } from '../ports/git-data.ts';
import type { ProjectTests } from '../ports/project-tests.ts';
import type { Session } from '../ports/store.ts';
import type { SessionDirectories } from '../sessions/session-directories.ts';
import { mergeInstruction } from './merge-instruction.ts';
import { mergeRules } from './merge-rules.ts';
import { TestWatch } from './test-watch.ts';

export interface MergeWorkerOptions {
  readonly git: Git;
  readonly directories: SessionDirectories;
  readonly gitPlaces: GitPlaces;
  /** Left out: none are looked for. */
  readonly projectTests?: ProjectTests | undefined;
  readonly hide: (text: string) => string;
  /** All of /git, for the buttons. */
  readonly subcommands: readonly GitSubcommand[];
}

/**
 * Merge mode: what it brings is made anew from how the merge stands at each round, and how a round ended is read from the
 * repository, not from the agent's words. A work's `about` is the directory that the repository is found from.
 */
export function createMergeWorker(options: MergeWorkerOptions): ModeWorker {
  return {
    mode: 'merge',
    command: { name: 'git', args: 'merge' },
    begin: (session, about) => begin(options, session, about),
  };
}

async function begin(
  { git, directories, gitPlaces, projectTests, hide, subcommands }: MergeWorkerOptions,
  session: Session,
  directory: string,
): Promise<BegunWork> {
  const search = { git, directories: directoriesOf({ directories }, session), signal: gitPlaces.stopping };
  const found = await placeAt(search, directory);
  if (found.kind === 'none') return refused(plain(`${directory} is in no git repository any more.`));
  if (found.kind === 'refused') return refused(refusedText(found, hide));
  const { repository } = found.place;
  const state = await repository.mergeState();
  if (state.kind === 'refused') return refused(refusedText(state, hide));
  const { merge } = state;
  if (merge === undefined)
    return refused(plain('The merge is not under way any more, so there is nothing to resolve.'));
  const { top } = repository;
  const tests = (await projectTests?.find(top)) ?? [];
  const watch = new TestWatch(tests);
  const folders = [...new Set([session.directory, directory, top])];
  return {
    kind: 'begun',
    active: {
      name: 'merge',
      rules: mergeRules({ merge, top, folders }),
      writes: [],
      instruction: mergeInstruction({ merge, top, directory: session.directory, tests }),
    },
    take: (event) => watch.take(event),
    ended: (invocation) => runGit(invocation, { ...lookAfter(directory, merge, watch), subcommands }),
  };
}

function refused(words: RichText): BegunWork {
  return { kind: 'refused', words };
}

/** How it stands now, under the repository's name, with its line in the audit log. */
function lookAfter(directory: string, before: MergeState, watch: TestWatch): Omit<GitRun, 'subcommands'> {
  const subcommand: GitSubcommand = {
    name: 'merge',
    summary: 'How the merge stands',
    isChanging: false,
    run: async (task) => {
      const state = await task.read('merge', (repository) => repository.mergeState(), 'after a round');
      if (state.kind === 'refused') await task.sayRefused(state);
      else if (state.merge) await offerMergeHelp(task, state.merge, watch.words());
      else await sayGone(task, before);
    },
  };
  return { subcommand, args: '', directory };
}

/** It was ended with somebody's approval while Claude worked, or at the desk. */
async function sayGone(task: GitTask, { ours }: MergeState): Promise<void> {
  const found = await task.read('log', (repository) => repository.log({ limit: 1 }));
  const last = found.kind === 'done' ? found.commits[0] : undefined;
  const isSame = last?.commit === ours;
  const words = isSame
    ? '🔀 The merge is not under way any more; the branch is where it was before.'
    : '🔀 The merge is not under way any more, and the branch has moved on.';
  await task.offer(words, [task.step('📋 Status', 'status'), task.step('📜 Log', 'log')]);
}
