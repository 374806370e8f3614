import { messageOf } from '../../errors.ts';
import { chatKey } from '../ports/chat.ts';
import type { Command, Invocation } from './command.ts';

export const clearCommand: Command = {
  name: 'clear',
  summary: 'Forget the conversation, end its grants, start afresh',
  isAllowedDuringTurn: true,
  // What is sent behind it belongs to the fresh conversation.
  holdsQueue: true,
  run: async (invocation) => {
    const { say, services, inbound } = invocation;
    const { queue, inbox, prompts, conversations, turns } = services;
    await inbox.finish(queue.dropWaiting().map(({ id }) => id));
    prompts.cancel('the conversation was cleared', inbound.chat);
    // Also one whose agent has not begun yet.
    turns.stop(inbound.chat);
    await conversations.close(inbound.chat);
    await queue.idle();
    try {
      await say(await renewed(invocation));
    } catch (fault) {
      await say(
        `⚠️ Questions, agent and grants are ended, but the conversation is not forgotten: ${messageOf(fault)}.`,
      );
    }
  },
};

async function renewed({ services, inbound }: Invocation): Promise<string> {
  const { sessions, remembered, audit } = services;
  const chat = chatKey(inbound.chat);
  // After the turn: a tap of the last moment may have made one.
  const ended = await remembered.endAll(chat, 'clear');
  const { id: session } = await sessions.open(inbound.chat);
  await audit.record({ event: 'session_ended', chat, session, why: 'cleared', by: inbound.person.id });
  const { directory } = await sessions.renew(inbound.chat);
  return `🧹 A fresh conversation in \`${directory}\`.${endedGrants(ended)}`;
}

/** For the end of an answer. */
export function endedGrants(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ' One grant has ended.' : ` ${count} grants have ended.`;
}
