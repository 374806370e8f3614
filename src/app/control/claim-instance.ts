import { setTimeout as delay } from 'node:timers/promises';
import { MachineError, messageOf, PersonError } from '../../errors.ts';
import { formatLeft } from '../../util/figures.ts';
import { callDaemon } from './control-client.ts';
import { readInstance, removeInstance, writeInstance, type Instance } from './instance-file.ts';
import { takeInstanceLock, type InstanceLock } from './instance-lock.ts';
import type { DaemonStatus } from './protocol.ts';

/** The state folder is this process's. */
export type Claim = {
  /** The very last thing that is done: then the next leashd may begin. Harmless when repeated. */
  readonly release: () => void;
};

/** How long one that starts or ends just now is waited for. */
const PATIENCE_MS = 3_000;
const PAUSE_MS = 100;
const ANSWER_MS = 1_500;

/**
 * Makes this process the one leashd of a state folder.
 * @throws PersonError `ALREADY_RUNNING`, MachineError for one that does not answer or a folder that can't be used.
 */
export async function claimInstance(stateDir: string, instance: Instance): Promise<Claim> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const lock = takeInstanceLock(stateDir);
    if (lock) {
      let isReleased = false;
      writeDown(stateDir, instance, lock);
      return {
        release: () => {
          if (isReleased) return;
          isReleased = true;
          removeInstance(stateDir);
          lock.release();
        },
      };
    }
    const called = await callDaemon(stateDir, 'status', { timeoutMs: ANSWER_MS });
    if (called.kind === 'answered' && called.result.state !== 'stopping')
      throw alreadyRunning(stateDir, called.result);
    if (called.kind === 'hanging') throw hanging(stateDir, called.pid);
    if (performance.now() > until) throw stillThere(stateDir);
    await delay(PAUSE_MS);
  }
}

function writeDown(stateDir: string, instance: Instance, lock: InstanceLock): void {
  try {
    writeInstance(stateDir, instance);
  } catch (cause) {
    lock.release();
    throw new MachineError('STATE_DIR', `the state folder ${stateDir} can't be used: ${messageOf(cause)}`, {
      hint: 'Check that its disk is not full.',
      cause,
    });
  }
}

function alreadyRunning(stateDir: string, { pid, startedAt, startDirectory }: DaemonStatus): PersonError {
  const since = formatLeft(Math.max(0, Date.now() - startedAt));
  return new PersonError(
    'ALREADY_RUNNING',
    `it is running already: pid ${pid}, for ${since}, started in ${startDirectory} (state folder ${stateDir})`,
    {
      hint: 'leashd stop ends it, leashd restart starts it anew; another LEASHD_STATE_DIR is another leashd.',
    },
  );
}

function hanging(stateDir: string, pid: number | undefined): MachineError {
  const who = pid === undefined ? 'A process' : `Process ${pid}`;
  return new MachineError('DAEMON_HANGS', `${who} has the state folder ${stateDir}, but does not answer`, {
    hint: 'leashd stop --force ends it.',
  });
}

function stillThere(stateDir: string): MachineError {
  const pid = readInstance(stateDir)?.pid;
  const who = pid === undefined ? 'another leashd' : `another leashd (pid ${pid})`;
  return new MachineError('STATE_DIR_TAKEN', `${who} is about to start or to end in ${stateDir}`, {
    hint: 'Try again in a moment; leashd stop --force ends it.',
  });
}
