import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a leashd writes down when it has its state folder: for those who find it hanging, or gone without a word. */
export type Instance = {
  readonly pid: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number;
  /** Absolute. */
  readonly startDirectory: string;
  /** Absolute: where its log lies. */
  readonly logDir: string;
};

function instanceFile(stateDir: string): string {
  return join(stateDir, 'instance.json');
}

/** Whole or not at all. */
export function writeInstance(stateDir: string, instance: Instance): void {
  const path = instanceFile(stateDir);
  const draft = `${path}.${instance.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(instance)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

export function removeInstance(stateDir: string): void {
  rmSync(instanceFile(stateDir), { force: true });
}

/** Of the leashd that has the state folder, or of one that did not get to its end. Undefined: neither. */
export function readInstance(stateDir: string): Instance | undefined {
  try {
    return instanceIn(JSON.parse(readFileSync(instanceFile(stateDir), 'utf8')));
  } catch {
    return undefined;
  }
}

// By hand: loading zod would take longer than all the rest of `leashd status`.
function instanceIn(value: unknown): Instance | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, startedAt, startDirectory, logDir } = value as Partial<Record<keyof Instance, unknown>>;
  const isWhole =
    Number.isSafeInteger(pid) &&
    Number(pid) > 0 &&
    typeof startedAt === 'number' &&
    typeof startDirectory === 'string' &&
    typeof logDir === 'string';
  return isWhole ? { pid: Number(pid), startedAt, startDirectory, logDir } : undefined;
}
