import type { Act, Word } from '../types.ts';
import { hostIn } from './host-in.ts';
import { program } from './program.ts';
import { each, named, withOptions } from './subcommands.ts';
import { flag, onlyShows, optional, reads, value } from './table.ts';
import type { ProgramReading, Table } from './table.ts';

const common = {
  '-h --help': onlyShows,
  '-R --repo': value,
  '--hostname': { takes: 'host' },
} as const;

const looks = (flags: string, values: string, rest: Table['operands']['rest'] = 'data'): Table => ({
  options: named(flags, values),
  operands: { rest },
  acts: ['read-remote'],
});
const printing = '--json -q --jq -t --template';
/** Commands of which it is enough to know what they do: no option makes them do less. */
const does = (acts: readonly Act[], flags = '--yes', values = '--body'): Table => ({
  options: named(flags, values),
  operands: { rest: 'data' },
  acts,
});
const lists = (flags: string, values: string): Table =>
  looks(`-w --web ${flags}`.trim(), `-L --limit ${printing} ${values}`.trim());
const views = (flags: string, values = ''): Table =>
  looks(`-w --web ${flags}`.trim(), `${printing} ${values}`.trim());

const reading: Readonly<Record<string, Table>> = {
  'pr list': lists(
    '-d --draft',
    '-s --state -A --author -a --assignee -l --label -B --base -H --head -S --search --app',
  ),
  'pr view': views('-c --comments'),
  'pr status': looks('-c --conflict-status', printing),
  'pr diff': looks('--patch --name-only -w --web', '--color -e --exclude'),
  'pr checks': looks('--watch --required --fail-fast -w --web', `-i --interval ${printing}`),
  'issue list': lists(
    '',
    '-s --state -A --author -a --assignee -l --label -m --milestone --mention -S --search --app --type',
  ),
  'issue view': views('-c --comments'),
  'issue status': looks('', printing),
  'repo list': lists('--source --fork --archived --no-archived', '-l --language --topic --visibility'),
  'repo view': views('', '-b --branch'),
  'repo license list': looks('', printing),
  'repo gitignore list': looks('', printing),
  'repo deploy-key list': lists('', ''),
  'repo autolink list': lists('', ''),
  'run list': lists(
    '-a --all',
    '-w --workflow -b --branch -u --user -e --event -s --status -c --commit --created',
  ),
  'run view': views('--log --log-failed --exit-status -v --verbose', '-j --job -a --attempt'),
  'run watch': looks('--exit-status --compact', '-i --interval'),
  'workflow list': lists('-a --all', ''),
  'workflow view': views('-y --yaml', '-r --ref'),
  'release list': lists('--exclude-drafts --exclude-pre-releases', '-O --order'),
  'release view': views(''),
  'release verify': looks('', printing),
  'release verify-asset': looks('', printing),
  'gist list': lists('--public --secret --include-content', '--filter'),
  'gist view': views('-r --raw --files', '-f --filename'),
  'search repos': lists(
    '--archived --include-forks',
    '--created --followers --forks --good-first-issues --help-wanted-issues --language --license --match --number-topics --order --owner --size --sort --stars --topic --updated --visibility',
  ),
  'search issues': searching(),
  'search prs': searching(),
  'search commits': lists(
    '--merge',
    '--author --author-date --author-email --author-name --committer --committer-date --committer-email --committer-name --hash --order --owner --parent --sort --tree --visibility',
  ),
  'search code': lists('', '--extension --filename --language --match --owner --size'),
  'cache list': lists('', '-k --key -r --ref -S --sort -O --order'),
  'secret list': lists('', '-a --app -e --env -o --org -u --user'),
  'variable list': lists('', '-e --env -o --org'),
  'variable get': looks('', `-e --env -o --org ${printing}`),
  'label list': lists('', '-S --search --sort --order'),
  'auth status': looks('-a --active', `-h --hostname ${printing}`),
  'codespace list': lists('', '-o --org -u --user -r --repo'),
  'codespace logs': looks('-f --follow', '-c --codespace'),
  // Behind it stand more subcommands, which change something.
  'codespace ports': looks('', `-c --codespace ${printing}`, 'unlisted'),
  'codespace view': looks('', `-c --codespace ${printing}`),
  'extension search': lists('', '--license --order --owner --sort'),
  'ssh-key list': lists('', ''),
  'gpg-key list': lists('', ''),
  'project list': lists('--closed', '--owner --format'),
  'project view': views('', '--owner --format'),
  'project field-list': lists('', '--owner --format'),
  'project item-list': lists('', '--owner --format --query'),
  'org list': lists('', ''),
  'ruleset list': lists('-p --parents', '-o --org'),
  'ruleset view': views('-p --parents', '-o --org'),
  'ruleset check': looks('--default -w --web', '-b --branch'),
  status: looks('', '-e --exclude -o --org'),
  'attestation verify': looks(
    '--no-public-good --bundle-from-oci --deny-self-hosted-runners',
    `-d --digest-alg --format -o --owner --predicate-type --signer-repo --signer-workflow --cert-identity -L --limit ${printing}`,
    'reads',
  ),
  'attestation trusted-root': looks('--verify-only', '--hostname'),
};

function searching(): Table {
  return lists(
    '--archived --include-prs --locked --no-assignee --no-label --no-milestone --no-project --draft --merged',
    '--app --assignee --author --base --checks --closed --commenter --comments --created --head --interactions --involves --label --language --match --mentions --merged-at --milestone --order --owner --project --reactions --review --review-requested --reviewed-by --sort --state --team-mentions --updated --visibility',
  );
}

/** What is known on this machine alone. */
const local: Readonly<Record<string, Table>> = {
  'config get': { options: { '-h --host': value }, operands: { rest: 'data' } },
  'config list': { options: { '-h --host': value }, operands: { rest: 'unlisted' } },
  'extension list': { operands: { rest: 'unlisted' } },
  'alias list': { operands: { rest: 'unlisted' } },
  completion: { options: { '-s --shell': value }, operands: { rest: 'unlisted' } },
  version: { operands: { rest: 'unlisted' } },
  help: { operands: { rest: 'data' } },
  browse: {
    options: {
      '-n --no-browser -p --projects -r --releases -s --settings -w --wiki -a --actions --blame': flag,
      '-b --branch': value,
      '-c --commit': optional,
    },
    operands: { rest: 'data' },
  },
};

const REMOTE: readonly Act[] = ['change-remote'];
const DESTROYS: readonly Act[] = ['destroy-remote'];

const bodies = {
  '-F --body-file --notes-file': reads,
  '-t --title -b --body -m --milestone -a --assignee -l --label -p --project -r --reviewer -B --base -H --head':
    value,
  '--add-label --remove-label --add-assignee --remove-assignee --add-reviewer --remove-reviewer': value,
  '--add-project --remove-project --recover -T --template -c --comment --reason --subject -A --author-email':
    value,
  '--match-head-commit -n --notes --target --discussion-category --notes-start-tag': value,
  '-d --draft -f --fill --fill-first --fill-verbose --no-maintainer-edit --dry-run -e --editor -w --web':
    flag,
  '--auto --disable-auto --squash --rebase --merge -s -y --yes --approve --request-changes --undo': flag,
  '--prerelease --latest --generate-notes --verify-tag --fail-on-no-commits --edit-last --create-if-none':
    flag,
  '--remove-milestone': flag,
} as const;

const changing: Readonly<Record<string, Table>> = {
  ...each(
    'pr create, pr edit, pr comment, pr ready, pr reopen, pr lock, pr unlock, pr update-branch, pr revert, issue create, issue edit, issue comment, issue reopen, issue close, issue pin, issue unpin, issue lock, issue unlock, issue transfer, issue develop',
    {
      options: bodies,
      operands: { rest: 'data' },
      acts: REMOTE,
    },
  ),
  'pr review': {
    options: { ...bodies, '-a -c -r --comment': flag },
    operands: { rest: 'data' },
    acts: REMOTE,
  },
  'pr close': {
    options: { ...bodies, '-d --delete-branch': { takes: 'flag', acts: DESTROYS } },
    operands: { rest: 'data' },
    acts: REMOTE,
  },
  'pr merge': {
    options: { ...bodies, '-m -r --admin': flag, '-d --delete-branch': { takes: 'flag', acts: DESTROYS } },
    operands: { rest: 'data' },
    acts: REMOTE,
  },
  'pr checkout': {
    options: {
      '--detach --recurse-submodules': flag,
      '-b --branch': value,
      '-f --force': { takes: 'flag', acts: ['rewrite-history'] },
    },
    operands: { rest: 'data' },
    acts: ['read-remote', 'change-history'],
  },
  'release create': { options: bodies, operands: { first: ['data'], rest: 'reads' }, acts: ['publish'] },
  'release edit': { options: { ...bodies, '--tag': value }, operands: { rest: 'data' }, acts: ['publish'] },
  'release upload': {
    options: { '--clobber': flag },
    operands: { first: ['data'], rest: 'reads' },
    acts: ['publish'],
  },
  'release download': {
    options: {
      '--skip-existing --clobber': flag,
      '-p --pattern -A --archive': value,
      '-D --dir': { takes: 'writes', operands: 'data' },
      '-O --output': { takes: 'writes', operands: 'data' },
    },
    operands: { first: ['data'], rest: 'writes', none: '.' },
    acts: ['read-remote'],
  },
  'run download': {
    options: { '-n --name -p --pattern': value, '-D --dir': { takes: 'writes', operands: 'data' } },
    operands: { first: ['data'], rest: 'writes', none: '.' },
    acts: ['read-remote'],
  },
  'attestation download': {
    options: { '-d --digest-alg -o --owner --predicate-type -L --limit': value },
    operands: { first: ['reads'], rest: 'writes', none: '.' },
    acts: ['read-remote'],
  },
  'repo clone': {
    options: { '-u --upstream-remote-name': value },
    operands: { first: ['data'], rest: 'writes', none: '.' },
    acts: ['read-remote'],
  },
  'gist clone': { operands: { first: ['data'], rest: 'writes', none: '.' }, acts: ['read-remote'] },
  'gist create': {
    options: { '-p --public -w --web': flag, '-d --desc -f --filename': value },
    operands: { rest: 'reads' },
    acts: ['publish'],
  },
  'gist edit': {
    options: { '-a --add': reads, '-f --filename -d --desc -r --remove': value },
    operands: { first: ['data'], rest: 'reads' },
    acts: ['publish'],
  },
  ...each(
    'pr delete, issue delete, repo delete, run delete, release delete, release delete-asset, gist delete, cache delete, secret delete, variable delete, label delete, codespace delete, ssh-key delete, gpg-key delete, project delete, project item-delete, project field-delete, repo deploy-key delete, repo autolink delete',
    {
      options: {
        '-y --yes --cleanup-tag -a --all -f --force': flag,
        '--id --owner --format -e --env -o --org -u --user -c --codespace --succeed-on-no-caches': value,
      },
      operands: { rest: 'data' },
      acts: DESTROYS,
    },
  ),
  ...each(
    'repo create, repo fork, repo edit, repo archive, repo unarchive, repo rename, repo sync',
    does(
      REMOTE,
      '-y --yes --public --private --internal --clone --remote --force --push --add-readme',
      '-d --description --visibility --default-branch --homepage -s --source --branch',
    ),
  ),
  ...each(
    'run cancel, run rerun, workflow run, workflow enable, workflow disable',
    does(REMOTE, '--failed -d --debug --force', '-j --job -r --ref -f --raw-field'),
  ),
  ...each(
    'label create, label edit, label clone',
    does(REMOTE, '-f --force', '-c --color -d --description -n --name'),
  ),
  ...each(
    'secret set, variable set',
    does(REMOTE, '--no-store', '-b --body -e --env -o --org -v --visibility -a --app'),
  ),
  ...each(
    'project create, project edit, project close, project copy, project link, project unlink, project item-add, project item-create, project item-edit, project item-archive, project field-create, project mark-template',
    does(
      REMOTE,
      '--undo',
      '--owner --title --url --id --format --body --project-id --field-id --text -d --description --readme --visibility',
    ),
  ),
};

/** Shortened names of groups: `gh cs list`. */
const withAliases = (tables: Readonly<Record<string, Table>>): Record<string, Table> => {
  const aliases: readonly (readonly [RegExp, string])[] = [
    [/^codespace /, 'cs '],
    [/^extension /, 'ext '],
    [/^extension /, 'extensions '],
    [/^ruleset /, 'rs '],
    [/^attestation /, 'at '],
    [/ list$/, ' ls'],
  ];
  const more = Object.entries(tables).flatMap(([name, table]) =>
    aliases
      .filter(([pattern]) => pattern.test(name))
      .map(([pattern, short]) => [name.replace(pattern, short), table] as const),
  );
  return { ...tables, ...Object.fromEntries(more) };
};

const groups =
  'pr,issue,repo,run,workflow,release,gist,search,cache,secret,variable,label,auth,config,codespace,cs,extension,ext,alias,ssh-key,gpg-key,project,org,ruleset,attestation';

const readGh = program({
  options: { ...common, '--version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(common, {
    ...each(groups, { operands: { rest: 'unlisted' } }),
    ...withAliases({ ...reading, ...local, ...changing }),
    api: { options: { '--help': onlyShows }, operands: { rest: 'unlisted' } },
  }),
});

const apiWords = program({
  options: {
    ...common,
    '-i --include --paginate --slurp --silent --verbose': flag,
    '-X --method -H --header -q --jq -t --template --cache -p --preview': value,
    // Which request it is, is looked into below.
    '-f --raw-field -F --field': value,
    '--input': reads,
  },
  operands: { rest: 'data' },
});

/** GitHub's command line, gh 2. */
export const gh = {
  gh: (words: readonly Word[]): ProgramReading => {
    const [first, ...rest] = words;
    const isApi = first?.kind === 'static' && first.value === 'api';
    return withFilter(isApi ? readApi(rest) : readGh(words), words);
  },
};

/** A filter sees the environment, as jq's do; and a setting may be the token itself. */
function withFilter(reading: ProgramReading, words: readonly Word[]): ProgramReading {
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  const filters = valuesOf(texts, ['-q', '--jq']);
  const seesEnvironment = filters.some((filter) => /\$ENV\b|(?<![.\w$])env\b(?!\s*:)/.test(filter));
  const isToken = texts[0] === 'config' && texts.some((text) => /token/i.test(text));
  if (!seesEnvironment && !isToken) return reading;
  const doubt = { about: 'option', why: 'the setting is a token' } as const;
  return {
    ...reading,
    acts: seesEnvironment ? [...reading.acts, 'list-environment'] : reading.acts,
    unknowns: isToken ? [...reading.unknowns, doubt] : reading.unknowns,
  };
}

/** gh-api(1): GET unless there are fields or input; a method that is named counts. */
function readApi(words: readonly Word[]): ProgramReading {
  const reading = apiWords(words);
  const texts = words.map((word) => (word.kind === 'static' ? word.value : '$'));
  const method = valuesOf(texts, ['-X', '--method']).at(-1);
  const fields = valuesOf(texts, ['-f', '--raw-field', '-F', '--field']);
  const hasInput = valuesOf(texts, ['--input']).length > 0;
  const sends = fields.length > 0 || hasInput;
  // `@file` makes a field of a file's text; `-F` alone reads it, but a query may name files otherwise.
  const touches = fields
    .map((field) => /^[^=]*=@(.+)$/.exec(field)?.[1])
    .filter((path) => path !== undefined && path !== '-')
    .map((path) => ({ kind: 'read' as const, path: path ?? '' }));
  const hosts = texts.filter((text) => /^https?:/i.test(text)).map((text) => hostIn(text));
  const act = actOfRequest(method ?? (sends ? 'POST' : 'GET'), texts, fields);
  return {
    ...reading,
    touches: [...reading.touches, ...touches],
    hosts: [...(reading.hosts ?? []), ...hosts],
    acts: [...reading.acts, ...act],
  };
}

function actOfRequest(method: string, texts: readonly string[], fields: readonly string[]): readonly Act[] {
  if (texts.some((text) => text === '--help')) return [];
  // `-if title=x` is `-i -f title=x`.
  if (texts.some((text) => /^-i./.test(text))) return REMOTE;
  if (/^(?:GET|HEAD)$/i.test(method)) return ['read-remote'];
  if (/^DELETE$/i.test(method)) return DESTROYS;
  const queries = fields.filter((field) => field.startsWith('query='));
  const query = queries[0]?.slice('query='.length).trimStart();
  const onlyAsks =
    queries.length === 1 &&
    query !== undefined &&
    /^(?:query\b|\{)/.test(query) &&
    !/\b(?:mutation|subscription)\b/.test(query);
  return texts.includes('graphql') && onlyAsks ? ['read-remote'] : REMOTE;
}

/** Values of an option in all its spellings: `-X POST`, `-XPOST`, `--method=POST`. */
function valuesOf(texts: readonly string[], names: readonly string[]): string[] {
  return texts.flatMap((text, index) => {
    for (const name of names) {
      if (text === name) return [texts[index + 1] ?? '$'];
      if (
        name.startsWith('--') ? text.startsWith(`${name}=`) : text.startsWith(name) && !text.startsWith('--')
      ) {
        return [text.slice(name.startsWith('--') ? name.length + 1 : name.length).replace(/^=/, '')];
      }
    }
    return [];
  });
}
