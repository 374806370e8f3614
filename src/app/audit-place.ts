import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { loadSettings, type LoadOptions } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { rotatedFiles } from '../safety/audit/audit-files.ts';
import { rememberedHead, type RememberedHead } from '../storage/audit-heads.ts';

/** Which files are meant, and what leashd remembers of them. */
export type AuditPlace = {
  /** The one that is written now, or the one that was named. */
  readonly path: string;
  /** A file was named: it is looked at alone. */
  readonly isNamed: boolean;
  /** What the database remembers now. */
  readonly head: () => Promise<RememberedHead>;
};

/**
 * The audit log of the settings, or the one file that is named.
 * @throws PersonError for settings that are wrong, where they are needed.
 */
export function auditPlace(named: string | undefined, surroundings: LoadOptions): AuditPlace {
  const settings = settingsOr(named, surroundings);
  if (named === undefined && settings !== undefined) return auditPlaceOf(settings);
  const path = realFile(resolve(surroundings.startDirectory, named ?? '.leashd/audit.jsonl'));
  return { path, isNamed: true, head: headOf(settings, path) };
}

/** The audit log that the settings name. */
export function auditPlaceOf(settings: Settings): AuditPlace {
  const path = realFile(settings.auditLogPath);
  return { path, isNamed: false, head: headOf(settings, path) };
}

function headOf(settings: Settings | undefined, path: string): AuditPlace['head'] {
  return async () => {
    if (settings === undefined) return { kind: 'unknown', why: 'the settings can’t be read' };
    if (settings.storageBackend === 'memory')
      return { kind: 'unknown', why: 'leashd keeps no database here' };
    return rememberedHead(settings.storagePath, path);
  };
}

/** All files of the log, oldest first; the one that is written now is the last, whether it is there or not. */
export async function auditPaths({ path, isNamed }: AuditPlace): Promise<readonly string[]> {
  return isNamed ? [path] : [...(await rotatedFiles(path)).map((rotated) => rotated.path), path];
}

/** Wrong settings don't keep anybody from looking at a file that they name. */
function settingsOr(named: string | undefined, surroundings: LoadOptions) {
  try {
    return loadSettings(surroundings).settings;
  } catch (error) {
    if (named === undefined) throw error;
    return undefined;
  }
}

/** As the writer names it: its folder's links followed. */
function realFile(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}
