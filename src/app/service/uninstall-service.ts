import { rmSync } from 'node:fs';
import { PersonError } from '../../errors.ts';
import { findManager } from './find-manager.ts';
import { standingOf } from './service-mark.ts';
import { inWords, take, type ServiceHost, type ServiceManager } from './service-manager.ts';

export type UninstallOptions = {
  readonly host: ServiceHost;
  readonly isDryRun?: boolean | undefined;
  /** Also a file that was changed by hand. */
  readonly isForced?: boolean | undefined;
};

export type Uninstalled = {
  readonly manager: ServiceManager;
  readonly wasInstalled: boolean;
  /** As they were run or would be, the removal of the file among them. */
  readonly commands: readonly string[];
};

/** Takes back what the installation wrote, and nothing else. @throws LeashdError for what is not leashd's. */
export async function uninstallService({ host, isDryRun, isForced }: UninstallOptions): Promise<Uninstalled> {
  const manager = await findManager(host);
  const { file, stopSteps, forgetSteps } = manager;
  const { kind } = standingOf(file);
  if (kind === 'absent') return { manager, wasInstalled: false, commands: [] };
  if (kind !== 'own' && isForced !== true) {
    const why = kind === 'changed' ? 'was changed by hand' : 'was not written by leashd';
    throw new PersonError('SERVICE_FILE_KEPT', `${file} ${why}, so it was left as it is`, {
      hint: 'Look at it. To take it away all the same: leashd service uninstall --force',
    });
  }
  const removal = inWords({ program: 'rm', args: [file] });
  const commands = [...stopSteps.map(inWords), removal, ...forgetSteps.map(inWords)];
  if (isDryRun === true) return { manager, wasInstalled: true, commands };
  for (const step of stopSteps) await take(host, step);
  rmSync(file);
  for (const step of forgetSteps) await take(host, step);
  return { manager, wasInstalled: true, commands };
}
