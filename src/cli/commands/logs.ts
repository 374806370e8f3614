import { z } from 'zod';
import { callDaemon } from '../../app/control/control-client.ts';
import { findStateDir } from '../../app/control/find-state-dir.ts';
import { readInstance } from '../../app/control/instance-file.ts';
import { PersonError } from '../../errors.ts';
import { logLevels, type LogLevel } from '../../util/log-level.ts';
import type { CliCommand, Surroundings } from './cli-command.ts';

const COUNT = 50;
const ANSWER_MS = 2_000;

export const logsCommand: CliCommand = {
  name: 'logs',
  summary: 'The log, newest lines last',
  options: [
    { flags: '-f, --follow', summary: 'go on with what is written from now on' },
    { flags: '-n, --lines <number>', summary: `the last so many (default: ${COUNT}; 0: none)` },
    { flags: '--level <word>', summary: `${logLevels.join(', ').toLowerCase()}: that, and what is worse` },
    { flags: '--json', summary: 'lines of JSON, as they stand in the file' },
  ],
  run: async ({ options, surroundings }) => {
    const { output, errorOutput } = surroundings;
    const count = countFrom(options['lines']);
    const filter = { level: levelFrom(options['level']) };
    const { followLog, lastLines, logFiles, readLogLine } = await import('../../app/control/read-log.ts');
    const logDir = await logDirOf(surroundings);
    const hasColours =
      'isTTY' in output && output.isTTY === true && !('NO_COLOR' in surroundings.environment);
    const read = (raw: string): string | undefined => {
      const line = readLogLine(raw, filter, hasColours);
      return line && (options['json'] === true ? `${line.raw}\n` : line.words);
    };
    const files = logFiles(logDir);
    const isFollowed = options['follow'] === true;
    for (const line of lastLines(files, count, read)) output.write(line);
    if (files.length === 0) errorOutput.write(`There is no log in ${logDir}${isFollowed ? ' yet' : ''}.\n`);
    if (!isFollowed) return files.length === 0 ? 1 : 0;
    const stop = new AbortController();
    const show = (raw: string): void => {
      const line = read(raw);
      if (line !== undefined) output.write(line);
    };
    const following = followLog(logDir, show, stop.signal);
    errorOutput.write('(following: Ctrl-C ends it)\n');
    await surroundings.untilStopped(new AbortController().signal);
    stop.abort();
    await following;
    return 0;
  },
};

/** Where the running leashd writes, or the one that did not get to its end; else what the settings say here. */
async function logDirOf(surroundings: Surroundings): Promise<string> {
  const stateDir = await findStateDir(surroundings);
  const called = await callDaemon(stateDir, 'status', { timeoutMs: ANSWER_MS });
  if (called.kind === 'answered') return called.result.logDir;
  const last = readInstance(stateDir);
  if (last !== undefined) return last.logDir;
  const { loadSettings } = await import('../../config/load-settings.ts');
  return loadSettings(surroundings).settings.logDir;
}

const countSchema = z
  .string()
  .regex(/^\d{1,7}$/)
  .transform(Number);

function countFrom(given: unknown): number {
  if (given === undefined) return COUNT;
  const parsed = countSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new PersonError('LINES_UNREADABLE', `--lines: expected a number, got ${JSON.stringify(given)}`);
}

function levelFrom(given: unknown): LogLevel | undefined {
  if (given === undefined) return undefined;
  const level = logLevels.find((one) => typeof given === 'string' && one === given.toUpperCase());
  if (level !== undefined) return level;
  const expected = logLevels.join(', ').toLowerCase();
  throw new PersonError('LEVEL_UNKNOWN', `--level: expected ${expected}, got ${JSON.stringify(given)}`);
}
