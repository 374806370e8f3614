import { modeNamed } from '../modes.ts';
import { formatUsd } from '../../util/figures.ts';
import type { Command } from './command.ts';

export const statusCommand: Command = {
  name: 'status',
  summary: 'Show directory, mode, turns, cost, what is pending',
  isAllowedDuringTurn: true,
  run: async ({ say, services, inbound }) => {
    const session = await services.sessions.open(inbound.chat);
    const mode = modeNamed(session.mode);
    const { queue, prompts } = services;
    const work = queue.isRunning ? `Claude is working, ${queue.waiting} message(s) waiting` : 'idle';
    await say(
      [
        `**Directory** \`${session.directory}\``,
        `**Mode** ${mode.name}: ${mode.summary}`,
        `**Turns** ${session.turns} · ${formatUsd(session.costUsd)}`,
        `**Now** ${work}, ${prompts.openIn(inbound.chat)} question(s) open`,
        `**leashd** ${services.version}`,
      ].join('\n\n'),
    );
  },
};
