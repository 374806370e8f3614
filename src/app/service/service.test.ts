import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceAccount } from '../../../test/fixtures/service-host.ts';
import { statusLines } from '../../cli/commands/service-lines.ts';
import type { AgentReadiness } from '../../core/ports/agent.ts';
import { LeashdError } from '../../errors.ts';
import { installService, type Installed, type InstallOptions } from './install-service.ts';
import { serviceStatus } from './service-status.ts';
import { uninstallService } from './uninstall-service.ts';

let account: ServiceAccount;
beforeEach(() => {
  account = new ServiceAccount();
  account.configure();
});
afterEach(() => account.remove());

const unit = (): string => join(account.home, '.config/systemd/user/leashd.service');
const ready = async (): Promise<AgentReadiness> => ({ ready: true, detail: 'logged in' });

async function install(options: Partial<InstallOptions> = {}): Promise<Installed> {
  return installService({
    host: account.host(),
    startDirectory: account.directory,
    checkLogIn: ready,
    answersWithinMs: 0,
    ...options,
  });
}

describe('installing with systemd', () => {
  it('writes the unit, then tells systemd, and says what stops it', async () => {
    const { away, status } = await install();
    expect(account.changes()).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable --now leashd.service',
    ]);
    expect(readFileSync(unit(), 'utf8')).toContain(`WorkingDirectory=${account.directory}\n`);
    expect(statSync(unit()).mode & 0o777).toBe(0o644);
    expect(away).toContain('loginctl enable-linger');
    expect(status).toBeUndefined();
  });

  it('writes no secret', async () => {
    account.environment['ANTHROPIC_API_KEY'] = 'sk-ant-x';
    await install();
    expect(readFileSync(unit(), 'utf8')).not.toMatch(/AAAAAA|sk-ant|TOKEN/);
  });

  it('goes where XDG_CONFIG_HOME says, when that is absolute', async () => {
    account.environment['XDG_CONFIG_HOME'] = join(account.home, 'conf');
    await install();
    expect(existsSync(join(account.home, 'conf/systemd/user/leashd.service'))).toBe(true);
    account.environment['XDG_CONFIG_HOME'] = 'relative';
    expect((await install({ isDryRun: true })).manager.file).toBe(unit());
  });

  it('shows all and does nothing in a dry run', async () => {
    const { text, commands } = await install({ isDryRun: true });
    expect(text).toContain('[Service]');
    expect(commands).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable --now leashd.service',
    ]);
    expect(existsSync(unit())).toBe(false);
    expect(account.changes()).toEqual([]);
  });

  it('writes it anew over its own, and starts again what ran', async () => {
    await install();
    account.changes();
    await install();
    expect(account.changes().at(-1)).toBe('systemctl --user restart leashd.service');
  });

  it('keeps a file that somebody changed or wrote, unless told otherwise', async () => {
    await install();
    writeFileSync(unit(), `${readFileSync(unit(), 'utf8')}# mine\n`);
    await expect(install()).rejects.toMatchObject({ code: 'SERVICE_FILE_KEPT' });
    writeFileSync(unit(), '[Service]\n');
    await expect(install()).rejects.toThrow('was not written by leashd');
    await install({ isForced: true });
    expect(readFileSync(unit(), 'utf8')).toContain('ExecStart=');
  });

  it('says which step failed and what systemd said', async () => {
    account.set('fails');
    await expect(install()).rejects.toThrow('systemctl --user daemon-reload failed: Access denied');
  });
});

describe('what has to be there first', () => {
  it.each<[string, () => void, string, RegExp]>([
    [
      'a token',
      () => rmSync(join(account.home, '.leashd/config.yaml')),
      'SERVICE_NEEDS_TOKEN',
      /leashd init/,
    ],
    [
      'settings outside of a shell',
      () => (account.environment['LEASHD_LOG_LEVEL'] = 'DEBUG'),
      'SERVICE_SHELL_SETTING',
      /config\.yaml/,
    ],
    [
      'settings that load',
      () => writeFileSync(join(account.home, '.leashd/config.yaml'), 'no_such: 1\n'),
      'SETTINGS_INVALID',
      /.*/,
    ],
    ['systemd', () => account.set('system', 'offline\n'), 'NO_SERVICE_MANAGER', /leashd start/],
  ])('%s', async (_, spoil, code, hint) => {
    spoil();
    const fault = await install().catch((thrown: unknown) => thrown);
    expect(fault).toMatchObject({ code });
    expect(fault instanceof LeashdError ? fault.hint : '').toMatch(hint);
    expect(account.changes()).toEqual([]);
    expect(existsSync(unit())).toBe(false);
  });

  it('a log-in that a service sees', async () => {
    account.environment['ANTHROPIC_API_KEY'] = 'sk-ant-x';
    const seen: unknown[] = [];
    const checkLogIn: InstallOptions['checkLogIn'] = async (_, environment) => {
      seen.push(environment['ANTHROPIC_API_KEY']);
      return { ready: false, reason: 'Claude Code is not logged in.', hint: 'Log in.' };
    };
    const fault = await install({ checkLogIn }).catch((thrown: unknown) => thrown);
    expect(fault).toMatchObject({ code: 'SERVICE_NEEDS_LOG_IN' });
    expect(fault instanceof LeashdError ? fault.hint : '').toMatch(
      /^ANTHROPIC_API_KEY of this shell .*environment\.d/,
    );
    account.set('environment', 'LANG=C\nANTHROPIC_API_KEY=sk-ant-y=\n');
    await install({ checkLogIn }).catch(() => {});
    expect(seen).toEqual([undefined, 'sk-ant-y=']);
  });
});

describe('uninstalling', () => {
  it('takes back what was written, and only that', async () => {
    await install();
    account.changes();
    await uninstallService({ host: account.host() });
    expect(account.changes()).toEqual([
      'systemctl --user disable --now leashd.service',
      'systemctl --user daemon-reload',
      'systemctl --user reset-failed leashd.service',
    ]);
    expect(existsSync(unit())).toBe(false);
    expect(existsSync(join(account.home, '.leashd/config.yaml'))).toBe(true);
  });

  it('keeps what was changed by hand, and says so', async () => {
    await install();
    writeFileSync(unit(), `${readFileSync(unit(), 'utf8')}# mine\n`);
    account.changes();
    await expect(uninstallService({ host: account.host() })).rejects.toMatchObject({
      code: 'SERVICE_FILE_KEPT',
    });
    expect(account.changes()).toEqual([]);
    await uninstallService({ host: account.host(), isForced: true });
    expect(existsSync(unit())).toBe(false);
  });

  it('has nothing to do where nothing is', async () => {
    expect((await uninstallService({ host: account.host() })).wasInstalled).toBe(false);
    expect(account.changes()).toEqual([]);
  });
});

describe('the status', () => {
  it('says that nothing is installed', async () => {
    const report = await serviceStatus(account.host(), account.directory);
    expect(report).toMatchObject({ standing: 'absent', daemon: 'not-running', missing: [] });
    expect(statusLines(report).join('\n')).toContain('leashd service install');
  });

  it('sees that a path has gone', async () => {
    await install();
    rmSync(account.directory, { recursive: true });
    const report = await serviceStatus(account.host(), account.home);
    expect(report).toMatchObject({
      standing: 'own',
      service: { isEnabled: true, isActive: true, state: 'active' },
      missing: [account.directory],
      isOtherNode: false,
      daemon: 'not-running',
    });
    expect(statusLines(report)).toContain(`directory  ${account.directory} (gone)`);
  });

  it('sees a Node.js that an upgrade has taken away', async () => {
    const { text } = await install();
    const moved = text.replace(/"node":"[^"]*"/, '"node":"/opt/node\\u002d22/bin/node"');
    writeFileSync(unit(), moved);
    const report = await serviceStatus(account.host(), account.directory);
    expect(report).toMatchObject({ missing: ['/opt/node-22/bin/node'], isOtherNode: true });
    expect(statusLines(report).at(-1)).toContain('Node.js or leashd has moved');
  });
});

describe('installing with launchd', () => {
  const plist = (): string => join(account.home, 'Library/LaunchAgents/local.leashd.plist');

  it('writes the property list and loads it, anew when it runs', async () => {
    mkdirSync(join(account.home, 'Library/LaunchAgents'), { recursive: true });
    const host = account.host('darwin');
    await install({ host });
    const load = ['launchctl enable gui/501/local.leashd', `launchctl bootstrap gui/501 ${plist()}`];
    expect(account.changes()).toEqual(load);
    await install({ host });
    expect(account.changes()).toEqual(['launchctl bootout gui/501/local.leashd', ...load]);
    expect(await serviceStatus(host, account.directory)).toMatchObject({
      manager: 'launchd',
      standing: 'own',
      service: { isEnabled: true, isActive: true, state: 'running' },
    });
    await uninstallService({ host });
    expect(account.changes()).toEqual(['launchctl bootout gui/501/local.leashd']);
    expect(existsSync(plist())).toBe(false);
  });
});
