import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a process has resident, in MB (2^20 bytes). */
export function residentMb(pid: number): number {
  return Number(ps(pid, 'rss')) / 1024;
}

/** Seconds of a core that a process has used since its start. Exact to a hundredth on Linux, to a second elsewhere. */
export function cpuSeconds(pid: number): number {
  try {
    // Fields 14 and 15, behind a name that may have blanks: ticks of a hundredth of a second (proc_pid_stat(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user = NaN, system = NaN] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return (user + system) / 100;
  } catch {
    const parts = ps(pid, 'time').split(/[:-]/).map(Number);
    return parts.reduce((sum, part) => sum * 60 + part, 0);
  }
}

function ps(pid: number, column: string): string {
  return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
}
