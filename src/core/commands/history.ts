import { excerpt } from '../../util/excerpt.ts';
import { formatClock, formatDay, formatDuration, formatUsd } from '../../util/figures.ts';
import { bold, concat, join, plain, type RichText } from '../../util/rich-text.ts';
import type { StoredMessage } from '../ports/store.ts';
import type { Command } from './command.ts';

const SHOWN = 10;
const MOST_SHOWN = 500;
const MOST_WORDS = 8;
/** UTF-16 units; what is longer is sent as a file, all of it. */
const LONGEST = 3500;

export const historyCommand: Command = {
  name: 'history',
  summary: 'What was said last, or where words were said',
  usage: '[number or words]',
  isAllowedDuringTurn: true,
  run: async ({ args, say, services, inbound }) => {
    const isNumber = /^\d{1,9}$/.test(args);
    const words = isNumber || args === '' ? [] : args.split(/\s+/);
    if (words.length > MOST_WORDS) {
      await say(plain(`Too many words to look for: at most ${MOST_WORDS}, please.`));
      return;
    }
    const limit = isNumber ? Math.min(Math.max(1, Number(args)), MOST_SHOWN) : SHOWN;
    const { messages, older } = await services.messages.find({ chat: inbound.chat, words, limit });
    if (messages.length === 0) {
      await say(plain(words.length === 0 ? 'Nothing was said here yet.' : `Nobody has said “${args}” here.`));
      return;
    }
    const notes = older === undefined ? [] : [plain(footerOf(words, limit))];
    const now = services.clock.now();
    const brief = join([...messages.map((message) => briefly(message, words, now)), ...notes], '\n\n');
    if (brief.text.length <= LONGEST) await say(brief);
    else {
      const heading = plain(`${messages.length} messages since ${timeOf(messages[0]?.at ?? now, now)}:`);
      const content = messages.map((message) => inFull(message, now)).join('\n\n');
      const attachment = { fileName: 'history.txt', content: `${content}\n` };
      await say(join([heading, ...notes], '\n\n'), attachment);
    }
  },
};

function footerOf(words: readonly string[], limit: number): string {
  if (words.length > 0) return `These are the last ${limit}; one more word makes them fewer.`;
  return limit < MOST_SHOWN
    ? `More: /history ${Math.min(limit * 5, MOST_SHOWN)}`
    : 'All of it: leashd history --limit 0, on the machine itself.';
}

/** Who, when, for how much, and how it begins, or where the words stand. */
function briefly(message: StoredMessage, words: readonly string[], now: number): RichText {
  return concat(
    bold(NAMES[message.role]),
    ` · ${detailsOf(message, now)}\n`,
    excerpt(message.text, words) || '(no words)',
  );
}

function inFull(message: StoredMessage, now: number): string {
  return `== ${NAMES[message.role]} · ${detailsOf(message, now)}\n${message.text}`;
}

const NAMES = { person: 'You', agent: 'Claude' } as const;

function detailsOf({ at, costUsd, durationMs }: StoredMessage, now: number): string {
  return [
    timeOf(at, now),
    ...(costUsd === undefined ? [] : [formatUsd(costUsd)]),
    ...(durationMs === undefined ? [] : [formatDuration(durationMs)]),
  ].join(' · ');
}

/** Without the day when it is today's. */
function timeOf(at: number, now: number): string {
  const day = formatDay(at);
  return day === formatDay(now) ? formatClock(at) : `${day} ${formatClock(at)}`;
}
