import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('programs that change files', () => {
  it.each([
    ['cp a b', 'read a, write b, write b/a'],
    ['cp -r src dst', 'tree(all) src, write dst, write dst/src'],
    ['cp -r src/. dst', 'tree(all) src/., write dst, write dst/., ?path'],
    ['cp -t dst a b', 'write dst, read a, read b, write dst/a, write dst/b'],
    ['cp -rT a b', 'tree(all) a, write b, write b/a, ?option'],
    ['cp a .git/hooks', 'read a, write .git/hooks, write .git/hooks/a'],
    ['mv a b', 'delete a, write b, write b/a'],
    ['mv x/.claude .', 'delete x/.claude, write ., write ./.claude, ?path'],
    ['ln -s a b', 'read a, write b, write b/a'],
    ['install -m 755 a bin', 'read a, write bin, write bin/a, change-permissions'],
    ['install --strip-program=x a b', 'read a, write b, write b/a, ?option'],
    ['mkdir -p a/b', 'write a/b'],
    ['touch a', 'write a'],
    ['rm a', 'delete a'],
    ['rm -rf a b', 'delete-tree a, delete-tree b'],
    ['truncate -s 0 a', 'write a'],
    ['tee -a log', 'write log'],
    ['dd if=a of=b bs=1M', 'read a, write b'],
    ['dd iflag=fullblock what=x', '?option'],
    ['chmod +x a', 'write a, change-permissions'],
    ['chmod -R 755 a', 'write a, change-permissions'],
    ['chown ada a', 'write a, change-permissions'],
    ['mktemp -u', ''],
    ['mktemp', 'write /tmp/tmp.XXXXXXXXXX'],
    ['mktemp -d', 'write /tmp/tmp.XXXXXXXXXX'],
    ['patch -p1', '?option'],
    ['patch a b.diff', 'write a, read b.diff, ?option'],
    ['dos2unix a', 'write a'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
