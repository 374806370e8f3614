import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  message,
  text,
  toolUse,
  useTool,
  type Reply,
  type ReplyBlock,
} from '../fixtures/messages-api/reply.ts';
import { createRig, type Rig } from './rig.ts';
import { labels, Talk } from './talk.ts';

// leashd as a process with the real `claude` under it: a merge with conflicts, resolved from the phone.

const PRICE = ['export function price(net) {', '  return net;', '}', ''];
const NAMES = ['export const names = [', "  'apple',", '];', ''];
const price = (line: string): string => PRICE.with(1, line).join('\n');
const names = (line: string): string => NAMES.toSpliced(2, 0, line).join('\n');

const QUESTION = {
  question: 'Both sides changed how a price is made. Which one is to hold?',
  header: 'Price',
  options: [
    { label: 'With tax', description: 'the customer sees what they pay' },
    { label: 'With discount', description: 'regulars pay less' },
  ],
  multiSelect: false,
};

describe('a merge with conflicts, from Telegram with the real claude', () => {
  let rig: Rig;
  let chat: Talk;
  let steps: Reply[] = [];

  const at = (name: string): string => join(rig.project, name);
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: rig.project,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: rig.home.home, GIT_CONFIG_NOSYSTEM: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const standing = (): string =>
    `${git('rev-parse', 'HEAD')}${git('ls-files', '--stage')}${git('status', '--short')}`;

  beforeAll(async () => {
    rig = await createRig();
    chat = new Talk(rig, rig.owner.chat, 'Nobody');
    rig.model.on(
      ({ kind, body }) => kind === 'main' && JSON.stringify(body.messages).includes('Resolve the merge'),
      () => steps.shift() ?? text('The script has no reply left.'),
    );
    const side = (change: string, other: string): void => {
      writeFileSync(at('price.js'), price(change));
      writeFileSync(at('names.js'), names(other));
      git('add', '.');
      git('commit', '--quiet', `--message=${change.trim()}`);
    };
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.name', 'Ada');
    git('config', 'user.email', 'ada@example.com');
    writeFileSync(at('price.js'), PRICE.join('\n'));
    writeFileSync(at('names.js'), NAMES.join('\n'));
    git('add', '.');
    git('commit', '--quiet', '--message=base');
    git('switch', '--quiet', '--create=feature');
    side('  return net * 0.9;', "  'pear',");
    git('switch', '--quiet', 'main');
    side('  return net * 1.2;', "  'plum',");
    writeFileSync(at('notes.txt'), 'untracked\n');
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());

  /** Auto-resolve is tapped, and Claude does that; resolves with how leashd finds it. */
  async function resolve(script: readonly Reply[]): Promise<void> {
    steps = [...script];
    rig.owner.send('/git merge feature');
    const card = await chat.card('2 files in conflict');
    expect(card.text).toContain('price.js changed on both sides, 1 conflict');
    expect(labels(card)).toEqual(['🤖 Auto-resolve', '↩️ Abort']);
    rig.owner.tap('🤖 Auto-resolve', { message: card.id });
  }
  const bash = (command: string, id: string): ReplyBlock => toolUse('Bash', { command }, id);
  const read = (name: string): ReplyBlock => toolUse('Read', { file_path: at(name) });
  const write = (name: string, content: string, id: string): ReplyBlock =>
    toolUse('Write', { file_path: at(name), content }, id);

  it('is aborted after a round, and all is as it was before', async () => {
    const before = standing();
    await resolve([
      message([read('price.js')]),
      message([write('price.js', price('  return net * 1.1;'), 'a_price')]),
      message([bash('git add -- price.js', 'a_add')]),
      text('One is resolved.'),
    ]);
    const card = await chat.card('1 file in conflict');
    expect(card.text).toContain('✅ 1 file resolved and staged');
    expect(labels(card)).toEqual(['🤖 Go on', '🔍 Diff', '↩️ Abort']);
    rig.owner.tap('↩️ Abort', { message: card.id });
    await chat.turns(card, (shown) => labels(shown).includes('↩️ Yes, abort the merge'));
    rig.owner.tap('↩️ Yes, abort the merge', { message: card.id });
    await chat.says('The merge is aborted');
    expect(standing()).toBe(before);
    expect(readFileSync(at('notes.txt'), 'utf8')).toBe('untracked\n');
  }, 30_000);

  it('asks where both sides changed the same logic, stages, and is committed by a tap', async () => {
    const head = git('rev-parse', 'HEAD').trim();
    await resolve([
      message([
        bash('git log --merge --left-right --oneline -- price.js names.js', 'b_log'),
        bash('git show :1:price.js && git show :2:price.js && git show :3:price.js', 'b_show'),
        read('price.js'),
        read('names.js'),
      ]),
      useTool('AskUserQuestion', { questions: [QUESTION] }, { id: 'b_ask' }),
      message([
        write('price.js', price('  return net * 1.2;'), 'b_price'),
        write('names.js', names("  'plum',\n  'pear',"), 'b_names'),
      ]),
      message([bash('git add -- price.js names.js', 'b_add'), bash('git commit --no-edit', 'b_commit')]),
      text('Both are resolved.'),
    ]);
    const question = await chat.card('Which one is to hold?');
    rig.owner.tap('With tax', { message: question.id });
    const card = await chat.card('2 files resolved and staged, no conflict markers left');
    expect(labels(card)).toEqual(['💾 Commit', '🔍 Diff', '🤖 Go on', '↩️ Abort']);
    expect(card.text).toContain('No tests were found here');
    const heard = (id: string): string => rig.model.lastToolResult(id)?.text ?? '';
    expect(heard('b_ask')).toContain('="With tax"');
    expect(heard('b_log')).toContain('> ');
    expect(heard('b_show')).toContain('net * 0.9');
    expect(git('diff', '--cached', '--name-only').trim().split('\n')).toEqual(['names.js']);
    expect(git('log', '-1', '--format=%H').trim()).toBe(head);

    const { system } = rig.model.requests().findLast(({ kind }) => kind === 'main')?.body ?? {};
    expect(JSON.stringify(system)).toContain('You are in merge mode');
    const lines = rig.auditLines();
    const decided = lines.filter(
      ({ event, call }) => event === 'tool_decided' && String(call).startsWith('b_'),
    );
    expect(decided.map(({ call, decision }) => `${String(call)} ${String(decision)}`).toSorted()).toEqual([
      'b_add allow',
      'b_ask allow',
      'b_commit deny',
      'b_log allow',
      'b_names allow',
      'b_price allow',
      'b_show allow',
    ]);
    const modes = lines.filter(({ event }) => event === 'mode_changed').map(({ from, to }) => [from, to]);
    expect(modes.slice(-2)).toEqual([
      ['default', 'merge'],
      ['merge', 'default'],
    ]);

    rig.owner.tap('💾 Commit', { message: card.id });
    await chat.says('Committed');
    expect(git('log', '-1', '--format=%s|%P').trim()).toBe(
      `Merge branch 'feature'|${head} ${git('rev-parse', 'feature').trim()}`,
    );
    expect(git('status', '--short')).toBe('?? notes.txt\n');
  }, 30_000);
});
