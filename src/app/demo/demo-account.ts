import { isAbsolute, relative } from 'node:path';
import { z } from 'zod';

export type DemoAccount = {
  /** One for each tool call, in the order they were made. */
  readonly calls: readonly AccountedCall[];
  /** Lines of the audit log that could not be read. */
  readonly unreadable: number;
};

export type AccountedCall = {
  readonly tool: string;
  /** The file or the command. */
  readonly on: string;
  readonly outcome: 'allowed' | 'approved' | 'rejected' | 'denied' | 'timed out' | 'not answered' | 'open';
  /** The layer and its rule that decided or asked: `policy: file-writes`. */
  readonly rule: string;
  /** The person who answered. */
  readonly by: string | undefined;
};

// The part of an audit entry (src/safety/audit/audit-entry.ts) that the account needs.
const entrySchema = z.looseObject({
  v: z.union([z.literal(1), z.literal(2)]),
  call: z.string(),
  tool: z.string(),
  directory: z.string(),
  input: z.unknown(),
  decision: z.enum(['allow', 'ask', 'deny']),
  layer: z.string(),
  rule: z.string(),
  answer: z.enum(['approved', 'rejected', 'timed-out', 'not-answered']).optional(),
  by: z.string().optional(),
});
type Entry = z.infer<typeof entrySchema>;

const eventSchema = z.looseObject({ event: z.string() });

const inputSchema = z.looseObject({
  file_path: z.string().optional(),
  command: z.string().optional(),
  pattern: z.string().optional(),
});

/** Reads the lines of an audit log, and tells for each tool call what became of it. */
export function accountOf(lines: readonly string[]): DemoAccount {
  const entriesOfCalls = new Map<string, Entry[]>();
  let unreadable = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const entry = readEntry(line);
    if (entry === 'other') continue;
    if (entry) entriesOfCalls.set(entry.call, [...(entriesOfCalls.get(entry.call) ?? []), entry]);
    else unreadable += 1;
  }
  return { calls: [...entriesOfCalls.values()].flatMap(accountedCall), unreadable };
}

/** `other`: it tells of something else than a call. */
function readEntry(line: string): Entry | 'other' | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const { event } = eventSchema.parse(value);
    return /^(?:tool|approval)_/.test(event) ? entrySchema.parse(value) : 'other';
  } catch {
    return undefined;
  }
}

function accountedCall(entries: readonly Entry[]): readonly AccountedCall[] {
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) return [];
  const answered = entries.find(({ answer }) => answer !== undefined);
  const outcome = outcomeOf(last, answered?.answer);
  // What came first decided, or made the person decide; unless an approval came to nothing.
  const { layer, rule } = outcome === 'denied' ? last : first;
  return [{ tool: first.tool, on: onWhat(first), outcome, rule: `${layer}: ${rule}`, by: answered?.by }];
}

function outcomeOf({ decision }: Entry, answer: Entry['answer']): AccountedCall['outcome'] {
  if (answer === 'approved') return decision === 'deny' ? 'denied' : 'approved';
  return answer === undefined ? UNASKED[decision] : UNAPPROVED[answer];
}

const UNASKED = { allow: 'allowed', ask: 'open', deny: 'denied' } as const;
const UNAPPROVED = {
  rejected: 'rejected',
  'timed-out': 'timed out',
  'not-answered': 'not answered',
} as const;

function onWhat({ input, directory }: Entry): string {
  const { file_path: file, command, pattern } = inputSchema.safeParse(input).data ?? {};
  if (file === undefined) return (command ?? pattern ?? '').replaceAll(/\s+/g, ' ');
  const short = relative(directory, file);
  return short.startsWith('..') || isAbsolute(short) ? file : short;
}

const WIDEST_COLUMN = 32;

/**
 * The account as plain text, some 80 columns wide: a table, a sum, and where the audit log is.
 * `answeredBy`: what to call whoever answered (`you`, `leashd itself`).
 */
export function accountText(
  { calls, unreadable }: DemoAccount,
  auditLogPath: string,
  answeredBy = 'you',
): string {
  const rows = calls.map(({ tool, on, outcome, rule, by }) => [
    tool,
    shortened(on),
    by === undefined ? outcome : `${outcome} by ${answeredBy}`,
    rule,
  ]);
  const table = alignedRows([['Tool', 'On', 'Decision', 'Rule'], ...rows]).map((row) => `  ${row}`);
  return [
    'What the gate decided:',
    '',
    ...table,
    '',
    sumOf(calls),
    `The audit log has every step: ${auditLogPath}`,
    ...(unreadable === 0 ? [] : [`${linesOf(unreadable)} of the audit log could not be read.`]),
  ].join('\n');
}

function sumOf(calls: readonly AccountedCall[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of calls) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const parts = [...counts].map(([outcome, count]) => `${count} ${outcome}`);
  return `${calls.length} tool call${calls.length === 1 ? '' : 's'}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}

function linesOf(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}

function shortened(text: string): string {
  return text.length <= WIDEST_COLUMN ? text : `${text.slice(0, WIDEST_COLUMN - 1).toWellFormed()}…`;
}

function alignedRows(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
