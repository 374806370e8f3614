import { join } from 'node:path';
import { LABEL, propertyList } from './property-list.ts';
import { ask, KEYS, type ServiceHost, type ServiceManager, type Step } from './service-manager.ts';

/** The person's own launchd on macOS; undefined where launchctl can't be run. */
export async function launchd(host: ServiceHost): Promise<ServiceManager | undefined> {
  const domain = `gui/${host.uid}`;
  const target = `${domain}/${LABEL}`;
  const file = join(host.homeDirectory, 'Library', 'LaunchAgents', `${LABEL}.plist`);
  const output = join(host.homeDirectory, '.leashd', 'service.log');
  // Over ssh, without anybody at the screen, there is no such domain.
  if ((await answer(host, launchctl('print', domain))) === undefined) return undefined;
  return {
    name: 'launchd',
    file,
    render: (parts) => propertyList(parts, output),
    installSteps: (isActive) => [
      ...(isActive ? [launchctl('bootout', target)] : []),
      launchctl('enable', target),
      // What was booted out takes its time to stop.
      { ...launchctl('bootstrap', domain, file), attempts: isActive ? 30 : 1 },
    ],
    stopSteps: [{ ...launchctl('bootout', target), mayFail: true }],
    forgetSteps: [],
    standing: async () => {
      const [print, disabled] = await Promise.all([
        answer(host, launchctl('print', target)),
        answer(host, launchctl('print-disabled', domain)),
      ]);
      const state = /^\s*state = (.+)$/m.exec(print ?? '')?.[1] ?? 'not loaded';
      const isOff = new RegExp(`"${LABEL}" => (?:true|disabled)`).test(disabled ?? '');
      return { isEnabled: print !== undefined && !isOff, isActive: state === 'running', state };
    },
    logInVariables: async () => {
      const found = await Promise.all(
        KEYS.map(async (key) => [key, (await answer(host, launchctl('getenv', key)))?.trim() ?? ''] as const),
      );
      return Object.fromEntries(found.filter(([, value]) => value !== ''));
    },
    keyPlace: 'set it for all services: launchctl setenv ANTHROPIC_API_KEY …',
    away: async () => 'It runs while you are logged in at this Mac, and starts again with your next log-in.',
    showsWhy: `tail -n 30 ${output}`,
  };
}

function launchctl(...args: readonly string[]): Step {
  return { program: 'launchctl', args };
}

/** Undefined when it fails. */
async function answer(host: ServiceHost, step: Step): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await ask(host, step);
    return exitCode === 0 ? stdout : undefined;
  } catch {
    return undefined;
  }
}
