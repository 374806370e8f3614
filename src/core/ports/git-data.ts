// What git's operations take and give: see git.ts.

/** `kind` and what the operation gives. */
export type Done<Result> = { readonly kind: 'done' } & Result;

export type Refused = {
  readonly kind: 'refused';
  /** What stood in the way, to choose buttons by. */
  readonly cause: RefusalCause;
  /** One sentence for the person. */
  readonly reason: string;
  /** What to do now: one sentence. */
  readonly hint: string;
  /** Git's own words (hooks' and the remote's among them): no colours, no credentials, at most 1,500 characters. */
  readonly words?: string | undefined;
};

export type RefusalCause =
  /** A name or a path that is not taken. */
  | 'bad-name'
  | 'no-such-branch'
  | 'no-such-file'
  /** Git's data, or the top, outside the allowed directories. */
  | 'outside'
  | 'bare'
  | 'untrusted-owner'
  /** Uncommitted changes, or untracked files, are in the way. */
  | 'dirty'
  /** A merge, rebase or the like is not finished. */
  | 'in-progress'
  | 'not-in-progress'
  | 'nothing-to-do'
  | 'conflicted'
  | 'markers-left'
  | 'detached'
  | 'no-commits'
  /** Another git is at work here. */
  | 'busy'
  | 'no-identity'
  /** What was shown is not what is there now. */
  | 'changed'
  | 'pushed'
  | 'merge-commit'
  | 'first-commit'
  | 'no-remote'
  | 'no-upstream'
  | 'remote-moved'
  | 'no-access'
  | 'unreachable'
  /** The remote said no. */
  | 'declined'
  /** The repository's own settings name a program that would run. */
  | 'own-program'
  | 'timed-out'
  | 'too-much'
  /** Anything else that git declined: see `words`. */
  | 'git';

export type Head =
  | { readonly kind: 'branch'; readonly branch: string; readonly commit: string }
  /** A branch without a commit yet. */
  | { readonly kind: 'unborn'; readonly branch: string }
  | { readonly kind: 'detached'; readonly commit: string };

export type Ongoing = 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect';

export type GitStatus = {
  readonly head: Head;
  readonly upstream?: Upstream | undefined;
  /** What somebody began and has not finished. */
  readonly ongoing?: Ongoing | undefined;
  readonly staged: readonly FileChange[];
  readonly unstaged: readonly FileChange[];
  /** A folder of which nothing is tracked stands as one entry that ends with `/`. */
  readonly untracked: readonly string[];
  readonly conflicted: readonly { readonly path: string; readonly conflict: UnmergedKind }[];
  readonly stashes: number;
  /** Unstaged paths that a filter (git-lfs) belongs to: they may be unchanged, since reading runs no filters. */
  readonly filtersOff: readonly string[];
  /** There is more than is listed. */
  readonly isCut: boolean;
};

export type Upstream = {
  /** `origin/main`. */
  readonly name: string;
  readonly ahead: number;
  readonly behind: number;
  /** It was deleted on the remote. */
  readonly isGone: boolean;
};

export type FileChange = {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted' | 'renamed' | 'copied' | 'type-changed';
  /** Its name before, where it was renamed or copied. */
  readonly from?: string | undefined;
  readonly isSubmodule: boolean;
};

export type Branch = {
  readonly kind: 'local' | 'remote';
  /** `main`, `origin/main`. */
  readonly name: string;
  readonly isCurrent: boolean;
  /** Checked out in another working tree, so that it can't be here. */
  readonly isElsewhere: boolean;
  readonly upstream?: Upstream | undefined;
  /** Its last commit: milliseconds since 1970-01-01 UTC, name and first line. */
  readonly at: number;
  readonly commit: string;
  readonly subject: string;
};

export type BranchFound =
  | { readonly kind: 'exact'; readonly branch: Branch }
  /** Best first, at most eight. */
  | { readonly kind: 'close'; readonly branches: readonly Branch[] }
  | { readonly kind: 'none' };

export type CheckedOut = {
  readonly branch: string;
  /** The remote branch that the new local one tracks. */
  readonly tracking?: string | undefined;
  /** It was the current one already. */
  readonly isUnchanged: boolean;
};

export type DiffOptions = {
  readonly staged?: boolean | undefined;
  /** A file or a folder. */
  readonly path?: string | undefined;
  /** Bytes of text; 200,000 unless told. */
  readonly maxBytes?: number | undefined;
};

export type GitDiff = {
  /** Unified; cut at a line's end. Empty: nothing differs. */
  readonly text: string;
  readonly isCut: boolean;
  /** All files, those that were cut off too. */
  readonly files: readonly FileStat[];
};

export type FileStat = FileChange & {
  /** Lines; absent for a binary file. */
  readonly added?: number | undefined;
  readonly removed?: number | undefined;
  readonly isConflicted: boolean;
};

export type StagedDiff = GitDiff & {
  /** Stands for exactly what is staged: with it `commit` commits that and nothing else. */
  readonly fingerprint: string;
};

export type LogOptions = {
  /** 20 unless told. */
  readonly limit?: number | undefined;
  /** A commit, a branch, or `main..feature`. */
  readonly range?: string | undefined;
  readonly path?: string | undefined;
};

export type Commit = {
  readonly commit: string;
  readonly short: string;
  readonly subject: string;
  readonly author: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly parents: readonly string[];
  /** Branches and tags that stand on it. */
  readonly refs: readonly string[];
};

/** Files that are staged now, and how many of them by this. */
export type Counted = { readonly staged: number; readonly changed: number };

export type CommitOptions = {
  /** Left out only to finish a merge with the message that git has prepared. */
  readonly message?: string | undefined;
  /** `StagedDiff.fingerprint`: refused when something else is staged by now. */
  readonly fingerprint?: string | undefined;
};

export type Committed = {
  readonly commit: Commit;
  readonly branch?: string | undefined;
  readonly files: number;
  readonly added: number;
  readonly removed: number;
};

export type Outgoing = {
  readonly branch: string;
  /** The commit that would be pushed. */
  readonly head: string;
  readonly remote: string;
  /** Where it goes, without credentials; mostly one. */
  readonly urls: readonly string[];
  /** The branch's name on the remote: `main`. */
  readonly remoteBranch: string;
  /** Newest first, at most fifty. */
  readonly commits: readonly Commit[];
  readonly ahead: number;
  /** Commits of the remote branch that are not here: above zero, a push will be refused. */
  readonly behind: number;
  /** The remote has no such branch yet, as far as is known. */
  readonly isNewBranch: boolean;
  /** The push will make this the branch's upstream. */
  readonly isNewUpstream: boolean;
};

export type Pushed = {
  readonly remote: string;
  readonly remoteBranch: string;
  readonly isNewBranch: boolean;
  readonly isUpstreamSet: boolean;
  /** What the remote said: a link to open a pull request, say. */
  readonly words: string;
};

export type PullResult =
  | (Done<Moved> & { readonly upstream: string })
  | { readonly kind: 'up-to-date'; readonly upstream: string; readonly ahead: number }
  | {
      readonly kind: 'diverged';
      readonly upstream: string;
      readonly ahead: number;
      readonly behind: number;
    };

/** The branch moved on. */
export type Moved = {
  readonly from: string;
  readonly to: string;
  readonly commits: number;
  readonly files: readonly FileStat[];
};

export type StashOptions = {
  readonly message?: string | undefined;
  readonly untracked?: boolean | undefined;
};

export type Stash = {
  /** What it is called by: the number in `stash@{0}` changes with every stash. */
  readonly commit: string;
  readonly message: string;
  readonly at: number;
};

export type StashPopped =
  | Done<{ readonly stash: Stash }>
  | {
      readonly kind: 'conflicts';
      readonly stash: Stash;
      readonly files: readonly ConflictedFile[];
    };

export type MergeResult =
  | (Done<Moved> & { readonly isFastForward: boolean })
  | { readonly kind: 'up-to-date' }
  | { readonly kind: 'conflicts'; readonly merge: MergeState };

export type UnmergedKind =
  | 'content'
  | 'both-added'
  | 'both-deleted'
  | 'added-by-us'
  | 'added-by-them'
  | 'deleted-by-us'
  | 'deleted-by-them';

/** `rename`: what one side renamed, the other renamed otherwise or deleted. */
export type ConflictKind = UnmergedKind | 'rename' | 'binary' | 'submodule';

export type ConflictedFile = {
  readonly path: string;
  readonly kind: ConflictKind;
  /** Conflicts with markers in the file as it lies there. */
  readonly hunks: number;
  /** Its name before one side renamed it. */
  readonly from?: string | undefined;
};

export type MergeState = {
  /** The first line of the message that git has prepared: `Merge branch 'feature'`. */
  readonly title: string;
  /** The commits on both sides. */
  readonly ours: string;
  readonly theirs: string;
  /** Not resolved yet. */
  readonly left: readonly ConflictedFile[];
  /** Staged as resolved. */
  readonly resolved: readonly string[];
  /** Of both, files that still have conflict markers, and how many. */
  readonly markers: readonly { readonly path: string; readonly hunks: number }[];
  /** Nothing left and no markers: it can be committed. */
  readonly isResolved: boolean;
};

export type UndoPreview = {
  readonly commit: string;
  readonly subject: string;
  /** All of it, to commit again with. */
  readonly message: string;
  readonly at: number;
  readonly branch?: string | undefined;
  /** The files whose changes will be staged. */
  readonly files: readonly FileStat[];
};
