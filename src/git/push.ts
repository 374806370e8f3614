import type { Done, Outgoing, Pushed, Refused } from '../core/ports/git-data.ts';
import { cleanWords } from './clean-words.ts';
import { parsePush } from './parse-push.ts';
import { settingOf, type Setting } from './parse-config.ts';
import { connectionRefusal, isRefused, refuse, wordsOf } from './refusals.ts';
import { fetchRemote, pushTarget, urlsOf } from './remotes.ts';
import type { Work } from './work.ts';

type Shown = Pick<Outgoing, 'branch' | 'head' | 'remote' | 'remoteBranch' | 'urls'>;

const HOW = ['--porcelain', '--no-force', '--no-follow-tags', '--recurse-submodules=no'];

/** The commit itself goes into the refspec, so that nothing that was committed since is pushed with it. */
export async function push(work: Work, shown: Shown): Promise<Done<Pushed> | Refused> {
  const now = await pushTarget(work);
  if (isRefused(now)) return now;
  const isSame =
    now.branch === shown.branch &&
    now.head === shown.head &&
    now.remote === shown.remote &&
    now.remoteBranch === shown.remoteBranch &&
    // The remote of that name may lead elsewhere by now.
    (await urlsOf(work, now.remote)).join('\n') === shown.urls.join('\n');
  if (!isSame)
    return refuse(
      'changed',
      'The branch has changed since this was shown.',
      'Look again at what would be pushed.',
    );
  if (now.behind > 0) return remoteMoved();
  const target = `refs/heads/${now.remoteBranch}`;
  const result = await work.connect([
    'push',
    ...HOW,
    '--end-of-options',
    now.remote,
    `${now.head}:${target}`,
  ]);
  if (isRefused(result)) return result;
  const ref = parsePush(result.stdout);
  if (ref?.kind === 'rejected')
    return ref.isMoved ? remoteMoved(wordsOf(result)) : declined(ref.why, result.stderr);
  if (result.exitCode !== 0 || ref === undefined) return connectionRefusal(result, 'push');
  if (ref.kind === 'up-to-date' && !now.isNewUpstream)
    return refuse('nothing-to-do', 'The remote has all of it already.', 'There is nothing to push.');
  const isUpstreamSet = now.isNewUpstream && (await setUpstream(work, now));
  return {
    kind: 'done',
    remote: now.remote,
    remoteBranch: now.remoteBranch,
    isNewBranch: ref.kind === 'new',
    isUpstreamSet,
    words: cleanWords(result.stderr),
  };
}

/** As `git push --set-upstream` does for a branch. It needs no remote-tracking branch to exist. */
async function setUpstream(
  work: Work,
  { branch, remote, remoteBranch }: Omit<Shown, 'urls'>,
): Promise<boolean> {
  if (settingOf(work.settings, `branch.${branch}.merge`) !== undefined) return false;
  const merge = `refs/heads/${remoteBranch}`;
  const first = await work.change(['config', '--local', `branch.${branch}.remote`, remote]);
  const second = await work.change(['config', '--local', `branch.${branch}.merge`, merge]);
  return first.exitCode === 0 && second.exitCode === 0;
}

function remoteMoved(words?: string): Refused {
  return refuse(
    'remote-moved',
    'The remote branch has commits that are not here.',
    'Pull first, then push.',
    words,
  );
}

function declined(why: string, words: string): Refused {
  return refuse(
    'declined',
    `The remote did not take it: ${cleanWords(why)}.`,
    'What it said stands below.',
    words,
  );
}

export async function fetch(work: Work, name?: string): Promise<Done<{ readonly remote: string }> | Refused> {
  const remote = await fetchRemote(work, name);
  if (isRefused(remote)) return remote;
  const overwritten = work.settings.find((setting) => isRefspecOver(setting, remote));
  if (overwritten !== undefined)
    return refuse(
      'git',
      "By this repository's settings a fetch would overwrite branches of your own.",
      'Fetch at the desk, or let the refspec write to refs/remotes.',
      `${overwritten.key} = ${overwritten.value}`,
    );
  const how = ['--no-recurse-submodules', '--no-auto-maintenance', '--no-progress'];
  const result = await work.connect(['fetch', ...how, '--end-of-options', remote]);
  if (isRefused(result)) return result;
  return result.exitCode === 0 ? { kind: 'done', remote } : connectionRefusal(result, 'fetch');
}

/** Whether a fetch writes what it learns to somewhere else than the remote's own place (git-fetch(1), <refspec>). */
function isRefspecOver({ key, value }: Setting, remote: string): boolean {
  const target = value.slice(value.indexOf(':') + 1);
  return (
    key === `remote.${remote}.fetch` && value.includes(':') && !/^(?:refs\/(?:remotes|tags)\/|$)/.test(target)
  );
}
