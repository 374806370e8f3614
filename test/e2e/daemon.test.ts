import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { socketPath } from '../../src/app/control/socket-path.ts';
import { startBotApi } from '../fixtures/bot-api/start.ts';
import { text, useTool } from '../fixtures/messages-api/reply.ts';
import { hasPty } from '../fixtures/terminal/pty.ts';
import { startLeashd, type LeashdProcess } from './leashd-process.ts';
import { createRig, OWNER_ID, type Rig } from './rig.ts';

const BOB_ID = 77;

describe('leashd in the background', () => {
  let rig: Rig;
  let folder: string;
  let stateDir: string;
  let environment: Record<string, string>;
  beforeAll(async () => {
    rig = await createRig();
    folder = join(rig.home.home, 'started-here');
    stateDir = join(rig.home.home, '.leashd');
    mkdirSync(folder);
    mkdirSync(stateDir, { mode: 0o755 });
    configure();
    environment = { ...rig.home.environment };
  });
  afterAll(async () => {
    await cli(['stop', '--force']);
    await rig.telegram.stop();
    await rig.model.close();
    await rig.home.remove();
  });

  const configure = (more: readonly string[] = []): void =>
    writeFileSync(
      join(stateDir, 'config.yaml'),
      [
        `telegram_bot_token: "${rig.telegram.token}"`,
        `telegram_api_root: ${rig.telegram.url}`,
        `approved_directories: [${rig.project}]`,
        'streaming_throttle_seconds: 0.1',
        ...more,
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
  const start = (args: readonly string[], directory = folder, isTty = false): LeashdProcess =>
    startLeashd({ args, directory, environment, isTty });
  const cli = async (args: readonly string[], directory = folder) => {
    const leashd = start(args, directory);
    leashd.end();
    return { status: await leashd.exited(), output: leashd.output() };
  };
  const pidOf = async (): Promise<number> => {
    const { output } = await cli(['status', '--json']);
    return (JSON.parse(output) as { pid: number }).pid;
  };
  const polls = (): Promise<unknown> => rig.telegram.waitFor(() => rig.telegram.isPolled());

  it('says that nothing runs, and exits with 3', async () => {
    expect(await cli(['status'])).toEqual({ status: 3, output: 'leashd is not running.\n' });
    expect(await cli(['stop'])).toEqual({ status: 0, output: 'leashd is not running.\n' });
    expect((await cli(['reload'])).status).toBe(1);
  }, 40_000);

  it('starts, hands over the pairing code, and tells how it is', async () => {
    const started = await cli(['start']);
    expect([started.status, started.output]).toEqual([0, expect.stringContaining('runs in the background')]);
    const [code] = /\/start \w+/.exec(started.output) ?? [''];
    expect(code).not.toBe('');

    const status = await cli(['status'], rig.home.home);
    expect([status.status, status.output]).toEqual([0, expect.stringContaining(code)]);
    const json = await cli(['status', '--json']);
    expect(JSON.parse(json.output)).toMatchObject({
      running: true,
      state: 'running',
      startDirectory: folder,
      bot: rig.telegram.bot.username,
      isPolling: true,
      directories: [rig.project],
    });
    expect(statSync(socketPath(stateDir)).mode & 0o777).toBe(0o600);
    expect(statSync(stateDir).mode & 0o777).toBe(0o700);

    const second = await cli(['start']);
    expect([second.status, second.output]).toEqual([2, expect.stringMatching(/running already: pid \d+/)]);

    const logs = await cli(['logs', '-n', '200', '--json'], rig.home.home);
    expect(logs.output).toContain('"event":"telegram_started"');
    // The code is for the terminal alone.
    expect(logs.output).not.toContain(code.slice('/start '.length));
    expect((await cli(['logs', '--level', 'error'])).output).toBe('');

    rig.owner.send(code);
    await rig.sees((message) => message.text.includes('Paired'));
    expect((await cli(['status'])).output).not.toContain(code);
  }, 60_000);

  it('takes settings anew, or keeps the old ones and says so, here and in the chat', async () => {
    configure(['max_turns: 7']);
    const reloaded = await cli(['reload']);
    expect([reloaded.status, reloaded.output]).toEqual([0, expect.stringContaining('LEASHD_MAX_TURNS')]);
    await rig.sees((message) => message.text.includes('LEASHD_MAX_TURNS'));

    configure(['max_turns: many']);
    const refused = await cli(['reload']);
    expect([refused.status, refused.output]).toEqual([1, expect.stringContaining('many')]);
    await rig.sees((message) => message.text.includes('the old ones still hold'));

    const kept = await cli(['restart']);
    expect([kept.status, kept.output]).toEqual([2, expect.stringContaining('was left as it is')]);
    expect((await cli(['status'])).status).toBe(0);

    configure(['max_turns: 8']);
    const follow = start(['logs', '-f', '-n', '0', '--level', 'info']);
    await follow.printed(/following/);
    process.kill(await pidOf(), 'SIGHUP');
    await follow.printed(/announced .*LEASHD_MAX_TURNS/);
    expect(await follow.stop('SIGINT')).toBe(0);
  }, 60_000);

  it('lets a turn end, closes the card of another with a reason, and is gone then', async () => {
    configure([`allowed_user_ids: [${OWNER_ID}, ${BOB_ID}]`]);
    expect((await cli(['restart'], rig.home.home)).status).toBe(0);
    expect(JSON.parse((await cli(['status', '--json'])).output)).toMatchObject({ startDirectory: folder });
    const bob = rig.telegram.person(BOB_ID, 'Bob');
    rig.model.enqueue(useTool('Write', { file_path: join(rig.project, 'never.js'), content: 'x\n' }));
    bob.send('write it');
    const card = await rig.sees((message) => message.keyboard.length > 0, bob);

    const goOn = Promise.withResolvers<void>();
    const pause = { afterDeltas: 3, until: goOn.promise };
    rig.model.enqueue(text('A long answer that grows, and grows, to its end.', { chunkSize: 8, pause }));
    rig.owner.send('talk');
    await rig.sees((message) => message.text.includes('A long answer'));

    const stopping = start(['stop']);
    await stopping.printed(/waits for/);
    const at = () => bob.chat.messages().find(({ id }) => id === card.id);
    await rig.telegram.waitFor(() => at()?.text.match(/Closed, [\d:]+: leashd was stopped/));
    expect(at()?.keyboard).toEqual([]);
    rig.owner.send('and this?');
    await rig.sees((message) => message.text.includes('This goes to Claude when it is back'));
    goOn.resolve();
    expect(await stopping.exited()).toBe(0);
    expect(stopping.output()).toMatch(/has ended/);
    await rig.sees((message) => message.text.includes('to its end.'));
    expect(existsSync(join(rig.project, 'never.js'))).toBe(false);
    expect(existsSync(socketPath(stateDir))).toBe(false);
    expect((await cli(['status'])).status).toBe(3);
  }, 60_000);

  it('goes on with what came while it ended, and starts at once after kill -9', async () => {
    rig.model.reset();
    rig.model.enqueue(text('Here it is.'));
    expect((await cli(['start'])).status).toBe(0);
    await rig.sees((message) => message.text.includes('Here it is.'));
    process.kill(await pidOf(), 'SIGKILL');
    await expect.poll(async () => (await cli(['status'])).output, { timeout: 10_000 }).toContain('its end');
    expect((await cli(['restart'], rig.home.home)).status).toBe(0);
    await polls();
    expect((await cli(['status'])).output).toContain(`Started in ${folder}`);
    expect((await cli(['stop'])).status).toBe(0);
  }, 60_000);

  it('waits for Telegram where it is out of reach at the start', async () => {
    const down = await startBotApi({ flood: 'off', token: rig.telegram.token });
    const port = Number(new URL(down.url).port);
    await down.stop();
    configure([`allowed_user_ids: [${OWNER_ID}]`]);
    environment['LEASHD_TELEGRAM_API_ROOT'] = down.url;
    const started = await cli(['start']);
    expect(started.status).toBe(0);
    expect(started.output).toMatch(/Telegram could not be reached[\s\S]*waits for Telegram/);
    const status = await cli(['status']);
    expect([status.status, status.output]).toEqual([
      0,
      expect.stringMatching(/not reached yet[\s\S]*Last trouble/),
    ]);

    const back = await startBotApi({ flood: 'off', token: rig.telegram.token, port });
    await back.waitFor(() => back.isPolled(), 30_000);
    await expect.poll(async () => (await cli(['status'])).output, { timeout: 10_000 }).toContain('receives');
    expect((await cli(['logs'])).output).toContain('Telegram answers again');
    expect((await cli(['stop'])).status).toBe(0);
    await back.stop();
    delete environment['LEASHD_TELEGRAM_API_ROOT'];
  }, 60_000);

  describe.skipIf(!hasPty)('from a terminal (skipped without python3, whose pty module it needs)', () => {
    it('asks there, outlives it in the background, and ends with it in the foreground', async () => {
      writeFileSync(join(folder, '.env'), 'LEASHD_MAX_COST_USD_PER_DAY=5\n', { mode: 0o600 });
      const background = start(['start'], folder, true);
      await background.printed(/LEASHD_MAX_COST_USD_PER_DAY.*Did you write it yourself/);
      background.write('y\r');
      await background.printed(/runs in the background/);
      expect(await background.exited()).toBe(0);
      expect((await cli(['status'])).status).toBe(0);
      expect((await cli(['stop'])).status).toBe(0);

      const foreground = start(['start', '-f'], folder, true);
      await polls();
      await expect.poll(async () => (await cli(['status'])).status, { timeout: 10_000 }).toBe(0);
      await foreground.stop('SIGKILL');
      await expect
        .poll(async () => (await cli(['status'])).output, { timeout: 10_000 })
        .toBe('leashd is not running.\n');
    }, 60_000);
  });

  it('does not take the place of a process that hangs, and names it', async () => {
    expect((await cli(['start'])).status).toBe(0);
    const pid = await pidOf();
    process.kill(pid, 'SIGSTOP');
    try {
      const second = await cli(['start']);
      expect([second.status, second.output]).toEqual([1, expect.stringContaining(`Process ${pid} has`)]);
      expect(await cli(['status'])).toEqual({
        status: 1,
        output: expect.stringContaining(String(pid)) as string,
      });
    } finally {
      expect((await cli(['stop', '--force'])).output).toContain('was killed');
    }
    expect(readFileSync(join(folder, '.leashd/logs/app.log'), 'utf8')).not.toContain(rig.telegram.token);
  }, 60_000);
});
