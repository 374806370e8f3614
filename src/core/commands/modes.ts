import { MODES, type ModeName } from '../modes.ts';
import type { Command, Invocation } from './command.ts';

/** Switches the mode; text behind the command is sent to the agent in it. */
function modeCommand(name: string, mode: ModeName, summary: string): Command {
  return {
    name,
    summary,
    usage: '[text]',
    isAllowedDuringTurn: false,
    run: async ({ inbound, args, services, say, submit }: Invocation) => {
      const session = await services.sessions.open(inbound.chat);
      await services.sessions.update(session, { mode });
      await say(`Mode: **${mode}** – ${MODES[mode].summary}.`);
      if (args !== '') submit(args);
    },
  };
}

export const planCommand = modeCommand('plan', 'plan', 'Plan first, change nothing');
export const editCommand = modeCommand('edit', 'auto', 'Edit files of the project without asking');
export const defaultCommand = modeCommand('default', 'default', 'Ask before each change');
