import { absolutePath, resolvePath } from '../paths.ts';
import type { FileView } from '../file-view.ts';

/** Larger settings are not read: they are unknown. */
const LARGEST_CONFIG = 64 * 1024;

/**
 * Settings that only change what git shows or where it fetches from. What is not here might name a program
 * (git-config(1)), so that even `git status` would run it.
 */
const HARMLESS = new RegExp(
  `^(?:${[
    'core\\.(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks)',
    'core\\.(?:autocrlf|eol|safecrlf|quotepath|abbrev|longpaths|untrackedcache|preloadindex|sparsecheckout)',
    'core\\.(?:sparsecheckoutcone|compression|protecthfs|protectntfs|hidedotfiles|excludesfile|commitgraph)',
    'core\\.(?:whitespace|bigfilethreshold|deltabasecachelimit|splitindex|trustctime|checkstat|commentchar)',
    'remote\\..*\\.(?:url|pushurl|fetch|push|mirror|prune|prunetags|tagopt|gh-resolved|promisor|skipfetchall)',
    'remote\\..*\\.(?:partialclonefilter|skipdefaultupdate)',
    'remote\\.pushdefault',
    'branch\\..*\\.(?:remote|merge|rebase|pushremote|description|vscode-merge-base|gh-merge-base|mergeoptions)',
    'branch\\.(?:autosetupmerge|autosetuprebase|sort)',
    'user\\.(?:name|email|signingkey)',
    '(?:author|committer)\\.(?:name|email)',
    'color\\..*|column\\..*|advice\\..*|pack\\..*|index\\..*|feature\\..*|fetch\\..*|receive\\..*',
    '(?:commit|tag)\\.(?:gpgsign|sort|forcesignannotated|template|verbose|cleanup|status)',
    'pull\\.(?:rebase|ff)|push\\.(?:default|followtags|autosetupremote|gpgsign)',
    'rebase\\.(?:autosquash|autostash|updaterefs|stat|missingcommitscheck|abbreviatecommands)',
    'merge\\.(?:ff|conflictstyle|renames|renamelimit|stat|log|branchdesc)|rerere\\..*|init\\.defaultbranch',
    'diff\\.(?:algorithm|renames|renamelimit|colormoved|colormovedws|context|mnemonicprefix|noprefix)',
    'diff\\.(?:ignoresubmodules|submodule|statgraphwidth|indentheuristic|interhunkcontext|wserrorhighlight)',
    'status\\..*|log\\.(?:date|decorate|abbrevcommit|follow|mailmap|showroot)|blame\\..*|format\\.pretty',
    'gc\\.(?:auto|autodetach|autopacklimit|pruneexpire|reflogexpire|reflogexpireunreachable|writecommitgraph)',
    'lfs\\.(?:repositoryformatversion|url|.*\\.access|.*\\.locksverify)|submodule\\..*\\.(?:url|active|path|branch|ignore)|submodule\\.active',
    'extensions\\.(?:objectformat|worktreeconfig|partialclone|refstorage|compatobjectformat)',
    'maintenance\\..*|stash\\..*|tar\\.umask|worktree\\..*|github\\..*|svn-remote\\..*',
  ].join('|')})$`,
);

/** A setting as git names it: `remote.origin.url`, section and key in lower case. */
export type GitSetting = { readonly key: string; readonly value: string };

/**
 * Why a git command that reads could run something that the repository names, or undefined. `directory` is where
 * git would be started; the answer holds for the repository that git would find from there.
 */
export function gitRepositoryDoubt(directory: string, home: string, view: FileView): string | undefined {
  for (let folder = directory; ; folder = folder.slice(0, folder.lastIndexOf('/')) || '/') {
    const entry = join(folder, '.git');
    const kind = view.kind(entry);
    if (kind !== undefined) return doubtOfGitFolder(entry, folder, home, view);
    if (looksLikeBareRepository(folder, view)) {
      return `${folder} is itself a git repository, whose settings could run something`;
    }
    if (folder === '/') return undefined;
  }
}

function doubtOfGitFolder(entry: string, workTree: string, home: string, view: FileView): string | undefined {
  const gitFolder = gitFolderOf(entry, workTree, home, view);
  if (gitFolder === undefined) return `${entry} leads nowhere that could be read`;
  const common = view.read(join(gitFolder, 'commondir'), LARGEST_CONFIG)?.trim();
  const shared = common === undefined ? gitFolder : fromFolder(common, gitFolder);
  // The one hook that a command which only reads may run, when it refreshes the index (githooks(5)).
  const hook = join(shared, 'hooks/post-index-change');
  if (view.kind(hook) !== undefined) return `${hook} runs when the index is refreshed`;
  const modules = join(shared, 'modules');
  const submodules = view.list(modules).map((name) => join(join(modules, name), 'config'));
  for (const file of [join(shared, 'config'), join(gitFolder, 'config.worktree'), ...submodules]) {
    if (view.kind(file) === undefined) {
      // A submodule whose name has a slash in it lies deeper.
      if (submodules.includes(file)) return `${file} can't be read`;
      continue;
    }
    const text = view.read(file, LARGEST_CONFIG);
    const settings = text === undefined ? undefined : readGitConfig(text);
    if (settings === undefined) return `${file} can't be read`;
    for (const setting of settings) {
      const doubt = doubtOfSetting(setting, workTree, home, view);
      if (doubt !== undefined) return `${file} ${doubt}`;
    }
  }
  return undefined;
}

/** `.git` is the folder itself, a link to it, or a file that says where it is (a worktree, a submodule). */
function gitFolderOf(entry: string, workTree: string, home: string, view: FileView): string | undefined {
  const { real } = resolvePath(entry, workTree, home, view);
  if (view.kind(real) === 'directory') return real;
  const pointer = /^gitdir: (.+)\n*$/.exec(view.read(real, LARGEST_CONFIG) ?? '')?.[1];
  if (pointer === undefined) return undefined;
  const target = resolvePath(fromFolder(pointer, workTree), workTree, home, view);
  return target.exists ? target.real : undefined;
}

/** Git takes a folder for a repository without being asked when it has these (gitrepository-layout(5)). */
function looksLikeBareRepository(folder: string, view: FileView): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => view.kind(join(folder, name)) !== undefined);
}

function doubtOfSetting(
  { key, value }: GitSetting,
  workTree: string,
  home: string,
  view: FileView,
): string | undefined {
  if (HARMLESS.test(key)) return undefined;
  if (key === 'core.fsmonitor' && /^(?:true|false|0|1|)$/i.test(value)) return undefined;
  if (key === 'core.hookspath') {
    const hook = join(absolutePath(value, workTree, home), 'post-index-change');
    return view.kind(hook) === undefined ? undefined : `has ${hook} run when the index is refreshed`;
  }
  return `sets ${key}, which could run something`;
}

/**
 * The settings in a text of git-config(1)'s syntax; undefined for what is not of that syntax, as git would refuse
 * it, too.
 */
export function readGitConfig(text: string): GitSetting[] | undefined {
  // Whether a backslash joins two lines depends on where a comment begins; rare enough to be left alone.
  if (/\\\r?\n/.test(text)) return undefined;
  const settings: GitSetting[] = [];
  let section = '';
  for (const raw of text.split(/\r?\n/)) {
    let line = raw.trim();
    const header = /^\[\s*([A-Za-z0-9.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (header !== null) {
      const [whole, name = '', subsection] = header;
      section =
        name.toLowerCase() + (subsection === undefined ? '' : `.${subsection.replaceAll(/\\(.)/g, '$1')}`);
      line = line.slice(whole.length).trim();
    }
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const setting = /^([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*([\s\S]*))?$/.exec(line);
    if (setting === null || section === '') return undefined;
    const [, key = '', value = 'true'] = setting;
    settings.push({ key: `${section}.${key.toLowerCase()}`, value: unquoted(value) });
  }
  return settings;
}

function unquoted(value: string): string {
  const withoutComment = value.replace(/^((?:[^"#;]|"(?:[^"\\]|\\.)*")*)[#;].*$/, '$1').trim();
  return withoutComment.replaceAll('"', '').replaceAll(/\\(.)/g, '$1');
}

function join(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

/** As git reads it: a `~` is a name like any other there. */
function fromFolder(path: string, folder: string): string {
  return path.startsWith('/') ? path : join(folder, path);
}
