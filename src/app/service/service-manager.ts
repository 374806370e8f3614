import { setTimeout } from 'node:timers/promises';
import { MachineError } from '../../errors.ts';
import { run, type RunResult } from '../../process/run.ts';
import type { ServiceParts } from './service-parts.ts';

/** What starts services on this machine: systemd or launchd, each with its own words. */
export interface ServiceManager {
  readonly name: 'systemd' | 'launchd';
  /** Absolute path of the service's file, there or not. */
  readonly file: string;
  /** All that is to stand in it. */
  render(parts: ServiceParts): string;
  /** In this order, once the file is there; `isActive`: an older one runs. */
  installSteps(isActive: boolean): readonly Step[];
  /** In this order, while the file is still there, and once it is gone. */
  readonly stopSteps: readonly Step[];
  readonly forgetSteps: readonly Step[];
  standing(): Promise<ServiceStanding>;
  /** What of Claude's log-in stands in the environment that each service gets. */
  logInVariables(): Promise<Readonly<Record<string, string>>>;
  /** How a key gets in there, as the end of a sentence. */
  readonly keyPlace: string;
  /** What the person may still want to do so that it runs while they are away, in a sentence. */
  away(): Promise<string | undefined>;
  /** The command that shows why it does not run. */
  readonly showsWhy: string;
}

/** Each of them is a log-in. */
export const KEYS = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'] as const;

export type Step = {
  readonly program: string;
  readonly args: readonly string[];
  /** There may be nothing for it to do. */
  readonly mayFail?: boolean;
  /** How often it is tried, a second apart, as the one before it may still be at work; left out: once. */
  readonly attempts?: number;
};

export type ServiceStanding = {
  readonly isEnabled: boolean;
  readonly isActive: boolean;
  /** In the manager's own word: `active`, `failed`, `running`. */
  readonly state: string;
};

export type ServiceHost = {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly uid: number;
};

// What systemctl and launchctl need to find the person's own manager.
const NEEDED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'DBUS_SESSION_BUS_ADDRESS',
];

/** @throws MachineError when it can't be started. */
export async function ask({ environment }: ServiceHost, { program, args }: Step): Promise<RunResult> {
  const env = Object.fromEntries(NEEDED.map((name) => [name, environment[name]]));
  return run(program, args, {
    cwd: '/',
    env: { ...env, LC_ALL: 'C' },
    // A stop may take its thirty seconds.
    timeoutMs: 45_000,
    maxOutputBytes: 64 * 1024,
  });
}

/** @throws MachineError with what the program said, unless it may fail. */
export async function take(host: ServiceHost, step: Step): Promise<void> {
  let result = await ask(host, step);
  for (let left = step.attempts ?? 1; result.exitCode !== 0 && left > 1; left -= 1) {
    await setTimeout(1000);
    result = await ask(host, step);
  }
  if (result.exitCode === 0 || step.mayFail === true) return;
  const said = result.stderr.trim() || result.stdout.trim() || `exit status ${result.exitCode ?? 'none'}`;
  throw new MachineError('SERVICE_STEP_FAILED', `${inWords(step)} failed: ${said.slice(0, 500)}`, {
    hint: 'Mend that, and run the same command again; what was done already does no harm.',
  });
}

export function inWords({ program, args }: Step): string {
  return [program, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
}
