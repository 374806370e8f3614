import type { Command } from './command.ts';

export const clearCommand: Command = {
  name: 'clear',
  summary: 'Forget the conversation and start afresh',
  isAllowedDuringTurn: true,
  run: async ({ say, services, inbound }) => {
    const { queue, prompts, conversations, sessions } = services;
    queue.dropWaiting();
    prompts.cancel('the conversation was cleared', inbound.chat);
    await conversations.close(inbound.chat);
    await queue.idle();
    const { directory } = await sessions.renew(inbound.chat);
    await say(`🧹 A fresh conversation in \`${directory}\`.`);
  },
};
