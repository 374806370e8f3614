import type { Refused } from '../core/ports/git-data.ts';
import type { Repository } from '../core/ports/git.ts';
import * as branching from './branches.ts';
import { commit } from './commit.ts';
import { diff, stagedDiff } from './diff.ts';
import { log } from './log.ts';
import { merge, mergeAbort } from './merge.ts';
import { mergeState } from './merge-state.ts';
import { pull } from './pull.ts';
import { fetch, push } from './push.ts';
import { isRefused } from './refusals.ts';
import { outgoing } from './remotes.ts';
import { add, unstage } from './stage.ts';
import { stash, stashes, stashPop } from './stash.ts';
import { status } from './status.ts';
import { undo, undoPreview } from './undo.ts';
import { openWork, type Work, type WorkOptions } from './work.ts';

/** The operations on one place, each with a look at the place first. */
export function openRepository(options: WorkOptions): Repository {
  const on = async <Result>(operation: (work: Work) => Promise<Result>): Promise<Result | Refused> => {
    const work = await openWork(options);
    return isRefused(work) ? work : operation(work);
  };
  return {
    top: options.place.top,
    status: async () => on(status),
    branches: async () => on(branching.branches),
    findBranch: async (query) => on(async (work) => branching.findBranch(work, query)),
    checkout: async (branch) => on(async (work) => branching.checkout(work, branch)),
    diff: async (how) => on(async (work) => diff(work, how)),
    stagedDiff: async (how) => on(async (work) => stagedDiff(work, how)),
    log: async (how) => on(async (work) => log(work, how)),
    add: async (what) => on(async (work) => add(work, what)),
    unstage: async (what) => on(async (work) => unstage(work, what)),
    commit: async (how) => on(async (work) => commit(work, how)),
    outgoing: async () => on(outgoing),
    push: async (shown) => on(async (work) => push(work, shown)),
    fetch: async (remote) => on(async (work) => fetch(work, remote)),
    pull: async () => on(pull),
    stash: async (how) => on(async (work) => stash(work, how)),
    stashes: async () => on(stashes),
    stashPop: async (commit) => on(async (work) => stashPop(work, commit)),
    merge: async (branch) => on(async (work) => merge(work, branch)),
    mergeAbort: async () => on(mergeAbort),
    mergeState: async () => on(mergeState),
    undoPreview: async () => on(undoPreview),
    undo: async (shown) => on(async (work) => undo(work, shown)),
  };
}
