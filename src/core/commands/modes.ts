import { messageOf } from '../../errors.ts';
import { hasFiles } from '../incoming-files.ts';
import { switchMode } from '../mode-switch.ts';
import { MODES, modeNamed, type ModeName } from '../modes.ts';
import type { Command, Invocation } from './command.ts';

/** Switches the mode; text behind the command is sent to the agent in it. */
function modeCommand(name: string, mode: ModeName, summary: string): Command {
  return {
    name,
    summary,
    usage: '[text]',
    isAllowedDuringTurn: false,
    submits: true,
    run: async (invocation: Invocation) => {
      const { inbound, args, services, say, submit } = invocation;
      const hasMore = args !== '' || hasFiles(inbound);
      const session = await services.sessions.open(inbound.chat);
      // What it lets pass unasked, somebody has to be able to approve.
      if (MODES[mode].grants.length > 0 && !services.mayApprove(inbound.chat, inbound.person)) {
        await say(`Only those who may approve can switch to **${mode}**; the mode is **${session.mode}**.`);
        return;
      }
      try {
        await switchMode(services, session, { mode, by: inbound.person.id });
      } catch (fault) {
        // What was to be done in the new mode is not done in the old one.
        const unsent = hasMore ? ` Your ${args === '' ? 'file' : 'text'} was not sent on.` : '';
        await say(`⚠️ The mode is still **${modeNamed(session.mode).name}**: ${messageOf(fault)}.${unsent}`);
        return;
      }
      await say(`Mode: **${mode}** – ${MODES[mode].summary}.`);
      if (hasMore) submit(args);
    },
  };
}

export const planCommand = modeCommand('plan', 'plan', 'Plan first, change nothing');
export const editCommand = modeCommand('edit', 'auto', 'Edit files of the project without asking');
export const defaultCommand = modeCommand('default', 'default', 'Ask before each change');
