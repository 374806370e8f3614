import { formatLeft } from '../../util/figures.ts';
import { code, concat, plain } from '../../util/rich-text.ts';
import { chatKey } from '../ports/chat.ts';
import type { Grant } from '../ports/grants.ts';
import type { Command } from './command.ts';
import { clip } from '../../util/clip.ts';
import { listOrTakeBack } from './take-back.ts';

export const grantsCommand: Command = {
  name: 'grants',
  summary: 'What you have approved for a while; revoke it',
  usage: '[revoke number, id or all]',
  isAllowedDuringTurn: true,
  run: async (invocation) => {
    const { services, inbound } = invocation;
    const { remembered, clock } = services;
    const chat = chatKey(inbound.chat);
    await listOrTakeBack<Grant>(invocation, {
      verb: 'revoke',
      usage: 'In words: /grants revoke <number, id or all>',
      items: () => remembered.grantsOf(chat),
      heading: (count) =>
        plain(`${count} ${count === 1 ? 'grant' : 'grants'}, until /clear or /dir, at the longest:`),
      line: ({ words, until }) => concat(code(clip(words)), ` · ${formatLeft(until - clock.now())} left`),
      none: plain(
        'No grants live in this chat: what a rule asks about is asked. /rules lists what you allowed with Always.',
      ),
      takeBack: ({ id }, by) => remembered.revoke(chat, id, by),
      afterFault: 'it counts no longer, but that could not be written down',
    });
  },
};
