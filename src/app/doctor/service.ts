import { LeashdError } from '../../errors.ts';
import type { ServiceReport } from '../service/service-status.ts';
import { note, ok, problem, warning, type Check, type Told } from './check.ts';
import { shellWord } from './words.ts';
import { withoutFullStop } from '../../util/without-full-stop.ts';

const service: Check = {
  name: 'service',
  run: async (context) => {
    try {
      return serviceTold(await context.service());
    } catch (error) {
      if (!(error instanceof LeashdError) || error.code !== 'NO_SERVICE_MANAGER') throw error;
      return [note(withoutFullStop(error.message), error.hint)];
    }
  },
};

function serviceTold(report: ServiceReport): Told[] {
  const { file, standing, parts, missing, isOtherNode } = report;
  if (standing === 'absent')
    return [
      note(
        'none is installed: leashd does not come back by itself when the machine starts',
        'leashd service install',
      ),
    ];
  if (parts === undefined)
    return [
      warning(
        `${file} is a service that leashd did not write`,
        'Look at it; move it away to install leashd’s own',
      ),
    ];
  const anew = `cd ${shellWord(parts.directory)} && leashd service install`;
  if (missing.length > 0) {
    const todo = missing.includes(parts.directory)
      ? 'In the directory that leashd is to start in: leashd service install'
      : anew;
    return [problem(`the service names what is gone: ${missing.join(', ')}`, todo)];
  }
  const changed = standing === 'changed' ? [note(`${file} was changed by hand`)] : [];
  const other = isOtherNode
    ? [note(`it runs on another Node.js than this: ${parts.node}`, `If that is old: ${anew}`)]
    : [];
  return [activeTold(report), ...changed, ...other];
}

function activeTold({ manager, service: { isActive, isEnabled, state } }: ServiceReport): Told {
  const why = manager === 'systemd' ? 'journalctl --user -u leashd.service -n 30' : 'leashd logs';
  if (!isActive) {
    const says = `it is installed, but does not run (${manager}: ${state})`;
    return state === 'failed'
      ? problem(says, `See why: ${why}`)
      : warning(says, `leashd start; see why: ${why}`);
  }
  return isEnabled
    ? ok(`runs, and starts by itself (${manager})`)
    : warning(`it runs, but does not start by itself (${manager})`, 'leashd service install');
}

/** What starts leashd when the machine does. */
export const serviceChecks: readonly Check[] = [service];
