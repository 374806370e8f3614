import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the person, or leashd itself, has vouched for on this machine: empty files in the home folder, named by a
 * hash. So that a project can't bring along what holds leashd: a `.env`, a database with sessions in it.
 */
export class KnownFiles {
  readonly #folder: string;

  constructor(homeDirectory: string) {
    this.#folder = join(homeDirectory, '.leashd', 'known');
  }

  isKnown(...facts: readonly string[]): boolean {
    return existsSync(this.markOf(...facts));
  }

  remember(...facts: readonly string[]): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.markOf(...facts), '', { mode: 0o600 });
  }

  /** The path of the file that stands for these facts. */
  markOf(...facts: readonly string[]): string {
    return join(this.#folder, createHash('sha256').update(facts.join('\0')).digest('hex').slice(0, 32));
  }
}

/** Whether a file is there and holds something. */
export function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
