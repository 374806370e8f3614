import type { Act, Word } from '../types.ts';
import { program } from './program.ts';
import { flag, optional, reads, value } from './table.ts';
import type { OptionRule, ProgramReading, Table } from './table.ts';

const listing: OptionRule = { takes: 'flag', operands: 'data' };
const overwrites: OptionRule = { takes: 'flag', acts: ['rewrite-remote-history'] };

/** git-log(1), git-diff(1): what changes only which commits are shown, and how. */
const SHOWING: Table['options'] = {
  '-p -u -s -z -q -v -i -E -F -P -c -m -r -t -R -b -w -a -W --patch --no-patch --raw --stat --numstat': flag,
  '--shortstat --compact-summary --summary --name-only --name-status --oneline --graph --all --branches':
    flag,
  '--tags --remotes --merges --no-merges --first-parent --reverse --follow --full-history --simplify-merges':
    flag,
  '--date-order --author-date-order --topo-order --no-renames --full-index --binary --check --cached --staged':
    flag,
  '--exit-code --quiet --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-space-at-eol':
    flag,
  '--function-context --text --no-color --no-ext-diff --no-textconv --minimal --patience --histogram': flag,
  '--no-prefix --merge-base --patch-with-stat --abbrev-commit --no-abbrev-commit --no-decorate --left-right':
    flag,
  '--cherry-pick --cherry-mark --parents --children --walk-reflogs -g --no-walk --boundary --count --cc':
    flag,
  '--invert-grep --regexp-ignore-case --extended-regexp --fixed-strings --all-match --no-notes': flag,
  '--color --color-words --word-diff --color-moved --abbrev --decorate --dirstat --submodule --stat-width':
    optional,
  '--pretty --find-renames --find-copies --ignore-submodules --relative': optional,
  '-M -C -B -D': flag,
  '-n --max-count --skip --since --after --until --before --author --committer --grep --format --date': value,
  '-S -G -L -U --unified --diff-filter --diff-algorithm --min-parents --max-parents --stat-count': value,
  '--inter-hunk-context --word-diff-regex --src-prefix --dst-prefix --line-prefix': value,
};

const showing = (): Table => ({
  options: SHOWING,
  operands: { rest: 'revision' },
  hasNumberOption: true,
});

/** Subcommands that read. An option or operand that would change something is left out on purpose. */
const READING: Readonly<Record<string, Table>> = {
  log: showing(),
  diff: showing(),
  show: showing(),
  shortlog: {
    options: { ...SHOWING, '-e -n -s --summary --numbered --email': flag, '--group': value },
    operands: { rest: 'revision' },
    hasNumberOption: true,
  },
  'rev-list': showing(),
  'diff-tree': showing(),
  'diff-index': showing(),
  status: {
    options: {
      '-s -b -v -z --short --branch --show-stash --long --verbose --ahead-behind --no-ahead-behind': flag,
      '--renames --no-renames --no-column': flag,
      '-u --porcelain --untracked-files --ignored --ignore-submodules --column --find-renames': optional,
      '-uno -uall -unormal': flag,
    },
    operands: { rest: 'reads' },
  },
  branch: {
    options: {
      '-a -r -v -vv -i --all --remotes --verbose --show-current --ignore-case --no-color --no-column': flag,
      '-l --list': listing,
      '--contains --no-contains --merged --no-merged --points-at': { takes: 'data', operands: 'data' },
      '--sort --format': value,
      '--color --column --abbrev': optional,
    },
    operands: { rest: 'unlisted' },
  },
  tag: {
    options: {
      '-l --list': listing,
      '-n --column --color': optional,
      '--contains --no-contains --merged --no-merged --points-at': { takes: 'data', operands: 'data' },
      '--sort --format': value,
    },
    operands: { rest: 'unlisted' },
  },
  remote: { options: { '-v --verbose': flag }, operands: { rest: 'unlisted' } },
  'rev-parse': {
    options: {
      '-q --quiet --verify --short --abbrev-ref --symbolic --symbolic-full-name --all --show-toplevel': flag,
      '--show-prefix --show-cdup --git-dir --git-common-dir --absolute-git-dir --is-inside-work-tree': flag,
      '--is-inside-git-dir --is-bare-repository --is-shallow-repository --show-superproject-working-tree':
        flag,
      '--branches --tags --remotes --show-object-format': flag,
    },
    operands: { rest: 'revision' },
  },
  'ls-files': {
    options: {
      '-c -d -k -m -o -s -t -u -v -z --cached --deleted --modified --others --stage --unmerged --ignored':
        flag,
      '--exclude-standard --directory --full-name --error-unmatch --deduplicate --eol --killed': flag,
      '-x --exclude --format': value,
      '-X --exclude-from': reads,
    },
    operands: { rest: 'reads' },
  },
  'ls-tree': {
    options: {
      '-d -l -r -t -z --name-only --name-status --long --full-name --full-tree': flag,
      '--format': value,
    },
    operands: { first: ['revision'], rest: 'reads' },
  },
  'cat-file': { options: { '-e -p -s -t': flag }, operands: { rest: 'revision' } },
  blame: {
    options: {
      '-b -c -e -f -l -n -p -s -t -w -M -C --root --show-stats --show-name --show-number --show-email': flag,
      '--porcelain --line-porcelain --incremental': flag,
      '-L --since --date --ignore-rev': value,
    },
    operands: { rest: 'revision' },
  },
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
  'name-rev': { options: { '--tags --all --name-only --always': flag }, operands: { rest: 'data' } },
  'for-each-ref': {
    options: {
      '--format --sort --count --points-at --contains --no-contains --merged --no-merged': value,
      '--ignore-case': flag,
    },
    operands: { rest: 'data' },
  },
  'show-ref': {
    options: { '-d -q -s --heads --tags --branches --head --hash --verify --quiet --dereference': flag },
    operands: { rest: 'data' },
  },
  reflog: showing(),
  'reflog show': showing(),
  'stash list': showing(),
  'stash show': showing(),
  'remote get-url': { options: { '--push --all': flag }, operands: { rest: 'data' } },
  'worktree list': { options: { '-v -z --verbose --porcelain': flag }, operands: { rest: 'unlisted' } },
  'count-objects': { options: { '-v -H --verbose --human-readable': flag }, operands: { rest: 'unlisted' } },
  'check-ignore': {
    options: { '-q -v -n -z --quiet --verbose --no-index': flag },
    operands: { rest: 'data' },
  },
  grep: {
    options: {
      '-a -c -E -F -G -h -H -i -I -l -L -n -o -p -P -q -v -w -W -z --cached --untracked --count --heading':
        flag,
      '--break --name-only --files-with-matches --line-number --ignore-case --word-regexp --invert-match':
        flag,
      '--extended-regexp --fixed-strings --perl-regexp --only-matching --show-function --and --or --not':
        flag,
      '--column --full-name --no-color --quiet': flag,
      '--color': optional,
      '-A -B -C -m --max-depth --threads --max-count --context --after-context --before-context': value,
      '-e': { takes: 'data', dropsFirst: true },
    },
    operands: { first: ['data'], rest: 'revision' },
    hasNumberOption: true,
  },
};

/** Subcommands that change something: what it is in a word, and no more than that. */
const CHANGING: ReadonlyMap<string, readonly Act[]> = new Map(
  Object.entries<readonly Act[]>({
    add: ['change-history'],
    commit: ['change-history'],
    stash: ['change-history'],
    'stash drop': ['rewrite-history'],
    'stash clear': ['rewrite-history'],
    merge: ['change-history'],
    'cherry-pick': ['change-history'],
    revert: ['change-history'],
    rebase: ['rewrite-history'],
    reset: ['rewrite-history'],
    clean: ['rewrite-history'],
    'filter-branch': ['rewrite-history'],
  }),
);

const push = program({
  options: {
    '-n -q -u -v -4 -6 --all --branches --tags --follow-tags --dry-run --porcelain --set-upstream --quiet':
      flag,
    '--verbose --progress --atomic --no-verify --verify --thin --no-thin --no-force-with-lease --no-signed':
      flag,
    '-f --force --force-if-includes --mirror --prune -d --delete': overwrites,
    '--force-with-lease': { takes: 'optional', acts: ['rewrite-remote-history'] },
    '--signed --recurse-submodules': optional,
    '-o --push-option --repo': value,
  },
  operands: { rest: 'data' },
  acts: ['push'],
});

const READERS = new Map(Object.entries(READING).map(([name, table]) => [name, program(table)]));

/** git's own options, before the subcommand, that change only how things are shown. */
const HARMLESS_GLOBALS = new Set(['--no-pager', '-P', '--no-optional-locks', '--literal-pathspecs']);

export type GitReading = ProgramReading & {
  /** From `-C`, in order; each is relative to the one before. */
  readonly directories: readonly string[];
};

/** `git [-C folder] subcommand …`, git 2.39 to 2.51. */
export function readGit(words: readonly Word[]): GitReading {
  const directories: string[] = [];
  let index = 0;
  for (; index < words.length; index += 1) {
    const word = words[index];
    if (word?.kind !== 'static') break;
    if (word.value === '-C') {
      const folder = words[index + 1];
      if (folder?.kind !== 'static') break;
      directories.push(folder.value);
      index += 1;
    } else if (!HARMLESS_GLOBALS.has(word.value)) break;
  }
  const name = words[index];
  const rest = words.slice(index + 1);
  if (name?.kind !== 'static')
    return { ...unlisted('option', 'the git subcommand is not known'), directories };
  return { ...readSubcommand(name.value, rest), directories };
}

function readSubcommand(name: string, rest: readonly Word[]): ProgramReading {
  if (name.startsWith('-')) {
    if (rest.length === 0 && (name === '--version' || name === '-v')) return NOTHING;
    return unlisted('option', `what git does with ${JSON.stringify(name)} is not known`);
  }
  if (name === 'push') return readPush(rest);
  const [second] = rest;
  const longName = second?.kind === 'static' ? `${name} ${second.value}` : name;
  const longReader = READERS.get(longName);
  if (longReader !== undefined) return longReader(rest.slice(1));
  const reader = READERS.get(name);
  // `git reflog expire` is not `git reflog` with an operand.
  if (reader !== undefined && !(name === 'reflog' && rest.length > 0)) return reader(rest);
  const doubt = unlisted('program', `what git ${name} does is not looked into`);
  return { ...doubt, acts: CHANGING.get(longName) ?? CHANGING.get(name) ?? [] };
}

/** `+main` and `:main` overwrite and delete as `--force` and `--delete` do. */
function readPush(rest: readonly Word[]): ProgramReading {
  const reading = push(rest);
  const overwrites = rest.some((word) => word.kind === 'static' && /^[+:]./.test(word.value));
  const acts: readonly Act[] = overwrites ? [...reading.acts, 'rewrite-remote-history'] : reading.acts;
  return { ...reading, acts };
}

const NOTHING: ProgramReading = { touches: [], acts: [], unknowns: [] };

function unlisted(about: 'option' | 'program', why: string): ProgramReading {
  return { ...NOTHING, unknowns: [{ about, why }] };
}
