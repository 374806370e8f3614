import { chmodSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GitChat, labels } from '../../../../test/fixtures/git/git-chat.ts';
import { personId } from '../../ports/chat.ts';

describe('/git in a chat', () => {
  let chat: GitChat;
  let app: string;
  beforeEach(() => {
    chat = new GitChat();
    app = chat.world.init('app');
    chat.world.write('app/a.txt', 'one\n');
    chat.world.commitAll('app', 'First');
  });
  afterEach(() => chat.dispose());

  it('goes from what has changed to a commit by buttons, with names of any kind', async () => {
    const odd = 'new\nline "q" 🦊.txt';
    chat.world.write('app/a.txt', 'two\n');
    chat.world.write(`app/${odd}`, 'x\n');
    chat.world.write('app/left out.txt', 'x\n');
    await chat.start([app]);

    const status = await chat.git('');
    expect(status.view.body.text).toContain('📂 app\n🌿 main');
    expect(status.view.body.text).toContain('Changed (1)\nM a.txt');
    expect(status.view.body.text).toContain(String.raw`new\nline "q" 🦊.txt`);
    const ticks = await chat.tap(status, 'Choose files');
    await chat.press(ticks, 'a.txt');
    await chat.press(ticks, '🦊');
    const staged = await chat.tap(ticks, 'Done');
    expect(staged.view.body.text).toContain('2 files are staged now');
    expect(chat.world.git('app', 'diff', '--cached', '--name-only', '-z').split('\0')).toEqual(
      expect.arrayContaining(['a.txt', odd]),
    );
    expect(chat.world.git('app', 'status', '--porcelain')).toContain('?? "left out.txt"');

    const committed = await chat.git('commit Two of them');
    expect(committed.view.body.text).toContain('Two of them\n2 files, +2 −1 on main');
    expect(chat.audited()).toEqual([
      'status begun',
      'status begun',
      'add begun',
      'add done',
      'commit begun',
      'commit done',
    ]);
    expect(labels(committed)).toEqual(['⬆️ Push', '📋 Status', '⏪ Undo']);
  });

  it('has Claude write the message, without tools, and commits exactly what it describes', async () => {
    chat.world.write('app/a.txt', 'hunter22\n');
    chat.world.git('app', 'add', 'a.txt');
    await chat.start([app]);
    const { agent, connector } = chat.bench;
    await connector.act({ kind: 'command', name: 'git', args: 'commit' });
    const turn = await agent.turn(0);
    expect(turn.options).toMatchObject({ directory: app, maxTurns: 1 });
    expect(turn.text).toContain('+[redacted]');
    const call = { id: 'c', tool: 'Bash', input: { command: 'ls' }, directory: app };
    expect(await turn.options.gate(call, new AbortController().signal)).toMatchObject({ kind: 'deny' });
    turn.emit({ kind: 'text', delta: '```\nfix: say two\u202e\n```' });
    turn.finish({ kind: 'done' }, 0.02);

    const card = await chat.next(0);
    expect(card.view.body.text).toContain('fix: say two');
    expect(card.view.body.text).not.toContain('\u202e');
    // A reply is another message, shown again.
    await connector.act({ kind: 'text', text: 'fix: say it', replyTo: card.message.message });
    const again = await chat.next(1);
    expect(again.view.body.text).toContain('fix: say it');
    chat.world.write('app/b.txt', 'b\n');
    chat.world.git('app', 'add', 'b.txt');
    const refused = await chat.tap(again, 'Commit');
    expect(refused.view.body.text).toContain('What is staged has changed since it was shown.');

    chat.world.git('app', 'reset', '--quiet', 'b.txt');
    await connector.act({ kind: 'command', name: 'git', args: 'commit' });
    const second = await agent.turn(1);
    second.emit({ kind: 'text', delta: 'fix: say two' });
    second.finish({ kind: 'done' }, 0.02);
    const accepted = await chat.tap(await chat.next(3), 'Commit');
    expect(accepted.view.body.text).toContain('fix: say two');
    expect(chat.world.git('app', 'show', '--name-only', '--format=%B')).toBe('fix: say two\n\n\na.txt\n');
    const { messages } = await chat.bench.stores.messages.find({ chat: connector.chat, limit: 9 });
    expect(messages.map(({ costUsd }) => costUsd)).toEqual([0.02, 0.02]);

    // The chat's own conversation knows nothing of it.
    await connector.write('hello');
    expect((await agent.turn(2)).options).toMatchObject({ maxTurns: 25 });
    expect(agent.opened.map(({ resume }) => resume)).toEqual([undefined, undefined, undefined]);
  });

  it('pushes what its card shows, and not what was committed since', async () => {
    chat.world.git('', 'init', '--quiet', '--bare', 'remote.git');
    chat.world.git('app', 'remote', 'add', 'origin', join(chat.world.folder, 'remote.git'));
    await chat.start([app]);
    const card = await chat.git('push');
    expect(card.view.body.text).toContain('⬆️ Push main → origin/main?');
    expect(card.view.body.text).toMatch(/1 commit:\n[0-9a-f]+ First/);
    chat.world.commitAll('app', 'Second');
    const refused = await chat.tap(card, 'Push');
    expect(refused.view.body.text).toContain('has changed since this was shown');

    const pushed = await chat.tap(await chat.git('push'), 'Push');
    expect(pushed.view.body.text).toContain('Pushed to origin/main');
    expect(chat.world.git('remote.git', 'log', '--format=%s', 'main')).toBe('Second\nFirst\n');
    const lines = chat.audited().filter((line) => line.startsWith('push'));
    expect(lines).toEqual(['push begun', 'push refused', 'push begun', 'push done']);
    const nothing = await chat.git('push');
    expect(nothing.view.body.text).toContain('Nothing to push');
    const blocked = await chat.git('undo');
    expect(blocked.view.body.text).toMatch(/^📂 app\n⛔ /);
  });

  it('takes back a commit after it was shown, and goes to branches by nearly their name', async () => {
    chat.world.git('app', 'branch', 'feature/search');
    chat.world.write('app/a.txt', 'two\n');
    chat.world.commitAll('app', 'Second');
    await chat.start([app]);
    const undone = await chat.tap(await chat.git('undo'), 'Undo');
    expect(undone.view.body.text).toContain('Second. Its changes are staged.');
    expect(chat.world.git('app', 'diff', '--cached', '--name-only')).toBe('a.txt\n');

    await chat.git('stash');
    const close = await chat.git('checkout serach');
    const there = await chat.tap(close, 'feature/search');
    expect(there.view.body.text).toContain('Now on feature/search');
    const back = await chat.tap(await chat.git('stash list'), 'Bring back 1');
    expect(back.view.body.text).toContain('Back again');
    expect(readFileSync(join(app, 'a.txt'), 'utf8')).toBe('two\n');
    const branches = await chat.git('branch MAI');
    expect(labels(branches)).toEqual(['🌿 main', '📋 Status']);
  });

  it('shows short diffs as such and long ones as a file, without secrets', async () => {
    chat.world.write('app/a.txt', 'hunter22\n');
    await chat.start([app]);
    const short = await chat.git('diff');
    expect(short.view.body.text).toContain('+[redacted]');
    expect(short.view.body.spans).toContainEqual(expect.objectContaining({ kind: 'pre', language: 'diff' }));
    chat.world.write('app/a.txt', `hunter22\n${'another line\n'.repeat(400)}`);
    const long = await chat.git('diff a.txt');
    expect(long.view.body.text).toContain('Not staged in a.txt: 1 file, +401 −1');
    expect(long.view.attachment).toMatchObject({ fileName: 'changes.diff' });
    expect(long.view.attachment?.content).not.toContain('hunter22');
  });

  it('lets everybody look and only approvers change, by word and by button', async () => {
    chat.world.write('app/a.txt', 'two\n');
    await chat.start([app], { approvers: [personId('test', 2)] });
    const status = await chat.git('status');
    expect(await chat.press(status, 'Stage all')).toContain('Only those who may approve can do that');
    const diff = await chat.tap(status, 'Diff');
    expect(diff.view.body.text).toContain('+two');
    await chat.bench.connector.act({ kind: 'command', name: 'git', args: 'add .' });
    await chat.said('Only those who may approve can use /git add here.');
    expect(chat.world.git('app', 'diff', '--cached', '--name-only')).toBe('');
  });

  it('only looks while Claude works, also where a card was open before', async () => {
    chat.world.write('app/a.txt', 'two\n');
    await chat.start([app]);
    const { connector, agent } = chat.bench;
    const ticks = await chat.git('add');
    await chat.press(ticks, 'a.txt');
    await connector.write('work');
    const turn = await agent.turn(0);
    const status = await chat.git('status');
    await connector.act({ kind: 'command', name: 'git', args: 'commit now' });
    await chat.said('Claude is working. /stop it first, then /git commit.');
    await chat.press(status, 'Stage all');
    await chat.said('Claude is working. /stop it first, then /git add .');
    await chat.press(ticks, 'Done');
    await chat.said('Claude has begun to work meanwhile, so nothing was changed.');
    expect(chat.world.git('app', 'diff', '--cached', '--name-only')).toBe('');
    turn.finish();
  });

  it('changes nothing where Claude works for another chat', async () => {
    chat.world.write('app/a.txt', 'two\n');
    await chat.start([app]);
    const { connector, agent } = chat.bench;
    const elsewhere = { connector: 'test', chat: '2' };
    await connector.act({ kind: 'text', text: 'work' }, { chat: elsewhere });
    const turn = await agent.turn(0);
    await connector.act({ kind: 'command', name: 'git', args: 'add .' });
    await chat.said('Claude works in this repository in another chat, so nothing was changed.');
    turn.finish();
    await connector.until(() => connector.replies.some(({ final }) => final !== undefined));
    expect((await chat.git('add .')).view.body.text).toContain('1 file is staged now');
  });

  it('changes nothing either where Claude works in a folder around the repository', async () => {
    chat.world.write('app/a.txt', 'two\n');
    const around = dirname(app);
    await chat.start([around, app]);
    const { connector, agent } = chat.bench;
    await connector.act({ kind: 'command', name: 'dir', args: app });
    await connector.act({ kind: 'text', text: 'work' }, { chat: { connector: 'test', chat: '2' } });
    const turn = await agent.turn(0);
    await connector.act({ kind: 'command', name: 'git', args: 'add .' });
    await chat.said('Claude works in this repository in another chat, so nothing was changed.');
    expect(chat.world.git('app', 'diff', '--cached', '--name-only')).toBe('');
    turn.finish();
  });

  it('does nothing that can not be written down', async () => {
    chat.world.write('app/a.txt', 'two\n');
    await chat.start([app]);
    chat.bench.auditFault = new Error('the disk is full');
    await chat.bench.connector.act({ kind: 'command', name: 'git', args: 'add .' });
    await chat.said('/git failed: the disk is full');
    expect(chat.world.git('app', 'diff', '--cached', '--name-only')).toBe('');
  });

  it('unstages a renamed file with both its names', async () => {
    chat.world.git('app', 'mv', 'a.txt', 'b.txt');
    await chat.start([app]);
    const ticks = await chat.git('unstage');
    expect(ticks.view.body.text).toContain('R a.txt → b.txt');
    await chat.press(ticks, 'b.txt');
    await chat.tap(ticks, 'Done');
    expect(chat.world.git('app', 'diff', '--cached', '--name-only')).toBe('');
  });

  it('asks Claude for no message once the day’s budget is used up', async () => {
    chat.world.write('app/a.txt', 'two\n');
    chat.world.git('app', 'add', 'a.txt');
    await chat.start([app], { budgets: { perDayUsd: 0.01 } });
    const { agent, connector } = chat.bench;
    await connector.act({ kind: 'command', name: 'git', args: 'commit' });
    const turn = await agent.turn(0);
    turn.emit({ kind: 'text', delta: 'fix: two' });
    turn.finish({ kind: 'done' }, 0.02);
    await chat.press(await chat.next(0), 'Don’t');
    const refused = await chat.git('commit');
    expect(refused.view.body.text).toContain('Claude wrote no message: $0.02 were spent today');
    expect(agent.turns).toHaveLength(1);
  });

  it('ends git when leashd stops', async () => {
    const hook = chat.world.write('app/.git/hooks/pre-commit', '#!/bin/sh\nsleep 60\n');
    chmodSync(hook, 0o755);
    chat.world.write('app/a.txt', 'two\n');
    chat.world.git('app', 'add', 'a.txt');
    await chat.start([app]);
    await chat.bench.connector.act({ kind: 'command', name: 'git', args: 'commit slow' });
    await vi.waitFor(() => expect(chat.audited()).toContain('commit begun'));
    await chat.engine?.stop('the test is over');
    await chat.said('leashd was stopped');
    expect(chat.audited().at(-1)).toBe('commit failed');
    expect(chat.world.git('app', 'log', '--format=%s')).toBe('First\n');
  });

  it('takes what is sent at once in its order', async () => {
    chat.world.write('app/a.txt', 'two\n');
    await chat.start([app]);
    const { connector } = chat.bench;
    for (const args of ['add .', 'commit Second', 'status'])
      await connector.act({ kind: 'command', name: 'git', args });
    const last = await chat.next(2);
    expect(last.view.body.text).toContain('Nothing to commit.');
    // Only the newest answer has its buttons.
    await connector.until(() => connector.prompts.slice(0, 2).every(({ outcome }) => outcome !== undefined));
    expect(last.outcome).toBeUndefined();
  });

  it('names its repository, offers the others, and stays with the one that was chosen', async () => {
    const site = chat.world.init('site');
    await chat.start([app, site]);
    const repos = await chat.tap(await chat.git('status'), 'Other repository');
    expect(repos.view.body.text).toContain('1. • app');
    const there = await chat.tap(repos, 'site');
    expect(there.view.body.text).toContain('📂 site\n🌿 main (no commit yet)');
    const status = await chat.git('');
    expect(status.view.body.text).toContain('📂 site\n🌿 main (no commit yet)');
    await chat.bench.connector.act({ kind: 'command', name: 'dir', args: 'site' });
    await chat.said('📁');
    await chat.bench.connector.act({ kind: 'command', name: 'dir', args: 'app' });
    await chat.said(`📁 \`${app}\``);
    expect((await chat.git('')).view.body.text).toContain('📂 app');
  });

  it('keeps to the repositories of a workspace', async () => {
    const [site, third] = ['site', 'third'].map((name) => chat.world.init(name)) as [string, string];
    const workspaces = [{ name: 'shop', directories: [app, site] as const }];
    await chat.start([app, site, third], { workspaces });
    await chat.bench.connector.act({ kind: 'command', name: 'ws', args: 'shop' });
    await chat.said('🗂 `shop`');
    const repos = await chat.tap(await chat.git(''), 'Other repository');
    expect(labels(repos)).toEqual(['📋 Status', '📂 site']);
  });

  it('merges, and in conflict says how to go on', async () => {
    chat.world.git('app', 'checkout', '--quiet', '-b', 'other');
    chat.world.write('app/a.txt', 'theirs\n');
    chat.world.commitAll('app', 'Theirs');
    chat.world.git('app', 'checkout', '--quiet', 'main');
    chat.world.write('app/a.txt', 'ours\n');
    chat.world.commitAll('app', 'Ours');
    await chat.start([app]);
    const help = await chat.git('merge other');
    expect(help.view.body.text).toContain('a.txt');
    await chat.press(help, 'Abort');
    const aborted = await chat.tap(help, 'abort');
    expect(aborted.view.body.text).toContain('aborted');
    expect(readFileSync(join(app, 'a.txt'), 'utf8')).toBe('ours\n');
  });

  it('takes a message with -m, and no other words of git’s for one', async () => {
    chat.world.write('app/a.txt', 'two\n');
    chat.world.git('app', 'add', 'a.txt');
    await chat.start([app]);
    for (const args of ['stash drop', 'stash apply 1', 'stash --all', 'commit -am "two"', 'commit --amend'])
      expect((await chat.git(args)).view.body.text).toMatch(/nothing was (?:changed|committed)/);
    expect(chat.world.git('app', 'diff', '--cached', '--name-only')).toBe('a.txt\n');
    await chat.git('stash drop the old names');
    await chat.git('stash pop');
    await chat.git('add .');
    await chat.git('commit -m "fix: two"');
    expect(chat.world.git('app', 'log', '-1', '--format=%s')).toBe('fix: two\n');
  });

  it('lets a list of files be left without a file', async () => {
    chat.world.write('app/a.txt', 'two\n');
    await chat.start([app]);
    const ticks = await chat.git('add');
    expect(labels(ticks)).toEqual(['☐ 1. a.txt', '✖️ None of them']);
    await chat.press(ticks, 'None of them');
    await chat.bench.connector.until(() => ticks.outcome === 'This list is closed; nothing was changed.');
    expect(chat.world.git('app', 'diff', '--cached', '--name-only')).toBe('');
  });

  it('answers a word that it does not know with the nearest one, or with the list', async () => {
    await chat.start([app]);
    const unknown = await chat.git('satus');
    expect(unknown.view.body.text).toContain('Did you mean /git status?');
    const status = await chat.tap(unknown, '/git status');
    expect(status.view.body.text).toContain('Nothing to commit.');
    await chat.bench.connector.act({ kind: 'command', name: 'git', args: 'rebase main' });
    await chat.said('/git stash pop [number] – bring back');
    await chat.bench.connector.act({ kind: 'command', name: 'git', args: 'add ../outside.txt' });
    await chat.said('⛔ ');
  });

  it('looks at a hostile repository without running what it names', async () => {
    chat.world.git('app', 'config', 'core.fsmonitor', chat.world.marker('fsmonitor'));
    chat.world.git('app', 'config', 'diff.external', chat.world.marker('external'));
    chat.world.write('app/a.txt', 'two\n');
    chat.world.marks();
    await chat.start([app]);
    for (const args of ['status', 'diff', 'log', 'branch']) await chat.git(args);
    expect(chat.world.marks()).toEqual([]);
    // As git itself would.
    chat.world.git('app', 'status');
    expect(chat.world.marks()).toEqual(['fsmonitor']);
  });
});
