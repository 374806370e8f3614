import { open } from 'node:fs/promises';
import { z } from 'zod';
import { MachineError, messageOf } from '../errors.ts';
import { readLines } from '../safety/audit/audit-files.ts';
import { auditPaths, type AuditPlace } from './audit-place.ts';
import { noLog } from './audit-verify.ts';

// What is asked about, of any line that a leashd has written. A plain object: twice as fast as a loose one.
const lineSchema = z.object({
  v: z.union([z.literal(1), z.literal(2)]),
  seq: z.number().optional(),
  event: z.string(),
  at: z.string(),
  call: z.string().optional(),
  chat: z.string().optional(),
  tool: z.string().optional(),
  directory: z.string().optional(),
  input: z.unknown().optional(),
  decision: z.string().optional(),
  layer: z.string().optional(),
  rule: z.string().optional(),
  reason: z.string().optional(),
  answer: z.string().optional(),
  by: z.string().optional(),
  waitedMs: z.number().optional(),
});

export type AuditLine = z.infer<typeof lineSchema>;

export type AuditFilter = {
  /** Part of the chat's key. */
  readonly chat?: string | undefined;
  readonly tool?: string | undefined;
  readonly decision?: string | undefined;
  readonly event?: string | undefined;
  /** Milliseconds since 1970-01-01 UTC: from the one on, and before the other. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
};

/**
 * Hands over each line that passes, oldest first, in constant memory. Returns how many lines are none of leashd's.
 * @throws PersonError when there is no log, MachineError when it can't be read.
 */
export async function readAudit(
  place: AuditPlace,
  filter: AuditFilter,
  take: (line: AuditLine, text: string) => void,
): Promise<number> {
  let unreadable = 0;
  let files = 0;
  for (const path of await auditPaths(place)) {
    const isRead = await readFile(path, (text) => {
      const line = parseLine(text);
      if (line === undefined) unreadable += 1;
      else if (passes(line, filter)) take(line, text);
    });
    if (isRead) files += 1;
  }
  if (files === 0) throw noLog(place.path);
  return unreadable;
}

async function readFile(path: string, take: (text: string) => void): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      await readLines(file, 0, (buffer, start, end) => {
        if (end > start) take(buffer.toString('utf8', start, end));
      });
    } finally {
      await file.close();
    }
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new MachineError('AUDIT_UNREADABLE', `${path} can't be read: ${messageOf(cause)}`, { cause });
  }
}

function parseLine(text: string): AuditLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function passes(line: AuditLine, { chat, tool, decision, event, since, until }: AuditFilter): boolean {
  if (chat !== undefined && line.chat?.includes(chat) !== true) return false;
  if (tool !== undefined && line.tool?.toLowerCase() !== tool.toLowerCase()) return false;
  if (decision !== undefined && line.decision !== decision) return false;
  if (event !== undefined && line.event !== event) return false;
  if (since === undefined && until === undefined) return true;
  const at = Date.parse(line.at);
  return at >= (since ?? -Infinity) && at < (until ?? Infinity);
}
