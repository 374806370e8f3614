import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGitWorld, type GitWorld } from '../../test/fixtures/git/git-world.ts';
import { createGit } from './create-git.ts';

const anyString: unknown = expect.any(String);

let template: GitWorld;
beforeAll(() => {
  template = createGitWorld();
  template.init('repo');
  template.write('repo/a', 'one\n');
  template.commitAll('repo', 'first');
});
afterAll(() => template.remove());

let world: GitWorld;
beforeEach(() => {
  world = createGitWorld();
});
afterEach(() => world.remove());

const find = async (at: string, env = world.env) =>
  createGit({ env }).findRepository(join(world.folder, at), { allowed: [world.folder] });

function project(): void {
  world.copy(template, 'repo');
}

describe('finding a repository', () => {
  it('looks upwards for its top', async () => {
    world.init('repo');
    world.write('repo/deep/er/file', '');
    expect(await find('repo/deep/er')).toMatchObject({
      kind: 'found',
      repository: { top: join(world.folder, 'repo') },
    });
  });

  it('says where there is none, where it is bare, and where git keeps its data', async () => {
    mkdirSync(join(world.folder, 'empty'));
    expect(await find('empty')).toEqual({ kind: 'none' });
    world.git('.', 'init', '--quiet', '--bare', 'bare.git');
    expect(await find('bare.git')).toMatchObject({ kind: 'refused', cause: 'bare' });
    world.init('repo');
    expect(await find('repo/.git')).toMatchObject({ kind: 'refused', cause: 'bare' });
    await expect(find('nowhere')).rejects.toMatchObject({ code: 'DIRECTORY_GONE' });
  });

  it('finds a linked working tree, a shallow clone and a sparse one', async () => {
    project();
    world.write('repo/dir/b', 'b\n');
    world.commitAll('repo', 'second');
    world.git('repo', 'worktree', 'add', '--quiet', '-b', 'side', '../tree');
    const tree = await world.open('tree');
    expect(await tree.status()).toMatchObject({ head: { kind: 'branch', branch: 'side' } });
    expect(await tree.checkout('main')).toMatchObject({ kind: 'refused', cause: 'dirty' });
    world.git('.', 'clone', '--quiet', '--depth=1', `file://${world.folder}/repo`, 'shallow');
    const shallow = await world.open('shallow');
    expect(await shallow.log()).toMatchObject({ commits: [{ subject: 'second', parents: [] }] });
    expect(await shallow.undoPreview()).toMatchObject({ kind: 'refused', cause: 'first-commit' });
    world.git('repo', 'sparse-checkout', 'set', '--cone', 'nothing');
    expect(await (await world.open('repo')).status()).toMatchObject({
      staged: [],
      unstaged: [],
      untracked: [],
    });
  });

  it('says which git is missing', async () => {
    world.init('repo');
    await expect(find('repo', { ...world.env, PATH: '/nowhere' })).rejects.toMatchObject({
      code: 'PROGRAM_NOT_STARTED',
    });
    const old = world.write('old/git', '#!/bin/sh\necho git version 2.30.9\n');
    chmodSync(old, 0o755);
    const path = `${join(world.folder, 'old')}:${world.env['PATH']}`;
    await expect(find('repo', { ...world.env, PATH: path })).rejects.toMatchObject({ code: 'GIT_TOO_OLD' });
  });
});

describe('branches', () => {
  it('come as they were used, and are found by parts and with typing errors', async () => {
    project();
    for (const name of ['feature/login', 'feature/logout', 'fix/ünï-🦀', 'old'])
      world.git('repo', 'branch', name);
    world.git('.', 'clone', '--quiet', 'repo', 'clone');
    const repository = await world.open('clone');
    expect(await repository.findBranch('feature/login')).toMatchObject({
      kind: 'exact',
      branch: { name: 'origin/feature/login' },
    });
    expect(await repository.findBranch('logni')).toMatchObject({
      kind: 'close',
      branches: [{ name: 'origin/feature/login' }],
    });
    expect(await repository.findBranch('feature/lo')).toMatchObject({
      kind: 'close',
      branches: [{ name: 'origin/feature/login' }, { name: 'origin/feature/logout' }],
    });
    expect(await repository.findBranch('zzzzzz')).toEqual({ kind: 'none' });
    expect(await repository.checkout('fix/ünï-🦀')).toEqual({
      kind: 'done',
      branch: 'fix/ünï-🦀',
      tracking: 'origin/fix/ünï-🦀',
      isUnchanged: false,
    });
    expect(await repository.checkout('origin/old')).toMatchObject({ branch: 'old', tracking: 'origin/old' });
    expect(await repository.checkout('old')).toMatchObject({ isUnchanged: true });
    expect(await repository.checkout('origin/fix/ünï-🦀')).toEqual({
      kind: 'done',
      branch: 'fix/ünï-🦀',
      isUnchanged: false,
    });
    const listed = await repository.branches();
    if (listed.kind !== 'done') throw new Error('no branches');
    const locals = listed.branches.filter((branch) => branch.kind === 'local');
    expect(locals.map(({ name }) => name)).toEqual(['fix/ünï-🦀', 'old', 'main']);
    expect(locals[0]).toMatchObject({
      isCurrent: true,
      upstream: { name: 'origin/fix/ünï-🦀', isGone: false },
    });
    expect(listed.branches.some(({ name }) => name === 'origin/HEAD')).toBe(false);
  });

  it('are not switched over changes in the way, nor by names that are none', async () => {
    project();
    world.git('repo', 'branch', 'side');
    world.write('repo/a', 'two\n');
    world.commitAll('repo');
    world.write('repo/a', 'three\n');
    const repository = await world.open('repo');
    expect(await repository.checkout('side')).toMatchObject({ kind: 'refused', cause: 'dirty' });
    for (const name of ['', '-f', '--detach', 'a..b', 'a b', 'a\0', '/etc/passwd', 'a\ufffd'])
      expect(await repository.checkout(name)).toMatchObject({ kind: 'refused', cause: 'bad-name' });
    expect(await repository.checkout('sdie')).toMatchObject({
      cause: 'no-such-branch',
      hint: 'Did you mean side?',
    });
    world.git('repo', 'update-ref', 'refs/heads/-f', 'HEAD');
    expect(await repository.checkout('-f')).toMatchObject({ kind: 'refused', cause: 'bad-name' });
  });

  it('are not taken for another one when none is checked out', async () => {
    project();
    world.git('repo', 'switch', '--quiet', '--detach');
    const repository = await world.open('repo');
    expect(await repository.status()).toMatchObject({ head: { kind: 'detached' } });
    expect(await repository.checkout('main')).toMatchObject({ kind: 'done', branch: 'main' });
  });
});

describe('log', () => {
  it('shows a range, a path and odd subjects, and refuses what is no range', async () => {
    project();
    world.git('repo', 'switch', '--quiet', '--create=side');
    world.write('repo/b', 'b\n');
    world.commitAll('repo', 'sub\u001bject 🦀');
    const repository = await world.open('repo');
    expect(await repository.log({ range: 'main..side' })).toMatchObject({
      commits: [{ subject: 'sub\u001bject 🦀', refs: ['HEAD -> side'] }],
    });
    expect(await repository.log({ path: 'a' })).toMatchObject({
      commits: [{ subject: 'first', author: 'Ann' }],
    });
    expect(await repository.log({ limit: 1 })).toMatchObject({
      commits: [{ parents: [anyString] }],
    });
    for (const range of ['--output=x', '-p', 'a b', ''])
      expect(await repository.log({ range })).toMatchObject({ kind: 'refused', cause: 'bad-name' });
    for (const range of ['nowhere', 'main..nowhere'])
      expect(await repository.log({ range })).toMatchObject({ kind: 'refused', cause: 'no-such-branch' });
  });
});

describe('stash', () => {
  it('puts aside, lists and brings back by the name of its commit', async () => {
    project();
    const repository = await world.open('repo');
    expect(await repository.stash()).toMatchObject({ cause: 'nothing-to-do' });
    expect(await repository.stashPop()).toMatchObject({ cause: 'nothing-to-do' });
    world.write('repo/a', 'first\n');
    const first = await repository.stash({ message: '-first "one"' });
    if (first.kind !== 'done') throw new Error('no stash');
    expect(first.stash.message).toBe('On main: -first "one"');
    world.write('repo/new', 'new\n');
    expect(await repository.stash({ untracked: true })).toMatchObject({ kind: 'done' });
    expect(await repository.stashes()).toMatchObject({ stashes: [{}, { commit: first.stash.commit }] });
    expect(await repository.status()).toMatchObject({ unstaged: [], untracked: [], stashes: 2 });
    expect(await repository.stashPop(first.stash.commit)).toMatchObject({ kind: 'done' });
    expect(await repository.status()).toMatchObject({ unstaged: [{ path: 'a' }], stashes: 1 });
  });

  it('is kept when it conflicts with what has come since', async () => {
    project();
    const repository = await world.open('repo');
    world.write('repo/a', 'stashed\n');
    await repository.stash();
    world.write('repo/a', 'since\n');
    expect(await repository.stashPop()).toMatchObject({ kind: 'refused', cause: 'dirty' });
    world.commitAll('repo');
    expect(await repository.stashPop()).toMatchObject({
      kind: 'conflicts',
      files: [{ path: 'a', kind: 'content', hunks: 1 }],
    });
    expect(await repository.stashes()).toMatchObject({ stashes: [{}] });
    expect(await repository.commit({ message: 'x' })).toMatchObject({ cause: 'conflicted' });
  });
});

describe('time', () => {
  it('ends a read that hangs, and all of them when nobody wants them', async () => {
    project();
    const slow = world.write(
      'slow/git',
      `#!/bin/sh\ncase "$*" in *status*) sleep 30;; *) exec git "$@";; esac\n`,
    );
    chmodSync(slow, 0o755);
    // The real one is found behind it once the folder is taken off its own PATH.
    writeFileSync(
      slow,
      `#!/bin/sh\nPATH="${world.env['PATH']}"\ncase "$*" in *status*) sleep 30;; *) exec git "$@";; esac\n`,
    );
    const env = { ...world.env, PATH: `${join(world.folder, 'slow')}:${world.env['PATH']}` };
    const repository = await world.open('repo', { env, timeouts: { readMs: 300 } });
    await expect(repository.status()).rejects.toMatchObject({ code: 'GIT_TIMED_OUT' });
    const controller = new AbortController();
    const found = await createGit({ env }).findRepository(repository.top, {
      allowed: [world.folder],
      signal: controller.signal,
    });
    if (found.kind !== 'found') throw new Error('no repository');
    const reading = found.repository.status();
    controller.abort(new Error('stopped'));
    await expect(reading).rejects.toThrow('stopped');
    rmSync(slow);
  });
});
