import { listingOptions } from './git-reading.ts';
import { flag, optional, reads, value } from './table.ts';
import type { OptionRule, Table } from './table.ts';
import type { Act } from '../types.ts';

const CHANGES: readonly Act[] = ['change-history'];
const REWRITES: readonly Act[] = ['rewrite-history'];
const throwsAway: OptionRule = { takes: 'flag', acts: REWRITES };
const signing = { '--no-gpg-sign': flag, '-S --gpg-sign': optional } as const;
const changing = (options: Table['options'] = {}, rest: Table['operands']['rest'] = 'data'): Table => ({
  options,
  operands: { rest },
  acts: CHANGES,
});
const rewriting = (options: Table['options'] = {}, rest: Table['operands']['rest'] = 'data'): Table => ({
  options,
  operands: { rest },
  acts: REWRITES,
});

const merging = {
  '-e -n --edit --no-edit --stat --no-stat --signoff --no-signoff --verify --no-verify --autostash': flag,
  '--no-autostash --ff --no-ff --ff-only --squash --no-squash --commit --no-commit --progress --no-progress':
    flag,
  '--allow-unrelated-histories -q -v --quiet --verbose --verify-signatures --no-verify-signatures': flag,
  '--no-rerere-autoupdate --rerere-autoupdate --compact-summary': flag,
  '--log': optional,
  '-s --strategy -X --strategy-option --cleanup': value,
  ...signing,
} as const;

const picking = {
  '-e -n -s -x --edit --no-edit --no-commit --signoff --ff --allow-empty --allow-empty-message': flag,
  '--keep-redundant-commits --continue --abort --skip --quit --rerere-autoupdate --no-rerere-autoupdate':
    flag,
  '--reference': flag,
  '-m --mainline --strategy -X --strategy-option --cleanup --empty': value,
  ...signing,
} as const;

/** Takes what .gitignore names out of the tree too: `.env`, what programs keep beside the project. */
const takesIgnored = {
  takes: 'flag',
  touches: [{ kind: 'delete-tree', path: '.', reach: { contents: 'all', only: ['*'] } }],
} as const satisfies OptionRule;

const stashing = {
  '-p -k -u -S -q --patch --staged --keep-index --no-keep-index --include-untracked --quiet': flag,
  '-a --all': takesIgnored,
  '-m --message': value,
  '--pathspec-from-file': reads,
} as const;

/** Subcommands that change the repository or its files, git 2.39 to 2.51. What they do to files is git's to undo. */
export const gitChanging: Readonly<Record<string, Table>> = {
  add: changing(
    {
      '-A -i -n -N -p -u -v --all --no-all --interactive --dry-run --intent-to-add --patch --update': flag,
      // What .gitignore names, and all of it in a folder.
      '-f --force': { takes: 'flag', operands: 'readsTree' },
      '--verbose --refresh --renormalize --ignore-errors --ignore-missing --sparse --ignore-removal': flag,
      '--no-ignore-removal --no-warn-embedded-repo --pathspec-file-nul': flag,
      '--chmod': value,
      '--pathspec-from-file': reads,
    },
    'reads',
  ),
  stage: changing({ '-A -u -v --all --update --verbose': flag }, 'reads'),
  commit: changing({
    '-a -e -i -n -o -p -q -s -v -z --all --patch --interactive --edit --no-edit --quiet --signoff --verbose':
      flag,
    '--allow-empty --allow-empty-message --no-verify --verify --no-signoff --no-status --status --dry-run':
      flag,
    '--short --branch --porcelain --long --null --include --only --no-post-rewrite --reset-author': flag,
    '--no-gpg-sign --pathspec-file-nul': flag,
    '-u --untracked-files -S --gpg-sign': optional,
    '-m --message -c -C --reuse-message --reedit-message --author --date --cleanup --trailer': value,
    '--fixup --squash': value,
    '-F --file -t --template --pathspec-from-file': reads,
    '--amend': throwsAway,
  }),
  merge: changing({
    ...merging,
    '--abort --quit --continue --overwrite-ignore --no-overwrite-ignore': flag,
    '-m --into-name': value,
    '-F --file': reads,
  }),
  'cherry-pick': changing(picking),
  revert: changing(picking),
  rebase: rewriting({
    '-i -q -v -n -f -r -p --interactive --quiet --verbose --stat --no-stat --continue --abort --skip --quit':
      flag,
    '--edit-todo --show-current-patch --keep-base --root --autosquash --no-autosquash --autostash': flag,
    '--no-autostash --fork-point --no-fork-point --ff --no-ff --force-rebase --update-refs --no-update-refs':
      flag,
    '--merge --apply --reapply-cherry-picks --no-reapply-cherry-picks --committer-date-is-author-date': flag,
    '--reset-author-date --ignore-date --signoff --no-verify --verify --allow-empty-message --keep-empty':
      flag,
    '--no-keep-empty --ignore-whitespace --reschedule-failed-exec --no-reschedule-failed-exec': flag,
    '--rerere-autoupdate --no-rerere-autoupdate': flag,
    '--rebase-merges': optional,
    '-s --strategy -X --strategy-option --onto --empty --whitespace -C': value,
    // Each commit that is moved is followed by this command.
    '-x --exec': { takes: 'script' },
    ...signing,
  }),
  clean: rewriting(
    {
      '-d -f -i -q --force --interactive --quiet': flag,
      '-n --dry-run': { takes: 'flag', lifts: REWRITES },
      '-e --exclude': value,
      '-x -X': takesIgnored,
    },
    'deletesTree',
  ),
  stash: { options: stashing, operands: { rest: 'unlisted' }, acts: CHANGES },
  'stash push': changing(stashing),
  'stash save': changing(stashing),
  'stash pop': changing({ '--index -q --quiet': flag }),
  'stash apply': changing({ '--index -q --quiet': flag }),
  'stash branch': changing(),
  'stash create': changing(),
  'stash store': changing({ '-q --quiet': flag, '-m --message': value }),
  'stash drop': rewriting({ '-q --quiet': flag }),
  'stash clear': rewriting(),
  switch: {
    options: {
      '-d -q -m -t --detach --quiet --progress --no-progress --merge --guess --no-guess --no-track --track':
        flag,
      '--ignore-other-worktrees --no-recurse-submodules --recurse-submodules': flag,
      '-c --create --orphan --conflict': value,
      '-C --force-create': { takes: 'data', acts: REWRITES },
      '-f --force --discard-changes': throwsAway,
    },
    operands: { rest: 'data' },
    acts: CHANGES,
  },
  restore: rewriting(
    {
      '-p -q -m --patch --quiet --progress --no-progress --ours --theirs --merge': flag,
      '--ignore-unmerged --overlay --no-overlay --ignore-skip-worktree-bits --pathspec-file-nul': flag,
      '-S --staged': { takes: 'flag', operands: 'data', acts: CHANGES, lifts: REWRITES },
      '-W --worktree': { takes: 'flag', operands: 'writes', acts: REWRITES },
      '-s --source --conflict': value,
      '--pathspec-from-file': reads,
    },
    'writes',
  ),
  rm: {
    options: {
      '-f -n -q --force --dry-run --quiet --ignore-unmatch --sparse': flag,
      '-r': { takes: 'flag', operands: 'deletesTree' },
      '--cached': { takes: 'flag', operands: 'data' },
      '--pathspec-from-file': { takes: 'unlisted' },
    },
    operands: { rest: 'deletes' },
    acts: CHANGES,
  },
  branch: {
    options: {
      ...listingOptions,
      '-a -r -v -vv -q --all --remotes --remote --verbose --show-current --quiet --progress': flag,
      '--no-abbrev': flag,
      '--abbrev': optional,
      '-t --no-track --unset-upstream -m --move -c --copy -d --delete --create-reflog --edit-description': {
        takes: 'flag',
        acts: CHANGES,
      },
      '--track': { takes: 'optional', acts: CHANGES },
      '-u --set-upstream-to': { takes: 'data', acts: CHANGES },
      '-D -M -C -f --force': throwsAway,
    },
    operands: { rest: 'data', acts: CHANGES },
  },
  tag: {
    options: {
      ...listingOptions,
      '-n': { takes: 'optional', operands: 'data' },
      '-v --verify': { takes: 'flag', operands: 'data' },
      '-a -s -e --annotate --sign --edit --no-sign --create-reflog': flag,
      '-m --message -u --local-user --cleanup --trailer': value,
      '-F --file': reads,
      '-d --delete -f --force': throwsAway,
    },
    operands: { rest: 'data', acts: CHANGES },
  },
  remote: { options: { '-v --verbose': flag }, operands: { rest: 'unlisted' } },
  'remote add': changing({ '-f --fetch --tags --no-tags': flag, '-t -m --mirror': value }),
  'remote remove': changing(),
  'remote rm': changing(),
  'remote rename': changing({ '--progress --no-progress': flag }),
  'remote set-url': changing({ '--push --add --delete': flag }),
  'remote set-head': changing({ '-a -d --auto --delete': flag }),
  'remote set-branches': changing({ '--add': flag }),
  'worktree add': {
    options: {
      '-d -q -f --detach --checkout --no-checkout --lock --quiet --force --guess-remote --no-guess-remote':
        flag,
      '--track --no-track --orphan --relative-paths --no-relative-paths': flag,
      '-b --reason': value,
      '-B': { takes: 'data', acts: REWRITES },
    },
    operands: { first: ['writes'], rest: 'data' },
    acts: CHANGES,
  },
  'worktree remove': rewriting({ '-f --force': flag }, 'deletesTree'),
  'worktree move': changing({ '-f --force': flag }, 'writes'),
  'worktree prune': changing({ '-n -v --dry-run --verbose': flag, '--expire': value }),
  'worktree lock': changing({ '--reason': value }),
  'worktree unlock': changing(),
  'worktree repair': changing({}, 'reads'),
  'notes add': changing({
    '-f --force --allow-empty': flag,
    '-m --message -C -c --reuse-message': value,
    '-F --file': reads,
  }),
  'notes append': changing({ '--allow-empty': flag, '-m --message': value, '-F --file': reads }),
  'notes edit': changing({ '--allow-empty': flag }),
  'notes copy': changing({ '-f --force': flag }),
  'notes remove': rewriting({ '--ignore-missing': flag }),
  'bisect start': changing({
    '--no-checkout --first-parent': flag,
    '--term-new --term-bad --term-old --term-good': value,
  }),
  'bisect good': changing(),
  'bisect bad': changing(),
  'bisect new': changing(),
  'bisect old': changing(),
  'bisect skip': changing(),
  'bisect reset': changing(),
  'bisect run': { operands: { rest: 'command' }, acts: CHANGES },
  'submodule init': changing({ '-q --quiet': flag }),
  'submodule deinit': rewriting({ '-f --force --all -q --quiet': flag }),
  'submodule sync': changing({ '-q --quiet --recursive': flag }),
  'submodule foreach': {
    options: { '-q --quiet --recursive': flag },
    operands: { first: ['script'], rest: 'unlisted' },
  },
  'sparse-checkout set': changing({
    '--cone --no-cone --skip-checks --sparse-index --no-sparse-index': flag,
  }),
  'sparse-checkout add': changing({ '--skip-checks': flag }),
  'sparse-checkout init': changing({ '--cone --no-cone': flag }),
  'sparse-checkout reapply': changing({ '--cone --no-cone': flag }),
  'sparse-checkout disable': changing(),
  'update-ref': rewriting({ '-d --no-deref --create-reflog': flag, '-m': value }),
  'update-index': changing(
    {
      '-q --add --remove --force-remove --refresh --really-refresh --assume-unchanged --no-assume-unchanged':
        flag,
      '--skip-worktree --no-skip-worktree --again --ignore-missing --verbose --unmerged': flag,
      '--chmod': value,
    },
    'reads',
  ),
  'reflog expire': rewriting({
    '--all --stale-fix --rewrite --updateref --dry-run -n --verbose --single-worktree': flag,
    '--expire --expire-unreachable': value,
  }),
  'reflog delete': rewriting({ '--rewrite --updateref --dry-run -n --verbose': flag }),
  gc: {
    options: {
      '--aggressive --auto --no-prune -q --quiet --force --keep-largest-pack --cruft --no-cruft --detach --no-detach':
        flag,
      '--prune': { takes: 'optional', acts: REWRITES },
    },
    operands: { rest: 'unlisted' },
    acts: CHANGES,
  },
  prune: rewriting({ '-n -v --dry-run --verbose --progress --no-progress': flag, '--expire': value }),
  repack: changing({ '-a -A -d -f -F -l -q -n --quiet --local --write-bitmap-index -b --cruft': flag }),
  'pack-refs': changing({ '--all --prune --no-prune': flag }),
  replace: rewriting({ '-f -d --force --delete --edit --graft --raw': flag }),
  'rerere clear': rewriting(),
  'rerere forget': rewriting(),
  rerere: changing({}, 'unlisted'),
  'bundle create': {
    options: { '-q --quiet --progress --all-progress --all': flag },
    operands: { first: ['writes'], rest: 'data' },
  },
  'filter-branch': rewriting({
    '-f --force --all': flag,
    '--tree-filter --index-filter --msg-filter --env-filter --commit-filter --parent-filter --tag-name-filter --setup':
      { takes: 'script' },
    '--subdirectory-filter --original -d --state-branch': value,
    '--prune-empty': flag,
  }),
  'filter-repo': rewriting({
    '--analyze --force -f --dry-run --invert-paths --use-base-name --prune-empty --refs': flag,
    '--path --path-glob --path-regex --path-rename --subdirectory-filter --to-subdirectory-filter': value,
    '--strip-blobs-bigger-than': value,
    '--replace-text --mailmap --paths-from-file --replace-message': reads,
  }),
  init: {
    options: {
      '-q --quiet --bare': flag,
      '-b --initial-branch --object-format --ref-format': value,
      '--shared': optional,
    },
    operands: { rest: 'writes' },
    acts: CHANGES,
  },
  mv: {
    options: { '-f -k -n -v --force --dry-run --verbose --sparse': flag },
    operands: { rest: 'writes' },
    acts: CHANGES,
  },
};
