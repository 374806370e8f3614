import type { Command } from './command.ts';

export const helpCommand: Command = {
  name: 'help',
  summary: 'List the commands',
  isAllowedDuringTurn: true,
  run: async ({ say, services }) => {
    const lines = services.commands.map(
      ({ name, aliases = [], usage, summary }) =>
        `/${name}${aliases.map((alias) => ` (/${alias})`).join('')}${usage === undefined ? '' : ` ${usage}`} – ${summary}`,
    );
    await say(
      `Send a message, and Claude works on it. Before it does what takes your approval, it asks you.\n\n${lines.join('\n')}`,
    );
  },
};
