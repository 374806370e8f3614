import { readlink, realpath } from 'node:fs/promises';
import { assertNever } from '../../util/assert-never.ts';
import type { DaemonStatus } from '../control/protocol.ts';
import { version } from '../version.ts';
import { note, ok, problem, warning, type Check, type Told } from './check.ts';
import type { DoctorContext } from './context.ts';
import { shellWord } from './words.ts';

const daemon: Check = {
  name: 'daemon',
  run: async (context) => {
    const called = await context.daemon();
    switch (called.kind) {
      case 'not-running':
        return [note('leashd is not running', 'leashd start')];
      case 'hanging': {
        const who = called.pid === undefined ? 'a leashd' : `leashd (process ${called.pid})`;
        return [
          problem(
            `${who} is running, but does not answer`,
            'leashd stop; if that does not help, end the process',
          ),
        ];
      }
      case 'refused':
        return [
          problem(`the running leashd does not tell how it is: ${called.error.message}`, called.error.hint),
        ];
      case 'answered':
        return runningTold(called.result, context);
      default:
        return assertNever(called);
    }
  },
};

async function runningTold(status: DaemonStatus, context: DoctorContext): Promise<Told[]> {
  const { pid, connector, bot, startedAt, startDirectory, isPolling, lastFault } = status;
  const since = new Date(startedAt).toISOString().replace(/\..*/, 'Z').replace('T', ' ');
  const where = bot === undefined ? connector : `@${bot}`;
  const told = [ok(`running since ${since} (process ${pid}, ${where})`)];
  if (status.version !== version())
    told.push(warning(`it is leashd ${status.version}, and this one is ${version()}`, 'leashd restart'));
  if (startDirectory !== context.startDirectory)
    told.push(
      note(
        `it was started in ${startDirectory}: a .env and relative paths are looked for there, not here`,
        `cd ${shellWord(startDirectory)} && leashd doctor`,
      ),
    );
  if (status.state === 'running' && connector === 'telegram' && !isPolling)
    told.push(
      warning(
        `it does not receive messages now${lastFault === undefined ? '' : `: ${lastFault.message}`}`,
        lastFault?.hint,
      ),
    );
  // A service, say, knows nothing of what this shell has set, and the other way round.
  const unknown = status.environmentNames.filter((name) => context.environment[name] === undefined);
  if (unknown.length > 0)
    told.push(
      note(`it has settings from its own environment, which are not looked at here: ${unknown.join(', ')}`),
    );
  const node = await otherNode(pid, context.platform);
  if (node !== undefined) told.push(note(`it runs on another Node.js than this: ${node}`));
  return told;
}

/** The program of a process, where it is not the one that runs this; as far as the system tells. */
async function otherNode(pid: number, platform: NodeJS.Platform): Promise<string | undefined> {
  if (platform !== 'linux') return undefined;
  try {
    const [program, own] = await Promise.all([readlink(`/proc/${pid}/exe`), realpath(process.execPath)]);
    return program === own ? undefined : program;
  } catch {
    return undefined;
  }
}

/** leashd itself, as it runs on this machine. */
export const runningChecks: readonly Check[] = [daemon];
