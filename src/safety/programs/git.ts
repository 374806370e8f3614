import type { Act, Word } from '../types.ts';
import { gitCallOf } from './git-call.ts';
import type { GitCall } from './git-call.ts';
import { gitChanging } from './git-changing.ts';
import { readApply, readCheckout, readConfig, readReset } from './git-special.ts';
import { gitReading } from './git-reading.ts';
import { gitRemote } from './git-remote.ts';
import { program } from './program.ts';
import { TableReading } from './table-reading.ts';
import type { ProgramReading } from './table.ts';

type Reader = (words: readonly Word[]) => ProgramReading;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...[...Object.entries(gitReading), ...Object.entries(gitChanging)].map(
    ([name, table]) => [name, program(table)] as const,
  ),
  ...gitRemote,
  ['checkout', readCheckout],
  ['reset', readReset],
  ['config', readConfig],
  ['apply', readApply([])],
  ['am', readApply(['change-history'])],
]);

/** Subcommands of which only the worst is known. */
const ACTS: ReadonlyMap<string, readonly Act[]> = new Map(
  Object.entries<readonly Act[]>({
    subtree: ['change-history'],
    'send-email': ['publish'],
    'fast-import': ['rewrite-history'],
    'read-tree': ['rewrite-history'],
    maintenance: ['change-history'],
    svn: ['change-history'],
    p4: ['change-history'],
  }),
);

/** git's own options, before the subcommand, that change only how things are shown. */
const HARMLESS_GLOBALS = new Set(
  '--no-pager -P -p --paginate --no-optional-locks --literal-pathspecs --no-replace-objects --no-advice'.split(
    ' ',
  ),
);

/** `-c key=value` for this command alone; most other keys could name a program or move what git works on. */
const HARMLESS_SETTING =
  /^(?:color\..+|advice\..+|column\..+|core\.(?:quotepath|abbrev|autocrlf|eol|safecrlf|whitespace|commentchar|longpaths)|(?:user|author|committer)\.(?:name|email)|log\.(?:date|decorate|abbrevcommit|follow)|diff\.(?:algorithm|renames|renamelimit|colormoved|mnemonicprefix|noprefix|context|interhunkcontext)|status\.\w+|merge\.(?:conflictstyle|ff|renames|renamelimit)|pull\.(?:rebase|ff)|push\.(?:default|autosetupremote)|rebase\.(?:autosquash|autostash|updaterefs)|init\.defaultbranch|(?:commit|tag)\.gpgsign|grep\.(?:linenumber|column|fullname|patterntype)|blame\..+|gc\.auto)$/;

/** Settings that name a program, with a value that names a harmless one. */
const HARMLESS_PROGRAM =
  /^(?:core\.(?:pager|editor)|sequence\.editor|pager\.\w+)=(?:cat|true|false|:|)$|^core\.fsmonitor=(?:false|0|)$/i;

export type GitReading = ProgramReading & {
  /** From `-C`, in order; each is relative to the one before. */
  readonly directories: readonly string[];
  /** Absent when the subcommand is not known. */
  readonly git?: GitCall | undefined;
};

/** As certain about each word as the table is that has read them. */
class GitTableReading extends TableReading implements GitReading {
  readonly directories: readonly string[];
  readonly git: GitCall | undefined;

  constructor(reading: TableReading, directories: readonly string[], git: GitCall | undefined) {
    super(reading);
    this.directories = directories;
    this.git = git;
  }
}

/** `git [-C folder] subcommand …`, git 2.39 to 2.51. */
export function readGit(words: readonly Word[]): GitReading {
  const directories: string[] = [];
  let index = 0;
  for (; index < words.length; index += 1) {
    const word = words[index];
    if (word?.kind !== 'static') break;
    const next = words[index + 1];
    if (word.value === '-C' && next?.kind === 'static') {
      directories.push(next.value);
      index += 1;
    } else if (word.value === '-c' && next?.kind === 'static' && isHarmlessSetting(next.value)) {
      index += 1;
    } else if (!HARMLESS_GLOBALS.has(word.value)) break;
  }
  const name = words[index];
  const rest = words.slice(index + 1);
  if (name?.kind !== 'static')
    return { ...unlisted('option', 'the git subcommand is not known'), directories };
  const { reading, git } = readSubcommand(name.value, rest);
  if (reading instanceof TableReading) return new GitTableReading(reading, directories, git);
  return { ...reading, directories, git };
}

function isHarmlessSetting(setting: string): boolean {
  if (HARMLESS_PROGRAM.test(setting)) return true;
  const end = setting.indexOf('=');
  return HARMLESS_SETTING.test((end < 0 ? setting : setting.slice(0, end)).toLowerCase());
}

const SHOWS_ITSELF = new Set(
  '--version -v --help -h --exec-path --html-path --man-path --info-path --list-cmds=main'.split(' '),
);

type Subcommand = { readonly reading: ProgramReading; readonly git?: GitCall | undefined };

function readSubcommand(name: string, rest: readonly Word[]): Subcommand {
  if (name.startsWith('-')) {
    if (rest.length === 0 && SHOWS_ITSELF.has(name)) return { reading: NOTHING };
    return { reading: unlisted('option', `what git does with ${JSON.stringify(name)} is not known`) };
  }
  if (isHelp(rest)) return { reading: NOTHING };
  const [second] = rest;
  const longName = second?.kind === 'static' ? `${name} ${second.value}` : name;
  if (longName !== name && READERS.has(longName)) return withCall(longName, rest.slice(1));
  // `git reflog expire` is not `git reflog` with an operand.
  if (READERS.has(name) && !(name === 'reflog' && rest.length > 0)) return withCall(name, rest);
  const doubt = unlisted('program', `what git ${name} does is not looked into`);
  return { reading: { ...doubt, acts: ACTS.get(longName) ?? ACTS.get(name) ?? [] } };
}

function withCall(name: string, words: readonly Word[]): Subcommand {
  const reading = READERS.get(name)?.(words) ?? NOTHING;
  return { reading, git: gitCallOf(name, words, reading) };
}

/** git shows its manual for `git push --help`, and a summary for `git push -h`, before anything else is read. */
function isHelp([first, ...others]: readonly Word[]): boolean {
  return (
    others.length === 0 && first?.kind === 'static' && (first.value === '--help' || first.value === '-h')
  );
}

const NOTHING: ProgramReading = { touches: [], acts: [], unknowns: [] };

function unlisted(about: 'option' | 'program', why: string): ProgramReading {
  return { ...NOTHING, unknowns: [{ about, why }] };
}
