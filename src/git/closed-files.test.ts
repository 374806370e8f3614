import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitWorld, type GitWorld } from '../../test/fixtures/git/git-world.ts';
import { secretKind } from '../safety/sandbox/secrets.ts';

describe('a diff with files that hold credentials', () => {
  let world: GitWorld;
  beforeEach(() => {
    world = createGitWorld();
    world.init('repo');
    for (const name of ['.env', 'a.txt', 'my keys/ü "x".pem'])
      world.write(`repo/${name}`, 'old-hush\ndiff --git a/a.txt b/a.txt\n');
    world.commitAll('repo', 'first');
  });
  afterEach(() => world.remove());

  it('names them, and says nothing of what stands in them', async () => {
    for (const name of ['.env', 'my keys/ü "x".pem']) world.write(`repo/${name}`, 'new-hush\n');
    world.write('repo/a.txt', 'plain\n');
    const repository = await world.open('repo', { isClosed: (path) => secretKind(path) !== undefined });
    const shown = await repository.diff({});
    expect(shown).toMatchObject({ kind: 'done', files: [{ path: '.env' }, { path: 'a.txt' }, {}] });
    const text = 'text' in shown ? shown.text : '';
    expect(text).toContain('+plain');
    expect(text.match(/not shown/g)).toHaveLength(2);
    expect(text.replace(/^.*a\/a\.txt[^]*?\+plain/m, '')).not.toContain('hush');
    world.git('repo', 'add', '--all');
    const staged = await repository.stagedDiff();
    expect('text' in staged ? staged.text : '').toBe(text);
  });

  it('says nothing of them either when they are renamed, new, deleted or in conflict', async () => {
    world.git('repo', 'switch', '--quiet', '--create=other');
    world.write('repo/.env', 'theirs-hush\n');
    world.commitAll('repo', 'theirs');
    world.git('repo', 'switch', '--quiet', 'main');
    world.write('repo/.env', 'ours-hush\n');
    world.commitAll('repo', 'ours');
    world.tryGit('repo', 'merge', 'other');
    const repository = await world.open('repo', { isClosed: (path) => secretKind(path) !== undefined });
    const conflict = await repository.diff({});
    expect('text' in conflict ? conflict.text : 'hush').toMatch(/^diff --cc \.env\n(?!.*hush)[^]*not shown/);
    expect(conflict).not.toMatchObject({ text: expect.stringContaining('hush') as unknown });
    world.git('repo', 'merge', '--abort');
    world.git('repo', 'mv', 'my keys/ü "x".pem', 'plain.txt');
    world.write('repo/plain.txt', 'old-hush\ndiff --git a/a.txt b/a.txt\nmore\n');
    world.write('repo/new.key', 'hush\n');
    world.git('repo', 'rm', '--quiet', '.env');
    world.git('repo', 'add', '--all');
    const staged = await repository.stagedDiff();
    expect(staged).toMatchObject({
      kind: 'done',
      text: expect.stringContaining('rename to plain.txt') as unknown,
    });
    expect(staged).not.toMatchObject({ text: expect.stringContaining('hush') as unknown });
  });
});
