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
    'diff\\.(?:ignoresubmodules|statgraphwidth|indentheuristic|interhunkcontext|wserrorhighlight)',
    'status\\..*|log\\.(?:date|decorate|abbrevcommit|follow|mailmap|showroot)|blame\\..*|format\\.pretty',
    'gc\\.(?:auto|autodetach|autopacklimit|pruneexpire|reflogexpire|reflogexpireunreachable|writecommitgraph)',
    'lfs\\.(?:repositoryformatversion|url|.*\\.access|.*\\.locksverify)|submodule\\..*\\.(?:url|active|path|branch|ignore)|submodule\\.active',
    'extensions\\.(?:objectformat|worktreeconfig|partialclone|refstorage|compatobjectformat)',
    'maintenance\\..*|stash\\..*|tar\\.umask|worktree\\..*|github\\..*|svn-remote\\..*',
  ].join('|')})$`,
);

/** A setting as git names it: `remote.origin.url`, section and key in lower case. */
export type GitSetting = { readonly key: string; readonly value: string };

/** Whether a setting only changes what git shows or where it fetches from. */
export function isHarmlessSetting({ key, value }: GitSetting): boolean {
  if (key === 'core.fsmonitor') return /^(?:true|false|0|1|)$/i.test(value);
  // `diff` starts git in the submodule.
  if (key === 'diff.submodule') return value === 'log' || value === 'short';
  return HARMLESS.test(key);
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
