import { rename, stat } from 'node:fs/promises';
import { rotatedPath } from './audit-files.ts';
import type { RotatedAudit } from './audit-files.ts';

/** Gives the file a name of its own that nothing else has, and returns it. One writer at a time may do so. */
export async function rotate(path: string, at: number, number: number): Promise<RotatedAudit> {
  for (let next = number; ; next += 1) {
    const aside = rotatedPath(path, at, next);
    if (await isThere(aside)) continue;
    await rename(path, aside);
    return { path: aside, number: next };
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
