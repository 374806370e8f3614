import { messageOf } from '../../errors.ts';
import { hasFiles } from '../turns/incoming-files.ts';
import { switchMode } from '../modes/mode-switch.ts';
import { MODES, modeNamed, type ModeName } from '../modes/modes.ts';
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
      const { queue } = services;
      const hasMore = args !== '' || hasFiles(inbound);
      let said: Switched = { isDone: false, words: 'Claude has begun to work meanwhile; /stop it first.' };
      await queue.whileIdle(async () => {
        said = await switched(invocation, mode);
      });
      const { isDone, words } = said;
      // What was to be done in the new mode is not done in the old one.
      const unsent = hasMore && !isDone ? ` Your ${args === '' ? 'file' : 'text'} was not sent on.` : '';
      await say(`${words}${unsent}`);
      if (hasMore && isDone) submit(args);
    },
  };
}

type Switched = { readonly isDone: boolean; readonly words: string };

async function switched({ inbound, services }: Invocation, mode: ModeName): Promise<Switched> {
  const { chat, person } = inbound;
  const session = await services.sessions.open(chat);
  // What it lets pass unasked, somebody has to be able to approve.
  if (MODES[mode].grants.length > 0 && !services.mayApprove(chat, person)) {
    const words = `Only those who may approve can switch to **${mode}**; the mode is **${session.mode}**.`;
    return { isDone: false, words };
  }
  try {
    await switchMode(services, session, { mode, by: person.id });
  } catch (fault) {
    const words = `⚠️ The mode is still **${modeNamed(session.mode).name}**: ${messageOf(fault)}.`;
    return { isDone: false, words };
  }
  return { isDone: true, words: `Mode: **${mode}** – ${MODES[mode].summary}.` };
}

export const planCommand = modeCommand('plan', 'plan', 'Plan first, change nothing');
export const editCommand = modeCommand('edit', 'auto', 'Edit files of the project without asking');
export const defaultCommand = modeCommand('default', 'default', 'Ask before each change');
