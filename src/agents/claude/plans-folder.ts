import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from './environment.ts';

/**
 * Where Claude Code keeps its plans: an absolute path, which need not exist yet. Claude Code 2.1.330: `plans` in
 * CLAUDE_CONFIG_DIR, else in `~/.claude`; the person's own `plansDirectory` is overruled, so that the gate knows it.
 */
export function plansFolder(environment: Environment): string {
  const home = environment['HOME'] ?? homedir();
  const config = environment['CLAUDE_CONFIG_DIR'] ?? '';
  return join(config === '' ? join(home, '.claude') : resolve(config), 'plans');
}
