import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { describeIssue } from '../../config/diagnostics.ts';
import { settingTable } from '../../config/settings.ts';
import { PersonError, messageOf } from '../../errors.ts';

/** More than any token: what is longer is another file. */
const LONGEST_BYTES = 4096;

/** What is wrong with the form of a token, as a sentence that does not hold it; undefined when nothing is. */
export function tokenProblem(given: string): string | undefined {
  const parsed = settingTable.telegramBotToken.schema.safeParse(given, { reportInput: true });
  const [issue] = parsed.error?.issues ?? [];
  return issue === undefined ? undefined : describeIssue(issue, true);
}

/** @throws PersonError naming the flag that it came from, without what came. */
export function checkedToken(given: string, flag: string): string {
  const problem = tokenProblem(given);
  if (problem !== undefined) throw new PersonError('TOKEN_INVALID', `${flag}: ${problem}`);
  return given.trim();
}

/** @throws PersonError when there is no such file, or no token in it. */
export function tokenInFile(path: string): { readonly token: string; readonly isShared: boolean } {
  const flag = '--token-file';
  let text: string;
  let isShared: boolean;
  try {
    const stats = statSync(path);
    isShared = stats.isFile() && (stats.mode & 0o077) !== 0;
    text = firstBytes(path);
  } catch (cause) {
    throw new PersonError('TOKEN_FILE_UNREADABLE', `${flag}: ${messageOf(cause)}`, { cause });
  }
  return { token: checkedToken(text, flag), isShared };
}

function firstBytes(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(LONGEST_BYTES);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** @throws PersonError when there is no token in what comes. */
export async function tokenFromInput(input: Readable): Promise<string> {
  let text = '';
  // Closed after that: an open pipe would keep the process.
  for await (const chunk of input) {
    text += String(chunk);
    // A line is all that is wanted; whoever wrote it may leave the pipe open.
    if (/\S[^\n]*\n/.test(text) || text.length > LONGEST_BYTES) break;
  }
  return checkedToken(text, '--token -');
}
