import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conflictWorld } from '../../../test/fixtures/git/conflict-world.ts';
import type { GitWorld } from '../../../test/fixtures/git/git-world.ts';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import { builtInPolicy } from '../../../test/fixtures/safety-project.ts';
import { createGatekeeper, type Gatekeeper } from '../../safety/gate/gatekeeper.ts';
import { silentLog } from '../../util/log.ts';
import { MODES, type Mode } from '../modes/modes.ts';
import type { ModeRule } from '../ports/gate.ts';
import { mergeRules } from './merge-rules.ts';

const ODD = 'a "b"\n\\ 🦀ü';

describe('what merge mode lets pass, in front of the real gate', () => {
  let world: GitWorld;
  let repo: string;
  let rules: readonly ModeRule[];
  let asked = 0;
  const gates = new Map<string, Gatekeeper>();

  beforeAll(async () => {
    world = conflictWorld();
    repo = join(world.folder, 'repo');
    world.write('repo/src/other.txt', 'x\n');
    const repository = await world.open('repo');
    const result = await repository.merge('feature');
    if (result.kind !== 'conflicts') throw new Error(`no conflicts: ${JSON.stringify(result)}`);
    rules = mergeRules({ merge: result.merge, top: repo, folders: [repo] });
    for (const policy of ['default', 'strict', 'permissive'])
      gates.set(
        policy,
        createGatekeeper({
          policy: policy === 'default' ? builtInPolicy('default', 'dev-tools') : builtInPolicy(policy),
          sandbox: { home: join(world.folder, 'home'), ownPaths: { untouchable: [], unwritable: [] } },
          audit: { record: async () => {} },
          approver: {
            ask: async () => {
              asked += 1;
              return { kind: 'rejected', by: 'test:1' };
            },
          },
          clock: manualClock(),
          log: silentLog,
          redact: (text) => text,
        }),
      );
  });
  afterAll(() => world.remove());

  async function decide(
    tool: string,
    input: unknown,
    policy = 'default',
    own: Mode = MODES.merge,
  ): Promise<'allow' | 'ask' | 'deny'> {
    const gate = gates.get(policy);
    if (!gate) throw new Error(policy);
    asked = 0;
    const mode = { ...own, rules: gate.pinRules(rules), rulesFrom: 'merge' };
    const context = { chat: 'test:1', session: 's', turn: 't', directories: [repo], mode };
    const call = { id: 'c', tool, input, directory: repo };
    const { kind } = await gate.decide(call, context, new AbortController().signal);
    if (kind === 'allow') return 'allow';
    return asked > 0 ? 'ask' : 'deny';
  }
  const edit = (path: string): object => ({
    file_path: join(repo, path),
    old_string: 'both 1 \n',
    new_string: 'both one\n',
  });

  it.each([
    ['git add -- both.txt'],
    ['git add both.txt kept.txt'],
    [`git add -- 'picture.bin' "ours-name.txt"`],
    ['git add -- sub'],
    ['git rm -- dropped.txt'],
    ['git rm -q -- old-name.txt theirs-name.txt'],
    ['git add -- both.txt && git rm -- kept.txt'],
    ['git checkout --ours -- picture.bin'],
    ['git checkout --theirs -- both.txt picture.bin && git add -- picture.bin'],
    ['git show :1:both.txt'],
    ['git show :2:both.txt; git show :3:both.txt'],
    ['git log --merge --left-right --oneline -- both.txt'],
    ['git diff -- both.txt'],
    ['git status'],
  ])('%s passes', async (command) => {
    expect(await decide('Bash', { command })).toBe('allow');
  });

  it.each([
    ['git commit -m done', 'deny'],
    ['git commit --no-edit', 'deny'],
    ['git merge --continue', 'deny'],
    ['git merge --abort', 'deny'],
    ['git reset --hard', 'deny'],
    ['git push', 'deny'],
    ['git push -f', 'deny'],
    ['git -c user.name=x commit -m done', 'deny'],
    ['git -C . --no-pager commit -m done', 'deny'],
    ['/usr/bin/git commit -m done', 'deny'],
    ['git add -- both.txt && git commit -m done', 'deny'],
    ["bash -c 'git commit -m done'", 'deny'],
    ['timeout 5 git commit -m done', 'deny'],
    ['git commit-tree HEAD^{tree} -m x', 'deny'],
    ['git update-ref HEAD HEAD^', 'deny'],
    ['git pull', 'deny'],
    ['git rebase --continue', 'deny'],
    ['git stash', 'deny'],
    ['git add .', 'ask'],
    ['git add -A', 'ask'],
    ['git add -u', 'ask'],
    ['git add -A both.txt', 'ask'],
    ['git add -- src/other.txt', 'ask'],
    ['git add -- both.txt src/other.txt', 'ask'],
    ["git add -- '*.txt'", 'ask'],
    ["git add -- both.txt ':!kept.txt'", 'ask'],
    ["git add -- ':/'", 'ask'],
    ['git add -- both.txt --force', 'ask'],
    ['git add -- $FILE', 'ask'],
    ['git add -- both.txt > src/other.txt', 'ask'],
    ['git -C . add -- both.txt', 'ask'],
    ['cd src && git add -- ../both.txt', 'ask'],
    ["bash -c 'git add -- both.txt'", 'ask'],
    ['GIT_DIR=elsewhere git add -- both.txt', 'ask'],
    ['git rm -- both.txt', 'ask'],
    ['git rm -r -- src', 'ask'],
    ['git rm -- src/other.txt', 'ask'],
    ['git checkout --ours -- src/other.txt', 'ask'],
    ['git checkout --ours -- both.txt src/other.txt', 'ask'],
    ['git checkout --ours -- dropped.txt', 'ask'],
    ['git checkout -- both.txt', 'ask'],
    ['git checkout --ours .', 'ask'],
    ['git checkout feature', 'ask'],
    ['git restore both.txt', 'ask'],
    ['rm both.txt', 'ask'],
  ])('%s does not: %s', async (command, expected) => {
    expect(await decide('Bash', { command })).toBe(expected);
  });

  it('lets exactly the files in conflict be edited', async () => {
    expect(await decide('Edit', edit('both.txt'))).toBe('allow');
    expect(await decide('Write', { file_path: join(repo, 'kept.txt'), content: 'x' })).toBe('allow');
    expect(await decide('Write', { file_path: join(repo, ODD), content: 'x' })).toBe('allow');
    expect(await decide('Write', { file_path: join(repo, 'src/other.txt'), content: 'x' })).toBe('ask');
    expect(await decide('Write', { file_path: join(repo, 'new.txt'), content: 'x' })).toBe('ask');
    expect(await decide('Write', { file_path: join(repo, '.git/config'), content: 'x' })).toBe('deny');
    expect(await decide('Write', { file_path: join(repo, 'sub/inside.txt'), content: 'x' })).toBe('ask');
  });

  it('lets both sides be looked at under the strict policy too', async () => {
    expect(await decide('Bash', { command: 'git show :1:both.txt' }, 'strict')).toBe('allow');
    expect(await decide('Bash', { command: 'git log --merge' }, 'strict')).toBe('allow');
    expect(await decide('Bash', { command: 'git diff --output=src/other.txt' }, 'strict')).toBe('ask');
    expect(await decide('Bash', { command: 'git commit -m x' }, 'strict')).toBe('deny');
  });

  it('refuses to commit and to push where the policy would let both pass, and only while it lasts', async () => {
    for (const command of ['git commit -m x', 'git merge --continue', 'git push', 'git add -A && git commit'])
      expect(await decide('Bash', { command }, 'permissive')).toBe('deny');
    expect(await decide('Bash', { command: 'git commit -m x' }, 'permissive', MODES.auto)).toBe('allow');
  });

  it('asks for a file that has become a link to somewhere else, and where a hook would run', async () => {
    world.git('repo', 'rm', '--quiet', '--force', '--', 'both.txt');
    symlinkSync('src/other.txt', join(repo, 'both.txt'));
    expect(await decide('Write', { file_path: join(repo, 'both.txt'), content: 'x' })).toBe('ask');
    mkdirSync(join(repo, '.git/hooks'), { recursive: true });
    writeFileSync(join(repo, '.git/hooks/post-index-change'), '#!/bin/sh\n', { mode: 0o755 });
    expect(await decide('Bash', { command: 'git add -- kept.txt' })).toBe('ask');
  });
});
