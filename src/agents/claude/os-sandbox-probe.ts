import { messageOf } from '../../errors.ts';
import { run, type RunResult } from '../../process/run.ts';

export type SandboxProbeOptions = {
  /** The agent's environment: its PATH is where Claude Code looks for the programs. */
  readonly environment: Readonly<Record<string, string>>;
  readonly platform: NodeJS.Platform;
};

/** Why commands can't run in the sandbox, as a part of a sentence; `hint` is what to do, as a sentence. */
export type SandboxObstacle = { readonly reason: string; readonly hint: string };

const DEADLINE_MS = 5000;

// The walls that Claude Code 2.1.330 builds with bubblewrap, around a program that does nothing.
const WALLS =
  '--new-session --die-with-parent --ro-bind / / --dev /dev --unshare-net --unshare-pid --unshare-user --proc /proc';

const USER_NAMESPACES =
  'Allow unprivileged user namespaces: on Ubuntu 24.04 and later an AppArmor profile for bwrap, or ' +
  '`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`; in a container, one that may create them.';

/**
 * Tries, without starting Claude Code, whether the operating system's sandbox can run here: on Linux bubblewrap with
 * socat (for the network's proxy), on macOS sandbox-exec, elsewhere none. Took 20 ms on Linux. Must not reject.
 */
export async function sandboxObstacle(options: SandboxProbeOptions): Promise<SandboxObstacle | undefined> {
  switch (options.platform) {
    case 'linux':
      return obstacleOnLinux(options);
    case 'darwin':
      return obstacleOnMac(options);
    default:
      return {
        reason: `Claude Code has no sandbox on ${options.platform}`,
        hint: 'Use Linux, WSL 2 or macOS, or set LEASHD_OS_SANDBOX=off.',
      };
  }
}

async function obstacleOnLinux(options: SandboxProbeOptions): Promise<SandboxObstacle | undefined> {
  const [bubblewrap, socat] = await Promise.all([
    attempt('bwrap', [...WALLS.split(' '), '--', 'true'], options),
    attempt('socat', ['-V'], options),
  ]);
  const missing = [
    ...(bubblewrap.kind === 'missing' ? ['bubblewrap'] : []),
    ...(socat.kind === 'missing' ? ['socat'] : []),
  ];
  if (missing.length > 0) {
    return {
      reason: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed`,
      hint: `Install with \`sudo apt-get install ${missing.join(' ')}\`, or the packages of that name elsewhere.`,
    };
  }
  if (bubblewrap.kind === 'failed') {
    return { reason: `bubblewrap can't build it (${bubblewrap.why})`, hint: USER_NAMESPACES };
  }
  if (socat.kind === 'failed') {
    return { reason: `socat does not run (${socat.why})`, hint: 'Install socat again.' };
  }
  return undefined;
}

async function obstacleOnMac(options: SandboxProbeOptions): Promise<SandboxObstacle | undefined> {
  const program = '/usr/bin/sandbox-exec';
  const tried = await attempt(program, ['-p', '(version 1)(allow default)', '/usr/bin/true'], options);
  if (tried.kind === 'works') return undefined;
  return {
    reason: tried.kind === 'failed' ? `${program} does not run (${tried.why})` : `${program} is missing`,
    hint: 'It comes with macOS and does not run inside another sandbox: start leashd from a plain terminal.',
  };
}

type Attempt =
  | { readonly kind: 'works' | 'missing' }
  /** A part of a sentence. */
  | { readonly kind: 'failed'; readonly why: string };

async function attempt(
  program: string,
  args: readonly string[],
  { environment }: SandboxProbeOptions,
): Promise<Attempt> {
  try {
    const options = { cwd: '/', env: environment, timeoutMs: DEADLINE_MS, maxOutputBytes: 8192 };
    const result = await run(program, args, options);
    return result.exitCode === 0 && !result.timedOut
      ? { kind: 'works' }
      : { kind: 'failed', why: whyOf(result) };
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined;
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return isMissing ? { kind: 'missing' } : { kind: 'failed', why: messageOf(error) };
  }
}

function whyOf({ stderr, exitCode, timedOut }: RunResult): string {
  if (timedOut) return `no answer in ${DEADLINE_MS / 1000} seconds`;
  const [line = ''] = stderr.trim().split('\n');
  return line === '' ? `exit status ${exitCode ?? 'none'}` : line.slice(0, 200).replace(/\.$/, '');
}
