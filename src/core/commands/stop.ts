import { formatCount } from '../../util/figures.ts';
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
    prompts.cancel('you stopped the turn', inbound.chat);
    // Also between turns: the agent may be at work by itself, after a background command has ended.
    const [isLive] = await Promise.all([
      turns.interrupt(inbound.chat),
      dropped.length > 0 ? inbox.finish(dropped.map(({ id }) => id)) : undefined,
    ]);
    if (dropped.length > 0) await say(`${formatCount(dropped.length, 'waiting message')} dropped.`);
    else if (!wasRunning)
      await say(
        isLive
          ? 'Nothing of yours is running. What Claude did by itself, if anything, is stopped.'
          : 'Nothing is running.',
      );
  },
};
