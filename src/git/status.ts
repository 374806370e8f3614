import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Done, GitStatus, Ongoing, Refused } from '../core/ports/git-data.ts';
import { pathOf, quoteName } from './names.ts';
import { filterNames } from './parse-config.ts';
import { parseStatus, type ParsedStatus } from './parse-status.ts';
import { refuse } from './refusals.ts';
import type { Work } from './work.ts';

const STATUS = ['status', '--porcelain=v2', '--branch', '--show-stash', '--ahead-behind', '--find-renames'];
// Looking into a submodule would be another git, with that repository's settings.
const SUBMODULES = '--ignore-submodules=dirty';

export async function status(work: Work): Promise<Done<GitStatus>> {
  const { isCut, ...parsed } = await parsedStatus(work);
  const ongoing = await ongoingIn(work);
  return {
    kind: 'done',
    ...parsed,
    conflicted: parsed.conflicted.map(({ path, conflict }) => ({ path, conflict })),
    ...(ongoing === undefined ? {} : { ongoing }),
    filtersOff: await withFilter(work, parsed),
    isCut,
  };
}

export async function parsedStatus(work: Work): Promise<ParsedStatus & { readonly isCut: boolean }> {
  const { text, isCut } = await work.readPart([...STATUS, '--untracked-files=normal', SUBMODULES]);
  return { ...parseStatus(text), isCut };
}

/** Of the paths that seem changed, those that a filter would have to look at first. */
async function withFilter(work: Work, { unstaged }: ParsedStatus): Promise<readonly string[]> {
  const known = new Set(filterNames(work.settings));
  const paths = unstaged.filter((file) => file.change === 'modified').map((file) => file.path);
  if (known.size === 0 || paths.length === 0) return [];
  const input = `${paths.map(quoteName).join('\n')}\n`;
  const { text } = await work.readPart(['check-attr', '--stdin', 'filter'], { input });
  return text.split('\n').flatMap((line) => {
    const [, path, filter] = /^(.+): filter: (.+)$/s.exec(line) ?? [];
    return path !== undefined && filter !== undefined && known.has(filter) ? [pathOf(path)] : [];
  });
}

/** What somebody began here and has not finished, by the files that git keeps meanwhile (gitrepository-layout(5)). */
export async function ongoingIn({ gitDir }: { readonly gitDir: string }): Promise<Ongoing | undefined> {
  const signs: readonly (readonly [string, Ongoing])[] = [
    ['rebase-merge', 'rebase'],
    ['rebase-apply', 'rebase'],
    ['MERGE_HEAD', 'merge'],
    ['CHERRY_PICK_HEAD', 'cherry-pick'],
    ['REVERT_HEAD', 'revert'],
    ['BISECT_LOG', 'bisect'],
  ];
  for (const [file, ongoing] of signs) if (await exists(join(gitDir, file))) return ongoing;
  return undefined;
}

export function refuseOngoing(ongoing: Ongoing): Refused {
  const hint = ongoing === 'merge' ? 'Commit the merge, or abort it.' : 'Finish it or abort it at the desk.';
  return refuse('in-progress', `A ${ongoing} is not finished here.`, hint);
}

/** Uncommitted changes of tracked files, as git itself sees them: with filters, since a change is about to follow. */
export async function trackedChanges(work: Work): Promise<readonly string[] | Refused> {
  const result = await work.change([...STATUS, '--untracked-files=no', SUBMODULES]);
  if (result.exitCode !== 0)
    return refuse('git', 'Git could not see what has changed.', 'See below.', result.stderr);
  const { staged, unstaged, conflicted } = parseStatus(result.stdout);
  return [...new Set([...staged, ...unstaged, ...conflicted].map((file) => file.path))];
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
