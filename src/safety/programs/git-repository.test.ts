import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskView } from '../file-view.ts';
import type { Word } from '../types.ts';
import { readGit } from './git.ts';
import { UNKNOWN_GIT_CALL } from './git-call.ts';
import { readRepository } from './git-repository.ts';
import type { RepositoryReading } from './git-repository.ts';

let base = '';
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-git-')));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(base, path)), { recursive: true });
  writeFileSync(join(base, path), text);
}

function read(line: string, folder = ''): RepositoryReading {
  const words = line.split(' ').map((text): Word => ({ kind: 'static', value: text, text }));
  const call = readGit(words).git ?? UNKNOWN_GIT_CALL;
  return readRepository(join(base, folder), call, { home: '/home/ada', view: diskView });
}
const doubt = (folder = '', line = 'status'): string | undefined => read(line, folder).doubt;
const hooks = (line: string): string[] => read(line).hooks.map((path) => path.slice(base.length + 1));

describe('what a repository may run when something is looked at', () => {
  it('is nothing where there is no repository', () => {
    expect(doubt()).toBeUndefined();
  });

  it('is nothing with everyday settings, seen from a folder below', () => {
    write(
      '.git/config',
      '[core]\n bare = false\n[remote "origin"]\n url = x\n fetch = +a:b\n[user]\n name = A\n',
    );
    write('src/deep/a', '');
    expect(doubt('src/deep')).toBeUndefined();
  });

  it.each([
    '[core] fsmonitor = ./x',
    '[core] pager = x',
    '[core] sshCommand = x',
    '[core] worktree = /',
    '[diff] external = x',
    '[diff] submodule = diff',
    '[diff "jpg"] textconv = x',
    '[filter "x"] clean = y',
    '[alias] status = !x',
    '[include] path = x',
    '[includeIf "gitdir:x"] path = y',
    '[gpg] program = x',
    '[gc] recentObjectsHook = x',
    '[pager] log = x',
    '[unheardof] of = x',
    'not a config',
  ])('is told of %s', (text) => {
    write('.git/config', text);
    expect(doubt()).toContain('.git/config');
  });

  it('is the one hook that reading runs, wherever hooks are kept', () => {
    write('.git/config', '[core]\n hooksPath = .husky/_\n fsmonitor = true\n');
    expect(doubt()).toBeUndefined();
    write('.husky/_/post-index-change', '');
    expect(doubt()).toContain('post-index-change');
  });

  it('is looked up where a worktree says its settings are', () => {
    write('main/.git/config', '[core]\n bare = false\n');
    write('main/.git/worktrees/w/commondir', '../..\n');
    write('w/.git', `gitdir: ${base}/main/.git/worktrees/w\n`);
    expect(doubt('w')).toBeUndefined();
    write('main/.git/worktrees/w/config.worktree', '[core] pager = x');
    expect(doubt('w')).toContain('core.pager');
    write('main/.git/config', '[core] fsmonitor = x');
    expect(doubt('w')).toContain('core.fsmonitor');
  });

  it('is doubted in a folder that is a repository by its looks, and behind a pointer to nowhere', () => {
    for (const name of ['bare/HEAD', 'bare/objects/x', 'bare/refs/x', 'bare/config']) write(name, '');
    expect(doubt('bare')).toContain('itself a git repository');
    write('lost/.git', 'gitdir: ../nowhere\n');
    expect(doubt('lost')).toContain('leads nowhere');
  });
});

describe('submodules', () => {
  const submodule = '[core]\n\tbare = false\n\tworktree = ../../../lib\n[remote "origin"]\n\turl = x\n';

  it('are no doubt as git makes them', () => {
    write('.git/config', '[submodule "lib"]\n\turl = x\n\tactive = true\n');
    write('.git/modules/lib/config', submodule);
    write('.git/modules/lib/HEAD', 'ref: refs/heads/main\n');
    write('lib/.git', 'gitdir: ../.git/modules/lib\n');
    expect([doubt(), doubt('lib')]).toEqual([undefined, undefined]);
  });

  it('are looked into for settings and hooks, also behind a name with a slash and inside one another', () => {
    write('.git/config', '');
    write('.git/modules/group/lib/config', '[core]\n\tworktree = ../../../../../elsewhere\n');
    expect(doubt()).toContain('core.worktree');
    write('.git/modules/group/lib/config', '[core]\n\tworktree = ../../../../group/lib\n');
    expect(doubt()).toBeUndefined();
    write('.git/modules/group/lib/modules/deep/config', '[filter "x"]\n\tclean = x\n');
    expect(doubt()).toContain('filter.x.clean');
    write('.git/modules/group/lib/modules/deep/config', '');
    write('.git/modules/group/lib/hooks/post-index-change', '');
    expect(doubt()).toContain('group/lib/hooks/post-index-change');
  });

  it('count only for commands that look at the work tree', () => {
    write('.git/config', '');
    write('.git/modules/lib/config', '[core] fsmonitor = x');
    const looking = ['status', 'diff', 'log --submodule=diff', 'describe --dirty', 'add .', 'frobnicate'];
    for (const line of looking) expect(doubt('', line)).toContain('modules/lib/config');
    const blind = [
      'log -5',
      'show HEAD',
      'branch',
      'rev-parse HEAD',
      'status --ignore-submodules=all',
      'diff --ignore-submodules',
    ];
    for (const line of blind) expect(doubt('', line)).toBeUndefined();
    for (const line of [
      'status --ignore-submodules=dirty',
      'status --ignore-submodules=all --ignore-submodules=none',
      'status -- --ignore-submodules=all',
    ])
      expect(doubt('', line)).toContain('modules/lib/config');
  });

  it('are doubted when the index can not be read', () => {
    write('.git/config', '');
    write('.git/index', 'DIRC and what follows makes no sense');
    expect(doubt()).toContain("index can't be read");
    expect(doubt('', 'log')).toBeUndefined();
  });
});

describe('hooks', () => {
  it('run when there is one of that name for that command', () => {
    write('.git/hooks/pre-commit', 'x');
    write('.git/hooks/post-checkout', 'x');
    write('.git/hooks/pre-push.sample', 'x');
    expect(hooks('commit -m x')).toEqual(['.git/hooks/pre-commit']);
    for (const line of ['checkout -b x', 'switch main', 'worktree add ../x', 'bisect good', 'restore a'])
      expect(hooks(line)).toEqual(['.git/hooks/post-checkout']);
    expect(hooks('rebase main')).toEqual(['.git/hooks/post-checkout', '.git/hooks/pre-commit']);
    for (const line of ['status', 'log', 'push', 'fetch', 'add .', 'merge x', 'branch', 'commit --help'])
      expect(hooks(line)).toEqual([]);
    expect(hooks('merge --continue')).toEqual(['.git/hooks/pre-commit']);
  });

  it.each([
    ['am', 'am a.patch'],
    ['pre-push', 'push'],
    ['post-merge', 'pull'],
    ['prepare-commit-msg', 'cherry-pick x'],
    ['commit-msg', 'revert x'],
    ['reference-transaction', 'tag v1'],
    ['reference-transaction', 'fetch'],
  ])('%s: git %s', (hook, line) => {
    const name = hook === 'am' ? 'applypatch-msg' : hook;
    write(`.git/hooks/${name}`, 'x');
    expect(hooks(line)).toEqual([`.git/hooks/${name}`]);
  });

  it('are those that the settings of the repository name', () => {
    write('.git/config', '[core]\n\thooksPath = .husky\n');
    write('.git/hooks/pre-commit', 'x');
    expect(hooks('commit -m x')).toEqual([]);
    write('.husky/pre-commit', 'x');
    expect(hooks('commit -m x')).toEqual(['.husky/pre-commit']);
  });

  it('are left out by --no-verify, where they verify', () => {
    for (const name of ['pre-commit', 'commit-msg', 'post-commit', 'pre-push'])
      write(`.git/hooks/${name}`, 'x');
    const after = ['.git/hooks/post-commit'];
    for (const line of ['commit --no-verify -m x', 'commit -nm x', 'commit -an -m x'])
      expect(hooks(line)).toEqual(after);
    const all = ['.git/hooks/pre-commit', '.git/hooks/commit-msg', '.git/hooks/post-commit'];
    for (const line of ['commit -m n', 'commit -mn', 'commit --no-verify --verify', 'commit -- --no-verify'])
      expect(hooks(line)).toEqual(all);
    expect([hooks('push'), hooks('push --no-verify')]).toEqual([['.git/hooks/pre-push'], []]);
  });

  it('of submodules run when these are changed along', () => {
    write('.git/modules/lib/config', '');
    write('.git/modules/lib/hooks/post-checkout', 'x');
    expect(hooks('checkout -b x')).toEqual([]);
    const found = ['.git/modules/lib/hooks/post-checkout'];
    expect([hooks('submodule update'), hooks('checkout --recurse-submodules -b x')]).toEqual([found, found]);
  });
});
