import { code, concat, plain } from '../../util/rich-text.ts';
import { chatKey } from '../ports/chat.ts';
import type { OwnRule } from '../ports/grants.ts';
import type { Command } from './command.ts';
import { clip } from '../../util/clip.ts';
import { listOrTakeBack, type Held } from './take-back.ts';

type ListedRule = OwnRule & Held;

export const rulesCommand: Command = {
  name: 'rules',
  summary: 'What you have allowed with Always here; remove it',
  usage: '[remove number, name or all]',
  isAllowedDuringTurn: true,
  run: async (invocation) => {
    const { services, inbound } = invocation;
    const { remembered, sessions } = services;
    const { directory } = await sessions.open(inbound.chat);
    const file = code(remembered.rulesFile(directory));
    await listOrTakeBack<ListedRule>(invocation, {
      verb: 'remove',
      usage: 'In words: /rules remove <number, name or all>',
      items: () => remembered.rulesOf(directory).map((rule) => ({ ...rule, id: rule.name })),
      heading: (count) =>
        concat(
          `${count} ${count === 1 ? 'rule' : 'rules'} of your own for `,
          code(directory),
          ', in ',
          file,
          ':',
        ),
      line: ({ words, name }) => concat(code(clip(words)), ` · ${clip(name)}`),
      none: concat(
        plain('There are no rules of your own for '),
        code(directory),
        '. “Always” on a card makes one, in ',
        file,
        '.',
      ),
      takeBack: ({ name }, by) => remembered.removeRule(directory, name, chatKey(inbound.chat), by),
      afterFault: 'it may still count: the file, or the line about it, could not be written',
    });
  },
};
