import { realpathSync } from 'node:fs';
import type { SandboxSettings } from '@anthropic-ai/claude-agent-sdk';

/** What lies in the directories and is leashd's own: absolute paths, which need not exist. */
export type SandboxPaths = {
  /** Neither read nor written. */
  readonly untouchable: readonly string[];
  /** Read, but not written. */
  readonly unwritable: readonly string[];
};

/**
 * The operating system's sandbox around the agent's Bash: commands write in `directories` (absolute real paths) and
 * in Claude Code's own temporary folder, and nowhere else. What is written out here can't be loosened by the person's
 * own Claude settings, but for their lists (`excludedCommands`, `allowWrite`, `allowedDomains`), which Claude Code adds.
 * Measured on Claude Code 2.1.330 (test/integration/os-sandbox.test.ts).
 */
export function sandboxSettings(
  directories: readonly string[],
  { untouchable, unwritable }: SandboxPaths,
): SandboxSettings {
  const closed = existing(untouchable);
  return {
    enabled: true,
    // Without it a command runs unsandboxed where the sandbox can't start.
    failIfUnavailable: true,
    // Without it a command leaves the sandbox with `dangerouslyDisableSandbox`.
    allowUnsandboxedCommands: false,
    // The gate decides, not the sandbox.
    autoAllowBashIfSandboxed: false,
    enableWeakerNestedSandbox: false,
    enableWeakerNetworkIsolation: false,
    allowNestedUserNamespaces: false,
    allowAppleEvents: false,
    network: { allowAllUnixSockets: false },
    filesystem: {
      disabled: false,
      allowWrite: [...directories],
      denyWrite: [...closed, ...existing(unwritable)],
      denyRead: closed,
    },
  };
}

/** Real paths. What is not there is left out: to close it, the sandbox would have to put something in its place. */
function existing(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    try {
      return [realpathSync(path)];
    } catch {
      return [];
    }
  });
}
