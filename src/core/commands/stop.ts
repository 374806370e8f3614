import type { Command } from './command.ts';

export const stopCommand: Command = {
  name: 'stop',
  summary: 'Interrupt Claude and drop what waits',
  isAllowedDuringTurn: true,
  // What is sent behind it is not dropped by it.
  holdsQueue: true,
  run: async ({ say, services, inbound }) => {
    const { queue, inbox, prompts, turns } = services;
    const wasRunning = queue.isRunning;
    const dropped = queue.dropWaiting();
    await inbox.finish(dropped.map(({ id }) => id));
    prompts.cancel('you stopped the turn', inbound.chat);
    // Also between turns: the agent may be at work by itself, after a background command has ended.
    const isLive = await turns.interrupt(inbound.chat);
    if (dropped.length > 0) await say(`${dropped.length} waiting message(s) dropped.`);
    else if (!wasRunning) await say(isLive ? 'Stopped whatever it did by itself.' : 'Nothing is running.');
  },
};
