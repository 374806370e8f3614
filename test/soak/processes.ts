import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export type FoundProcess = { readonly pid: number; readonly command: string };

/** Whether /proc can tell; elsewhere nothing is looked for. */
const canSeeProcesses: boolean = existsSync('/proc/self/environ');

/** Processes that were started with that home, whoever started them: children that outlived their parent, too. */
export function processesWithHome(home: string): readonly FoundProcess[] {
  if (!canSeeProcesses) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const environment = readFileSync(join('/proc', name, 'environ'), 'utf8').split('\0');
        if (!environment.includes(`HOME=${home}`)) return [];
        const command = readFileSync(join('/proc', name, 'cmdline'), 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), command: command.trim().slice(0, 200) }];
      } catch {
        // It has ended meanwhile, or is somebody else's.
        return [];
      }
    })
    .filter(({ command }) => command !== '');
}

/** What its open files lead to. */
export function openFilesOf(pid: number): readonly string[] {
  if (!canSeeProcesses) return [];
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(join(folder, name))];
    } catch {
      return [];
    }
  });
}
