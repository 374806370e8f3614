import type { FileChange, Head, UnmergedKind, Upstream } from '../core/ports/git-data.ts';
import { pathOf } from './names.ts';

export type ParsedStatus = {
  readonly head: Head;
  readonly upstream: Upstream | undefined;
  readonly staged: FileChange[];
  readonly unstaged: FileChange[];
  readonly untracked: string[];
  readonly conflicted: { path: string; conflict: UnmergedKind; isSubmodule: boolean }[];
  readonly stashes: number;
};

const CHANGES: Readonly<Record<string, FileChange['change']>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  C: 'copied',
  T: 'type-changed',
};

const UNMERGED: Readonly<Record<string, UnmergedKind>> = {
  DD: 'both-deleted',
  AU: 'added-by-us',
  UD: 'deleted-by-them',
  UA: 'added-by-them',
  DU: 'deleted-by-us',
  AA: 'both-added',
  UU: 'content',
};

/**
 * Reads `git status --porcelain=v2 --branch --show-stash` with `core.quotePath` (git-status(1)). Not its `-z` form:
 * there the bytes of names come as they are, and those that are no UTF-8 would be lost.
 */
export function parseStatus(output: string): ParsedStatus {
  const headers = new Map<string, string>();
  const parsed = {
    staged: [] as FileChange[],
    unstaged: [] as FileChange[],
    untracked: [] as string[],
    conflicted: [] as ParsedStatus['conflicted'],
  };
  for (const line of output.split('\n')) {
    if (line.startsWith('# ')) {
      const [, key = '', value = ''] = /^# (\S+) (.*)$/s.exec(line) ?? [];
      headers.set(key, value);
    } else if (line.startsWith('1 ')) addChange(parsed, line.split(' '), 8);
    else if (line.startsWith('2 ')) addChange(parsed, line.split(' '), 9);
    else if (line.startsWith('? ')) parsed.untracked.push(pathOf(line.slice(2)));
    else if (line.startsWith('u ')) {
      const fields = line.split(' ');
      const conflict = UNMERGED[fields[1] ?? ''] ?? 'content';
      const isSubmodule = fields.slice(3, 6).includes('160000');
      parsed.conflicted.push({ path: pathOf(fields.slice(10).join(' ')), conflict, isSubmodule });
    }
  }
  return {
    ...parsed,
    head: headOf(headers),
    upstream: upstreamOf(headers),
    stashes: Number(headers.get('stash') ?? 0),
  };
}

function addChange(
  to: { staged: FileChange[]; unstaged: FileChange[] },
  fields: readonly string[],
  pathAt: number,
): void {
  const [path = '', from] = fields.slice(pathAt).join(' ').split('\t');
  const [inIndex = '', inTree = ''] = fields[1] ?? '';
  const isSubmodule = fields[2]?.startsWith('S') ?? false;
  const names = { path: pathOf(path), isSubmodule };
  const old = from === undefined ? {} : { from: pathOf(from) };
  const staged = CHANGES[inIndex];
  const unstaged = CHANGES[inTree];
  if (staged !== undefined) to.staged.push({ ...names, change: staged, ...(isMove(staged) ? old : {}) });
  if (unstaged !== undefined)
    to.unstaged.push({ ...names, change: unstaged, ...(isMove(unstaged) ? old : {}) });
}

function isMove(change: FileChange['change']): boolean {
  return change === 'renamed' || change === 'copied';
}

function headOf(headers: ReadonlyMap<string, string>): Head {
  const branch = headers.get('branch.head') ?? '';
  const commit = headers.get('branch.oid') ?? '';
  if (commit === '(initial)') return { kind: 'unborn', branch };
  // No branch can be called so: a parenthesis may stand in a name, but git says this only when there is none.
  return branch === '(detached)' ? { kind: 'detached', commit } : { kind: 'branch', branch, commit };
}

function upstreamOf(headers: ReadonlyMap<string, string>): Upstream | undefined {
  const name = headers.get('branch.upstream');
  if (name === undefined) return undefined;
  const counts = /^\+(\d+) -(\d+)$/.exec(headers.get('branch.ab') ?? '');
  // Without counts there is nothing to compare with: the remote branch is gone.
  if (counts === null) return { name, ahead: 0, behind: 0, isGone: true };
  return { name, ahead: Number(counts[1]), behind: Number(counts[2]), isGone: false };
}
