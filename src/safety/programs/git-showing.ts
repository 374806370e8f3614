import { flag, optional, reads, value, writes } from './table.ts';
import type { Table } from './table.ts';

/**
 * git-diff(1), git-log(1), git-rev-list(1): what changes only which commits are shown, and how. Left out, as they run
 * a program: --ext-diff, --textconv.
 */
const SHOWING: NonNullable<Table['options']> = {
  '-0 -1 -2 -3 -a -b -c -E -F -g -i -m -p -P -q -r -R -s -t -u -v -w -W -y -z --patch --no-patch --raw': flag,
  '--numstat --shortstat --compact-summary --summary --name-only --name-status --oneline --graph --no-graph':
    flag,
  '--all --merge --merges --no-merges --first-parent --reverse --follow --full-history --simplify-merges --dense':
    flag,
  '--sparse --date-order --author-date-order --topo-order --no-renames --full-index --binary --check --cached':
    flag,
  '--staged --exit-code --quiet --ignore-all-space --ignore-space-change --ignore-blank-lines --root': flag,
  '--ignore-space-at-eol --ignore-cr-at-eol --function-context --no-function-context --text --no-color': flag,
  '--no-ext-diff --no-textconv --minimal --patience --histogram --no-prefix --default-prefix --merge-base':
    flag,
  '--patch-with-stat --patch-with-raw --abbrev-commit --no-abbrev-commit --no-abbrev --no-decorate': flag,
  '--left-right --left-only --right-only --cherry --cherry-pick --cherry-mark --parents --children': flag,
  '--walk-reflogs --boundary --count --cc --invert-grep --regexp-ignore-case --extended-regexp': flag,
  '--fixed-strings --perl-regexp --basic-regexp --all-match --no-notes --show-signature --no-show-signature':
    flag,
  '--simplify-by-decoration --not --bisect --objects --objects-edge --unpacked --timestamp --header': flag,
  '--in-commit-order --object-names --no-object-names --source --log-size --use-mailmap --mailmap': flag,
  '--no-mailmap --clear-decorations --show-pulls --full-diff --no-expand-tabs --relative-date --do-walk':
    flag,
  '--remove-empty --no-relative --rename-empty --no-rename-empty --find-copies-harder --no-patch-id': flag,
  '--irreversible-delete --pickaxe-all --pickaxe-regex --no-indent-heuristic --indent-heuristic': flag,
  '--no-color-moved --no-color-moved-ws --cumulative --dirstat-by-file --ours --theirs --base': flag,
  '--ita-invisible-in-index --ita-visible-in-index --no-diff-merges --dd --remerge-diff --stdin': flag,
  '--combined-all-paths --exclude-first-parent-only --disk-usage --ignore-missing --maximal-only --always':
    flag,
  '--branches --tags --remotes --no-walk --ancestry-path --show-linear-break --notes --show-notes': optional,
  '--expand-tabs --missing --stat --color --color-words --word-diff --color-moved --color-moved-ws': optional,
  '--abbrev --decorate --dirstat --submodule --pretty --find-renames --find-copies --ignore-submodules':
    optional,
  '--relative --format --min-parents --max-parents --filter --break-rewrites --unified -M -C -B -D -U -X':
    optional,
  '-n --max-count --skip --since --after --until --before --since-as-filter --author --committer --grep':
    value,
  '--grep-reflog --date --encoding --max-age --min-age --glob --exclude --exclude-hidden': value,
  '--decorate-refs --decorate-refs-exclude --diff-merges': value,
  // `-L 1,5:file` shows that file.
  '-L': { takes: 'revision' },
  '-S -G -l -I --diff-filter --diff-algorithm --stat-count --stat-width --stat-name-width': value,
  '--stat-graph-width --inter-hunk-context --word-diff-regex --src-prefix --dst-prefix --line-prefix': value,
  '--ignore-matching-lines --anchored --ws-error-highlight --output-indicator-new': value,
  '--output-indicator-old --output-indicator-context --skip-to --rotate-to --find-object': value,
  '-O': reads,
  '--output': writes,
  '--no-index': { takes: 'flag', operands: 'readsTree' },
};

/** A subcommand that shows commits or differences, with what it has beyond the common options. */
export function showing(own: Table['options'] = {}): Table {
  return { options: { ...SHOWING, ...own }, operands: { rest: 'revision' }, hasNumberOption: true };
}
