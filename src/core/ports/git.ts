import type {
  Branch,
  BranchFound,
  CheckedOut,
  Commit,
  CommitOptions,
  Committed,
  Counted,
  DiffOptions,
  Done,
  GitDiff,
  GitStatus,
  LogOptions,
  MergeResult,
  MergeState,
  Outgoing,
  PullResult,
  Pushed,
  Refused,
  StagedDiff,
  Stash,
  StashOptions,
  StashPopped,
  UndoPreview,
} from './git-data.ts';

/**
 * Git, as a person with a phone uses it. What git declines is a value with words; a LeashdError is thrown only for
 * what is broken: git is missing or too old, a repository can't be read, the folder is gone.
 *
 * Two kinds of operations:
 * - *Reading* (`status`, `branches`, `findBranch`, `diff`, `stagedDiff`, `log`, `outgoing`, `stashes`, `mergeState`,
 *   `undoPreview`, `findRepository`) runs nothing that the repository's settings, attributes or hooks name, touches no
 *   network and changes nothing (a diff may refresh what git remembers of files' times). Filters (git-lfs too) are off: see `GitStatus.filtersOff`.
 * - *Changing* runs the repository's hooks, filters, merge drivers and signing programs, as at the desk, but never asks
 *   on a terminal: what would have to ask fails. `fetch`, `pull` and `push` are refused when the repository's own
 *   settings name a program for the connection; the person's own settings may.
 *
 * Text that git read (messages, names, diffs) is as somebody wrote it: show names with `shownName`, and take secrets
 * out of a diff before it goes to a chat.
 */
export interface Git {
  /**
   * The repository that a directory is in, looking upwards as git does. Refused: its top, or the folder where git keeps
   * its data, lies outside the allowed directories; it is bare; git doesn't trust its owner.
   */
  findRepository(directory: string, options: FindOptions): Promise<FoundRepository>;
}

export type FindOptions = {
  /** Absolute real paths. */
  readonly allowed: readonly string[];
  /** Ends what runs in all operations of the repository that is found; they then reject with its reason. */
  readonly signal?: AbortSignal | undefined;
};

export type FoundRepository =
  { readonly kind: 'found'; readonly repository: Repository } | { readonly kind: 'none' } | Refused;

/**
 * One working tree. Each operation looks first whether the place is still what was found, so that a repository
 * may be kept as long as somebody reads a card; but finding it again is cheap.
 *
 * Paths go in absolute or relative to `top`. Refused are those that leave it (`..`, through a symbolic link), lead into
 * `.git`, or begin with `-`. Paths that come out are relative to `top`, and can go in again as they are: a name that
 * begins with `-` comes out as `./-name`, and bytes that are no UTF-8 as U+DC80 to U+DCFF.
 */
export interface Repository {
  /** Absolute real path. */
  readonly top: string;

  status(): Promise<Done<GitStatus> | Refused>;

  /** The current one first, then as they were last checked out here, then by their last commit. */
  branches(): Promise<Done<{ readonly branches: readonly Branch[] }> | Refused>;
  /** `exact` also where the query is a remote branch's name without its remote and no local branch is called so. */
  findBranch(query: string): Promise<BranchFound | Refused>;
  /** A local or remote branch's name, as it is in `Branch.name`; a remote one gets a local branch that tracks it. */
  checkout(branch: string): Promise<Done<CheckedOut> | Refused>;

  /** What is not staged yet, or what is. Untracked files are in neither. */
  diff(options?: DiffOptions): Promise<Done<GitDiff> | Refused>;
  /** What a commit would contain, for a commit message. Refused when nothing is staged. */
  stagedDiff(options?: { readonly maxBytes?: number | undefined }): Promise<Done<StagedDiff> | Refused>;
  /** Newest first. An empty repository has none. */
  log(options?: LogOptions): Promise<Done<{ readonly commits: readonly Commit[] }> | Refused>;

  /** Stages changes, deletions too. Refused for a conflicted file that still has conflict markers. */
  add(what: 'all' | readonly string[]): Promise<Done<Counted> | Refused>;
  /** Takes changes out of the index; the files stay as they are. Refused in the middle of a merge. */
  unstage(what: 'all' | readonly string[]): Promise<Done<Counted> | Refused>;
  commit(options: CommitOptions): Promise<Done<Committed> | Refused>;

  /** What a push would do, by what is known since the last fetch. */
  outgoing(): Promise<Done<Outgoing> | Refused>;
  /** Pushes exactly what `outgoing` showed, never by force; sets the upstream where there is none. */
  push(
    shown: Pick<Outgoing, 'branch' | 'head' | 'remote' | 'remoteBranch' | 'urls'>,
  ): Promise<Done<Pushed> | Refused>;
  /** Learns what the remote has, changing no branch and no file. Without a name: the remote `outgoing` speaks of. */
  fetch(remote?: string): Promise<Done<{ readonly remote: string }> | Refused>;
  /** Fetches and moves the branch forward; never merges or rebases. `diverged`: both sides have commits. */
  pull(): Promise<PullResult | Refused>;

  /** Puts changes of tracked files aside, with `untracked` new ones too. */
  stash(options?: StashOptions): Promise<Done<{ readonly stash: Stash }> | Refused>;
  /** Newest first. */
  stashes(): Promise<Done<{ readonly stashes: readonly Stash[] }> | Refused>;
  /** Brings one back, by its `commit` or the newest. After `conflicts` git has kept it. */
  stashPop(commit?: string): Promise<StashPopped | Refused>;

  /** Merges a local or remote branch into the current one. Refused while tracked files have uncommitted changes. */
  merge(branch: string): Promise<MergeResult | Refused>;
  /** Back to what was before the merge. Refused when there is none. */
  mergeAbort(): Promise<Done<{ readonly head: string }> | Refused>;
  mergeState(): Promise<Done<{ readonly merge: MergeState | undefined }> | Refused>;

  /** The last commit, if it may be taken back: on no remote branch, no merge, not the first. */
  undoPreview(): Promise<Done<UndoPreview> | Refused>;
  /** Takes back the commit that was shown; its changes stay, staged. Refused when another one is the last by now. */
  undo(shown: Pick<UndoPreview, 'commit'>): Promise<Done<UndoPreview> | Refused>;
}

// Controls, formats (direction marks, zero-width ones), separators, halves of pairs.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A file's or branch's name for a person: what can't be seen, or is no character, stands as `\n`, `\xff`, `\u{202e}`. */
export function shownName(name: string): string {
  return name.replaceAll(UNSEEN, (char) => {
    const point = char.codePointAt(0) ?? 0;
    if (char === '\n') return String.raw`\n`;
    if (char === '\t') return String.raw`\t`;
    if (point >= 0xdc80 && point <= 0xdcff) return String.raw`\x${(point - 0xdc00).toString(16)}`;
    // Joiners are parts of ordinary words and emoji.
    if (point === 0x200c || point === 0x200d) return char;
    return String.raw`\u{${point.toString(16)}}`;
  });
}
