import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGitWorld, type GitWorld } from '../../test/fixtures/git/git-world.ts';
import type { Outgoing } from '../core/ports/git-data.ts';
import type { Repository } from '../core/ports/git.ts';

const containing = (text: string): unknown => expect.stringContaining(text);

let template: GitWorld;
beforeAll(() => {
  template = createGitWorld();
  share(template);
});
afterAll(() => template.remove());

let world: GitWorld;
beforeEach(() => {
  world = createGitWorld();
});
afterEach(() => world.remove());

/** A bare remote, and `repo`, which has pushed one commit to it. */
function share(world: GitWorld): void {
  world.init('repo');
  world.git('.', 'init', '--quiet', '--bare', '--initial-branch=main', 'bare.git');
  world.git('repo', 'remote', 'add', 'origin', '../bare.git');
  world.write('repo/a', 'a\n');
  world.commitAll('repo', 'first');
  world.git('repo', 'push', '--quiet', '--set-upstream', 'origin', 'main');
}

async function shared(): Promise<Repository> {
  world.copy(template, 'repo');
  world.copy(template, 'bare.git');
  return world.open('repo');
}

/** Somebody else pushes to main. */
function elsewhere(file = 'theirs'): void {
  world.git('.', 'clone', '--quiet', 'bare.git', 'clone');
  world.write(`clone/${file}`, 'x\n');
  world.commitAll('clone', 'from elsewhere');
  world.git('clone', 'push', '--quiet');
}

async function shown(repository: Repository): Promise<Outgoing> {
  const outgoing = await repository.outgoing();
  if (outgoing.kind !== 'done') throw new Error(JSON.stringify(outgoing));
  return outgoing;
}

describe('push', () => {
  it('shows what goes where, pushes that, and makes it the upstream', async () => {
    const repository = await shared();
    world.git('repo', 'switch', '--quiet', '--create=feature/ü');
    world.write('repo/b', 'b\n');
    world.commitAll('repo', 'second');
    const head = world.head('repo');
    const outgoing = await shown(repository);
    expect(outgoing).toMatchObject({
      branch: 'feature/ü',
      head,
      remote: 'origin',
      urls: ['../bare.git'],
      remoteBranch: 'feature/ü',
      commits: [{ subject: 'second' }],
      ahead: 1,
      behind: 0,
      isNewBranch: true,
      isNewUpstream: true,
    });
    expect(await repository.push(outgoing)).toMatchObject({
      kind: 'done',
      isNewBranch: true,
      isUpstreamSet: true,
    });
    expect(world.git('bare.git', 'rev-parse', 'feature/ü').trim()).toBe(head);
    expect(await repository.status()).toMatchObject({
      upstream: { name: 'origin/feature/ü', ahead: 0, behind: 0 },
    });
    expect(await repository.push(await shown(repository))).toMatchObject({ cause: 'nothing-to-do' });
  });

  it('pushes under the own name a branch that follows another one', async () => {
    const repository = await shared();
    world.git('repo', 'switch', '--quiet', '--create=topic', '--track', 'origin/main');
    world.commitAll('repo', 'on topic');
    expect(await shown(repository)).toMatchObject({ remoteBranch: 'topic', isNewUpstream: false, ahead: 1 });
  });

  it('is refused when the branch is not what was shown any more', async () => {
    const repository = await shared();
    world.commitAll('repo', 'second');
    const outgoing = await shown(repository);
    world.commitAll('repo', 'slipped in');
    expect(await repository.push(outgoing)).toMatchObject({ kind: 'refused', cause: 'changed' });
    expect(world.git('bare.git', 'log', '--format=%s', 'main')).toBe('first\n');
  });

  it('is refused when the remote of that name leads elsewhere than was shown', async () => {
    const repository = await shared();
    world.commitAll('repo', 'second');
    const outgoing = await shown(repository);
    world.git('.', 'init', '--quiet', '--bare', 'elsewhere.git');
    world.git('repo', 'remote', 'set-url', '--push', 'origin', '../elsewhere.git');
    expect(await repository.push(outgoing)).toMatchObject({ kind: 'refused', cause: 'changed' });
    expect(world.git('elsewhere.git', 'branch')).toBe('');
  });

  it('is refused when the remote has moved on, known or not, even where the settings would force it', async () => {
    const repository = await shared();
    elsewhere();
    world.commitAll('repo', 'second');
    world.git('repo', 'config', 'remote.origin.push', '+refs/heads/*:refs/heads/*');
    const outgoing = await shown(repository);
    expect(outgoing.behind).toBe(0);
    expect(await repository.push(outgoing)).toMatchObject({ kind: 'refused', cause: 'remote-moved' });
    world.git('repo', 'config', '--add', 'remote.origin.fetch', '+refs/heads/*:refs/heads/*');
    expect(await repository.fetch()).toMatchObject({ kind: 'refused', words: containing('refs/heads/*') });
    world.git('repo', 'config', '--unset', 'remote.origin.fetch', ':refs/heads');
    expect(await repository.fetch()).toEqual({ kind: 'done', remote: 'origin' });
    expect(await shown(repository)).toMatchObject({ behind: 1, ahead: 1 });
    expect(await repository.push(outgoing)).toMatchObject({ kind: 'refused', cause: 'remote-moved' });
    expect(world.git('bare.git', 'log', '--format=%s', 'main')).toBe('from elsewhere\nfirst\n');
  });

  it('runs the hooks on both sides and hands on what they say', async () => {
    const repository = await shared();
    world.commitAll('repo', 'second');
    const remoteHook = world.write(
      'bare.git/hooks/pre-receive',
      '#!/bin/sh\necho "only on Mondays"\nexit 1\n',
    );
    chmodSync(remoteHook, 0o755);
    expect(await repository.push(await shown(repository))).toMatchObject({
      cause: 'declined',
      words: containing('only on Mondays'),
    });
    const ownHook = world.write('repo/.git/hooks/pre-push', '#!/bin/sh\necho "tests failed" >&2\nexit 1\n');
    chmodSync(ownHook, 0o755);
    expect(await repository.push(await shown(repository))).toMatchObject({
      cause: 'git',
      words: containing('tests failed'),
    });
  });

  it('runs no program that the repository names for the connection', async () => {
    const repository = await shared();
    world.commitAll('repo', 'second');
    const program = world.marker('trap', 'exit 1');
    const traps = [
      ['remote.origin.uploadpack', program],
      ['remote.origin.pushurl', `ext::${program}`],
      ['core.sshCommand', program],
      ['remote.origin.receivepack', program],
    ] as const;
    for (const [key, value] of traps) {
      world.git('repo', 'config', key, value);
      expect(await repository.push(await shown(repository))).toMatchObject({ cause: 'own-program' });
      expect(await repository.fetch()).toMatchObject({ cause: 'own-program' });
      if (key !== 'remote.origin.receivepack') world.git('repo', 'config', '--unset', key);
    }
    expect(world.marks()).toEqual([]);
    world.tryGit('repo', 'push', 'origin', 'main');
    expect(world.marks()).toEqual(['trap']);
  });

  it('shows addresses without credentials, and refuses without a remote or a branch', async () => {
    world.init('repo');
    const repository = await world.open('repo');
    expect(await repository.outgoing()).toMatchObject({ cause: 'no-commits' });
    world.commitAll('repo');
    expect(await repository.outgoing()).toMatchObject({ cause: 'no-remote' });
    world.git('repo', 'remote', 'add', 'origin', 'https://ann:hunter22@127.0.0.1:1/x.git');
    expect(await shown(repository)).toMatchObject({ urls: ['https://127.0.0.1:1/x.git'] });
    const failed = await repository.push(await shown(repository));
    expect(failed).toMatchObject({ kind: 'refused', cause: 'unreachable' });
    expect(JSON.stringify(failed)).not.toContain('hunter22');
    world.git('repo', 'switch', '--quiet', '--detach');
    expect(await repository.outgoing()).toMatchObject({ cause: 'detached' });
  });
});

describe('pull', () => {
  it('moves the branch forward, and says when there is nothing new', async () => {
    const repository = await shared();
    expect(await repository.pull()).toEqual({ kind: 'up-to-date', upstream: 'origin/main', ahead: 0 });
    elsewhere();
    expect(await repository.pull()).toMatchObject({
      kind: 'done',
      upstream: 'origin/main',
      commits: 1,
      files: [{ path: 'theirs', change: 'added' }],
    });
  });

  it('changes nothing when both sides have gone on', async () => {
    const repository = await shared();
    elsewhere();
    world.commitAll('repo', 'mine');
    const head = world.head('repo');
    expect(await repository.pull()).toEqual({
      kind: 'diverged',
      upstream: 'origin/main',
      ahead: 1,
      behind: 1,
    });
    expect(world.git('repo', 'rev-parse', 'HEAD').trim()).toBe(head);
    expect(await repository.merge('origin/main')).toMatchObject({ kind: 'done', isFastForward: false });
  });

  it('is refused over changes in the way, without upstream, and when the upstream is gone', async () => {
    const repository = await shared();
    elsewhere('a');
    world.write('repo/a', 'mine\n');
    expect(await repository.pull()).toMatchObject({ kind: 'refused', cause: 'dirty' });
    world.git('repo', 'reset', '--quiet', '--hard');
    world.git('repo', 'switch', '--quiet', '--create=alone');
    expect(await repository.pull()).toMatchObject({ cause: 'no-upstream' });
    world.git('repo', 'config', 'branch.alone.remote', 'origin');
    world.git('repo', 'config', 'branch.alone.merge', 'refs/heads/alone');
    expect(await repository.pull()).toMatchObject({ cause: 'no-upstream' });
  });
});

describe('a remote that hangs', () => {
  let server: Server;
  let port = 0;
  beforeEach(async () => {
    // Takes connections and never says a word.
    server = createServer(() => {});
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterEach(() => {
    server.close();
  });

  it('is left when its time is up, or when nobody wants it any more', async () => {
    await shared();
    world.commitAll('repo', 'second');
    world.git('repo', 'remote', 'set-url', 'origin', `git://127.0.0.1:${port}/x`);
    const repository = await world.open('repo', { timeouts: { connectMs: 300 } });
    expect(await repository.push(await shown(repository))).toMatchObject({
      kind: 'refused',
      cause: 'timed-out',
    });
    expect(await repository.pull()).toMatchObject({ kind: 'refused', cause: 'timed-out' });
  });
});

describe('undo', () => {
  it('takes back a commit that is not pushed, and its changes stay staged', async () => {
    const repository = await shared();
    expect(await repository.undoPreview()).toMatchObject({ cause: 'first-commit' });
    world.write('repo/b', 'b\n');
    world.commitAll('repo', 'second\n\nwith a body');
    world.write('repo/c', 'not part of it\n');
    const preview = await repository.undoPreview();
    expect(preview).toMatchObject({
      kind: 'done',
      subject: 'second',
      message: 'second\n\nwith a body',
      branch: 'main',
      files: [{ path: 'b', change: 'added' }],
    });
    if (preview.kind !== 'done') return;
    expect(await repository.undo({ commit: 'f'.repeat(40) })).toMatchObject({ cause: 'changed' });
    expect(await repository.undo(preview)).toMatchObject({ kind: 'done' });
    expect(await repository.status()).toMatchObject({ staged: [{ path: 'b' }], untracked: ['c'] });
    expect(world.git('repo', 'log', '--format=%s')).toBe('first\n');
  });

  it('is refused for a commit that is on any remote branch, and in an empty repository', async () => {
    const repository = await shared();
    world.git('repo', 'switch', '--quiet', '--create=other');
    world.commitAll('repo', 'second');
    world.git('repo', 'push', '--quiet', 'origin', 'other:elsewhere');
    expect(await repository.undoPreview()).toMatchObject({
      cause: 'pushed',
      reason: containing('origin/elsewhere'),
    });
    world.init('empty');
    expect(await (await world.open('empty')).undoPreview()).toMatchObject({ cause: 'no-commits' });
  });
});
