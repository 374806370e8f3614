import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBash } from '../../src/safety/footprint/bash.ts';
import type { BashReading } from '../../src/safety/footprint/bash.ts';
import { diskView } from '../../src/safety/file-view.ts';

/** What git really runs beside itself, and what the footprint says of it. The programs here only leave a mark. */
const hasGit = spawnSync('git', ['--version']).status === 0;

let base = '';
let project = '';
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-git-runs-')));
  project = join(base, 'project');
  mkdirSync(project);
  repository(project);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function git(folder: string, ...words: readonly string[]): void {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: base,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
  execFileSync('git', ['-C', folder, ...words], { env, stdio: 'ignore', timeout: 20_000 });
}

function repository(folder: string): void {
  git(folder, 'init', '-q');
  git(folder, 'config', 'user.email', 'ada@example.com');
  git(folder, 'config', 'user.name', 'Ada');
  writeFileSync(join(folder, 'file.txt'), 'x\n');
  git(folder, 'add', 'file.txt');
  git(folder, 'commit', '-qm', 'first');
}

const mark = (): string => join(base, 'mark');

/** A program that leaves a mark and fails, so that git goes on without it. */
function program(path: string): string {
  writeFileSync(path, `#!/bin/sh\n: > '${mark()}'\nexit 0\n`);
  chmodSync(path, 0o755);
  return path;
}

function leavesMark(...words: readonly string[]): boolean {
  rmSync(mark(), { force: true });
  git(project, ...words);
  return existsSync(mark());
}

function read(command: string): BashReading {
  return readBash(command, { directory: project, home: base, view: diskView });
}
const isDoubted = (command: string): boolean =>
  read(command).unknowns.some(({ about }) => about === 'repository');
const acts = (command: string): string[] =>
  read(command).effects.flatMap((effect) => (effect.kind === 'act' ? [effect.act] : []));

describe.skipIf(!hasGit)('a repository inside another one', () => {
  let inner = '';
  beforeEach(() => {
    inner = join(project, 'libs/inner');
    mkdirSync(inner, { recursive: true });
    repository(inner);
    git(project, 'add', 'libs/inner');
    git(project, 'commit', '-qm', 'with a repository inside');
  });

  it('is no doubt as long as it runs nothing', () => {
    expect(isDoubted('git status')).toBe(false);
  });

  it('has its watcher run by git status, unless submodules are left out', () => {
    git(inner, 'config', 'core.fsmonitor', program(join(base, 'watch.sh')));
    expect(leavesMark('status')).toBe(true);
    expect(isDoubted('git status')).toBe(true);
    expect(leavesMark('status', '--ignore-submodules=all')).toBe(false);
    expect(isDoubted('git status --ignore-submodules=all')).toBe(false);
    expect(leavesMark('log', '-p')).toBe(false);
    expect(isDoubted('git log -p')).toBe(false);
  });

  it('has its filters run by git diff', () => {
    git(inner, 'config', 'filter.x.clean', `${program(join(base, 'clean.sh'))}; cat`);
    writeFileSync(join(inner, '.gitattributes'), 'file.txt filter=x\n');
    // Another size would be a change without a look inside.
    writeFileSync(join(inner, 'file.txt'), 'y\n');
    expect(leavesMark('diff')).toBe(true);
    expect(isDoubted('git diff')).toBe(true);
  });

  it('has its hook run when git status refreshes its index', () => {
    program(join(inner, '.git/hooks/post-index-change'));
    writeFileSync(join(inner, 'file.txt'), 'y\n');
    writeFileSync(join(inner, 'file.txt'), 'x\n');
    expect(isDoubted('git status')).toBe(true);
  });

  it('is found in an index of any version, and in a split one', () => {
    git(inner, 'config', 'core.fsmonitor', program(join(base, 'watch.sh')));
    for (const version of ['4', '2']) {
      git(project, 'update-index', '--index-version', version);
      expect(isDoubted('git status')).toBe(true);
    }
    git(project, 'update-index', '--split-index');
    expect(leavesMark('status')).toBe(true);
    expect(isDoubted('git status')).toBe(true);
  });

  it('is left alone while git does not know it', () => {
    git(project, 'rm', '-q', '--cached', 'libs/inner');
    git(inner, 'config', 'core.fsmonitor', program(join(base, 'watch.sh')));
    expect(leavesMark('status')).toBe(false);
    expect(isDoubted('git status')).toBe(false);
  });
});

describe.skipIf(!hasGit)('a submodule', () => {
  beforeEach(() => {
    const library = join(base, 'library');
    mkdirSync(library);
    repository(library);
    git(project, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'libs/shared');
    git(project, 'commit', '-qm', 'with a submodule');
  });

  it('is no doubt as git makes it, seen from outside and inside', () => {
    expect([isDoubted('git status'), isDoubted('git -C libs/shared status')]).toEqual([false, false]);
  });

  it('has its watcher run by git status', () => {
    git(join(project, 'libs/shared'), 'config', 'core.fsmonitor', program(join(base, 'watch.sh')));
    expect(leavesMark('status')).toBe(true);
    expect(isDoubted('git status')).toBe(true);
  });
});

describe.skipIf(!hasGit)('a hook', () => {
  it('that git runs for a commit stands in the footprint, and --no-verify takes it out', () => {
    const hook = program(join(project, '.git/hooks/pre-commit'));
    expect(leavesMark('commit', '--allow-empty', '-qm', 'x')).toBe(true);
    expect(acts('git commit -m x')).toContain('run-project-code');
    expect(read('git commit -m x').effects).toContainEqual({
      kind: 'read',
      command: 0,
      path: { given: hook, real: hook, exists: true },
    });
    expect(leavesMark('commit', '--allow-empty', '--no-verify', '-qm', 'x')).toBe(false);
    expect(acts('git commit --no-verify -m x')).toEqual(['change-history']);
  });

  it.each([
    ['post-checkout', 'checkout -q -b other'],
    ['post-checkout', 'switch -q -c other'],
    ['post-checkout', 'restore file.txt'],
    ['post-checkout', 'worktree add -q ../elsewhere'],
    ['prepare-commit-msg', 'revert --no-edit HEAD'],
    ['reference-transaction', 'tag v1'],
    ['reference-transaction', 'branch other'],
    ['post-merge', 'merge -q other'],
  ])('%s runs for git %s', (hook, line) => {
    if (line.startsWith('merge')) {
      git(project, 'checkout', '-q', '-b', 'other');
      git(project, 'commit', '--allow-empty', '-qm', 'more');
      git(project, 'checkout', '-q', '-');
    }
    program(join(project, `.git/hooks/${hook}`));
    const said = acts(`git ${line}`);
    expect(leavesMark(...line.split(' '))).toBe(true);
    expect(said).toContain('run-project-code');
  });

  it('is looked for where the repository keeps them', () => {
    mkdirSync(join(project, '.husky'));
    program(join(project, '.husky/commit-msg'));
    git(project, 'config', 'core.hooksPath', '.husky');
    expect(leavesMark('commit', '--allow-empty', '-qm', 'x')).toBe(true);
    expect(acts('git commit -m x')).toContain('run-project-code');
  });
});
