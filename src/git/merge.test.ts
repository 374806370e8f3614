import { appendFileSync, chmodSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitWorld, type GitWorld } from '../../test/fixtures/git/git-world.ts';

const containing = (text: string): unknown => expect.stringContaining(text);

let world: GitWorld;
beforeEach(() => {
  world = createGitWorld();
});
afterEach(() => world.remove());

const at = (path: string): string => join(world.folder, 'repo', path);
/** Forty lines that no other file has, some of them changed by somebody. */
const lines = (topic: string, who = '', ...changed: number[]): string =>
  Array.from({ length: 40 }, (_, at) => `${topic} ${at} ${changed.includes(at) ? who : ''}\n`).join('');

/** A base, and what each side makes of it; `theirs` is on branch `feature`. Ends on main. */
function parted(base: () => void, ours: () => void, theirs: () => void): void {
  world.init('repo');
  base();
  world.commitAll('repo', 'base');
  world.git('repo', 'switch', '--quiet', '--create=feature');
  theirs();
  world.commitAll('repo', 'theirs');
  world.git('repo', 'switch', '--quiet', 'main');
  ours();
  world.commitAll('repo', 'ours');
}

const text = (path: string, content: string | Uint8Array) => (): void =>
  void world.write(`repo/${path}`, content);
const remove = (path: string) => (): void => rmSync(at(path));
const rename = (from: string, to: string) => (): void => renameSync(at(from), at(to));
const nothing = (): void => {};
const submodule = (branch: string) => (): void => {
  world.tryGit('repo/sub', 'switch', '--quiet', '--force-create', branch, 'main');
  world.commitAll('repo/sub', branch);
};

const ODD = 'a "b"\n\\ 🦀ü';

type Side = () => void;
const CONFLICTS: readonly (readonly [base: Side, ours: Side, theirs: Side, files: readonly object[]])[] = [
  [
    text('twice', lines('twice')),
    text('twice', lines('twice', 'ours', 3, 30)),
    text('twice', lines('twice', 'theirs', 3, 30)),
    [{ path: 'twice', kind: 'content', hunks: 2 }],
  ],
  [nothing, text(ODD, 'ours\n'), text(ODD, 'theirs\n'), [{ path: ODD, kind: 'both-added', hunks: 1 }]],
  [
    text('deleted there', lines('there')),
    text('deleted there', lines('there', 'ours', 1)),
    remove('deleted there'),
    [{ path: 'deleted there', kind: 'deleted-by-them', hunks: 0 }],
  ],
  [
    text('deleted here', lines('here')),
    remove('deleted here'),
    text('deleted here', lines('here', 'theirs', 1)),
    [{ path: 'deleted here', kind: 'deleted-by-us', hunks: 0 }],
  ],
  [
    text('old', lines('renamed two ways')),
    rename('old', 'our name'),
    rename('old', 'their name'),
    [
      { path: 'old', kind: 'rename', hunks: 0 },
      { path: 'our name', kind: 'rename', hunks: 0, from: 'old' },
      { path: 'their name', kind: 'rename', hunks: 0, from: 'old' },
    ],
  ],
  [
    text('leaving', lines('renamed here, deleted there')),
    () => {
      renameSync(at('leaving'), at('left'));
      appendFileSync(at('left'), 'more\n');
    },
    remove('leaving'),
    [{ path: 'left', kind: 'rename', hunks: 0, from: 'leaving' }],
  ],
  [
    text('before', lines('renamed here, changed on both sides')),
    () => {
      renameSync(at('before'), at('after'));
      world.write('repo/after', lines('renamed here, changed on both sides', 'ours', 5));
    },
    text('before', lines('renamed here, changed on both sides', 'theirs', 5)),
    [{ path: 'after', kind: 'content', hunks: 1, from: 'before' }],
  ],
  [
    text('binary', 'base\0'),
    text('binary', 'ours\0'),
    text('binary', 'theirs\0'),
    [{ path: 'binary', kind: 'binary', hunks: 0 }],
  ],
  [submodule('base'), submodule('ours'), submodule('theirs'), [{ path: 'sub', kind: 'submodule', hunks: 0 }]],
];

describe('merging with conflicts', () => {
  it('tells every kind of them, and aborting brings all back', async () => {
    world.init('repo');
    world.init('repo/sub');
    world.commitAll('repo/sub', 'first');
    const all = (side: 0 | 1 | 2) => (): void => CONFLICTS.forEach((conflict) => conflict[side]());
    parted(all(0), all(1), all(2));
    world.write('repo/untracked', 'kept\n');
    const before = world.head('repo');
    const tree = world.git('repo', 'ls-files', '--stage');
    const repository = await world.open('repo');
    const result = await repository.merge('feature');
    expect(result).toMatchObject({
      kind: 'conflicts',
      merge: { title: "Merge branch 'feature'", ours: before, isResolved: false },
    });
    const left = result.kind === 'conflicts' ? result.merge.left : [];
    const byPath = (files: readonly object[]) =>
      files.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    expect(byPath(left)).toEqual(byPath(CONFLICTS.flatMap((conflict) => conflict[3])));
    expect(await repository.mergeAbort()).toEqual({ kind: 'done', head: before });
    expect(world.git('repo', 'ls-files', '--stage')).toBe(tree);
    expect(world.git('repo', 'status', '--porcelain', '--ignore-submodules=all')).toBe('?? untracked\n');
    expect(await repository.mergeState()).toEqual({ kind: 'done', merge: undefined });
  });

  it('brings all back too where the conflicts were resolved, staged or not, and touched again', async () => {
    world.init('repo');
    world.init('repo/sub');
    world.commitAll('repo/sub', 'first');
    const all = (side: 0 | 1 | 2) => (): void => CONFLICTS.forEach((conflict) => conflict[side]());
    const others = (who: string) => (): void => {
      for (const name of ['clean', 'mine', 'again']) world.write(`repo/${name}`, lines(name, who, 3));
    };
    const both =
      (...sides: Side[]) =>
      (): void =>
        sides.forEach((side) => side());
    parted(both(all(0), others('')), all(1), both(all(2), text('clean', lines('clean', 'theirs', 3))));
    world.write('repo/untracked', 'kept\n');
    const before = { head: world.head('repo'), index: world.git('repo', 'ls-files', '--stage') };
    const repository = await world.open('repo');
    await repository.merge('feature');
    // Staged and touched again; taken from one side and touched; deleted and written anew; left as it is.
    world.write('repo/twice', 'resolved\n');
    world.git('repo', 'add', '--', 'twice', ODD);
    world.write('repo/twice', 'and again\n');
    world.git('repo', 'checkout', '--ours', '--', 'binary');
    world.git('repo', 'add', '--', 'binary');
    world.write('repo/binary', 'other');
    world.git('repo', 'rm', '--quiet', '--', 'deleted here');
    world.write('repo/deleted here', 'back\n');
    world.git('repo', 'rm', '--quiet', '--', 'old', 'their name');
    world.git('repo', 'add', '--', 'our name', 'deleted there');
    world.write('repo/clean', 'merged by itself, and touched\n');
    world.write('repo/mine', 'nothing of the merge\n');
    expect(await repository.mergeAbort()).toEqual({ kind: 'done', head: before.head });
    expect(world.git('repo', 'ls-files', '--stage')).toBe(before.index);
    expect(world.git('repo', 'status', '--porcelain', '--ignore-submodules=all')).toBe(
      ' M mine\n?? untracked\n',
    );
    expect(await repository.mergeState()).toEqual({ kind: 'done', merge: undefined });
  });

  it('goes from conflicts to a commit, and takes no markers on the way', async () => {
    parted(text('a', lines('a')), text('a', lines('a', 'ours', 3)), text('a', lines('a', 'theirs', 3)));
    const repository = await world.open('repo');
    await repository.merge('feature');
    expect(await repository.status()).toMatchObject({
      ongoing: 'merge',
      conflicted: [{ path: 'a', conflict: 'content' }],
    });
    expect(await repository.diff()).toMatchObject({ files: [{ path: 'a', isConflicted: true }] });
    for (const what of ['all', ['a']] as const)
      expect(await repository.add(what)).toMatchObject({ kind: 'refused', cause: 'markers-left' });
    expect(await repository.commit({})).toMatchObject({ cause: 'conflicted' });
    expect(await repository.merge('feature')).toMatchObject({ cause: 'in-progress' });
    expect(await repository.unstage('all')).toMatchObject({ cause: 'in-progress' });
    expect(await repository.checkout('feature')).toMatchObject({ cause: 'in-progress' });
    expect(await repository.undoPreview()).toMatchObject({ cause: 'in-progress' });
    world.git('repo', 'add', 'a');
    expect(await repository.mergeState()).toMatchObject({
      merge: { left: [], resolved: ['a'], markers: [{ path: 'a', hunks: 1 }], isResolved: false },
    });
    expect(await repository.commit({})).toMatchObject({ cause: 'markers-left' });
    world.write('repo/a', lines('a', 'both', 3));
    expect(await repository.add(['a'])).toMatchObject({ kind: 'done' });
    expect(await repository.mergeState()).toMatchObject({ merge: { markers: [], isResolved: true } });
    const done = await repository.commit({});
    expect(done).toMatchObject({
      kind: 'done',
      branch: 'main',
      commit: { subject: "Merge branch 'feature'" },
    });
    expect(done.kind === 'done' && done.commit.parents.length).toBe(2);
    expect(await repository.undoPreview()).toMatchObject({ cause: 'merge-commit' });
  });
});

describe('merging', () => {
  it('moves forward, makes a merge commit, or finds all there', async () => {
    world.init('repo');
    world.write('repo/a', 'a\n');
    world.commitAll('repo');
    world.git('repo', 'branch', 'feature');
    const repository = await world.open('repo');
    expect(await repository.merge('feature')).toEqual({ kind: 'up-to-date' });
    world.git('repo', 'switch', '--quiet', 'feature');
    world.write('repo/b', 'b\n');
    world.commitAll('repo');
    world.git('repo', 'switch', '--quiet', 'main');
    expect(await repository.merge('feature')).toMatchObject({
      kind: 'done',
      isFastForward: true,
      commits: 1,
      files: [{ path: 'b', change: 'added', added: 1 }],
    });
    world.git('repo', 'switch', '--quiet', 'feature');
    world.write('repo/c', 'c\n');
    world.commitAll('repo');
    world.git('repo', 'switch', '--quiet', 'main');
    world.write('repo/d', 'd\n');
    world.commitAll('repo');
    expect(await repository.merge('feature')).toMatchObject({
      kind: 'done',
      isFastForward: false,
      commits: 2,
    });
  });

  it('does not begin over changes that an abort could lose', async () => {
    parted(nothing, text('a', 'ours\n'), text('b', 'theirs\n'));
    const repository = await world.open('repo');
    world.write('repo/a', 'not committed\n');
    expect(await repository.merge('feature')).toMatchObject({ kind: 'refused', cause: 'dirty' });
    world.git('repo', 'add', 'a');
    expect(await repository.merge('feature')).toMatchObject({ kind: 'refused', cause: 'dirty' });
    world.git('repo', 'reset', '--hard', '--quiet');
    world.write('repo/b', 'untracked, in the way\n');
    expect(await repository.merge('feature')).toMatchObject({ kind: 'refused', cause: 'dirty' });
    expect(readFileSync(at('b'), 'utf8')).toBe('untracked, in the way\n');
  });

  it('leaves nothing half done when a hook says no', async () => {
    parted(nothing, text('a', 'ours\n'), text('b', 'theirs\n'));
    const hook = world.write('repo/.git/hooks/pre-merge-commit', '#!/bin/sh\necho not on Fridays\nexit 1\n');
    chmodSync(hook, 0o755);
    const repository = await world.open('repo');
    expect(await repository.merge('feature')).toMatchObject({
      kind: 'refused',
      words: containing('not on Fridays'),
    });
    expect(await repository.status()).toMatchObject({ staged: [], conflicted: [], unstaged: [] });
    expect(await repository.mergeState()).toEqual({ kind: 'done', merge: undefined });
    expect(existsSync(at('b'))).toBe(false);
  });

  it('refuses what can not be merged or aborted, in words', async () => {
    world.init('repo');
    const repository = await world.open('repo');
    expect(await repository.mergeAbort()).toMatchObject({ cause: 'not-in-progress' });
    expect(await repository.merge('nowhere')).toMatchObject({ cause: 'no-such-branch' });
    expect(await repository.merge('--abort')).toMatchObject({ cause: 'bad-name' });
    world.commitAll('repo');
    world.git('repo', 'switch', '--quiet', '--orphan', 'alone');
    expect(await repository.merge('main')).toMatchObject({ cause: 'no-commits' });
    world.commitAll('repo', 'another first');
    expect(await repository.merge('main')).toMatchObject({
      cause: 'git',
      reason: containing('no commit in common'),
    });
    world.git('repo', 'switch', '--quiet', '--detach');
    expect(await repository.merge('main')).toMatchObject({ cause: 'detached' });
  });
});
