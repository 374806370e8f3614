import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, constantFrom, oneof, sample, uint8Array, uniqueArray } from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGitWorld, type GitWorld } from '../../test/fixtures/git/git-world.ts';
import { decodeName, encodeName } from './names.ts';

const containing = (text: string): unknown => expect.stringContaining(text);

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

function project(): void {
  world.copy(template, 'repo');
}

describe('an empty repository', () => {
  it('has a branch, a status and no commits, and takes its first one', async () => {
    world.init('repo');
    const repository = await world.open('repo');
    expect(await repository.status()).toMatchObject({
      kind: 'done',
      head: { kind: 'unborn', branch: 'main' },
    });
    expect(await repository.branches()).toEqual({ kind: 'done', branches: [] });
    expect(await repository.log()).toEqual({ kind: 'done', commits: [] });
    expect(await repository.diff()).toEqual({ kind: 'done', text: '', isCut: false, files: [] });
    expect(await repository.add('all')).toEqual({ kind: 'done', staged: 0, changed: 0 });
    expect(await repository.commit({ message: 'x' })).toMatchObject({ cause: 'nothing-to-do' });
    expect(await repository.stash()).toMatchObject({ cause: 'no-commits' });
    world.write('repo/a', 'a\n');
    expect(await repository.add(['a'])).toEqual({ kind: 'done', staged: 1, changed: 1 });
    expect(await repository.unstage(['a'])).toEqual({ kind: 'done', staged: 0, changed: 1 });
    await repository.add('all');
    expect(await repository.stagedDiff()).toMatchObject({
      files: [{ path: 'a', change: 'added', added: 1 }],
    });
    expect(await repository.commit({ message: '# one\n\nbody' })).toMatchObject({
      kind: 'done',
      branch: 'main',
      commit: { subject: '# one', parents: [] },
      files: 1,
      added: 1,
    });
  });
});

describe('staging and committing', () => {
  it('shows what is staged, unstaged, untracked and renamed', async () => {
    project();
    world.write('repo/to move', 'x\n'.repeat(20));
    world.commitAll('repo');
    world.git('repo', 'mv', 'to move', 'moved ü');
    world.write('repo/a', 'two\n');
    world.write('repo/new/file', '');
    const repository = await world.open('repo');
    expect(await repository.status()).toMatchObject({
      staged: [{ path: 'moved ü', change: 'renamed', from: 'to move' }],
      unstaged: [{ path: 'a', change: 'modified' }],
      untracked: ['new/'],
      isCut: false,
    });
    expect(await repository.diff()).toMatchObject({
      text: containing('-one\n+two\n'),
      files: [{ path: 'a', added: 1, removed: 1 }],
    });
    expect(await repository.diff({ staged: true })).toMatchObject({
      text: containing('rename to moved ü\n'),
      files: [{ path: 'moved ü', from: 'to move' }],
    });
    expect(await repository.diff({ path: 'new' })).toMatchObject({ text: '', files: [] });
    expect(await repository.add(['new', join(repository.top, 'a')])).toEqual({
      kind: 'done',
      staged: 3,
      changed: 2,
    });
  });

  it('cuts a long diff at a line, and still counts all files', async () => {
    project();
    world.write('repo/a', 'ü\n'.repeat(10_000));
    const diff = await (await world.open('repo')).diff({ maxBytes: 1001 });
    expect(diff).toMatchObject({ isCut: true, files: [{ path: 'a', added: 10_000 }] });
    const text = diff.kind === 'done' ? diff.text : '';
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1001);
    expect(text).toMatch(/\+ü\n$/);
  });

  it('commits what was shown, or not at all', async () => {
    project();
    world.write('repo/b', 'b\n');
    const repository = await world.open('repo');
    await repository.add('all');
    const staged = await repository.stagedDiff();
    if (staged.kind !== 'done') throw new Error('nothing staged');
    const { fingerprint } = staged;
    world.write('repo/b', 'slipped in\n');
    expect((await repository.stagedDiff()) as object).toMatchObject({ fingerprint });
    world.git('repo', 'add', 'b');
    expect(await repository.commit({ message: 'x', fingerprint })).toMatchObject({
      kind: 'refused',
      cause: 'changed',
    });
    expect(await repository.commit({ message: ' \n' })).toMatchObject({ kind: 'refused', cause: 'bad-name' });
    expect(await repository.commit({ message: '--amend' })).toMatchObject({
      commit: { subject: '--amend' },
      files: 1,
    });
  });

  it('runs hooks as at the desk, and hands on why they said no', async () => {
    project();
    const hook = world.write(
      'repo/.git/hooks/pre-commit',
      '#!/bin/sh\nprintf "\\033[31mlint failed\\033[0m\\n"\nexit 1\n',
    );
    chmodSync(hook, 0o755);
    world.write('repo/a', 'two\n');
    const repository = await world.open('repo');
    await repository.add('all');
    expect(await repository.commit({ message: 'x' })).toMatchObject({
      kind: 'refused',
      cause: 'git',
      words: 'lint failed',
    });
  });

  it('says who is missing, and when another git is at work', async () => {
    project();
    const { PATH, HOME, GIT_CONFIG_GLOBAL } = world.env;
    const repository = await world.open('repo', {
      env: { PATH, HOME, GIT_CONFIG_GLOBAL, GIT_CONFIG_NOSYSTEM: '1' },
    });
    world.git('repo', 'config', 'user.useConfigOnly', 'true');
    world.write('repo/a', 'two\n');
    await repository.add('all');
    expect(await repository.commit({ message: 'x' })).toMatchObject({
      kind: 'refused',
      cause: 'no-identity',
    });
    world.write('repo/.git/index.lock', '');
    expect(await repository.unstage('all')).toMatchObject({ kind: 'refused', cause: 'busy' });
  });
});

describe('paths', () => {
  it('that leave the repository, look like options or name nothing are refused', async () => {
    project();
    world.write('other/secret', 'x');
    symlinkSync('../other', join(world.folder, 'repo/link'));
    const repository = await world.open('repo');
    for (const path of [
      '',
      '-A',
      '../other',
      'a/../../other',
      '/etc/passwd',
      '.git/config',
      'a\0b',
      'link/secret',
    ]) {
      expect(await repository.add([path])).toMatchObject({ kind: 'refused', cause: 'bad-name' });
      expect(await repository.diff({ path })).toMatchObject({ kind: 'refused', cause: 'bad-name' });
    }
    for (const path of ['nowhere', '*', ':/', ':(glob)*'])
      expect(await repository.add([path])).toMatchObject({ kind: 'refused', cause: 'no-such-file' });
    expect(world.git('repo', 'diff', '--cached', '--name-only')).toBe('');
  });

  it('of any bytes go through add, status, unstage and commit', async () => {
    world.init('repo');
    world.commitAll('repo', 'first');
    const repository = await world.open('repo');
    const odd = [
      ' ',
      '"',
      "'",
      '\\',
      '\n',
      '\t',
      '\u001b',
      '-',
      '*',
      '?',
      ':',
      '#',
      '!',
      '🦀',
      'ü',
      'e\u0301',
      '\u202e',
    ];
    const piece = oneof(
      constantFrom(...odd).map((text) => Buffer.from(text)),
      uint8Array({ minLength: 1, maxLength: 4 }),
    );
    const name = array(piece, { minLength: 1, maxLength: 12 })
      .map((pieces) => decodeName(Buffer.concat(pieces)).replaceAll(/[/\0]/g, 'x'))
      .filter((name) => !/^\.{1,2}$|^\.git$/i.test(name));
    const many = uniqueArray(name, { minLength: 12, maxLength: 12 });
    const names = [...(sample(many, 1)[0] ?? [])];
    names.push('-rf', '"quoted"', 'a => b', 'a\udcffb', ' leading', 'trailing ', ':(glob)*');
    for (const one of names) {
      const bytes = encodeName(one) ?? Buffer.from('x');
      writeFileSync(Buffer.concat([Buffer.from(`${repository.top}/`), bytes]), 'x\n');
    }
    const listed = names.map((one) => (one.startsWith('-') ? `./${one}` : one)).toSorted();
    const before = await repository.status();
    if (before.kind !== 'done') throw new Error('no status');
    // The names are others at every run: they stand in what is printed when this fails.
    expect(before.untracked.toSorted()).toEqual(listed);
    expect(await repository.add(before.untracked)).toEqual({
      kind: 'done',
      staged: names.length,
      changed: names.length,
    });
    const after = await repository.status();
    if (after.kind !== 'done') throw new Error('no status');
    expect(after.staged.map(({ path }) => path).toSorted()).toEqual(listed);
    const [first = ''] = before.untracked;
    expect(await repository.unstage([first])).toMatchObject({ staged: names.length - 1 });
    await repository.add([first]);
    expect(await repository.commit({ message: 'odd' })).toMatchObject({ kind: 'done', files: names.length });
    expect(await repository.status()).toMatchObject({ staged: [], untracked: [] });
    expect(await repository.diff({ path: 'a\udcffb' })).toMatchObject({ kind: 'refused', cause: 'bad-name' });
    expect(await repository.log({ path: './-rf' })).toMatchObject({ commits: [{ subject: 'odd' }] });
  });
});
