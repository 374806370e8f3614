import type { Branch, BranchFound, CheckedOut, Done, Refused } from '../core/ports/git-data.ts';
import { editDistance } from '../util/nearest.ts';
import { parseCheckouts, parseRefs, REF_FORMAT } from './parse-refs.ts';
import { isRefused, refusalOf, refuse } from './refusals.ts';
import { refuseName } from './safe-paths.ts';
import { ongoingIn, refuseOngoing } from './status.ts';
import type { Work } from './work.ts';

const MOST_CLOSE = 8;

export async function branches(work: Work): Promise<Done<{ readonly branches: readonly Branch[] }>> {
  return { kind: 'done', branches: await listBranches(work) };
}

async function listBranches(work: Work): Promise<Branch[]> {
  const [refs, reflog] = await Promise.all([
    readRefs(work),
    work.tryRead(['log', '--walk-reflogs', '--max-count=500', '--format=%gs', 'HEAD', '--']),
  ]);
  const used = parseCheckouts(reflog.stdout);
  const rank = (branch: Branch): number => {
    if (branch.isCurrent) return -1;
    const at = branch.kind === 'local' ? used.indexOf(branch.name) : -1;
    return at === -1 ? used.length : at;
  };
  // The sort keeps the order of what ranks alike: by last commit.
  return refs.sort((one, other) => rank(one) - rank(other));
}

/** All branches, the one with the newest commit first. */
async function readRefs(work: Work): Promise<Branch[]> {
  const how = [`--format=${REF_FORMAT}`, '--sort=-committerdate'];
  const { text } = await work.readPart(['for-each-ref', ...how, 'refs/heads', 'refs/remotes']);
  return parseRefs(text, work.top);
}

export async function findBranch(work: Work, query: string): Promise<BranchFound> {
  return chooseBranch(await listBranches(work), query);
}

/** Pure: which of the branches is meant. */
function chooseBranch(branches: readonly Branch[], query: string): BranchFound {
  const wanted = query.trim();
  const named = branches.filter((branch) => branch.name === wanted);
  const ofRemotes = branches.filter((branch) => branch.kind === 'remote' && withoutRemote(branch) === wanted);
  const exact = named.find((branch) => branch.kind === 'local') ?? named[0] ?? only(ofRemotes);
  if (exact !== undefined) return { kind: 'exact', branch: exact };
  const locals = new Set(branches.flatMap((branch) => (branch.kind === 'local' ? [branch.name] : [])));
  const close = branches
    // A remote branch that is here already is offered once, as the local one.
    .filter((branch) => branch.kind === 'local' || !locals.has(withoutRemote(branch)))
    .map((branch) => ({ branch, distance: distanceOf(wanted.toLowerCase(), branch) }))
    .filter(({ distance }) => distance < Infinity)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, MOST_CLOSE)
    .map(({ branch }) => branch);
  return close.length === 0 ? { kind: 'none' } : { kind: 'close', branches: close };
}

/** Zero to four by how the query stands in the name; Infinity: not at all. */
function distanceOf(query: string, branch: Branch): number {
  if (query === '' || query.length > 200) return Infinity;
  const name = (branch.kind === 'remote' ? withoutRemote(branch) : branch.name).toLowerCase();
  if (name.startsWith(query) || branch.name.toLowerCase().startsWith(query)) return 0;
  if (name.split(/[/_.-]/).some((word) => word.startsWith(query))) return 1;
  if (name.includes(query)) return 2;
  const farthest = Math.max(1, Math.floor(query.length * 0.4));
  const parts = [name, ...name.split('/')].filter((part) => Math.abs(part.length - query.length) <= farthest);
  const nearest = Math.min(...parts.map((part) => editDistance(query, part)));
  if (nearest <= farthest) return 3 + nearest / 100;
  return query.length >= 3 && isSubsequence(query, name) ? 4 : Infinity;
}

function isSubsequence(query: string, name: string): boolean {
  let at = 0;
  for (const char of query) {
    at = name.indexOf(char, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** `origin/feature/x` → `feature/x`. A remote's own name with a slash in it is taken for a shorter one. */
function withoutRemote(branch: Branch): string {
  return branch.name.slice(branch.name.indexOf('/') + 1);
}

function only<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}

export function fullRef(branch: Branch): string {
  return `refs/${branch.kind === 'local' ? 'heads' : 'remotes'}/${branch.name}`;
}

/** The branch of that name, in words where there is none. */
export async function exactBranch(work: Work, name: string): Promise<Branch | Refused> {
  return refuseName(name, 'branch') ?? exactOf(await readRefs(work), name);
}

function exactOf(branches: readonly Branch[], name: string): Branch | Refused {
  const found = chooseBranch(branches, name);
  // A name that was matched by a part of another one's is checked as what git will get.
  if (found.kind === 'exact') return refuseName(found.branch.name, 'branch') ?? found.branch;
  const close = found.kind === 'close' ? found.branches[0]?.name : undefined;
  const hint = close === undefined ? 'Choose one from the list.' : `Did you mean ${close}?`;
  return refuse('no-such-branch', 'There is no branch of that name here.', hint);
}

export async function checkout(work: Work, name: string): Promise<Done<CheckedOut> | Refused> {
  const ongoing = await ongoingIn(work);
  if (ongoing !== undefined && ongoing !== 'bisect') return refuseOngoing(ongoing);
  const bad = refuseName(name, 'branch');
  if (bad !== undefined) return bad;
  const all = await readRefs(work);
  const found = exactOf(all, name);
  if (isRefused(found)) return found;
  if (found.isCurrent) return { kind: 'done', branch: found.name, isUnchanged: true };
  return found.kind === 'local' ? toLocal(work, found.name) : toRemote(work, found, all);
}

async function toLocal(work: Work, branch: string): Promise<Done<CheckedOut> | Refused> {
  const result = await work.change([
    'switch',
    '--no-guess',
    '--no-recurse-submodules',
    '--end-of-options',
    branch,
  ]);
  if (result.exitCode !== 0) return refusalOf(result, 'switch to the branch');
  return { kind: 'done', branch, isUnchanged: false };
}

async function toRemote(
  work: Work,
  remote: Branch,
  all: readonly Branch[],
): Promise<Done<CheckedOut> | Refused> {
  const branch = await localNameOf(work, remote);
  const local = all.find((one) => one.kind === 'local' && one.name === branch);
  if (local !== undefined && local.upstream?.name !== remote.name)
    return refuse(
      'bad-name',
      'There is a local branch of that name already, and it does not follow this remote branch.',
      `Check out ${branch}, or set its upstream at the desk.`,
    );
  if (local?.isCurrent === true) return { kind: 'done', branch, isUnchanged: true };
  if (local !== undefined) return toLocal(work, branch);
  const create = ['switch', '--no-recurse-submodules', '--track=direct', `--create=${branch}`];
  const result = await work.change([...create, '--end-of-options', fullRef(remote)]);
  if (result.exitCode !== 0) return refusalOf(result, 'switch to the branch');
  return { kind: 'done', branch, tracking: remote.name, isUnchanged: false };
}

async function localNameOf(work: Work, branch: Branch): Promise<string> {
  const remotes = (await work.read(['remote'])).split('\n').filter((remote) => remote !== '');
  const own = remotes.filter((remote) => branch.name.startsWith(`${remote}/`));
  const longest = own.sort((one, other) => other.length - one.length)[0];
  return longest === undefined ? withoutRemote(branch) : branch.name.slice(longest.length + 1);
}
