import { messageOf } from '../../errors.ts';
import type { TextInbound } from '../queue/chat-queue.ts';
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
    const { queue, prompts, turns } = services;
    const dropped = queue.dropWaiting();
    prompts.cancel('the conversation was cleared', inbound.chat);
    // Also one whose agent has not begun yet.
    turns.stop(inbound.chat);
    let words = '';
    // It may take seconds: a command behind it is about the fresh conversation.
    await queue.inOrder(async () => {
      words = await cleared(invocation, dropped);
    });
    await say(words);
  },
};

async function cleared(invocation: Invocation, dropped: readonly TextInbound[]): Promise<string> {
  const { inbound, services } = invocation;
  const { queue, inbox, conversations } = services;
  await Promise.all([conversations.close(inbound.chat), inbox.finish(dropped.map(({ id }) => id))]);
  await queue.idle();
  try {
    return await renewed(invocation);
  } catch (fault) {
    return `⚠️ Questions, agent and grants are ended, but the conversation is not forgotten: ${messageOf(fault)}.`;
  }
}

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
