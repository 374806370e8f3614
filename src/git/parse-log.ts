import type { Commit } from '../core/ports/git-data.ts';

const FIELDS = ['%H', '%h', '%P', '%ct', '%an', '%D', '%s'];

/** For `git log -z`: what `parseLog` reads. */
export const LOG_FORMAT = `--format=tformat:${FIELDS.join('%x00')}`;

export function parseLog(output: string): Commit[] {
  const fields = output.split('\0');
  const commits: Commit[] = [];
  for (let at = 0; at + FIELDS.length < fields.length + 1 && fields[at] !== ''; at += FIELDS.length) {
    const [commit = '', short = '', parents = '', seconds, author = '', refs = '', subject = ''] =
      fields.slice(at, at + FIELDS.length);
    commits.push({
      commit,
      short,
      subject,
      author,
      at: Number(seconds) * 1000,
      parents: parents.split(' ').filter((parent) => parent !== ''),
      refs: refs.split(', ').filter((ref) => ref !== ''),
    });
  }
  return commits;
}
