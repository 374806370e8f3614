import { gitReading } from './git-reading.ts';
import type { Word } from '../types.ts';
import type { ProgramReading } from './table.ts';

/** What a git command asks of its repository beyond its own words. */
export type GitCall = {
  /** Hooks that it runs where there are such (githooks(5)). */
  readonly hooks: readonly string[];
  /** It may start git in repositories inside this one, as `git status` does. */
  readonly looksIntoOthers: boolean;
  /** Its hooks run in those, too. */
  readonly changesOthers: boolean;
};

export const UNKNOWN_GIT_CALL: GitCall = { hooks: [], looksIntoOthers: true, changesOthers: false };

const COMMIT = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit', 'post-rewrite'];
const MERGE = ['pre-merge-commit', 'prepare-commit-msg', 'commit-msg', 'post-merge'];
const REBASE = ['pre-rebase', 'post-checkout', ...COMMIT];
const SWITCH = ['post-checkout'];

const HOOKS: ReadonlyMap<string, readonly string[]> = new Map([
  ['commit', COMMIT],
  ['merge', MERGE],
  ['merge --continue', [...MERGE, ...COMMIT]],
  ['pull', [...MERGE, ...REBASE]],
  ['push', ['pre-push']],
  ['rebase', REBASE],
  ['cherry-pick', COMMIT],
  ['revert', COMMIT],
  ['checkout', SWITCH],
  ['switch', SWITCH],
  ['restore', SWITCH],
  ['worktree add', SWITCH],
  ['stash branch', SWITCH],
  ...['start', 'good', 'bad', 'new', 'old', 'skip', 'reset', 'run'].map(
    (word) => [`bisect ${word}`, SWITCH] as const,
  ),
  ['am', ['applypatch-msg', 'pre-applypatch', 'post-applypatch', 'post-rewrite']],
  ['submodule update', [...MERGE, ...REBASE]],
  ['lfs push', ['pre-push']],
]);

/** For whatever moves a branch or a tag, and for the tidying that may follow. */
const ANY_CHANGE = ['reference-transaction', 'pre-auto-gc'];

/** What `--no-verify` leaves out. */
const VERIFYING = new Set([
  'pre-commit',
  'commit-msg',
  'pre-merge-commit',
  'pre-rebase',
  'pre-push',
  'applypatch-msg',
  'pre-applypatch',
]);

/** `name` as tables have it: `stash list`. `reading` says whether it changes anything at all. */
export function gitCallOf(name: string, words: readonly Word[], reading: ProgramReading): GitCall {
  const options = optionsOf(words);
  const changes = reading.acts.length > 0 || (reading.hosts ?? []).length > 0;
  const isMergeCommit = name === 'merge' && options.includes('--continue');
  const own = HOOKS.get(isMergeCommit ? 'merge --continue' : name) ?? [];
  const hooks = changes && !Object.hasOwn(gitReading, name) ? [...own, ...ANY_CHANGE] : [];
  return {
    hooks: skipsVerifying(name, options) ? hooks.filter((hook) => !VERIFYING.has(hook)) : hooks,
    looksIntoOthers: looksIntoOthers(name, options),
    changesOthers:
      name.startsWith('submodule ') || options.some((option) => option.startsWith('--recurse-submodules')),
  };
}

/** Words that begin with a dash, ahead of `--`; one that can't be known may be any of them. */
function optionsOf(words: readonly Word[]): readonly string[] {
  const end = words.findIndex((word) => word.kind === 'static' && word.value === '--');
  return words
    .slice(0, end < 0 ? words.length : end)
    .map((word) => (word.kind === 'static' ? word.value : '-?'))
    .filter((text) => text.startsWith('-'));
}

function skipsVerifying(name: string, options: readonly string[]): boolean {
  if (options.includes('--verify') || options.includes('-?')) return false;
  // `-n` is another option elsewhere; ahead of it only letters that take no value.
  const short = name === 'commit' ? /^-[aeiopqsvz]*n/ : /^-n$/;
  const hasShort = (name === 'commit' || name === 'am') && options.some((option) => short.test(option));
  return hasShort || options.includes('--no-verify');
}

/** Subcommands that never look at the work tree;. */
const BLIND = new Set(
  'rev-parse branch tag remote config reflog cat-file ls-tree for-each-ref show-ref merge-base name-rev symbolic-ref help version var count-objects rev-list'.split(
    ' ',
  ),
);
/** Those that look at commits alone, unless they are to show what changed in a submodule. */
const OF_COMMITS = new Set(['log', 'show', 'shortlog', 'whatchanged', 'stash list']);
const CAN_IGNORE = new Set(['status', 'diff', 'diff-files', 'diff-index']);

function looksIntoOthers(name: string, options: readonly string[]): boolean {
  if (BLIND.has(name)) return false;
  if (OF_COMMITS.has(name))
    return options.some((option) => option === '-?' || option.startsWith('--submodule'));
  const ignoring = options.filter((option) => option.startsWith('--ignore-submodules') || option === '-?');
  const ignoresAll = ignoring.every((option) => /^--ignore-submodules(?:=all)?$/.test(option));
  return !(CAN_IGNORE.has(name) && ignoring.length > 0 && ignoresAll);
}
