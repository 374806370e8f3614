import { describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCurrentSetUp } from '../../app/init/current-set-up.ts';
import { tokenInFile, tokenProblem } from '../../app/init/bot-token.ts';
import { readFlags } from './flags.ts';
import { TOPICS, type Topic } from './session.ts';
import { requireAnswers } from './topics.ts';

const token = '123456:abcdefghijklmnopqrstuvwxyz012345678';

describe('the flags of leashd init', () => {
  it('are answers', () => {
    const flags = readFlags({
      directory: ['a', 'b'],
      token: '-',
      owner: ' 42 ',
      pair: undefined,
      start: false,
    });
    expect(flags).toMatchObject({
      directories: ['a', 'b'],
      token: { kind: 'stdin' },
      owner: 42,
      start: false,
    });
    expect(readFlags({ telegram: false }).token).toEqual({ kind: 'none' });
    expect(readFlags({ telegram: true })).toMatchObject({
      token: undefined,
      service: undefined,
      isYes: false,
    });
  });

  it.each([
    [{ token: '-', tokenFile: 'x' }, /--token and --token-file/],
    [{ token: '-', telegram: false }, /--token and --no-telegram/],
    [{ telegram: false, owner: '42' }, /--no-telegram and --owner/],
    [{ telegram: false, service: true }, /--service/],
    [{ owner: '42', pair: false }, /--owner and --no-pair/],
    [{ owner: '@ada' }, /--owner: expected one Telegram user ID, got "@ada"/],
    [{ owner: '1,2' }, /one Telegram user ID/],
    [{ owner: '*' }, /one Telegram user ID/],
  ])('%j is refused', (options, words) => {
    expect(() => readFlags(options)).toThrow(words);
  });

  it('name what is missing where nobody can be asked, all at once, and only then', () => {
    const home = mkdtempSync(join(tmpdir(), 'leashd-flags-'));
    try {
      const place = { startDirectory: home, homeDirectory: home, environment: {} };
      const all = new Set<Topic>(TOPICS);
      const check = (options: Record<string, unknown>, topics = all): void =>
        requireAnswers(readCurrentSetUp(place), readFlags(options), topics);
      expect(() => check({})).toThrow(/--directory, --token-file .*, --policy, .*--start/);
      expect(() => check({ tokenFile: 'x' })).toThrow(/--owner .*--service/);
      expect(() =>
        check({ telegram: false, directory: ['x'], policy: 'default', start: false }),
      ).not.toThrow();
      expect(() => check({ yes: true })).not.toThrow();
      expect(() => check({ yes: true, pair: true })).toThrow(/--pair: expected a terminal/);
      expect(() => check({}, new Set())).not.toThrow();
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it('never quote a token', () => {
    const home = mkdtempSync(join(tmpdir(), 'leashd-flags-'));
    try {
      const file = join(home, 'token');
      writeFileSync(file, `${token}\n`, { mode: 0o600 });
      expect(tokenInFile(file)).toEqual({ token, isShared: false });
      writeFileSync(file, `not ${token}`);
      expect(() => tokenInFile(file)).toThrow(/^--token-file: expected a bot token .*not shown/);
      expect(() => tokenInFile(join(home, 'gone'))).toThrow(/--token-file: .*no such file/);
      expect(() => tokenInFile(home)).toThrow(/--token-file/);
      expect(tokenProblem('secret-word')).not.toContain('secret-word');
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
