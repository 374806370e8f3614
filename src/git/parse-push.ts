/** What became of the one ref of a `git push --porcelain` (git-push(1), "OUTPUT"). */
export type PushedRef =
  | { readonly kind: 'new' | 'moved' | 'up-to-date' }
  | { readonly kind: 'rejected'; readonly why: string; readonly isMoved: boolean };

export function parsePush(output: string): PushedRef | undefined {
  for (const line of output.split('\n')) {
    const [flag, , summary = ''] = line.split('\t');
    if (flag === '*') return { kind: 'new' };
    if (flag === '=') return { kind: 'up-to-date' };
    if (flag === ' ') return { kind: 'moved' };
    if (flag === '!') {
      const why = /\((.*)\)/s.exec(summary)?.[1] ?? summary;
      return { kind: 'rejected', why, isMoved: /fetch first|non-fast-forward|stale info/.test(why) };
    }
  }
  return undefined;
}
