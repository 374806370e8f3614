import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A small disk for what leashd keeps. */
export interface Disk {
  /** How it is made full, for the report. */
  readonly kind: 'tmpfs' | 'stub';
  isFull: boolean;
  fill(): void;
  free(): void;
  /** Harmless when repeated. */
  remove(): void;
}

const SIZE_MB = 48;

/** Mounted at `folder`, where that is possible; else writes are refused by what the preloaded module does. */
export function createDisk(folder: string, setFull: (isFull: boolean) => void): Disk {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const isMounted = mounted(folder);
  const ballast = join(folder, 'ballast');
  let isThere = isMounted;
  const disk: Disk = {
    kind: isMounted ? 'tmpfs' : 'stub',
    isFull: false,
    fill: () => {
      disk.isFull = true;
      if (isMounted) fillWith(ballast);
      else setFull(true);
    },
    free: () => {
      disk.isFull = false;
      if (isMounted) rmSync(ballast, { force: true });
      else setFull(false);
    },
    remove: () => {
      if (!isThere) return;
      isThere = false;
      execFileSync('umount', [folder], { stdio: 'ignore' });
    },
  };
  return disk;
}

function mounted(folder: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    const options = `size=${SIZE_MB}m,mode=0700`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'leashd-soak', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function fillWith(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let chunk = Buffer.alloc(1024 * 1024); ;) {
      try {
        writeSync(file, chunk);
      } catch {
        if (chunk.length === 1) return;
        chunk = chunk.subarray(0, Math.max(1, Math.floor(chunk.length / 64)));
      }
    }
  } finally {
    closeSync(file);
  }
}
