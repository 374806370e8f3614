import { mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGitWorld, type GitWorld } from '../../test/fixtures/git/git-world.ts';
import type { Repository } from '../core/ports/git.ts';
import { createGit } from './create-git.ts';

let template: GitWorld;
beforeAll(() => {
  template = createGitWorld();
  template.init('repo');
  template.write('repo/file.txt', 'one\n');
  template.commitAll('repo', 'first');
  template.write('repo/second.txt', 'two\n');
  template.commitAll('repo', 'second');
  template.write('repo/staged.txt', 'three\n');
  template.git('repo', 'add', 'staged.txt');
});
afterAll(() => template.remove());

let world: GitWorld;
beforeEach(() => {
  world = createGitWorld();
});
afterEach(() => world.remove());

let hoursAgo = 0;

/** Makes git look into the files again, though nothing in them has changed: it compares times by the second. */
function touch(...paths: string[]): void {
  hoursAgo += 1;
  const at = new Date(Date.now() - hoursAgo * 3_600_000);
  for (const path of paths) utimesSync(join(world.folder, path), at, at);
}

const READS: Readonly<Record<string, (repository: Repository) => Promise<unknown>>> = {
  status: async (repository) => repository.status(),
  branches: async (repository) => repository.branches(),
  findBranch: async (repository) => repository.findBranch('mian'),
  diff: async (repository) => repository.diff(),
  'diff of a file': async (repository) => repository.diff({ path: 'file.txt' }),
  'staged diff': async (repository) => repository.stagedDiff(),
  log: async (repository) => repository.log(),
  outgoing: async (repository) => repository.outgoing(),
  stashes: async (repository) => repository.stashes(),
  mergeState: async (repository) => repository.mergeState(),
  undoPreview: async (repository) => repository.undoPreview(),
};

/** What the reading operations leave marks of: nothing, one hopes. */
async function marksOfReading(
  at: string,
  touched: readonly string[],
  reads = Object.keys(READS),
): Promise<string[]> {
  const repository = await world.open(at);
  const marks: string[] = [];
  for (const name of reads) {
    touch(...touched);
    await READS[name]?.(repository).catch(() => undefined);
    marks.push(...world.marks().map((mark) => `${name}: ${mark}`));
  }
  return marks;
}

function project(attributes = ''): void {
  world.copy(template, 'repo');
  if (attributes === '') return;
  world.write('repo/.gitattributes', attributes);
  world.git('repo', 'add', '.gitattributes');
}

const set = (key: string, value: string): string => world.git('repo', 'config', key, value);

/** Each lays a trap for the file of that name, and leaves a mark of that name when plain git walks into it. */
const TRAPS: Readonly<Record<string, (file: string) => void>> = {
  fsmonitor: (name) => void set('core.fsmonitor', world.marker(name)),
  driver: (name) => void set(`diff.${name}.command`, world.marker(name)),
  textconv: (name) => void set(`diff.${name}.textconv`, world.marker(name, 'cat "$1"')),
  clean: (name) => {
    set(`filter.${name}.clean`, world.marker(name));
    set(`filter.${name}.required`, 'true');
  },
  process: (name) => void set(`filter.${name}.process`, world.marker(name, 'exit 1')),
  // Git splits `-c name=value` at the first `=`.
  odd: (name) => void set(`filter.${name}=v."i'l.clean`, world.marker(name)),
  included: (name) => {
    world.write('repo/.git/more', `[filter "${name}"]\n\tclean = ${world.marker(name)}\n`);
    set('includeIf.gitdir:**.path', 'more');
  },
  worktree: (name) => {
    set('extensions.worktreeConfig', 'true');
    world.git('repo', 'config', '--worktree', `filter.${name}.clean`, world.marker(name));
  },
  signature: (name) => {
    const [head = '', ...rest] = world.git('repo', 'cat-file', 'commit', 'HEAD').split('\n\n');
    const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----';
    const path = world.write('commit', `${head}\n${signature}\n\n${rest.join('\n\n')}`);
    world.git(
      'repo',
      'update-ref',
      'HEAD',
      world.git('repo', 'hash-object', '-t', 'commit', '-w', path).trim(),
    );
    set('log.showSignature', 'true');
    set('gpg.program', world.marker(name, 'exit 1'));
  },
};

const ATTRIBUTES = [
  'driver diff=driver',
  'textconv diff=textconv',
  'clean filter=clean',
  'process filter=process',
  `odd filter=odd=v."i'l`,
  'included filter=included',
];

const PARTIAL: readonly (readonly [name: string, url: () => string, lay: () => void])[] = [
  ['uploadpack', () => world.folder, () => set('remote.origin.uploadpack', world.marker('trap', 'exit 1'))],
  [
    'an ext:: address',
    () => `ext::${world.marker('trap', 'exit 1')}`,
    () => set('protocol.ext.allow', 'always'),
  ],
  [
    'core.sshCommand',
    () => 'ssh://nobody@127.0.0.1:1/x',
    () => set('core.sshCommand', world.marker('trap', 'exit 1')),
  ],
];

function removeObject(name: string): void {
  const object = world.git('repo', 'rev-parse', name).trim();
  rmSync(join(world.folder, 'repo/.git/objects', object.slice(0, 2), object.slice(2)));
}

describe('reading a hostile repository', () => {
  it('runs none of the programs that its settings, attributes and hooks name', async () => {
    const names = Object.keys(TRAPS);
    project(`${ATTRIBUTES.join('\n')}\n`);
    for (const name of names) world.write(`repo/${name}`, 'one\n');
    world.commitAll('repo');
    world.write('repo/.git/info/attributes', 'worktree filter=worktree\n');
    for (const name of ['driver', 'textconv']) world.write(`repo/${name}`, 'changed\n');
    for (const [name, lay] of Object.entries(TRAPS)) lay(name);
    const files = names.map((name) => `repo/${name}`);
    touch(...files);
    // A filter that must succeed and does not, or that ends early, ends git before it comes to the next one.
    for (const command of [['status'], ['diff', '--', '.', ':!process'], ['diff', '--', 'process'], ['log']])
      world.tryGit('repo', ...command);
    expect(world.marks()).toEqual(names.toSorted());
    expect(await marksOfReading('repo', files)).toEqual([]);
  });

  it('runs neither an external diff nor hooks of another folder', async () => {
    project();
    world.write('repo/file.txt', 'changed\n');
    set('diff.external', world.marker('external'));
    world.marker('hook');
    mkdirSync(join(world.folder, 'repo/own'));
    symlinkSync('../../bin/hook', join(world.folder, 'repo/own/post-index-change'));
    set('core.hooksPath', 'own');
    touch('repo/second.txt');
    world.tryGit('repo', 'status');
    world.tryGit('repo', 'diff');
    expect(world.marks()).toEqual(['external', 'hook']);
    expect(await marksOfReading('repo', ['repo/second.txt'], ['status', 'diff', 'staged diff'])).toEqual([]);
  });

  it.each(PARTIAL)('fetches no missing parts of a partial clone, by %s', async (_name, url, lay) => {
    project();
    set('core.repositoryFormatVersion', '1');
    set('extensions.partialClone', 'origin');
    set('remote.origin.url', url());
    set('remote.origin.promisor', 'true');
    lay();
    removeObject('HEAD:file.txt');
    world.write('repo/file.txt', 'changed\n');
    world.tryGit('repo', 'diff');
    expect(world.marks()).toEqual(['trap']);
    const repository = await world.open('repo');
    await expect(repository.diff()).rejects.toMatchObject({ code: 'GIT_FAILED' });
    await repository.status();
    expect(world.marks()).toEqual([]);
  });

  it('looks into no submodule, whose settings are its own', async () => {
    project();
    world.init('repo/sub');
    world.write('repo/sub/file.txt', 'one\n');
    world.write('repo/sub/.gitattributes', '*.txt filter=evil\n');
    world.commitAll('repo/sub');
    world.git('repo', 'add', 'sub');
    world.git('repo', 'commit', '--quiet', '-m', 'with sub');
    world.git('repo/sub', 'config', 'core.fsmonitor', world.marker('fsmonitor'));
    world.git('repo/sub', 'config', 'filter.evil.clean', world.marker('clean'));
    world.git('repo/sub', 'config', 'diff.external', world.marker('external'));
    for (const [key, value] of [
      ['diff.submodule', 'diff'],
      ['diff.ignoreSubmodules', 'none'],
      ['submodule.sub.ignore', 'none'],
      ['status.submoduleSummary', 'true'],
    ] as const)
      set(key, value);
    // As long as before, so that git has to look into it.
    world.write('repo/sub/file.txt', 'two\n');
    world.tryGit('repo', 'status');
    expect(world.marks()).toContain('fsmonitor');
    world.tryGit('repo', 'diff');
    expect(world.marks()).toContain('clean');
    expect(await marksOfReading('repo', ['repo/sub/file.txt'], ['status', 'diff', 'staged diff'])).toEqual(
      [],
    );
    world.git('repo/sub', '-c', 'core.fsmonitor=', 'commit', '--quiet', '--allow-empty', '-m', 'on');
    world.marks();
    const repository = await world.open('repo');
    expect(await repository.diff()).toMatchObject({ files: [{ path: 'sub', isSubmodule: true }] });
    expect(world.marks()).toEqual([]);
  });

  it('opens no pager, takes no alias and leaves the index alone', async () => {
    project();
    for (const key of [
      'core.pager',
      'pager.log',
      'pager.diff',
      'core.editor',
      'interactive.diffFilter',
      'credential.helper',
      'core.askPass',
      'core.alternateRefsCommand',
      'uploadpack.packObjectsHook',
    ])
      set(key, world.marker('trap'));
    set('alias.status', `!${world.marker('trap')}`);
    mkdirSync(join(world.folder, 'repo/.git/hooks'));
    symlinkSync(world.marker('hook'), join(world.folder, 'repo/.git/hooks/post-index-change'));
    touch('repo/file.txt');
    world.tryGit('repo', 'diff-index', '--quiet', 'HEAD');
    world.tryGit('repo', 'update-index', '--refresh');
    expect(world.marks()).toEqual(['hook']);
    touch('repo/file.txt');
    const before = world.git('repo', 'hash-object', '.git/index');
    const repository = await world.open('repo');
    await Promise.all([repository.status(), repository.branches(), repository.log()]);
    expect(world.git('repo', 'hash-object', '.git/index')).toBe(before);
    await repository.diff();
    expect(world.marks()).toEqual([]);
  });

  it('names the files whose filter it did not run', async () => {
    project('*.txt filter=evil\n');
    set('filter.evil.clean', 'tr a-z A-Z');
    touch('repo/file.txt');
    world.write('repo/file.txt', 'two\n');
    const found = await (await world.open('repo')).status();
    expect(found).toMatchObject({ kind: 'done', filtersOff: ['file.txt'] });
  });
});

describe('a repository that leads elsewhere', () => {
  const find = async (at: string, allowed: string) =>
    createGit({ env: world.env }).findRepository(join(world.folder, at), {
      allowed: [join(world.folder, allowed)],
    });

  it.each([
    ['a top above the approved directory', () => project(), 'repo/inner', 'repo/inner'],
    ['core.worktree', () => (project(), set('core.worktree', world.folder)), 'repo', 'repo'],
    [
      'a .git file',
      () => {
        project();
        world.write('other/.git', `gitdir: ${world.folder}/repo/.git\n`);
      },
      'other',
      'other',
    ],
    [
      'a .git that is a symbolic link',
      () => {
        project();
        mkdirSync(join(world.folder, 'other'));
        symlinkSync(join(world.folder, 'repo/.git'), join(world.folder, 'other/.git'));
      },
      'other',
      'other',
    ],
  ])('is refused: %s', async (_name, lay, at, allowed) => {
    lay();
    mkdirSync(join(world.folder, at), { recursive: true });
    expect(await find(at, allowed)).toMatchObject({ kind: 'refused', cause: 'outside' });
  });

  it('is not gone to when the settings change between two operations', async () => {
    project();
    world.init('other');
    const repository = await world.open('repo');
    set('core.worktree', join(world.folder, 'other'));
    expect(await repository.status()).toMatchObject({ kind: 'refused', cause: 'changed' });
  });

  it('takes nothing from variables that redirect git', async () => {
    project();
    world.init('other');
    const env = {
      ...world.env,
      GIT_DIR: join(world.folder, 'other/.git'),
      GIT_WORK_TREE: join(world.folder, 'other'),
      GIT_INDEX_FILE: join(world.folder, 'nowhere'),
      GIT_EXTERNAL_DIFF: world.marker('trap'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: world.marker('trap'),
      GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${world.marker('trap')}'`,
      GIT_TRACE: join(world.folder, 'trace'),
    };
    const repository = await world.open('repo', { env });
    expect(repository.top).toBe(join(world.folder, 'repo'));
    expect(await repository.status()).toMatchObject({ staged: [{ path: 'staged.txt' }] });
    world.write('repo/file.txt', 'changed\n');
    expect(await repository.diff()).toMatchObject({ files: [{ path: 'file.txt', added: 1, removed: 1 }] });
    expect(world.marks()).toEqual([]);
  });
});
