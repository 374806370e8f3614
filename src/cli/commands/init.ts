import { INIT_OPTIONS, readFlags } from '../init/flags.ts';
import type { CliCommand } from './cli-command.ts';

export const initCommand: CliCommand = {
  name: 'init',
  summary: 'Set leashd up, or change what is set',
  options: INIT_OPTIONS,
  run: async ({ options, surroundings }) => {
    const flags = readFlags(options);
    const { runInit } = await import('../init/run-init.ts');
    return runInit(flags, surroundings);
  },
};
