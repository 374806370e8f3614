import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/app/doctor/doctor.ts';
import { startBotApi, type BotApi } from '../fixtures/bot-api/start.ts';
import { createClaudeHome, type ClaudeHome } from '../fixtures/claude-home.ts';
import { startLeashd } from './leashd-process.ts';
import { createRig, OWNER_ID, type Rig } from './rig.ts';

type Environment = Readonly<Record<string, string>>;

async function doctor(directory: string, environment: Environment, ...args: readonly string[]) {
  const leashd = startLeashd({ args: ['doctor', ...args], directory, environment });
  leashd.end();
  return { status: await leashd.exited(), output: leashd.output() };
}

describe('leashd doctor for a new person', () => {
  let home = '';
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-doctor-')));
    mkdirSync(join(home, 'project'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('says what is missing, and leaves nothing behind', async () => {
    const { status, output } = await doctor(join(home, 'project'), { HOME: home });
    expect(output).toMatch(/^✓ node +Node\.js /m);
    expect(output).toMatch(
      /^✗ log-in +Claude Code is not logged in\n +→ Log in on this machine with `.*auth login`/m,
    );
    expect(output).toMatch(/^· settings +nothing is set/m);
    expect(output).toMatch(/^· daemon +leashd is not running\n +→ leashd start$/m);
    const problems = output.match(/^✗ /gm)?.length ?? 0;
    expect(output).toContain(`${problems} problem`);
    expect(output).not.toContain('\u{1b}');
    expect(status).toBe(problems);
    expect(readdirSync(home, { recursive: true })).toEqual(['project']);
  });
});

const diagnosed = async (directory: string, environment: Environment) => {
  const { status, output } = await doctor(directory, environment, '--json');
  expect(output).not.toContain(environment['LEASHD_TELEGRAM_BOT_TOKEN']);
  return { status, ...(JSON.parse(output) as Diagnosis) };
};

describe('leashd doctor while leashd runs', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await createRig();
    await rig.start();
  });
  afterEach(async () => rig.dispose());

  it('finds nothing wrong, and does not disturb it', async () => {
    const { home, project, telegram } = rig;
    const { status, leashd, problems, warnings, findings } = await diagnosed(
      join(home.home, 'leashd-start'),
      {
        ...home.environment,
        LEASHD_APPROVED_DIRECTORIES: project,
        LEASHD_TELEGRAM_BOT_TOKEN: telegram.token,
        LEASHD_TELEGRAM_API_ROOT: telegram.url,
        LEASHD_ALLOWED_USER_IDS: String(OWNER_ID),
      },
    );
    expect({ status, problems }).toEqual({ status: 0, problems: 0 });
    expect(leashd).toMatch(/^\d+\.\d+\.\d+/);
    expect(findings.filter(({ level }) => level === 'warning')).toHaveLength(warnings);
    for (const finding of findings) {
      const text = expect.any(String) as string;
      expect(finding).toMatchObject({ check: text, family: text, level: text, says: text });
    }
    const of = (name: string) => findings.find(({ check }) => check === name);
    for (const name of [
      'claude',
      'log-in',
      'directories',
      'policies',
      'permissions',
      'audit',
      'database',
      'bot',
      'daemon',
    ])
      expect(of(name)).toMatchObject({ level: 'ok' });
    expect(of('poller')).toMatchObject({
      says: expect.stringContaining('receives the messages itself') as string,
    });
    expect(rig.leashd.output()).not.toMatch(/another program/);
  });
});

describe('leashd doctor where much is wrong', () => {
  let home: ClaudeHome;
  let telegram: BotApi;
  beforeEach(async () => {
    telegram = await startBotApi({ flood: 'off' });
    home = await createClaudeHome('http://127.0.0.1:9');
  });
  afterEach(async () => {
    await telegram.stop();
    await home.remove();
  });

  it('tells of a Telegram that hangs and of wrong settings, as the exit status counts them', async () => {
    const environment = {
      ...home.environment,
      LEASHD_TELEGRAM_BOT_TOKEN: telegram.token,
      LEASHD_TELEGRAM_API_ROOT: telegram.url,
    };
    telegram.failNext('getMe', { delayMs: 60_000 });
    const [hanging, wrong] = await Promise.all([
      diagnosed(home.project, { ...environment, LEASHD_APPROVED_DIRECTORIES: home.project }),
      diagnosed(home.project, { ...environment, LEASHD_MAX_TURNS: 'many', LEASHD_LOG_LEVL: 'DEBUG' }),
    ]);
    const problemsOf = ({ findings }: Diagnosis) => findings.filter(({ level }) => level === 'problem');
    expect(problemsOf(hanging)).toMatchObject([
      { check: 'bot', says: expect.stringContaining('no answer in time') as string },
    ]);
    expect(hanging.status).toBe(1);
    expect(problemsOf(wrong)).toMatchObject([
      { check: 'settings', says: expect.stringContaining('LEASHD_LOG_LEVL') as string },
      { check: 'settings', says: expect.stringContaining('LEASHD_MAX_TURNS') as string },
    ]);
    expect(wrong.status).toBe(2);
  });
});
