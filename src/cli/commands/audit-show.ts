import { z } from 'zod';
import type { AuditLine } from '../../app/audit-read.ts';
import { PersonError } from '../../errors.ts';
import { formatCount } from '../../util/figures.ts';
import { TIME_OPTIONS, timesFrom } from './audit-options.ts';
import type { CliCommand, CliContext } from './cli-command.ts';
import { JSON_OPTION } from './json-option.ts';
import { oneLine, wrapped } from './wrapped.ts';

const LIMIT = 50;

export const auditShowCommand: CliCommand = {
  name: 'show',
  summary: 'What happened, oldest first',
  argument: '[file]',
  options: [
    { flags: '--chat <part>', summary: "part of the chat's key" },
    { flags: '--tool <name>', summary: 'of one tool' },
    { flags: '--decision <word>', summary: 'allow, ask or deny' },
    { flags: '--event <name>', summary: 'such as tool_decided, grant_made, log_opened' },
    ...TIME_OPTIONS,
    { flags: '--limit <number>', summary: `the last so many (default: ${LIMIT}; 0: all)` },
    { ...JSON_OPTION, summary: 'each as its line of JSON' },
  ],
  run: async (context) => {
    const { argument, options, surroundings } = context;
    const { auditPlace } = await import('../../app/audit-place.ts');
    const { readAudit } = await import('../../app/audit-read.ts');
    const { limit, filter } = filterFrom(context);
    const asLines = (line: AuditLine, text: string): string =>
      options['json'] === true ? `${text}\n` : `${linesOf(line, text).join('\n')}\n`;
    const kept: string[] = [];
    let found = 0;
    const write = (text: string): void => void surroundings.output.write(text);
    const unreadable = await readAudit(auditPlace(argument, surroundings), filter, (line, text) => {
      found += 1;
      if (limit === 0) write(asLines(line, text));
      else {
        kept.push(asLines(line, text));
        if (kept.length > 2 * limit) kept.splice(0, limit);
      }
    });
    write(kept.slice(-limit).join(''));
    // Not among the lines, which a program may read.
    if (found === 0) surroundings.errorOutput.write('Nothing in the log fits.\n');
    if (unreadable > 0)
      surroundings.errorOutput.write(
        `${formatCount(unreadable, 'line')} can't be read; leashd audit verify tells more\n`,
      );
    return 0;
  },
};

const optionsSchema = z.object({
  chat: z.string().optional(),
  tool: z.string().optional(),
  decision: z.string().optional(),
  event: z.string().optional(),
  limit: z.string().default(String(LIMIT)),
});

function filterFrom(context: CliContext) {
  const { limit, decision, ...filter } = optionsSchema.parse(context.options);
  if (!/^\d{1,6}$/.test(limit))
    throw new PersonError('LIMIT_UNREADABLE', `--limit: expected a number, got ${JSON.stringify(limit)}`);
  if (decision !== undefined && !['allow', 'ask', 'deny'].includes(decision)) {
    const got = JSON.stringify(decision);
    throw new PersonError('DECISION_UNKNOWN', `--decision: expected allow, ask or deny, got ${got}`);
  }
  return { limit: Number(limit), filter: { ...filter, decision, ...timesFrom(context) } };
}

const SIGNS: Readonly<Record<string, string>> = { allow: '✓', ask: '?', deny: '✗' };
/** Longer texts are for --json. */
const LONGEST = 200;

function linesOf(line: AuditLine, text: string): string[] {
  const time = line.at.slice(0, 19).replace('T', ' ');
  const indented = (text: string): string[] => wrapped(oneLine(text, LONGEST), 2, 4);
  if (line.decision === undefined)
    return [`${time} ${oneLine(line.event, 24)}`, ...indented(detailsOf(text))];
  // Where the answer itself decided, it is the rule's name already.
  const said = line.answer === line.rule ? '' : ` ${line.answer ?? ''}`;
  const answer = line.answer === undefined ? '' : `${said}${line.by === undefined ? '' : ` by ${line.by}`}`;
  const word = line.event === 'tool_decided' ? line.decision : (EVENTS[line.event] ?? line.event);
  return [
    `${time} ${SIGNS[line.decision] ?? ' '} ${oneLine(word, 20)}`,
    ...indented(`${line.tool ?? ''}: ${inputOf(line)}`),
    ...indented(`${line.layer ?? ''}: ${line.rule ?? ''}${answer}`),
  ];
}

const EVENTS: Readonly<Record<string, string>> = {
  approval_requested: 'asked',
  approval_resolved: 'answered',
};

const inputSchema = z.looseObject({
  command: z.string().optional(),
  file_path: z.string().optional(),
  pattern: z.string().optional(),
});

function inputOf({ input, directory }: AuditLine): string {
  const { command, file_path: file, pattern } = inputSchema.safeParse(input).data ?? {};
  const isInside = directory !== undefined && file?.startsWith(`${directory}/`) === true;
  const place = isInside ? file.slice(directory.length + 1) : file;
  return command ?? place ?? pattern ?? JSON.stringify(input) ?? '';
}

const fieldsSchema = z.record(z.string(), z.unknown());
const FRAME = new Set(['v', 'seq', 'prev', 'hash', 'event', 'at']);

/** The fields of an event that is no call, as words. */
function detailsOf(text: string): string {
  return Object.entries(fieldsSchema.parse(JSON.parse(text)))
    .filter(([name]) => !FRAME.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : (JSON.stringify(value) ?? '')}`)
    .join(' ');
}
