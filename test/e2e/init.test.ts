import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { startBotApi, type BotApi } from '../fixtures/bot-api/start.ts';
import { createClaudeHome, type ClaudeHome } from '../fixtures/claude-home.ts';
import { hasPty } from '../fixtures/terminal/pty.ts';
import { VirtualTerminal } from '../fixtures/terminal/virtual-terminal.ts';
import { startLeashd, type LeashdProcess } from './leashd-process.ts';

const ENTER = '\r';
// From the first choice it leads to the last.
const UP = '\u001b[A';
const DOWN = '\u001b[B';
const RIGHT = '\u001b[C';
const SPACE = ' ';
const CTRL_C = '\u0003';
const patience = { timeout: 20_000, interval: 20 };

describe('leashd init', () => {
  let telegram: BotApi;
  let home: ClaudeHome;
  let shop: string;
  let config: string;
  beforeEach(async () => {
    telegram = await startBotApi({ flood: 'off' });
    // Nothing of the model is needed: only whether there is a log-in.
    home = await createClaudeHome('http://127.0.0.1:9');
    shop = join(home.home, 'code', 'shop');
    for (const project of [shop, join(home.home, 'code', 'blog')]) {
      mkdirSync(project, { recursive: true });
      execFileSync('git', ['init', '-q', project]);
    }
    config = join(home.home, '.leashd', 'config.yaml');
  });
  afterEach(async () => {
    await telegram.stop();
    await home.remove();
  });

  const start = (args: readonly string[], isTty: boolean, more: Record<string, string> = {}): LeashdProcess =>
    startLeashd({
      args: ['init', ...args],
      directory: shop,
      isTty,
      environment: {
        ...home.environment,
        LEASHD_TELEGRAM_API_ROOT: telegram.url,
        LANG: 'en_US.UTF-8',
        ...more,
      },
    });

  /** Somebody at a terminal: waits until a question is shown, then types. */
  const sit = (args: readonly string[] = [], more: Record<string, string> = {}) => {
    const leashd = start(args, true, more);
    const screen = new VirtualTerminal(80, 24);
    let fed = 0;
    const shows = (words: string): Promise<void> =>
      vi.waitFor(() => {
        const output = leashd.output();
        screen.write(output.slice(fed));
        fed = output.length;
        expect(screen.shown).toContain(words);
      }, patience);
    const answer = async (question: string, ...keys: readonly string[]): Promise<void> => {
      await shows(question);
      for (const key of keys) leashd.write(key);
    };
    return { leashd, screen, shows, answer };
  };
  const settings = (): unknown => parse(readFileSync(config, 'utf8'));
  const ownerFile = (): string => join(home.home, '.leashd', `owner-${telegram.bot.id}.json`);

  it.skipIf(!hasPty)(
    'takes a new user from nothing to a paired bot; then changes one thing',
    async () => {
      const { leashd, screen, shows, answer } = sit();
      await shows('~/code/shop');
      await answer('Which directories', ENTER);
      await answer('How do you want to reach Claude?', ENTER);
      await answer('The bot token', '7000000001:wrong-but-of-the-right-form-000000', ENTER);
      await answer('does not know this token');
      await answer('What now?', ENTER);
      await vi.waitFor(
        () => expect(leashd.output().split('The bot token').length).toBeGreaterThan(3),
        patience,
      );
      leashd.write(telegram.token);
      leashd.write(ENTER);
      await shows('Telegram knows the bot: @leashd_test_bot');
      await answer('Pair the bot with you?', ENTER);
      await shows('Waiting for you in Telegram');
      const [link = '', code = ''] =
        /https:\/\/t\.me\/leashd_test_bot\?start=([2-9A-Z]{8})/.exec(screen.shown) ?? [];
      expect(screen.lines.at(-5)).toContain(link);
      expect(leashd.output()).toContain('38;5;16;48;5;231');
      // All of the code is in sight together with the question.
      expect(screen.lines.slice(-24).filter((line) => line.includes('█▀▀▀▀▀█'))).toHaveLength(2);

      const stranger = telegram.person(666, 'Eve');
      stranger.send('hello');
      stranger.send('/start AAAAAAAA');
      const ada = telegram.person(4242, 'Ada');
      ada.send(`/start ${code}`);
      await answer('Ada (telegram:4242) sent the code. Is that you?', ENTER);
      await answer('where nothing may go wrong?', ENTER);
      await answer('run tests, linters', ENTER);
      await answer('May it also change files', ENTER);
      await answer('How is leashd to run?', UP, ENTER);
      await shows('Next: leashd start');
      expect(await leashd.exited()).toBe(0);

      expect(settings()).toEqual({
        approved_directories: [shop],
        telegram_bot_token: telegram.token,
        policy_files: ['default.yaml', 'dev-tools.yaml'],
      });
      expect(readFileSync(config, 'utf8')).toContain('# The token that @BotFather gave you');
      expect(statSync(config).mode & 0o777).toBe(0o600);
      expect(statSync(join(home.home, '.leashd')).mode & 0o777).toBe(0o700);
      expect(JSON.parse(readFileSync(ownerFile(), 'utf8'))).toMatchObject({ owner: 'telegram:4242' });
      expect(leashd.output()).not.toContain(telegram.token);
      expect(
        ada.chat
          .messages()
          .filter(({ from }) => from.isBot)
          .map(({ text }) => text),
      ).toEqual([expect.stringContaining('is this you?'), expect.stringContaining('Confirmed')]);
      expect(stranger.chat.messages().filter(({ from }) => from.isBot)).toHaveLength(1);
      expect(telegram.pendingUpdates()).toEqual([]);

      writeFileSync(config, `# mine\nmax_turns: 7 # few\n${readFileSync(config, 'utf8')}`);
      const before = readFileSync(config, 'utf8');
      const again = sit();
      await again.shows('Telegram bot: 7000000001');
      await again.answer('What do you want to change?', DOWN, DOWN, DOWN, SPACE, ENTER);
      await again.answer('where nothing may go wrong?', RIGHT, ENTER);
      await again.shows('Written: ~/.leashd/config.yaml (rules)');
      expect(await again.leashd.exited()).toBe(0);
      const after = readFileSync(config, 'utf8');
      expect(after.split('policy_files:')[0]).toBe(before.split('policy_files:')[0]);
      expect(settings()).toMatchObject({ max_turns: 7, policy_files: ['strict.yaml'] });
    },
    90_000,
  );

  it.skipIf(!hasPty)(
    'leaves all as it was when the person leaves, before and after pairing',
    async () => {
      const early = sit();
      await early.answer('Which directories', CTRL_C);
      await early.shows('nothing was changed');
      expect(await early.leashd.exited()).toBe(130);

      const late = sit(['--directory', shop, '--policy', 'default', '--no-service', '--no-start']);
      await late.answer('How do you want to reach Claude?', ENTER);
      await late.answer('The bot token', telegram.token, ENTER);
      await late.answer('Pair the bot with you?', ENTER);
      await late.shows('Waiting for you in Telegram');
      const [, code = ''] = /start=([2-9A-Z]{8})/.exec(late.screen.shown) ?? [];
      telegram.person(4242, 'Ada').send(`/start ${code}`);
      await late.answer('Is that you?', CTRL_C);
      expect(await late.leashd.exited()).toBe(130);
      expect(existsSync(ownerFile())).toBe(false);
      expect(existsSync(config)).toBe(false);
      expect(existsSync(join(home.home, '.leashd')) ? readdirSync(join(home.home, '.leashd')) : []).toEqual(
        [],
      );
    },
    60_000,
  );

  it('runs unattended, from flags alone', async () => {
    const run = async (args: readonly string[], input = '', more: Record<string, string> = {}) => {
      const leashd = start(args, false, more);
      leashd.write(input);
      leashd.end();
      return { status: await leashd.exited(), output: leashd.output() };
    };
    const bare = await run([]);
    expect(bare.status).toBe(2);
    for (const flag of ['--directory', '--token-file', '--no-telegram', '--policy', '--start']) {
      expect(bare.output).toContain(flag);
    }
    const answers = ['--directory', shop, '--policy', 'permissive', '--no-service', '--no-start'];
    const wrong = await run(
      [...answers, '--token', '-', '--owner', '4242'],
      '7000000001:wrong-but-of-the-right-form-000000\n',
    );
    expect([wrong.status, existsSync(config)]).toEqual([2, false]);
    expect(wrong.output).toContain('does not know this bot token');

    const done = await run([...answers, '--token', '-', '--owner', '4242'], `${telegram.token}\n`);
    expect([done.status, done.output]).toEqual([0, expect.stringContaining('Written: ')]);
    expect(done.output).not.toContain(telegram.token);
    expect(settings()).toEqual({
      approved_directories: [shop],
      telegram_bot_token: telegram.token,
      policy_files: ['permissive.yaml'],
    });
    expect(JSON.parse(readFileSync(ownerFile(), 'utf8'))).toMatchObject({ owner: 'telegram:4242' });
    rmSync(ownerFile());
    expect((await run(answers)).output).toContain('Next: leashd start. It shows the code');
    expect((await run([...answers, '--owner', '4242'])).output).toContain('Next: leashd start, and write to');

    const before = readFileSync(config, 'utf8');
    const bad = await run(['--policy', './none.yaml']);
    expect([bad.status, bad.output]).toEqual([2, expect.stringContaining('none.yaml')]);
    const beaten = await run(['--policy', 'strict'], '', { LEASHD_POLICY_FILES: 'default.yaml' });
    expect([beaten.status, beaten.output]).toEqual([
      0,
      expect.stringMatching(/LEASHD_POLICY_FILES in the environment wins/),
    ]);
    expect(readFileSync(config, 'utf8')).toBe(before.replace('permissive.yaml', 'strict.yaml'));

    // A leashd that runs takes it, or says what it does not.
    const daemon = startLeashd({
      args: ['start', '-f'],
      directory: shop,
      environment: { ...home.environment, LEASHD_TELEGRAM_API_ROOT: telegram.url },
    });
    try {
      await telegram.waitFor(() => telegram.isPolled(), 20_000);
      const loose = await run(['--policy', 'permissive']);
      expect([loose.status, loose.output]).toEqual([
        0,
        expect.stringMatching(/running leashd has taken .*POLICY/),
      ]);
      const other = await run(['--owner', '4343', '--start']);
      expect(other.status).toBe(0);
      expect(other.output).toMatch(/new owner after a restart: leashd restart/);
      const paired = hasPty ? sit(['--pair']) : undefined;
      await paired?.shows('leashd is running with this bot');
      expect(await paired?.leashd.exited()).toBe(hasPty ? 0 : undefined);
    } finally {
      await daemon.stop();
    }
    const none = await run(['--no-telegram']);
    expect([none.status, settings()]).toEqual([
      0,
      { approved_directories: [shop], policy_files: ['permissive.yaml'] },
    ]);
  }, 120_000);
});
