import type { Commit, Done, LogOptions, Refused } from '../core/ports/git-data.ts';
import { LOG_FORMAT, parseLog } from './parse-log.ts';
import { isRefused, refuse } from './refusals.ts';
import { refuseRange, safePath } from './safe-paths.ts';
import type { Work } from './work.ts';

const FEW = 20;
const MOST = 500;

export async function log(
  work: Work,
  options: LogOptions = {},
): Promise<Done<{ readonly commits: readonly Commit[] }> | Refused> {
  const { limit = FEW, range = 'HEAD' } = options;
  const bad = refuseRange(range);
  if (bad !== undefined) return bad;
  const path = options.path === undefined ? undefined : await safePath(work.top, options.path);
  if (isRefused(path)) return path;
  if (path?.isWellFormed() === false)
    return refuse('bad-name', "The file's name is not written in UTF-8.", 'See the log of its folder.');
  if (range === 'HEAD' && (await headOf(work)) === undefined) return { kind: 'done', commits: [] };
  const known = await work.tryRead([
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    ...endsOf(range),
  ]);
  // Of a range, `--verify` takes one end alone; what both lead to is left to git log.
  if (known.exitCode !== 0 && !range.includes('..'))
    return refuse(
      'no-such-branch',
      'There is no such commit or branch here.',
      'See /git branch and /git log.',
    );
  const result = await work.tryRead(logArgs(range, limit, path));
  if (result.exitCode === 0) return { kind: 'done', commits: parseLog(result.stdout) };
  if (/unknown revision|bad revision|ambiguous argument/.test(result.stderr))
    return refuse(
      'no-such-branch',
      'There is no such commit or branch here.',
      'See /git branch and /git log.',
    );
  return refuse('git', 'Git could not show the log.', 'What git said stands below.', result.stderr);
}

function endsOf(range: string): readonly string[] {
  return range.includes('..') ? [] : [range];
}

function logArgs(
  range: string,
  limit: number,
  path?: string,
  without: readonly string[] = [],
): readonly string[] {
  const count = `--max-count=${Math.min(Math.max(1, Math.floor(limit)), MOST)}`;
  const options = [
    '-z',
    LOG_FORMAT,
    count,
    '--no-show-signature',
    '--no-color',
    '--decorate=short',
    '--no-notes',
  ];
  const paths = path === undefined ? [] : [path];
  return ['--literal-pathspecs', 'log', ...options, ...without, '--end-of-options', range, '--', ...paths];
}

/** Newest first. `range` must be one that git knows; `without`: `git log`'s own way to leave some out. */
export async function commitsIn(
  work: Work,
  range: string,
  limit: number,
  without: readonly string[] = [],
): Promise<readonly Commit[]> {
  return parseLog(await work.read(logArgs(range, limit, undefined, without)));
}

export async function commitAt(work: Work, commit: string): Promise<Commit | undefined> {
  return (await commitsIn(work, commit, 1))[0];
}

/** The full name of the commit that HEAD stands on; undefined before the first one. */
export async function headOf(work: Work): Promise<string | undefined> {
  return resolve(work, 'HEAD');
}

/** `ref`: a full ref name or `HEAD`. */
export async function resolve(work: Work, ref: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const { exitCode, stdout } = await work.tryRead(args);
  return exitCode === 0 ? stdout.trim() : undefined;
}

/** How many commits `range` has. */
export async function countIn(work: Work, range: readonly string[]): Promise<number> {
  return Number((await work.read(['rev-list', '--count', ...range, '--'])).trim());
}
