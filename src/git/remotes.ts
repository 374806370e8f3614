import type { Done, Outgoing, Refused } from '../core/ports/git-data.ts';
import { shownUrl } from './clean-words.ts';
import { commitsIn, countIn, resolve } from './log.ts';
import { settingOf } from './parse-config.ts';
import { isRefused, refuse } from './refusals.ts';
import { refuseName } from './safe-paths.ts';
import { parsedStatus } from './status.ts';
import type { Work } from './work.ts';

const MOST_COMMITS = 50;

/** Where a branch goes, and how far that is known here. */
export type Target = Pick<
  Outgoing,
  'branch' | 'head' | 'remote' | 'remoteBranch' | 'behind' | 'isNewBranch' | 'isNewUpstream'
> & {
  /** The commit that the remote branch was on at the last fetch. */
  readonly tracked: string | undefined;
};

/** The branch, where it would be pushed, and what is known of that. */
export async function outgoing(work: Work): Promise<Done<Outgoing> | Refused> {
  const target = await pushTarget(work);
  if (isRefused(target)) return target;
  const { tracked, ...shown } = target;
  const known = ['--not', tracked ?? `--remotes=${shown.remote}`];
  const [ahead, urls] = await Promise.all([
    countIn(work, [shown.head, ...known]),
    urlsOf(work, shown.remote),
  ]);
  const commits = ahead === 0 ? [] : await commitsIn(work, shown.head, MOST_COMMITS, [...known, '--not']);
  return { kind: 'done', ...shown, urls, commits, ahead };
}

export async function pushTarget(work: Work): Promise<Target | Refused> {
  const { head } = await parsedStatus(work);
  if (head.kind === 'unborn')
    return refuse('no-commits', 'There is no commit yet.', 'Commit something first.');
  if (head.kind === 'detached')
    return refuse(
      'detached',
      'No branch is checked out, so there is none to push.',
      'Check out a branch first.',
    );
  const { branch, commit } = head;
  const bad = refuseName(branch, 'branch');
  if (bad !== undefined) return bad;
  const remote = await pushRemote(work, branch);
  if (isRefused(remote)) return remote;
  const remoteBranch = targetOf(work, branch, remote);
  const tracked = await resolve(work, `refs/remotes/${remote}/${remoteBranch}`);
  return {
    branch,
    head: commit,
    remote,
    remoteBranch,
    tracked,
    behind: tracked === undefined ? 0 : await countIn(work, [tracked, '--not', commit]),
    isNewBranch: tracked === undefined,
    isNewUpstream: !hasUpstream(work, branch),
  };
}

/** Under the branch's own name, unless the person has told git to push to the upstream whatever its name. */
function targetOf({ settings }: Work, branch: string, remote: string): string {
  const merge = settingOf(settings, `branch.${branch}.merge`)?.replace(/^refs\/heads\//, '');
  const isUpstream = /^(?:upstream|tracking)$/.test(settingOf(settings, 'push.default') ?? '');
  const isSame = settingOf(settings, `branch.${branch}.remote`) === remote;
  return isUpstream && isSame && merge !== undefined && refuseName(merge, 'branch') === undefined
    ? merge
    : branch;
}

function hasUpstream({ settings }: Work, branch: string): boolean {
  return settingOf(settings, `branch.${branch}.merge`) !== undefined;
}

/** As git chooses it (git-config(1), `remote.pushDefault`), but never the repository itself or an address. */
async function pushRemote(work: Work, branch: string): Promise<string | Refused> {
  const { settings } = work;
  const remotes = await remotesOf(work);
  const named =
    settingOf(settings, `branch.${branch}.pushremote`) ??
    settingOf(settings, 'remote.pushdefault') ??
    settingOf(settings, `branch.${branch}.remote`);
  return chooseRemote(remotes, named === '.' ? undefined : named);
}

function chooseRemote(remotes: readonly string[], named: string | undefined): string | Refused {
  const chosen = named ?? remotes.find((remote) => remote === 'origin') ?? remotes[0];
  if (chosen === undefined)
    return refuse(
      'no-remote',
      'This repository has no remote.',
      'Add one at the desk: git remote add origin …',
    );
  if (!remotes.includes(chosen))
    return refuse(
      'no-remote',
      'The remote that the settings name is none of this repository.',
      'See git remote -v.',
    );
  if (named === undefined && remotes.length > 1 && chosen !== 'origin')
    return refuse(
      'no-remote',
      'There are several remotes, and none is set for this branch.',
      'Set one at the desk.',
    );
  return refuseName(chosen, 'remote') ?? chosen;
}

/** The one to fetch from: the branch's upstream's, or the one that pushes go to. */
export async function fetchRemote(work: Work, name?: string): Promise<string | Refused> {
  const remotes = await remotesOf(work);
  if (name !== undefined) return chooseRemote(remotes, name);
  const { head } = await parsedStatus(work);
  const branch = head.kind === 'detached' ? '' : head.branch;
  const named = settingOf(work.settings, `branch.${branch}.remote`);
  return chooseRemote(remotes, named === '.' ? undefined : named);
}

async function remotesOf(work: Work): Promise<readonly string[]> {
  return (await work.read(['remote'])).split('\n').filter((remote) => remote !== '');
}

/** Where a push to it goes, to show. */
export async function urlsOf(work: Work, remote: string): Promise<readonly string[]> {
  const output = await work.read(['remote', 'get-url', '--push', '--all', '--end-of-options', remote]);
  return output.split('\n').flatMap((url) => (url === '' ? [] : [shownUrl(url)]));
}
