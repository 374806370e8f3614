import type { FileView } from '../file-view.ts';
import { absolutePath, isWithin, resolvePath } from '../paths.ts';
import type { GitCall } from './git-call.ts';
import { isHarmlessSetting, readGitConfig } from './git-config.ts';
import type { GitSetting } from './git-config.ts';
import { readGitIndex } from './git-index.ts';

/** What of the machine a repository is looked up in. */
export type RepositoryPlace = { readonly home: string; readonly view: FileView };

export type RepositoryReading = {
  /** Absolute, where it is checked out; undefined where there is none. */
  readonly workTree?: string | undefined;
  /** Why a command that reads could run something that a repository names. */
  readonly doubt?: string | undefined;
  /** Absolute paths of the hooks that the command would run. */
  readonly hooks: readonly string[];
};

/** A folder with `.git` in it, or what stands for that. */
type WorkTree = { readonly folder: string; readonly entry: string };

/** Larger settings are not read: they are unknown. So is an index of more than some 300,000 files. */
const LARGEST_CONFIG = 64 * 1024;
const LARGEST_INDEX = 32 * 1024 * 1024;
const MOST_REPOSITORIES = 100;
const DEEPEST_MODULE_NAME = 4;

/**
 * What git would find and run besides itself. `directory` is where it would be started; the answer holds for the
 * repository that it would find from there, and for those inside that one.
 */
export function readRepository(
  directory: string,
  call: GitCall,
  { home, view }: RepositoryPlace,
): RepositoryReading {
  for (let folder = directory; ; folder = folder.slice(0, folder.lastIndexOf('/')) || '/') {
    const entry = join(folder, '.git');
    if (view.kind(entry) !== undefined) return new Look(call, home, view).from({ folder, entry });
    if (looksLikeBareRepository(folder, view)) {
      return { doubt: `${folder} is itself a git repository, whose settings could run something`, hooks: [] };
    }
    if (folder === '/') return { hooks: [] };
  }
}

/** Git takes a folder for a repository without being asked when it has these (gitrepository-layout(5)). */
function looksLikeBareRepository(folder: string, view: FileView): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => view.kind(join(folder, name)) !== undefined);
}

/** Goes through a repository and those inside it, until there is something to doubt. */
class Look {
  readonly #call: GitCall;
  readonly #home: string;
  readonly #view: FileView;
  readonly #seen = new Set<string>();
  readonly #hooks: string[] = [];
  #outermost = '/';

  constructor(call: GitCall, home: string, view: FileView) {
    this.#call = call;
    this.#home = home;
    this.#view = view;
  }

  from(tree: WorkTree): RepositoryReading {
    this.#outermost = tree.folder;
    const doubt = this.#atWorkTree(tree, true);
    return { workTree: tree.folder, doubt, hooks: this.#hooks };
  }

  #atWorkTree({ folder, entry }: WorkTree, isOwn: boolean): string | undefined {
    const gitFolder = this.#gitFolderOf(entry, folder);
    if (gitFolder === undefined) return `${entry} leads nowhere that could be read`;
    return this.#at(gitFolder, folder, isOwn);
  }

  /** `workTree` undefined: its settings say where it is. */
  #at(gitFolder: string, workTree: string | undefined, isOwn: boolean): string | undefined {
    if (this.#seen.has(gitFolder)) return undefined;
    this.#seen.add(gitFolder);
    if (this.#seen.size > MOST_REPOSITORIES) return 'it has too many repositories inside to look at each';
    const common = this.#view.read(join(gitFolder, 'commondir'), LARGEST_CONFIG)?.trim();
    const shared = common === undefined ? gitFolder : fromFolder(common, gitFolder);
    const settings: GitSetting[] = [];
    for (const file of [join(shared, 'config'), join(gitFolder, 'config.worktree')]) {
      if (this.#view.kind(file) === undefined) continue;
      const text = this.#view.read(file, LARGEST_CONFIG);
      const own = text === undefined ? undefined : readGitConfig(text);
      if (own === undefined) return `${file} can't be read`;
      const odd = own.find((setting) => !this.#isHarmless(setting, gitFolder, workTree));
      if (odd !== undefined) return `${file} sets ${odd.key}, which could run something`;
      settings.push(...own);
    }
    const told = lastOf(settings, 'core.worktree');
    const folder = workTree ?? this.#real(fromFolder(told ?? '.', gitFolder));
    const hook = this.#atHooks(settings, shared, folder, isOwn);
    if (hook !== undefined) return `${hook} runs when the index is refreshed`;
    return this.#call.looksIntoOthers ? this.#inside(gitFolder, shared, folder, settings) : undefined;
  }

  #isHarmless(setting: GitSetting, gitFolder: string, workTree: string | undefined): boolean {
    const { key, value } = setting;
    if (key === 'core.hookspath') return true;
    if (key !== 'core.worktree') return isHarmlessSetting(setting);
    // A submodule's settings say where it is checked out.
    const told = this.#real(fromFolder(value, gitFolder));
    return workTree === undefined ? isWithin(told, this.#outermost) : told === workTree;
  }

  /** The one hook that a command which only reads may run; those of the call are taken down. */
  #atHooks(
    settings: readonly GitSetting[],
    shared: string,
    workTree: string,
    isOwn: boolean,
  ): string | undefined {
    const told = lastOf(settings, 'core.hookspath');
    const folder = told === undefined ? join(shared, 'hooks') : absolutePath(told, workTree, this.#home);
    if (isOwn || this.#call.changesOthers) {
      for (const name of new Set(this.#call.hooks)) {
        if (this.#view.kind(join(folder, name)) !== undefined) this.#hooks.push(join(folder, name));
      }
    }
    const hook = join(folder, 'post-index-change');
    return this.#view.kind(hook) === undefined ? undefined : hook;
  }

  /** Submodules, and other repositories that the index names: git is started in each (git-status(1)). */
  #inside(
    gitFolder: string,
    shared: string,
    workTree: string,
    settings: readonly GitSetting[],
  ): string | undefined {
    for (const folder of new Set([join(shared, 'modules'), join(gitFolder, 'modules')])) {
      const doubt = this.#inModules(folder, 0);
      if (doubt !== undefined) return doubt;
    }
    const gitlinks = this.#gitlinksOf(gitFolder, shared, settings);
    if (typeof gitlinks === 'string') return gitlinks;
    for (const name of gitlinks) {
      const folder = join(workTree, name);
      const entry = join(folder, '.git');
      if (this.#view.kind(entry) === undefined) continue;
      const doubt = this.#atWorkTree({ folder: this.#real(folder), entry }, false);
      if (doubt !== undefined) return doubt;
    }
    return undefined;
  }

  /** `modules/lib`; a submodule whose name has a slash in it lies deeper. */
  #inModules(folder: string, depth: number): string | undefined {
    for (const name of this.#view.list(folder)) {
      const place = join(folder, name);
      const kind = this.#view.kind(place);
      if (kind === 'file') continue;
      if (kind !== 'directory' || depth > DEEPEST_MODULE_NAME) return `${place} is not looked into`;
      const isRepository = ['HEAD', 'config'].some(
        (file) => this.#view.kind(join(place, file)) !== undefined,
      );
      const doubt = isRepository ? this.#at(place, undefined, false) : this.#inModules(place, depth + 1);
      if (doubt !== undefined) return doubt;
    }
    return undefined;
  }

  /** A text says why they are not known. */
  #gitlinksOf(
    gitFolder: string,
    shared: string,
    settings: readonly GitSetting[],
  ): ReadonlySet<string> | string {
    const hashBytes = lastOf(settings, 'extensions.objectformat')?.toLowerCase() === 'sha256' ? 32 : 20;
    const found = new Set<string>();
    const files = [join(gitFolder, 'index')];
    for (const file of files) {
      if (this.#view.kind(file) === undefined) continue;
      const bytes = this.#view.bytes(file, LARGEST_INDEX);
      const index = bytes === undefined ? undefined : readGitIndex(bytes, hashBytes);
      if (index === undefined) return `${file} can't be read, so it may name repositories inside this one`;
      for (const name of index.gitlinks) found.add(name);
      if (found.size > MOST_REPOSITORIES) return 'it has too many repositories inside to look at each';
      if (index.isSplit && files.length === 1) {
        for (const folder of new Set([gitFolder, shared]))
          files.push(
            ...this.#view
              .list(folder)
              .filter(isShared)
              .map((name) => join(folder, name)),
          );
      }
    }
    return found;
  }

  #real(path: string): string {
    return resolvePath(path, '/', this.#home, this.#view).real;
  }

  /** `.git` is the folder itself, a link to it, or a file that says where it is (a worktree, a submodule). */
  #gitFolderOf(entry: string, workTree: string): string | undefined {
    const { real } = resolvePath(entry, workTree, this.#home, this.#view);
    if (this.#view.kind(real) === 'directory') return real;
    const pointer = /^gitdir: (.+)\n*$/.exec(this.#view.read(real, LARGEST_CONFIG) ?? '')?.[1];
    if (pointer === undefined) return undefined;
    const target = resolvePath(fromFolder(pointer, workTree), workTree, this.#home, this.#view);
    return target.exists ? target.real : undefined;
  }
}

function isShared(name: string): boolean {
  return name.startsWith('sharedindex.');
}

function lastOf(settings: readonly GitSetting[], key: string): string | undefined {
  return settings.findLast((setting) => setting.key === key)?.value;
}

function join(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

/** As git reads it: a `~` is a name like any other there. */
function fromFolder(path: string, folder: string): string {
  return path.startsWith('/') ? path : join(folder, path);
}
