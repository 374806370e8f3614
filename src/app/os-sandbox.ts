import { agentEnvironment } from '../agents/claude/environment.ts';
import type { SandboxPaths } from '../agents/claude/os-sandbox.ts';
import { sandboxObstacle } from '../agents/claude/os-sandbox-probe.ts';
import type { LoadedSettings } from '../config/load-settings.ts';
import { PersonError } from '../errors.ts';
import type { Log } from '../util/log.ts';
import { ownPaths } from './paths.ts';
import { secretsOf } from './secrets.ts';

export interface OsSandboxOptions {
  readonly loaded: LoadedSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute paths of the policies in force. */
  readonly policyFiles: readonly string[];
  readonly log: Log;
  readonly platform?: NodeJS.Platform | undefined;
}

/** `words`: for the person who starts leashd, one line. */
export type OsSandbox =
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly words: string; readonly paths: SandboxPaths }
  | { readonly kind: 'missing'; readonly words: string };

/**
 * Whether the agent's commands run in the operating system's sandbox. Looks for it only where a setting asks for it.
 * @throws PersonError `OS_SANDBOX_UNAVAILABLE` where it is required and can't run.
 */
export async function osSandboxFor(options: OsSandboxOptions): Promise<OsSandbox> {
  const { loaded, log, platform = process.platform } = options;
  const { settings } = loaded;
  if (settings.osSandbox === 'off') return { kind: 'off' };
  const environment = agentEnvironment(options.environment, { secrets: secretsOf(settings) });
  const obstacle = await sandboxObstacle({ environment, platform });
  const setting = settings.osSandbox;
  if (obstacle === undefined) {
    log.info('os_sandbox_on', { setting });
    return { kind: 'on', words: "Claude's commands run in the OS sandbox.", paths: sandboxPaths(options) };
  }
  if (setting === 'required') {
    throw new PersonError(
      'OS_SANDBOX_UNAVAILABLE',
      `LEASHD_OS_SANDBOX is required, but the OS sandbox can't run here: ${obstacle.reason}`,
      { hint: `${obstacle.hint} With \`auto\`, leashd starts without it.` },
    );
  }
  log.warn('os_sandbox_missing', { setting, reason: obstacle.reason });
  return {
    kind: 'missing',
    words: `Claude's commands run WITHOUT the OS sandbox: ${obstacle.reason}. ${obstacle.hint}`,
  };
}

/** What the OS sandbox keeps closed under these settings. */
export function sandboxPaths({
  loaded,
  policyFiles,
}: Pick<OsSandboxOptions, 'loaded' | 'policyFiles'>): SandboxPaths {
  const { untouchable, unwritable } = ownPaths(loaded, policyFiles);
  // A `.env` without a line for leashd is the project's own, whose code may read it.
  const origins = Object.values(loaded.origins);
  const ours = new Set(origins.flatMap((origin) => ('path' in origin ? [origin.path] : [])));
  const foreign = loaded.files.filter((file) => !ours.has(file));
  return {
    untouchable: untouchable.filter((path) => !foreign.includes(path)),
    unwritable: [...unwritable, ...foreign],
  };
}
