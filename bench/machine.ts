import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { testedClaude } from '../src/agents/claude/tested-version.ts';
import { version } from '../src/app/version.ts';

/** What the figures were measured on and of, in a paragraph. */
export function machine(): string {
  const all = cpus();
  const parts = [
    `${all[0]?.model ?? 'unknown processor'}, ${all.length} cores, ${Math.round(totalmem() / 1024 ** 3)} GB`,
    `${type()} ${release()}`,
    `Node ${process.versions.node}`,
    `Claude Code ${testedClaude() ?? 'unknown'}`,
    `leashd ${version()} of ${commitDate()}`,
  ];
  return `${parts.join(' · ')}.`;
}

function commitDate(): string {
  try {
    return execFileSync('git', ['log', '-1', '--format=%cs'], {
      cwd: join(import.meta.dirname, '..'),
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'an unknown day';
  }
}
