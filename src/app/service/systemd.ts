import { isAbsolute, join } from 'node:path';
import { ask, KEYS, type ServiceHost, type ServiceManager, type Step } from './service-manager.ts';
import { unitFile } from './unit-file.ts';

const UNIT = 'leashd.service';

/** The person's own systemd; undefined where none runs. */
export async function systemd(host: ServiceHost): Promise<ServiceManager | undefined> {
  const state = await answer(host, user('is-system-running'));
  // Without one it says nothing, or "offline".
  if (!/^(?:initializing|starting|running|degraded|maintenance|stopping)$/.test(state)) return undefined;
  return {
    name: 'systemd',
    file: join(configFolder(host), 'systemd', 'user', UNIT),
    render: unitFile,
    installSteps: (isActive) => [
      user('daemon-reload'),
      user('enable', '--now', UNIT),
      // What runs already runs as it was.
      ...(isActive ? [user('restart', UNIT)] : []),
    ],
    stopSteps: [user('disable', '--now', UNIT)],
    forgetSteps: [user('daemon-reload'), { ...user('reset-failed', UNIT), mayFail: true }],
    standing: async () => {
      const [enabled, active] = await Promise.all([
        answer(host, user('is-enabled', UNIT)),
        answer(host, user('is-active', UNIT)),
      ]);
      return { isEnabled: enabled === 'enabled', isActive: active === 'active', state: active || 'unknown' };
    },
    logInVariables: async () => {
      const lines = (await answer(host, user('show-environment'))).split('\n');
      const named = lines.map((line) => [line.replace(/=.*$/s, ''), line.replace(/^[^=]*=/, '')] as const);
      return Object.fromEntries(named.filter(([name]) => KEYS.some((key) => key === name)));
    },
    keyPlace:
      'write ANTHROPIC_API_KEY=… into ~/.config/environment.d/leashd.conf (chmod 600) and log in to the machine again',
    away: async () => {
      const lingers = await answer(host, {
        program: 'loginctl',
        args: ['show-user', String(host.uid), '--property=Linger', '--value'],
      });
      return lingers === 'yes'
        ? undefined
        : 'It stops when you log out of this machine. To keep it running: loginctl enable-linger';
    },
    showsWhy: `journalctl --user -u ${UNIT} -n 30`,
  };
}

function user(...args: readonly string[]): Step {
  return { program: 'systemctl', args: ['--user', ...args] };
}

/** An XDG folder that is not absolute counts for nothing (XDG Base Directory Specification). */
function configFolder({ environment, homeDirectory }: ServiceHost): string {
  const set = environment['XDG_CONFIG_HOME'];
  return set !== undefined && isAbsolute(set) ? set : join(homeDirectory, '.config');
}

async function answer(host: ServiceHost, step: Step): Promise<string> {
  try {
    const { stdout } = await ask(host, step);
    return stdout.trim();
  } catch {
    return '';
  }
}
