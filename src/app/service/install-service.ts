import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MachineError, PersonError } from '../../errors.ts';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { callDaemon } from '../control/control-client.ts';
import type { DaemonStatus } from '../control/protocol.ts';
import { checkReady, type ReadyOptions } from './check-ready.ts';
import { findManager } from './find-manager.ts';
import { standingOf } from './service-mark.ts';
import { inWords, take, type ServiceHost, type ServiceManager } from './service-manager.ts';
import { serviceParts } from './service-parts.ts';

export type InstallOptions = Pick<ReadyOptions, 'checkLogIn' | 'confirm' | 'isDryRun'> & {
  readonly host: ServiceHost;
  readonly startDirectory: string;
  /** Also over a file that leashd did not write, or that was changed. */
  readonly isForced?: boolean | undefined;
  /** How long the new daemon is waited for. */
  readonly answersWithinMs?: number | undefined;
};

export type Installed = {
  readonly manager: ServiceManager;
  /** What stands in the file. */
  readonly text: string;
  /** The commands, as they were run or would be. */
  readonly commands: readonly string[];
  /** What it says of itself; undefined when it was not started, or does not answer yet. */
  readonly status: DaemonStatus | undefined;
  /** What the person may still want to do, in a sentence. */
  readonly away: string | undefined;
};

const ANSWERS_WITHIN_MS = 15_000;

/** @throws LeashdError for what is to be done first, and for what systemd or launchd did not do. */
export async function installService(options: InstallOptions): Promise<Installed> {
  const { host, startDirectory, isDryRun = false, isForced = false } = options;
  const { environment, homeDirectory } = host;
  const parts = serviceParts({ environment, startDirectory });
  const manager = await findManager(host);
  const loaded = await checkReady({ ...options, manager, parts, homeDirectory, environment });
  const text = manager.render(parts);
  if (!isForced) keepForeign(manager);
  const { isActive } = await manager.standing();
  const steps = manager.installSteps(isActive);
  const result = {
    manager,
    text,
    commands: steps.map(inWords),
    status: undefined,
    away: await manager.away(),
  };
  if (isDryRun) return result;
  if (!isActive) await refuseSecond(loaded);
  mkdirSync(loaded.settings.stateDir, { recursive: true, mode: 0o700 });
  writeWhole(manager.file, text);
  for (const step of steps) await take(host, step);
  return { ...result, status: await firstStatus(loaded, options.answersWithinMs ?? ANSWERS_WITHIN_MS) };
}

function keepForeign({ file }: ServiceManager): void {
  const { kind } = standingOf(file);
  if (kind === 'absent' || kind === 'own') return;
  const why = kind === 'changed' ? 'was changed by hand' : 'was not written by leashd';
  throw new PersonError('SERVICE_FILE_KEPT', `${file} ${why}, so it was left as it is`, {
    hint: 'Look at it. To replace it: leashd service install --force',
  });
}

/** The service would find its state folder taken. */
async function refuseSecond({ settings }: LoadedSettings): Promise<void> {
  const called = await callDaemon(settings.stateDir, 'status', { timeoutMs: 2000 });
  if (called.kind === 'not-running') return;
  const pid = called.kind === 'answered' ? ` (process ${called.result.pid})` : '';
  throw new PersonError('SERVICE_RUNS_ALREADY', `leashd runs already${pid}, without a service`, {
    hint: 'First: leashd stop. Then: leashd service install',
  });
}

/** Whole or not at all, and never through a link. */
function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, text, { mode: 0o644, flag: 'wx' });
    renameSync(draft, file);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new MachineError('SERVICE_FILE_NOT_WRITTEN', `${file} could not be written`, {
      hint: 'Check who owns that folder, and that the disk is not full.',
      cause,
    });
  }
}

const PAUSE_MS = 250;

async function firstStatus(
  { settings }: LoadedSettings,
  withinMs: number,
): Promise<DaemonStatus | undefined> {
  for (let left = withinMs; ; left -= PAUSE_MS) {
    const called = await callDaemon(settings.stateDir, 'status', { timeoutMs: 2000 });
    // While it starts it may not know its pairing code yet; one that waits for Telegram does.
    if (called.kind === 'answered' && hasSettled(called.result)) return called.result;
    if (left <= 0) return called.kind === 'answered' ? called.result : undefined;
    await setTimeout(PAUSE_MS);
  }
}

function hasSettled({ state, lastFault }: DaemonStatus): boolean {
  return state !== 'starting' || lastFault !== undefined;
}
