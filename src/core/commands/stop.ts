import type { Command } from './command.ts';

export const stopCommand: Command = {
  name: 'stop',
  summary: 'Interrupt Claude; the conversation goes on',
  isAllowedDuringTurn: true,
  run: async ({ say, services, inbound }) => {
    const { queue, prompts, conversations } = services;
    if (!queue.isRunning) {
      await say('Nothing is running.');
      return;
    }
    const dropped = queue.dropWaiting().length;
    prompts.cancel('you stopped the turn', inbound.chat);
    await conversations.interrupt(inbound.chat);
    if (dropped > 0) await say(`${dropped} waiting message(s) dropped.`);
  },
};
