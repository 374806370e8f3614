import { showing } from './git-showing.ts';
import { flag, optional, reads, value, writes } from './table.ts';
import type { OptionRule, Table } from './table.ts';

const listing: OptionRule = { takes: 'flag', operands: 'data' };
const commitOrEnd: OptionRule = { takes: 'data', operands: 'data', orEnd: true };

const blame: Table = {
  options: {
    '-b -c -e -f -h -l -n -p -s -t -w --root --show-stats --show-name --show-number --show-email --progress':
      flag,
    '--porcelain --line-porcelain --incremental --no-progress --first-parent --color-lines --color-by-age':
      flag,
    '-M -C --abbrev --score-debug': optional,
    '-L --since --date --ignore-rev --reverse --encoding': value,
    '--ignore-revs-file --contents -S': reads,
  },
  operands: { rest: 'revision' },
};

/** Subcommands that read, git 2.39 to 2.51. An option that would change something or run a program is left out. */
export const gitReading: Readonly<Record<string, Table>> = {
  log: showing(),
  whatchanged: showing({ '--i-still-use-this': flag }),
  diff: showing(),
  show: showing(),
  shortlog: showing({ '-e -n -s --numbered --email -c --committer': flag, '--group': value, '-w': optional }),
  'rev-list': showing({ '--test-bitmap --use-bitmap-index --progress --no-filter': flag }),
  'diff-tree': showing({ '--no-commit-id --pretty --stdin': flag }),
  'diff-index': showing(),
  'diff-files': showing(),
  'range-diff': showing({ '--creation-factor': value, '--no-dual-color --dual-color': flag }),
  reflog: showing(),
  'reflog show': showing(),
  'reflog list': { operands: { rest: 'unlisted' } },
  'reflog exists': { operands: { rest: 'data' } },
  'stash list': showing(),
  'stash show': showing({ '--include-untracked --only-untracked': flag }),
  cherry: { options: { '-v': flag, '--abbrev': optional }, operands: { rest: 'data' } },
  'show-branch': {
    options: {
      '-a -r --all --remotes --current --topo-order --date-order --sparse --more --list --no-name --sha1-name':
        flag,
      '--merge-base --independent --topics --no-color --color': flag,
      '-g --reflog': optional,
    },
    operands: { rest: 'data' },
  },
  status: {
    options: {
      '-s -b -v -z --short --branch --show-stash --long --verbose --ahead-behind --no-ahead-behind --no-branch':
        flag,
      '--renames --no-renames --no-column --null': flag,
      '-u --porcelain --untracked-files --ignored --ignore-submodules --column --find-renames': optional,
    },
    operands: { rest: 'reads' },
  },
  'rev-parse': {
    options: {
      '-q --quiet --verify --symbolic --symbolic-full-name --all --show-toplevel --shared-index-path --not':
        flag,
      '--show-prefix --show-cdup --git-dir --git-common-dir --absolute-git-dir --is-inside-work-tree': flag,
      '--is-inside-git-dir --is-bare-repository --is-shallow-repository --show-superproject-working-tree':
        flag,
      '--local-env-vars --revs-only --no-revs --flags --no-flags': flag,
      '--short --abbrev-ref --branches --tags --remotes --show-object-format --show-ref-format': optional,
      '--since --after --until --before --glob --exclude --disambiguate --path-format --default': value,
      '--git-path': value,
    },
    operands: { rest: 'revision' },
  },
  'ls-files': {
    options: {
      '-c -d -i -k -m -o -r -s -t -u -v -z --cached --deleted --modified --others --stage --unmerged --ignored':
        flag,
      '--exclude-standard --directory --no-empty-directory --full-name --error-unmatch --deduplicate --eol':
        flag,
      '--killed --recurse-submodules --sparse --debug --resolve-undo -f': flag,
      '--abbrev': optional,
      '-x --exclude --format --with-tree --exclude-per-directory': value,
      '-X --exclude-from': reads,
    },
    operands: { rest: 'reads' },
  },
  'ls-tree': {
    options: {
      '-d -l -r -t -z --name-only --name-status --long --full-name --full-tree --object-only': flag,
      '--abbrev': optional,
      '--format': value,
    },
    operands: { first: ['revision'], rest: 'reads' },
  },
  // --filters and --textconv run what .gitattributes names.
  'cat-file': {
    options: {
      '-e -p -s -t --batch-all-objects --unordered --buffer --follow-symlinks --allow-unknown-type -Z': flag,
      '--batch --batch-check --batch-command': optional,
    },
    operands: { rest: 'revision' },
  },
  blame,
  annotate: blame,
  describe: {
    options: {
      '--all --tags --contains --always --long --first-parent --exact-match --debug': flag,
      '--dirty --broken --abbrev': optional,
      '--match --exclude --candidates': value,
    },
    operands: { rest: 'revision' },
  },
  'merge-base': {
    options: { '-a --all --octopus --independent --is-ancestor --fork-point': flag },
    operands: { rest: 'data' },
  },
  'name-rev': {
    options: {
      '--tags --all --name-only --always --undefined --no-undefined --annotate-stdin': flag,
      '--refs --exclude': value,
    },
    operands: { rest: 'data' },
  },
  'for-each-ref': {
    options: {
      '--contains --no-contains --merged --no-merged': { takes: 'data', orEnd: true },
      '--format --sort --count --points-at --exclude': value,
      '--ignore-case --omit-empty --include-root-refs -s --shell -p --perl --python --tcl --stdin': flag,
      '--color': optional,
    },
    operands: { rest: 'data' },
  },
  'show-ref': {
    options: {
      '-d -q -s --heads --tags --branches --head --verify --quiet --dereference --exists': flag,
      '--hash --abbrev --exclude-existing': optional,
    },
    operands: { rest: 'data' },
  },
  'symbolic-ref': {
    options: { '-q --quiet --short --recurse --no-recurse': flag },
    operands: { first: ['data'], rest: 'unlisted' },
  },
  'remote get-url': { options: { '--push --all': flag }, operands: { rest: 'data' } },
  'worktree list': { options: { '-v -z --verbose --porcelain': flag }, operands: { rest: 'unlisted' } },
  'submodule status': {
    options: { '-q --quiet --cached --recursive': flag },
    operands: { rest: 'reads' },
  },
  'notes list': { operands: { rest: 'data' } },
  'notes show': { operands: { rest: 'data' } },
  'notes get-ref': { operands: { rest: 'unlisted' } },
  'bisect log': { operands: { rest: 'unlisted' } },
  'bisect terms': {
    options: { '--term-good --term-bad --term-old --term-new': flag },
    operands: { rest: 'unlisted' },
  },
  'sparse-checkout list': { operands: { rest: 'unlisted' } },
  'replace -l': { operands: { rest: 'data' } },
  'replace --list': { operands: { rest: 'data' } },
  'rerere status': { operands: { rest: 'unlisted' } },
  'rerere diff': { operands: { rest: 'unlisted' } },
  'rerere remaining': { operands: { rest: 'unlisted' } },
  'bundle verify': { options: { '-q --quiet': flag }, operands: { rest: 'reads' } },
  'bundle list-heads': { operands: { first: ['reads'], rest: 'data' } },
  'lfs ls-files': {
    options: {
      '-a -d -l -s -n --all --debug --long --size --name-only --deleted --json': flag,
      '-I --include -X --exclude': value,
    },
    operands: { rest: 'data' },
  },
  'lfs status': { options: { '-p -j --porcelain --json': flag }, operands: { rest: 'unlisted' } },
  'lfs env': { operands: { rest: 'unlisted' } },
  'lfs version': { operands: { rest: 'unlisted' } },
  'count-objects': { options: { '-v -H --verbose --human-readable': flag }, operands: { rest: 'unlisted' } },
  'check-ignore': {
    options: { '-q -v -n -z --quiet --verbose --non-matching --no-index --stdin': flag },
    operands: { rest: 'data' },
  },
  'check-attr': {
    options: { '-a -z --all --cached --stdin': flag, '--source': value },
    operands: { rest: 'data' },
  },
  'check-ref-format': {
    options: { '--branch --normalize --allow-onelevel --refspec-pattern --print': flag },
    operands: { rest: 'data' },
  },
  'check-mailmap': { options: { '--stdin': flag }, operands: { rest: 'data' } },
  'verify-commit': { options: { '-v --verbose --raw': flag }, operands: { rest: 'data' } },
  'verify-tag': { options: { '-v --verbose --raw': flag, '--format': value }, operands: { rest: 'data' } },
  'verify-pack': { options: { '-v -s --verbose --stat-only': flag }, operands: { rest: 'reads' } },
  // --lost-found writes.
  fsck: {
    options: {
      '--unreachable --dangling --no-dangling --root --tags --cache --no-reflogs --reflogs --full --no-full':
        flag,
      '--connectivity-only --strict --verbose -v --progress --no-progress --name-objects --references': flag,
    },
    operands: { rest: 'data' },
  },
  'hash-object': {
    options: { '--stdin --stdin-paths --no-filters --literally': flag, '-t --path': value },
    operands: { rest: 'reads' },
  },
  'merge-tree': {
    options: {
      '-z --name-only --messages --no-messages --quiet --allow-unrelated-histories --trivial-merge --write-tree':
        flag,
      '--merge-base -X --strategy-option': value,
    },
    operands: { rest: 'data' },
  },
  'patch-id': { options: { '--stable --unstable --verbatim': flag }, operands: { rest: 'unlisted' } },
  stripspace: { options: { '-s -c --strip-comments --comment-lines': flag }, operands: { rest: 'unlisted' } },
  var: { options: { '-l': flag }, operands: { rest: 'data' } },
  version: { options: { '--build-options': flag }, operands: { rest: 'unlisted' } },
  help: {
    options: {
      '-a -c -g -v --all --config --guides --verbose --no-external-commands --no-aliases --user-interfaces --developer-interfaces':
        flag,
    },
    operands: { rest: 'data' },
  },
  archive: {
    options: {
      '-l -v -0 -1 -2 -3 -4 -5 -6 -7 -8 -9 --list --verbose --worktree-attributes': flag,
      '--format --prefix --mtime': value,
      '-o --output': writes,
      '--remote --exec': { takes: 'unlisted' },
    },
    operands: { first: ['revision'], rest: 'reads' },
  },
  'format-patch': {
    ...showing({
      '--stdout': { takes: 'flag', operands: 'data' },
      '-k -n -N --numbered --no-numbered --keep-subject --signoff --no-signoff --cover-letter --ignore-if-in-upstream':
        flag,
      '--no-cover-letter --no-attach --zero-commit --no-base --no-to --no-cc --no-thread --no-binary --always':
        flag,
      '--attach --inline --thread --progress --rfc --from --description-file': optional,
      '--start-number --suffix -v --reroll-count --subject-prefix --in-reply-to --to --cc --from --base':
        value,
      '--add-header --signature --filename-max-length --interdiff --range-diff --creation-factor': value,
      '--signature-file': reads,
      '-o --output-directory': { takes: 'writes', operands: 'data' },
    }),
    operands: { first: ['data', 'data', 'data'], rest: 'writes', none: '.' },
  },
  grep: {
    options: {
      '-a -c -E -F -G -h -H -i -I -l -L -n -o -p -P -q -r -v -w -W -z --cached --count --heading': flag,
      '--break --name-only --files-with-matches --files-without-match --line-number --ignore-case --text':
        flag,
      '--word-regexp --invert-match --extended-regexp --fixed-strings --basic-regexp --perl-regexp': flag,
      '--only-matching --show-function --function-context --and --or --not --all-match --column': flag,
      '--full-name --no-color --quiet --null --recursive --no-recursive --recurse-submodules': flag,
      '--exclude-standard --no-exclude-standard -( -)': flag,
      '--color': optional,
      '-A -B -C -m --max-depth --threads --max-count --context --after-context --before-context': value,
      '--untracked': { takes: 'flag', operands: 'readsTree' },
      '-e': { takes: 'data', dropsFirst: true },
      '-f': { takes: 'reads', dropsFirst: true },
    },
    operands: { first: ['data'], rest: 'revision', none: '.' },
    hasNumberOption: true,
  },
};

/** Options that only choose which branches or tags are listed. */
export const listingOptions: Table['options'] = {
  '-l --list': listing,
  '--contains --no-contains --merged --no-merged --points-at': commitOrEnd,
  '--sort --format': value,
  '-i --ignore-case --no-color --no-column --omit-empty': flag,
  '--color --column': optional,
};
