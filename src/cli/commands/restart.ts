import { statSync } from 'node:fs';
import { callDaemon } from '../../app/control/control-client.ts';
import { findStateDir } from '../../app/control/find-state-dir.ts';
import { readInstance, type Instance } from '../../app/control/instance-file.ts';
import type { DaemonStatus } from '../../app/control/protocol.ts';
import { LeashdError, PersonError } from '../../errors.ts';
import type { CliCommand, Surroundings } from './cli-command.ts';
import { startCommand } from './start.ts';
import { stopIt } from './stop.ts';

const ANSWER_MS = 3_000;

export const restartCommand: CliCommand = {
  name: 'restart',
  summary: 'End it, and start it anew in the background, where it was started',
  options: [
    { flags: '--force', summary: 'kill it when it does not end within 20 seconds, or does not answer' },
  ],
  run: async (context) => {
    const { options, surroundings } = context;
    const stateDir = await findStateDir(surroundings);
    const called = await callDaemon(stateDir, 'status', { timeoutMs: ANSWER_MS });
    const status = called.kind === 'answered' ? called.result : undefined;
    if (status) {
      checkSameStart(status, surroundings);
      await checkSettings(status, surroundings);
    }
    const last: Pick<Instance, 'startDirectory' | 'logDir'> | undefined = status ?? readInstance(stateDir);
    const stopped = await stopIt(surroundings, stateDir, options['force'] === true);
    if (stopped.kind === 'still-there') return 1;
    if (last === undefined) return startCommand.run({ ...context, options: {} });
    const { startInBackground } = await import('./start-in-background.ts');
    const { startDirectory, logDir } = last;
    const started = await startInBackground({ surroundings, startDirectory, logDir });
    if (started.kind === 'done') return started.status;
    surroundings.errorOutput.write(`Claude is not ready: ${started.reason}\n${started.hint}\n`);
    return 1;
  },
};

/**
 * Before it is stopped: what would start otherwise than before is not started.
 * @throws PersonError
 */
function checkSameStart(
  { connector, isBackground, startDirectory, environmentNames }: DaemonStatus,
  { environment }: Surroundings,
): void {
  if (connector !== 'telegram')
    throw new PersonError('RESTART_IN_TERMINAL', 'this leashd is a conversation in a terminal', {
      hint: 'End it there (Ctrl-D), and start it anew.',
    });
  if (!isBackground)
    throw new PersonError('RESTART_FOREGROUND', 'this leashd is in the hands of a service or of a terminal', {
      hint: 'A service: systemctl --user restart leashd, on a Mac: leashd service install. A terminal: end it there.',
    });
  if (statSync(startDirectory, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new PersonError('RESTART_DIRECTORY_GONE', `${startDirectory}, where it was started, is not there`, {
      hint: 'leashd stop ends it; start it anew elsewhere.',
    });
  const missing = environmentNames.filter((name) => environment[name] === undefined);
  if (missing.length > 0)
    throw new PersonError(
      'RESTART_ENVIRONMENT',
      `leashd was started with ${missing.join(', ')} in its environment, which is not set here`,
      { hint: 'Set it here too, or write it into ~/.leashd/config.yaml; the running one was left as it is.' },
    );
}

/**
 * Before it is stopped, too: with a wrong setting or policy nothing would start again.
 * @throws PersonError
 */
async function checkSettings({ startDirectory }: DaemonStatus, surroundings: Surroundings): Promise<void> {
  const [{ loadSettings }, { checkPolicies }] = await Promise.all([
    import('../../config/load-settings.ts'),
    import('../../app/check-policies.ts'),
  ]);
  try {
    checkPolicies(loadSettings({ ...surroundings, startDirectory }));
  } catch (cause) {
    if (!(cause instanceof LeashdError)) throw cause;
    const hint = [...(cause.hint === undefined ? [] : [cause.hint]), 'The running leashd was left as it is.'];
    throw new PersonError(cause.code, cause.message, { hint: hint.join('\n') });
  }
}
