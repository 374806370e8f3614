import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLeashd } from './leashd-process.ts';

describe('the command line', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-cli-')));
    mkdirSync(join(folder, 'home'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = async (args: string[], environment: Record<string, string> = {}) => {
    const leashd = startLeashd({
      args,
      directory: folder,
      environment: { HOME: join(folder, 'home'), ...environment },
    });
    leashd.end();
    const status = await leashd.exited();
    return { status, output: leashd.output() };
  };

  it('tells its version and its commands', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
      version: string;
    };
    expect(await run(['--version'])).toEqual({ status: 0, output: `${version}\n` });
    const help = await run(['--help']);
    expect(help.status).toBe(0);
    for (const command of ['start', 'demo', 'config']) expect(help.output).toContain(command);
  });

  it('exits with 2 on a command it does not know', async () => {
    const { status, output } = await run(['strat']);
    expect([status, output]).toEqual([2, expect.stringContaining('strat')]);
  });

  it('prints each setting with its source, secrets masked', async () => {
    writeFileSync(
      join(folder, '.env'),
      'LEASHD_TELEGRAM_BOT_TOKEN=123456:abcdefghijklmnopqrstuvwxyz012345678\n',
      { mode: 0o600 },
    );
    mkdirSync(join(folder, 'home', '.leashd'));
    writeFileSync(join(folder, 'home', '.leashd', 'config.yaml'), 'max_turns: 7\nlog_level: DEBUG\n');
    const { status, output } = await run(['config'], { LEASHD_LOG_LEVEL: 'error' });
    expect(status).toBe(0);
    expect(output).toMatch(/LEASHD_TELEGRAM_BOT_TOKEN\s+123456:… {2}\(\.env:1\)/);
    expect(output).toMatch(
      /LEASHD_MAX_TURNS\s+7 {2}\(~\/\.leashd\/config\.yaml:1:\d+\)|LEASHD_MAX_TURNS\s+7 {2}\(home\/\.leashd/,
    );
    expect(output).toMatch(/LEASHD_LOG_LEVEL\s+ERROR {2}\(environment\)/);
    expect(output).toMatch(/LEASHD_AGENT_TIMEOUT_SECONDS\s+1800 {2}\(default\)/);
    expect(output).not.toContain('abcdefghijkl');
  });

  it('names all wrong settings at once and exits with 2', async () => {
    const { status, output } = await run(['start'], { LEASHD_MAX_TURNS: 'many', LEASHD_LOG_LEVL: 'DEBUG' });
    expect(status).toBe(2);
    expect(output).toContain('LEASHD_MAX_TURNS');
    expect(output).toContain('many');
    expect(output).toMatch(/LEASHD_LOG_LEVL.*LEASHD_LOG_LEVEL/);
  });

  it('starts no bot without directories for it', async () => {
    const token = '123456:abcdefghijklmnopqrstuvwxyz012345678';
    const { status, output } = await run(['start'], { LEASHD_TELEGRAM_BOT_TOKEN: token });
    expect([status, output]).toEqual([2, expect.stringContaining('LEASHD_APPROVED_DIRECTORIES')]);
  });

  it('takes no settings from a .env that came with the project', async () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
    writeFileSync(join(folder, '.env'), 'LEASHD_MAX_TURNS=7\n', { mode: 0o600 });
    git('init');
    git('add', '--force', '.env');
    const { status, output } = await run(['start'], { ANTHROPIC_API_KEY: 'fake' });
    expect([status, output]).toEqual([2, expect.stringMatching(/\.env.*git tracks it/)]);
  });

  it('does not start when its audit log can not be written', async () => {
    const { status, output } = await run(['start'], {
      LEASHD_APPROVED_DIRECTORIES: folder,
      LEASHD_AUDIT_LOG_PATH: folder,
      ANTHROPIC_API_KEY: 'fake',
    });
    expect([status, output]).toEqual([1, expect.stringContaining('the audit log')]);
  });

  it('loads no plugin that the agent could rewrite', async () => {
    const trap = join(folder, 'trap');
    writeFileSync(
      join(folder, 'plugin.mjs'),
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(trap)}, '');\n`,
    );
    const { status, output } = await run(['start'], {
      LEASHD_APPROVED_DIRECTORIES: folder,
      LEASHD_PLUGINS: './plugin.mjs',
      ANTHROPIC_API_KEY: 'fake',
    });
    expect([status, output]).toEqual([2, expect.stringMatching(/plugin\.mjs lies in .*rewrite/)]);
    expect(existsSync(trap)).toBe(false);
  });

  it('does not start without a plugin that has a vote', async () => {
    mkdirSync(join(folder, 'project'));
    writeFileSync(
      join(folder, 'plugin.mjs'),
      `export const plugin = { name: 'voter', initialize() { throw new Error('no key'); }, vote() {} };\n`,
    );
    const { status, output } = await run(['start'], {
      LEASHD_APPROVED_DIRECTORIES: join(folder, 'project'),
      LEASHD_PLUGINS: './plugin.mjs',
      ANTHROPIC_API_KEY: 'fake',
    });
    expect([status, output]).toEqual([
      1,
      expect.stringContaining('the plugin voter failed to initialize: no key'),
    ]);
  });

  it('plays the demo through by itself in a pipe, with the safe answers', async () => {
    const { status, output } = await run(['demo'], { TMPDIR: folder });
    expect(status).toBe(0);
    const decided = output.slice(output.indexOf('What the gate decided'));
    expect(decided).toMatch(/Read\s+src\/app\.js\s+allowed/);
    expect(decided).toMatch(/Edit\s+src\/app\.js\s+rejected by leashd itself/);
    expect(decided).toMatch(/Bash\s+node --test\s+allowed/);
    expect(decided).toMatch(/Read\s+\.env\s+denied/);
    expect(decided).toMatch(/Bash\s+git push --force origin main\s+denied/);
    const audit = /audit log .*: (\S+)/.exec(decided)?.[1] ?? '';
    expect(readFileSync(audit, 'utf8').trim().split('\n').length).toBeGreaterThan(5);
  });
});
