import { findStateDir } from '../../app/control/find-state-dir.ts';
import type { Stopped } from '../../app/control/stop-daemon.ts';
import type { CliCommand, Surroundings } from './cli-command.ts';

export const stopCommand: CliCommand = {
  name: 'stop',
  summary: 'End the running leashd: turns get ten seconds, what was not delivered is kept',
  options: [
    { flags: '--force', summary: 'kill it when it does not end within 20 seconds, or does not answer' },
  ],
  run: async ({ options, surroundings }) => {
    const stateDir = await findStateDir(surroundings);
    const stopped = await stopIt(surroundings, stateDir, options['force'] === true);
    const { output } = surroundings;
    if (stopped.kind === 'not-running') output.write('leashd is not running.\n');
    return stopped.kind === 'still-there' ? 1 : 0;
  },
};

/** Stops it, and says how that goes; that none was running is for the caller to say. */
export async function stopIt(
  { output, errorOutput }: Pick<Surroundings, 'output' | 'errorOutput'>,
  stateDir: string,
  isForced: boolean,
): Promise<Stopped> {
  const { stopDaemon } = await import('../../app/control/stop-daemon.ts');
  const stopped = await stopDaemon({
    stateDir,
    isForced,
    onWaiting: (waitsFor) =>
      void output.write(`leashd waits for ${waitsFor.join(', ')} (ten seconds at most) …\n`),
  });
  const pid = 'pid' in stopped && stopped.pid !== undefined ? ` (pid ${stopped.pid})` : '';
  if (stopped.kind === 'stopped')
    output.write(`leashd${pid} ${stopped.isKilled ? 'was killed' : 'has ended'}.\n`);
  if (stopped.kind === 'still-there') {
    const { waitsFor } = stopped;
    const why = waitsFor.length > 0 ? `it waits for ${waitsFor.join(', ')}` : 'it does not answer';
    errorOutput.write(`leashd${pid} has not ended: ${why}.\nleashd stop --force kills it.\n`);
  }
  return stopped;
}
