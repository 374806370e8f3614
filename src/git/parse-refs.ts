import type { Branch, Upstream } from '../core/ports/git-data.ts';

/** For `git for-each-ref refs/heads refs/remotes`: what `parseRefs` reads. */
export const REF_FORMAT = [
  'refname',
  'symref',
  'HEAD',
  'upstream:short',
  'upstream:track,nobracket',
  'worktreepath',
  'committerdate:unix',
  'objectname',
  'contents:subject',
]
  .map((field) => `%(${field})`)
  .join('%00');

/** In the order they come. What a remote calls its HEAD is no branch of its own. */
export function parseRefs(output: string, top: string): Branch[] {
  return output.split('\n').flatMap((line) => {
    const [ref = '', symref, head, upstream = '', track = '', worktree = '', at, commit = '', ...subject] =
      line.split('\0');
    const [, room, name] = /^refs\/(heads|remotes)\/(.+)$/s.exec(ref) ?? [];
    if (room === undefined || name === undefined || symref !== '') return [];
    const isLocal = room === 'heads';
    return [
      {
        kind: isLocal ? 'local' : 'remote',
        name,
        isCurrent: isLocal && head === '*',
        isElsewhere: isLocal && worktree !== '' && worktree !== top && head !== '*',
        ...(upstream === '' ? {} : { upstream: upstreamOf(upstream, track) }),
        at: Number(at) * 1000,
        commit,
        subject: subject.join('\0'),
      } as const,
    ];
  });
}

function upstreamOf(name: string, track: string): Upstream {
  const count = (word: string): number => Number(new RegExp(`${word} (\\d+)`).exec(track)?.[1] ?? 0);
  return { name, ahead: count('ahead'), behind: count('behind'), isGone: track === 'gone' };
}

/** Branches in the order they were last left or entered, newest first, from the subjects of HEAD's reflog. */
export function parseCheckouts(output: string): readonly string[] {
  const names = output.split('\n').flatMap((line) => {
    const [, from, to] = /^checkout: moving from (\S+) to (\S+)$/.exec(line) ?? [];
    return from === undefined || to === undefined ? [] : [to, from];
  });
  return [...new Set(names)];
}
