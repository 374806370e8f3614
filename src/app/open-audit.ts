import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import type { LoadedSettings } from '../config/load-settings.ts';
import { settingKeys, settingTable } from '../config/settings.ts';
import type { AuditHeadStore } from '../core/ports/audit.ts';
import { createAuditLog, type AuditLog } from '../safety/audit/audit-log.ts';
import { auditLock } from '../storage/audit-lock.ts';
import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import { version } from './version.ts';

export interface OpenAuditOptions {
  readonly loaded: LoadedSettings;
  readonly policyFiles: readonly string[];
  readonly approvedDirectories: readonly string[];
  /** Absent with the memory backend: then a cut tail can't be told. */
  readonly heads: AuditHeadStore | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: (text: string) => string;
  readonly onBroken: (what: string) => void;
  readonly onWritten: () => void;
}

const MEGABYTE = 1024 * 1024;

/** The audit log as the settings have it; nothing is opened yet. */
export function openAudit(options: OpenAuditOptions): AuditLog {
  const { loaded, ...rest } = options;
  const { auditLogPath, auditMaxMb } = loaded.settings;
  return createAuditLog({
    ...rest,
    path: auditLogPath,
    maxBytes: auditMaxMb * MEGABYTE,
    lock: auditLock,
    opening: { leashd: version(), ...rulesFacts(options) },
  });
}

/** By what is decided from here on. */
export type RulesFacts = {
  /** SHA-256, hexadecimal. */
  readonly settings: string;
  readonly policies: readonly { readonly file: string; readonly sha256: string }[];
  readonly directories: readonly string[];
};

export function rulesFacts({
  loaded,
  policyFiles,
  approvedDirectories,
}: Pick<OpenAuditOptions, 'loaded' | 'policyFiles' | 'approvedDirectories'>): RulesFacts {
  return {
    settings: settingsDigest(loaded),
    policies: policyFiles.map((file) => ({ file, sha256: fileDigest(file) })),
    directories: approvedDirectories,
  };
}

/** SHA-256 over all settings and their values, in the table's order; a secret counts only as set or not. */
function settingsDigest({ settings }: LoadedSettings): string {
  const values = settingKeys.map((key) => {
    const isSecret = 'secret' in settingTable[key];
    return [settingTable[key].env, isSecret ? settings[key] !== undefined : settings[key]];
  });
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

function fileDigest(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    return `unreadable: ${messageOf(error)}`;
  }
}
