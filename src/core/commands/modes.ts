import { messageOf } from '../../errors.ts';
import { MODES, modeNamed, type ModeName } from '../modes.ts';
import { chatKey } from '../ports/chat.ts';
import type { Session } from '../ports/store.ts';
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
      const session = await services.sessions.open(inbound.chat);
      try {
        await switchTo(mode, session, invocation);
      } catch (fault) {
        // What was to be done in the new mode is not done in the old one.
        const unsent = args === '' ? '' : ' Your text was not sent on.';
        await say(`⚠️ The mode is still **${modeNamed(session.mode).name}**: ${messageOf(fault)}.${unsent}`);
        return;
      }
      await say(`Mode: **${mode}** – ${MODES[mode].summary}.`);
      if (args !== '') submit(args);
    },
  };
}

/** It counts once it is in the audit log and in the store. */
async function switchTo(mode: ModeName, session: Session, { inbound, services }: Invocation): Promise<void> {
  const { audit, sessions } = services;
  if (session.mode === mode) return;
  const change = { event: 'mode_changed', chat: chatKey(session.chat), session: session.id } as const;
  await audit.record({ ...change, from: session.mode, to: mode, by: inbound.person.id });
  try {
    await sessions.update(session, { mode });
  } catch (fault) {
    await audit.record({ ...change, from: mode, to: session.mode });
    throw fault;
  }
}

export const planCommand = modeCommand('plan', 'plan', 'Plan first, change nothing');
export const editCommand = modeCommand('edit', 'auto', 'Edit files of the project without asking');
export const defaultCommand = modeCommand('default', 'default', 'Ask before each change');
