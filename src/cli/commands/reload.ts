import { callDaemon } from '../../app/control/control-client.ts';
import { findStateDir } from '../../app/control/find-state-dir.ts';
import type { CliCommand } from './cli-command.ts';

const ANSWER_MS = 30_000;

export const reloadCommand: CliCommand = {
  name: 'reload',
  summary: 'Let it take settings, policies and directories anew: all of them, or nothing',
  run: async ({ surroundings }) => {
    const { output, errorOutput } = surroundings;
    const stateDir = await findStateDir(surroundings);
    const called = await callDaemon(stateDir, 'reload', { timeoutMs: ANSWER_MS });
    switch (called.kind) {
      case 'answered': {
        const { applied, needsRestart } = called.result;
        if (applied.length + needsRestart.length === 0) output.write('Nothing has changed.\n');
        if (applied.length > 0) output.write(`Holds now: ${applied.join(', ')}\n`);
        if (needsRestart.length > 0) output.write(`Needs leashd restart: ${needsRestart.join(', ')}\n`);
        return 0;
      }
      case 'refused': {
        const { message, hint } = called.error;
        errorOutput.write(`Nothing was taken anew; the old settings hold.\n${message}\n`);
        if (hint !== undefined) errorOutput.write(`${hint}\n`);
        return 1;
      }
      case 'not-running':
        errorOutput.write('leashd is not running; it reads all of it when it starts.\n');
        return 1;
      default:
        errorOutput.write('leashd does not answer; leashd status says more.\n');
        return 1;
    }
  },
};
