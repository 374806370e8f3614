import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';

/** `words`: for Claude, why there is no plan and what to do. */
export type PlanReading =
  { readonly kind: 'plan'; readonly text: string } | { readonly kind: 'none'; readonly words: string };

/** Bytes; nobody reads a longer one on a phone. */
const LARGEST_PLAN = 256 * 1024;
const UNWRITTEN = 'There is no plan yet: write it to the plan file, then call ExitPlanMode again.';

// Claude Code 2.1.330 puts the path of the session's plan file in by itself, once there is one, over what the model gave.
const inputSchema = z.looseObject({ planFilePath: z.string() });

/**
 * The plan that Claude has written, from its file alone: a plain Markdown file directly in `folder`. What the call
 * says of the plan is not looked at. Rejects when the file can't be read.
 */
export async function readPlan(input: unknown, folder: string): Promise<PlanReading> {
  const path = inputSchema.safeParse(input).data?.planFilePath;
  if (path === undefined) return none(UNWRITTEN);
  if (extname(path) !== '.md' || !(await isIn(folder, path))) {
    return none(`A plan lies directly in ${folder}, as a Markdown file; this one does not.`);
  }
  // NOFOLLOW: no link may take the place of the file; NONBLOCK: a pipe must not keep us waiting.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(join(folder, basename(path)), flags);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return none('The plan is not a plain file.');
    if (stats.size > LARGEST_PLAN) {
      return none(`The plan is too long (${stats.size} bytes): bring it below ${LARGEST_PLAN} bytes.`);
    }
    const buffer = Buffer.alloc(LARGEST_PLAN);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const text = buffer.toString('utf8', 0, bytesRead).trim();
    return text === '' ? none(UNWRITTEN) : { kind: 'plan', text };
  } finally {
    await file.close();
  }
}

async function isIn(folder: string, path: string): Promise<boolean> {
  return (await realpath(dirname(path))) === (await realpath(folder));
}

function none(words: string): PlanReading {
  return { kind: 'none', words };
}
