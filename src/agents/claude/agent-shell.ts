import { accessSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MachineError, messageOf } from '../../errors.ts';

/** Comes with leashd, beside `policies`; the agent may not write to it. */
const SHELL = fileURLToPath(new URL('../../../shell/leashd-bash', import.meta.url));

/**
 * The shell for the agent's commands: an absolute path. Claude Code 2.1.330 takes only a name with "bash" in it,
 * and another shell than the one it was told, without a word, when that can't be executed.
 * @throws MachineError when it can't be executed here.
 */
export function agentShell(path: string = SHELL): string {
  try {
    accessSync(path, constants.X_OK);
    accessSync('/bin/bash', constants.X_OK);
  } catch (error) {
    throw new MachineError(
      'SHELL_UNUSABLE',
      `the shell for the agent's commands can't be run: ${messageOf(error)}`,
      { hint: `leashd needs /bin/bash, and ${path} to be executable.`, cause: error },
    );
  }
  return path;
}
