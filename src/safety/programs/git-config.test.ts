import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskView } from '../file-view.ts';
import { gitRepositoryDoubt, readGitConfig } from './git-config.ts';

let base = '';
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-git-')));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(base, path)), { recursive: true });
  writeFileSync(join(base, path), text);
}
const doubt = (folder = ''): string | undefined =>
  gitRepositoryDoubt(join(base, folder), '/home/ada', diskView);

describe('readGitConfig', () => {
  it('reads sections, subsections, comments and quotes', () => {
    const text = `# c
[core]
  Bare = false ; no
[remote "Origin.X"] url = "a # b"
[branch "a\\"b"]
\tmerge=refs/heads/main
[alias] st
`;
    expect(readGitConfig(text)).toEqual([
      { key: 'core.bare', value: 'false' },
      { key: 'remote.Origin.X.url', value: 'a # b' },
      { key: 'branch.a"b.merge', value: 'refs/heads/main' },
      { key: 'alias.st', value: 'true' },
    ]);
  });

  it.each(['x = 1', '[core\nx = 1', '[core]\n= 1', '[core]\n# c \\\nfsmonitor = x'])(
    'gives up on %j',
    (text) => {
      expect(readGitConfig(text)).toBeUndefined();
    },
  );
});

describe('gitRepositoryDoubt', () => {
  it('has none where there is no repository', () => {
    expect(doubt()).toBeUndefined();
  });

  it('has none about everyday settings, seen from a folder below', () => {
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
  ])('doubts a repository with %s', (text) => {
    write('.git/config', text);
    expect(doubt()).toContain('.git/config');
  });

  it('minds a hooks folder only when it has the hook that reading runs', () => {
    write('.git/config', '[core]\n hooksPath = .husky/_\n fsmonitor = true\n');
    expect(doubt()).toBeUndefined();
    write('.husky/_/post-index-change', '');
    expect(doubt()).toContain('post-index-change');
  });

  it('looks where a worktree says its settings are', () => {
    write('main/.git/config', '[core]\n bare = false\n');
    write('main/.git/worktrees/w/commondir', '../..\n');
    write('w/.git', `gitdir: ${base}/main/.git/worktrees/w\n`);
    expect(doubt('w')).toBeUndefined();
    write('main/.git/worktrees/w/config.worktree', '[core] pager = x');
    expect(doubt('w')).toContain('core.pager');
    write('main/.git/config', '[core] fsmonitor = x');
    expect(doubt('w')).toContain('core.fsmonitor');
  });

  it('looks into submodules', () => {
    write('.git/config', '');
    write('.git/modules/lib/config', '[core] fsmonitor = x');
    expect(doubt()).toContain('modules/lib/config');
  });

  it('doubts a folder that is a repository by its looks, and a pointer to nowhere', () => {
    for (const name of ['bare/HEAD', 'bare/objects/x', 'bare/refs/x', 'bare/config']) write(name, '');
    expect(doubt('bare')).toContain('itself a git repository');
    write('lost/.git', 'gitdir: ../nowhere\n');
    expect(doubt('lost')).toContain('leads nowhere');
  });
});
