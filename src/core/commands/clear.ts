import type { Command } from './command.ts';

export const clearCommand: Command = {
  name: 'clear',
  summary: 'Forget the conversation and start afresh',
  isAllowedDuringTurn: true,
  // What is sent behind it belongs to the fresh conversation.
  holdsQueue: true,
  run: async ({ say, services, inbound }) => {
    const { queue, inbox, prompts, conversations, sessions } = services;
    await inbox.finish(queue.dropWaiting().map(({ id }) => id));
    prompts.cancel('the conversation was cleared', inbound.chat);
    await conversations.close(inbound.chat);
    await queue.idle();
    const { directory } = await sessions.renew(inbound.chat);
    await say(`🧹 A fresh conversation in \`${directory}\`.`);
  },
};
