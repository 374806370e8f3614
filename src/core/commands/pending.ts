import { formatLeft } from '../../util/figures.ts';
import { plain } from '../../util/rich-text.ts';
import type { Command } from './command.ts';
import { clip } from '../../util/clip.ts';

/** As many are named. */
const MOST_NAMED = 20;

export const pendingCommand: Command = {
  name: 'pending',
  summary: 'What waits for you, with its buttons again',
  isAllowedDuringTurn: true,
  run: async ({ inbound, services, say }) => {
    const waiting = services.prompts.pending(inbound.chat);
    if (waiting.length === 0) {
      await say('Nothing waits for you.');
      return;
    }
    const lines = waiting
      .slice(0, MOST_NAMED)
      .map(
        ({ subject, ageMs, leftMs }, index) =>
          `${index + 1}. ${clip(subject)} · asked ${formatLeft(ageMs)} ago, ${formatLeft(leftMs)} left`,
      );
    const others = waiting.length > MOST_NAMED ? [`… and ${waiting.length - MOST_NAMED} more`] : [];
    const heading = `${waiting.length} ${waiting.length === 1 ? 'question waits' : 'questions wait'} for you:`;
    await say(plain([heading, ...lines, ...others].join('\n')));
    await services.prompts.bringUp(inbound.chat);
  },
};
