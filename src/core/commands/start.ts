import type { Command } from './command.ts';

export const startCommand: Command = {
  name: 'start',
  summary: 'Say hello',
  isAllowedDuringTurn: true,
  run: async ({ say, services, inbound }) => {
    const { directory, mode } = await services.sessions.open(inbound.chat);
    await say(
      `👋 leashd is here. Claude works in \`${directory}\` (${mode} mode).\n\nTell it what to do, or send /help.`,
    );
  },
};
