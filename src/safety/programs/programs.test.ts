import { describe, expect, it } from 'vitest';
import { readShell } from '../shell/parse.ts';
import { readGit } from './git.ts';
import { readerOf } from './registry.ts';
import type { ProgramReading } from './table.ts';

/** `reads a.txt, names of .; ?` for what a command line would do. */
function effects(line: string): string {
  const [command] = readShell(line, '/home/ada').commands;
  const [program, ...words] = command?.argv ?? [];
  if (program?.kind !== 'static') throw new Error(`no program in ${line}`);
  const reading: ProgramReading | undefined =
    program.value === 'git' ? readGit(words) : readerOf(program.value)?.(words);
  if (reading === undefined) return 'no table';
  const touches = reading.touches.map(({ kind, path, reach }) => {
    if (kind === 'read-tree')
      return `${reach?.contents === 'names' ? 'names' : `tree(${reach?.contents})`} ${path}`;
    return `${kind} ${path}`;
  });
  return [...touches, ...reading.acts, ...new Set(reading.unknowns.map(({ about }) => `?${about}`))].join(
    ', ',
  );
}

describe('program tables', () => {
  it.each([
    ['ls', 'read .'],
    ['ls -la src', 'read src'],
    ['ls -R src', 'names src'],
    ['ls --color=auto', 'read .'],
    ['ls --col', 'read ., ?option'],
    ['ls --wat x', 'read x, ?option'],
    ['cat a b', 'read a, read b'],
    ['cat -', ''],
    ['cat -- -n', 'read -n'],
    ['head -5 a', 'read a'],
    ['head -n5 a', 'read a'],
    ['head -n 5 a', 'read a'],
    ['tail -f log', 'read log'],
    ['wc -l a', 'read a'],
    ['wc --files0-from=x', '?option'],
    ['file -f list', 'read list, ?option'],
    ['du -sh src', 'names src'],
    ['cd src', 'read src'],
    ['echo -n > x', ''],
    ['echo -e "a;b"', ''],
    ['sort -k2 -r a', 'read a'],
    ['sort -o out in', 'write out, read in'],
    ['sort -oout in', 'write out, read in'],
    ['sort --output=out in', 'write out, read in'],
    ['sort --compress-program=x in', 'read in, ?option'],
    ['uniq in out', 'read in, write out'],
    ['diff -r a b', 'tree(all) a, tree(all) b'],
    ['grep -n x a', 'read a'],
    ['grep -rn x', 'tree(all) .'],
    ['grep -rn x src', 'tree(all) src'],
    ['grep -e x a', 'read a'],
    ['grep -f list a', 'read list, read a'],
    ['rg x', 'tree(visible) .'],
    ['rg x src', 'tree(visible) src'],
    ['rg --hidden x', 'tree(all) .'],
    ['rg --files', 'names .'],
    ['rg --pre ./x y', 'tree(visible) y, ?option'],
    ['rg -z x', 'tree(visible) ., ?option'],
    ['find', 'names .'],
    [`find src -name '*.ts' -type f`, 'names src'],
    ['find src -newer ref -print', 'read ref, names src'],
    ['find src -delete', 'names src, delete-tree src'],
    [`find src -exec rm {} ';'`, 'names src, ?option'],
    ['find src -fprint out', 'names src, ?option'],
    ['date', ''],
    ['date +%F', ''],
    ['date -d yesterday', ''],
    ['date 01010000', '?option'],
    ['date -s now', '?option'],
    ['uname -a', ''],
    ['hostname evil', 'no table'],
    ['rm a', 'delete a'],
    ['rm -r a', 'delete-tree a'],
    ['rm -rf a b', 'delete-tree a, delete-tree b'],
    ['constructor', 'no table'],
  ])('%s', (line, expected) => {
    expect(effects(line)).toBe(expected);
  });

  it.each([
    ['git status', ''],
    ['git status -sb', ''],
    ['git --no-pager log -5 --oneline', ''],
    ['git log -p -- src/a.ts', 'read src/a.ts'],
    ['git log --output=x', '?option'],
    ['git log --outp=x', '?option'],
    ['git diff --cached', ''],
    ['git diff --ext-diff', '?option'],
    ['git diff --no-index a b', 'read a, read b, ?option'],
    ['git show HEAD:src/a.ts', 'read src/a.ts'],
    ['git branch', ''],
    ['git branch -a --list x', ''],
    ['git branch x', '?option'],
    ['git branch -D x', '?option'],
    ['git tag', ''],
    ['git tag v1', '?option'],
    ['git remote -v', ''],
    ['git remote add x y', '?option'],
    ['git remote get-url origin', ''],
    ['git stash list', ''],
    ['git stash', 'change-history, ?program'],
    ['git stash drop', 'rewrite-history, ?program'],
    ['git reflog', ''],
    ['git reflog expire --all', '?program'],
    ['git grep -n x', ''],
    ['git grep -O x', '?option'],
    ['git commit -m x', 'change-history, ?program'],
    ['git rebase -i main', 'rewrite-history, ?program'],
    ['git frobnicate', '?program'],
    ['git -c core.pager=x log', '?option'],
    ['git --exec-path=/x log', '?option'],
    ['git --version', ''],
    ['git', '?option'],
    ['git push', 'push'],
    ['git push origin my-feature', 'push'],
    ['git push --force', 'push, rewrite-remote-history'],
    ['git push -uf origin main', 'push, rewrite-remote-history'],
    ['git push origin +main', 'push, rewrite-remote-history'],
    ['git push origin :main', 'push, rewrite-remote-history'],
    ['git push --force-with-lease=main origin', 'push, rewrite-remote-history'],
    ['git push --forc', 'push, ?option'],
    ['git push --receive-pack=x', 'push, ?option'],
  ])('%s', (line, expected) => {
    expect(effects(line)).toBe(expected);
  });

  it('follows -C', () => {
    const words = readShell('git -C a -C b status', '/').commands[0]?.argv.slice(1) ?? [];
    expect(readGit(words).directories).toEqual(['a', 'b']);
  });

  it('says nothing about words that are not known', () => {
    expect(effects('cat $X a')).toBe('read a');
    expect(effects('git $X')).toBe('?option');
  });
});
