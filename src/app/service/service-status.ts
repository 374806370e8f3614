import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '../../config/load-settings.ts';
import { callDaemon, type Called } from '../control/control-client.ts';
import { findManager } from './find-manager.ts';
import { standingOf, type FileStanding, type MarkedParts } from './service-mark.ts';
import type { ServiceHost, ServiceManager, ServiceStanding } from './service-manager.ts';
import { missingIn } from './service-parts.ts';

export type ServiceReport = {
  readonly manager: ServiceManager['name'];
  readonly file: string;
  readonly standing: FileStanding['kind'];
  readonly service: ServiceStanding;
  /** As leashd wrote them; absent where it wrote none. */
  readonly parts: MarkedParts | undefined;
  /** Those of its paths that are gone. */
  readonly missing: readonly string[];
  /** Another Node.js than the one that runs this. */
  readonly isOtherNode: boolean;
  readonly daemon: Called<'status'>['kind'];
  readonly pid: number | undefined;
};

/** @throws MachineError where there is neither systemd nor launchd. */
export async function serviceStatus(host: ServiceHost, startDirectory: string): Promise<ServiceReport> {
  const manager = await findManager(host);
  const standing = standingOf(manager.file);
  const parts = 'parts' in standing ? standing.parts : undefined;
  const stateDir = stateDirOf(host, parts?.directory ?? startDirectory);
  const [service, called] = await Promise.all([
    manager.standing(),
    callDaemon(stateDir, 'status', { timeoutMs: 2000 }),
  ]);
  return {
    manager: manager.name,
    file: manager.file,
    standing: standing.kind,
    service,
    parts,
    missing: parts === undefined ? [] : missingIn(parts),
    isOtherNode: parts !== undefined && realOf(parts.node) !== realpathSync(process.execPath),
    daemon: called.kind,
    pid: called.kind === 'answered' ? called.result.pid : undefined,
  };
}

function realOf(path: string): string | undefined {
  return existsSync(path) ? realpathSync(path) : undefined;
}

/** With settings that can't be read, where it lies when nobody says otherwise. */
function stateDirOf({ homeDirectory }: ServiceHost, startDirectory: string): string {
  try {
    return loadSettings({ startDirectory, homeDirectory, environment: {} }).settings.stateDir;
  } catch {
    return join(homeDirectory, '.leashd');
  }
}
