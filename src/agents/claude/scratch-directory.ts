import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './environment.ts';

/**
 * Where Claude Code puts the output of background commands for itself to read: an absolute real path, which need
 * not exist yet. Measured on Claude Code 2.1.330: `claude-<uid>` in CLAUDE_CODE_TMPDIR, else in /tmp.
 */
export function scratchDirectory(environment: Environment): string {
  const base = environment['CLAUDE_CODE_TMPDIR'] ?? '/tmp';
  return join(realOf(base), `claude-${process.getuid?.() ?? 0}`);
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
