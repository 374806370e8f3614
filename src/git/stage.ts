import type { Counted, Done, Refused } from '../core/ports/git-data.ts';
import { countMarkers } from './work-files.ts';
import { quoteName } from './names.ts';
import { isRefused, refusalOf, refuse } from './refusals.ts';
import { safePath } from './safe-paths.ts';
import { ongoingIn, parsedStatus, refuseOngoing } from './status.ts';
import type { Work } from './work.ts';

type What = 'all' | readonly string[];

export async function add(work: Work, what: What): Promise<Done<Counted> | Refused> {
  const paths = await safePaths(work, what);
  if (isRefused(paths)) return paths;
  const before = await parsedStatus(work);
  const inConflict = before.conflicted
    .map(({ path }) => path)
    .filter((path) => paths.some((wanted) => covers(wanted, path)));
  const marked = await countMarkers(work.top, inConflict);
  if (marked.length > 0)
    return refuse(
      'markers-left',
      `Conflict markers are left in ${marked.length === 1 ? 'a file' : `${marked.length} files`}; staged, they would count as resolved.`,
      'Resolve the conflicts first.',
    );
  const result = await work.change(['add', '--all', ...limitedTo(what)], pathspecs(paths));
  if (result.exitCode !== 0) return refusalOfPaths(result.stderr) ?? refusalOf(result, 'stage that');
  return counted(work, before.staged.length);
}

export async function unstage(work: Work, what: What): Promise<Done<Counted> | Refused> {
  const paths = await safePaths(work, what);
  if (isRefused(paths)) return paths;
  const ongoing = await ongoingIn(work);
  // Git would forget that there was a merge, or that a file was in conflict.
  if (ongoing !== undefined && ongoing !== 'bisect') return refuseOngoing(ongoing);
  const before = await parsedStatus(work);
  const result = await work.change(['reset', '--quiet', ...limitedTo(what)], pathspecs(paths));
  if (result.exitCode !== 0) return refusalOfPaths(result.stderr) ?? refusalOf(result, 'unstage that');
  return counted(work, before.staged.length);
}

/** Quoted names on stdin: any bytes, none of them an option or a pattern. */
function limitedTo(what: What): readonly string[] {
  return what === 'all' ? [] : ['--pathspec-from-file=-'];
}

function pathspecs(paths: readonly string[]): string {
  return `${paths.map((path) => quoteName(path === '.' ? ':/' : `:(top,literal)${path}`)).join('\n')}\n`;
}

async function safePaths(work: Work, what: What): Promise<readonly string[] | Refused> {
  if (what === 'all') return ['.'];
  if (what.length === 0) return refuse('bad-name', 'No file was named.', 'Name one, or stage all.');
  const checked = await Promise.all(what.map(async (path) => safePath(work.top, path)));
  return checked.find(isRefused) ?? checked.filter((path) => typeof path === 'string');
}

function covers(wanted: string, path: string): boolean {
  const plain = path.replace(/^\.\//, '');
  return wanted === '.' || plain === wanted || plain.startsWith(`${wanted}/`);
}

function refusalOfPaths(words: string): Refused | undefined {
  if (/did not match any file/.test(words))
    return refuse('no-such-file', 'Git knows no such file, and there is none.', 'See /git status.');
  if (/beyond a symbolic link/.test(words))
    return refuse(
      'bad-name',
      'The path goes through a symbolic link.',
      'Name the file by its own place.',
      words,
    );
  if (/ignored by one of your \.gitignore/.test(words))
    return refuse(
      'bad-name',
      'The file is one that .gitignore keeps out.',
      'Force it at the desk if it must be.',
    );
  return undefined;
}

async function counted(work: Work, before: number): Promise<Done<Counted>> {
  const { staged } = await parsedStatus(work);
  return { kind: 'done', staged: staged.length, changed: Math.abs(staged.length - before) };
}
