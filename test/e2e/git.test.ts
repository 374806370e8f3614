import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import { text } from '../fixtures/messages-api/reply.ts';
import { createRig, type Rig } from './rig.ts';
import { labels } from './talk.ts';

const ODD = 'naïve\nname "q" 🦊 with spaces.txt';
const LEFT = 'left out.txt';

describe('/git on Telegram, with real git, a bare remote and the real claude', () => {
  let rig: Rig;
  let mark: string;
  beforeAll(async () => {
    rig = await createRig();
    mark = join(rig.home.home, 'ran');
    const program = join(rig.home.home, 'fsmonitor.sh');
    writeFileSync(program, `#!/bin/sh\n: > '${mark}'\n`, { mode: 0o755 });
    git('init', '--quiet', '--initial-branch=main');
    for (const [key, value] of [
      ['user.name', 'Ada'],
      ['user.email', 'ada@example.com'],
    ] as const)
      git('config', key, value);
    writeFileSync(join(rig.project, 'a.txt'), 'one\n');
    git('add', '--all');
    git('commit', '--quiet', '--message=First');
    const remote = join(rig.home.home, 'remote.git');
    mkdirSync(remote);
    git('init', '--quiet', '--bare', '--initial-branch=main', remote);
    git('remote', 'add', 'origin', remote);
    git('config', 'core.fsmonitor', program);
    for (const name of ['a.txt', ODD, LEFT]) writeFileSync(join(rig.project, name), 'two\n');
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());

  function git(...args: string[]): string {
    const environment = { ...rig.home.environment, GIT_CONFIG_NOSYSTEM: '1' };
    return execFileSync('git', ['-c', 'core.fsmonitor=false', ...args], {
      cwd: rig.project,
      env: environment,
      encoding: 'utf8',
    });
  }
  /** The answer with buttons that says so. */
  const answer = (words: string): Promise<SeenMessage> =>
    rig.sees(({ text: said, keyboard }) => said.includes(words) && keyboard.length > 0);
  const turned = (card: SeenMessage, words: string): Promise<SeenMessage> =>
    rig.sees((message) => message.id === card.id && labels(message).some((label) => label.includes(words)));

  it('goes from what has changed to the remote with thumbs, and runs nothing by looking', async () => {
    rig.owner.send('/git diff');
    expect((await answer('+two')).text).toContain('-one');
    rig.owner.send('/git');
    const status = await answer('🌿 main');
    expect(status.text).toContain('M a.txt');
    expect(status.text).toContain(String.raw`naïve\nname "q" 🦊 with spaces.txt`);
    expect(existsSync(mark)).toBe(false);

    rig.owner.tap('☑️ Choose files');
    const ticks = await answer('Which files are to be staged?');
    rig.owner.tap(/a\.txt/, { message: ticks.id });
    rig.owner.tap(/🦊/, { message: ticks.id });
    await turned(ticks, 'Done (2)');
    rig.owner.tap(/Done/, { message: ticks.id });
    await answer('2 files are staged now');
    expect(git('diff', '--cached', '--name-only', '-z').split('\0').slice(0, 2)).toEqual(['a.txt', ODD]);

    // It comes without tools, as none is offered.
    rig.model.on(({ prompt }) => prompt.includes('+two'), text('feat: say two\n\nOne was not enough.'));
    rig.owner.tap('💾 Commit');
    const card = await answer('with this message?');
    expect(card.text).toContain('feat: say two\n\nOne was not enough.');
    const request = rig.model.requests().find(({ prompt }) => prompt.includes('+two'));
    expect(request?.body.tools ?? []).toEqual([]);
    rig.owner.tap('💾 Commit', { message: card.id });
    await answer('2 files, +2 −1 on main');
    expect(git('log', '--format=%s', '-1')).toBe('feat: say two\n');
    expect(git('status', '--porcelain')).toContain(LEFT);

    rig.owner.tap('⬆️ Push');
    const push = await answer('⬆️ Push main → origin/main?');
    expect(push.text).toContain('2 commits:');
    expect(push.text).toContain('remote.git');
    rig.owner.tap('⬆️ Push', { message: push.id });
    await answer('Pushed to origin/main');
    expect(git('ls-remote', 'origin', 'main').split('\t')[0]).toBe(git('rev-parse', 'HEAD').trim());

    const done = rig
      .auditLines()
      .filter(({ event, outcome }) => event === 'git_operation' && outcome === 'done')
      .map(({ operation }) => operation);
    expect(done).toEqual(['add', 'commit', 'push']);
  }, 60_000);
});
