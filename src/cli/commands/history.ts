import { z } from 'zod';
import type { HistoryFilter, HistoryLine } from '../../app/history-read.ts';
import { PersonError } from '../../errors.ts';
import { formatDuration, formatUsd } from '../../util/figures.ts';
import { TIME_OPTIONS, timesFrom } from './audit-options.ts';
import type { CliCommand, CliContext } from './cli-command.ts';
import { JSON_OPTION } from './json-option.ts';
import { oneLine, wrapped } from './wrapped.ts';

const LIMIT = 50;

export const historyCommand: CliCommand = {
  name: 'history',
  summary: 'What you and Claude have said, oldest first',
  options: [
    { flags: '--chat <part>', summary: "the chat's key, or part of it" },
    { flags: '--session <id>', summary: 'of one conversation' },
    { flags: '--role <word>', summary: 'person or agent' },
    ...TIME_OPTIONS,
    { flags: '--grep <text>', summary: 'only what has this text in it, in upper or lower case' },
    { flags: '--limit <number>', summary: `the last so many (default: ${LIMIT}; 0: all)` },
    { flags: '--full', summary: 'all of each message, not just how it begins' },
    { ...JSON_OPTION, summary: 'each in full as a line of JSON' },
  ],
  run: async (context) => {
    const { options, surroundings } = context;
    const { readHistory } = await import('../../app/history-read.ts');
    let last: HistoryLine | undefined;
    const write = (text: string): void => void surroundings.output.write(`${text}\n`);
    await readHistory(surroundings, filterFrom(context), (line) => {
      if (options['json'] === true) write(jsonOf(line));
      else write([...headingOf(line, last), ...linesOf(line, options['full'] === true)].join('\n'));
      last = line;
    });
    if (last === undefined) surroundings.errorOutput.write('Nothing in the history fits.\n');
    return 0;
  },
};

/** A terminal would obey the control characters that JSON leaves as they are. */
function jsonOf(line: HistoryLine): string {
  const escaped = (control: string): string => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(line).replaceAll(/\p{Cc}/gu, escaped);
}

const optionsSchema = z.object({
  chat: z.string().optional(),
  session: z.string().optional(),
  role: z.string().optional(),
  grep: z.string().optional(),
  limit: z.string().default(String(LIMIT)),
});

const roleSchema = z.enum(['person', 'agent']).optional();

function filterFrom(context: CliContext): HistoryFilter {
  const { limit, role, grep, ...filter } = optionsSchema.parse(context.options);
  if (!/^\d{1,9}$/.test(limit))
    throw new PersonError('LIMIT_UNREADABLE', `--limit: expected a number, got ${JSON.stringify(limit)}`);
  const parsed = roleSchema.safeParse(role);
  if (!parsed.success)
    throw new PersonError('ROLE_UNKNOWN', `--role: expected person or agent, got ${JSON.stringify(role)}`);
  return { ...filter, role: parsed.data, text: grep, limit: Number(limit), ...timesFrom(context) };
}

/** Where it was said, each time that changes. */
function headingOf({ chat, session }: HistoryLine, last: HistoryLine | undefined): string[] {
  if (chat === last?.chat && session === last.session) return [];
  const heading = wrapped(oneLine(`${chat}, session ${session}`, 200), 0, 2);
  return last === undefined ? heading : ['', ...heading];
}

/** What is shown of a message without --full. */
const FEW_LINES = 6;

function linesOf({ at, role, text, costUsd, durationMs }: HistoryLine, isFull: boolean): string[] {
  const figures = [
    ...(costUsd === undefined ? [] : [formatUsd(costUsd)]),
    ...(durationMs === undefined ? [] : [formatDuration(durationMs)]),
  ];
  const time = at.slice(0, 19).replace('T', ' ');
  const lines = text
    .trimEnd()
    .split(/\r?\n/)
    .flatMap((line) => wrapped(oneLine(line.replaceAll('\t', '  '), Infinity), 2));
  const isCut = !isFull && lines.length > FEW_LINES;
  return [
    [`${time} ${role}`, ...figures].join(' · '),
    ...(isCut ? [...lines.slice(0, FEW_LINES), '  …'] : lines).map((line) => line.trimEnd()),
  ];
}
